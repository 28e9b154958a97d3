"""Ranking x thresholds -> Decision: pure. Every rule that decides what is said stands here."""

from dataclasses import dataclass

from bot.conversation.catalogue import Catalogue
from bot.conversation.model import Abstain, Answer, Answered, Clarify, Decision, Match, Refer
from bot.knowledge.model import Entry
from bot.matching.calibration import OFFERED, Calibration
from bot.matching.matcher import Candidate, Ranking

EMERGENCY = "safety-emergency"
SAFETY = "safety"
TALK = "talk"
MOST_ANSWERS = 3

_LEAST_OFFERED = 0.04
_LEAST_ALSO = 0.15
_LEAST_SHARE = 0.5


@dataclass(frozen=True)
class Policy:
    """Decides what to do with a ranking."""

    catalogue: Catalogue
    calibration: Calibration

    def decide(self, ranking: Ranking) -> Decision:
        """Return the decision for one question that no screen caught."""
        first = ranking.candidates[0]
        if self.refers(ranking):
            worst = next(one for one in ranking.candidates if one.entry.section == SAFETY)
            return self.refer(worst.entry, ranking)
        if self.sure(ranking):
            return Answer((Answered(first.entry, match_of(ranking)),))
        options = _options(ranking)
        offered = sum(one.probability for one in ranking.candidates[:OFFERED])
        if len(options) > 1 and offered >= self.calibration.offer > 0:
            return Clarify(tuple(one.entry for one in options), match_of(ranking))
        return self.abstain(ranking)

    def refers(self, ranking: Ranking) -> bool:
        """Say whether the question reads like a red flag that no screen knows."""
        in_sight = any(one.entry.section == SAFETY for one in ranking.candidates)
        leads = ranking.candidates[0].entry.section == SAFETY
        return in_sight and (
            ranking.safety_mass >= self.calibration.refer
            or (leads and ranking.safety_mass > ranking.outside_mass)
        )

    def sure(self, ranking: Ranking) -> bool:
        """Say whether the first candidate may be answered at once."""
        return (
            ranking.confidence >= self.calibration.floor
            and ranking.margin >= self.calibration.margin
            and ranking.candidates[0].probability > ranking.outside_mass
        )

    def refer(self, entry: Entry, ranking: Ranking) -> Refer:
        """Return the referral to `entry`; an emergency offers nothing else."""
        if entry.id == EMERGENCY:
            return Refer(entry, (), match_of(ranking))
        calm = [one for one in ranking.candidates if one.entry.section not in (SAFETY, TALK)]
        enough = _LEAST_SHARE * sum(one.probability for one in calm)
        also = tuple(one.entry for one in calm if one.probability > enough)
        return Refer(entry, also[:1], match_of(ranking))

    def abstain(self, ranking: Ranking) -> Abstain:
        """Return the abstention with the nearest entries that the guide has."""
        group = ranking.outside
        near = [one.entry for one in _options(ranking) if one.probability >= _LEAST_ALSO]
        about = ""
        if group is not None and ranking.outside_mass >= ranking.candidates[0].probability:
            about = group.about
            near += self.catalogue.named(group.nearest, group.guide)
        near += [one.entry for one in _options(ranking)]
        near += self.catalogue.featured()
        nearest = tuple({entry.uid: entry for entry in near}.values())[:OFFERED]
        return Abstain(nearest, about=about, match=match_of(ranking))

    def several(self, rankings: list[Ranking]) -> Answer | None:
        """Return one answer for each of several questions, if at least two are sure and differ."""
        sure = [ranking for ranking in rankings if self.sure(ranking)]
        items = {
            ranking.candidates[0].entry.uid: Answered(
                ranking.candidates[0].entry, match_of(ranking)
            )
            for ranking in reversed(sure)
            if ranking.candidates[0].entry.section != TALK
        }
        ordered = tuple(reversed(items.values()))
        if len(ordered) < 2:  # noqa: PLR2004 - several means two or more
            return None
        return Answer(ordered[:MOST_ANSWERS], dropped=len(ordered) > MOST_ANSWERS)


def match_of(ranking: Ranking) -> Match:
    """Return the evidence for the first candidate of `ranking`."""
    first, second = ranking.candidates[:2]
    return Match(first.phrase, first.score, second.entry.uid, ranking.margin, ranking.confidence)


def _options(ranking: Ranking) -> list[Candidate]:
    """Return the candidates that a did-you-mean may offer: no talk, no safety, not absurd."""
    return [
        one
        for one in ranking.candidates[:OFFERED]
        if one.entry.section not in (TALK, SAFETY) and one.probability >= _LEAST_OFFERED
    ]
