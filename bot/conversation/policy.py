"""Ranking x thresholds -> Decision: pure. Every rule that decides what is said stands here."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.conversation.catalogue import Catalogue
from bot.conversation.model import Abstain, Answer, Answered, Clarify, Decision, Match, Refer
from bot.knowledge.base import EMERGENCY
from bot.knowledge.model import Entry
from bot.matching.calibration import OFFERED, Calibration
from bot.matching.matcher import Candidate, Ranking

SAFETY = "safety"
TALK = "talk"
MOST_ANSWERS = 3
LEAST_OFFERED = 0.02

_LEAST_ALSO = 0.15
_LEAST_SHARE = 0.5
_MOSTLY = 0.5
_SURELY = 0.9
_SURE_OF_A_CLAUSE = 0.9
_IN_SIGHT = 0.003
"""The least probability, in a message as a whole, of what a clause may be about that no word joins
to the others: commas part a question as often as they part two."""
_SEVERAL = 2


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
            return Answer((Answered(first.entry, match_of(ranking)),), rule=self._why(ranking))
        options = _options(ranking)
        offered = sum(one.probability for one in ranking.candidates[:OFFERED])
        if len(options) > 1 and offered >= self.calibration.offer > 0:
            rule = f"offer: the first {OFFERED} hold {offered:.2f} >= {self.calibration.offer:.2f}"
            unsure = f"{rule}; {self._why(ranking)}"
            return Clarify(self.offered(ranking), match_of(ranking), rule=unsure)
        return self.abstain(ranking)

    @staticmethod
    def offered(ranking: Ranking) -> tuple[Entry, ...]:
        """Return the entries that a did-you-mean offers."""
        return tuple(candidate.entry for candidate in _options(ranking))

    def refers(self, ranking: Ranking) -> bool:
        """Say whether the question reads like a red flag that no screen knows."""
        in_sight = any(one.entry.section == SAFETY for one in ranking.candidates)
        return in_sight and ranking.safety_mass >= self.calibration.refer

    def sure(self, ranking: Ranking) -> bool:
        """Say whether the first candidate may be answered at once."""
        return (
            ranking.confidence >= self.calibration.floor
            and ranking.margin >= self.calibration.margin
            and ranking.candidates[0].probability > ranking.outside_mass
        )

    def _why(self, ranking: Ranking) -> str:
        """Return the figures that `sure` compares, in words for maintainers."""
        floor, margin = self.calibration.floor, self.calibration.margin
        first = ranking.candidates[0].probability
        return "; ".join(
            (
                _compared("confidence", ranking.confidence, "floor", floor),
                _compared("margin", ranking.margin, "least margin", margin),
                _compared("first", first, "outside", ranking.outside_mass),
            )
        )

    @staticmethod
    def named(entry: Entry, name: str, ranking: Ranking) -> Match:
        """Return the evidence for an entry whose very name was typed: it is sure."""
        calm = [one.entry for one in ranking.candidates if one.entry.section not in (SAFETY, TALK)]
        others = [other.uid for other in calm if other.uid != entry.uid]
        return Match(name.strip(), 1.0, (*others, "")[0], 1.0, 1.0)

    @staticmethod
    def elsewhere(ranking: Ranking, *, surely: bool = False) -> bool:
        """Say whether the question is most likely about something that no guide covers."""
        return ranking.outside_mass > (_SURELY if surely else _MOSTLY)

    def follow(self, alone: Ranking, joined: Ranking, last: Entry) -> Answer | None:
        """Return the answer to a follow-up on `last`, if it makes sense as one.

        `alone` ranks what was said, `joined` the same after the last question. The answer must
        lead the latter and be in sight of the former: else any word would repeat the last answer.
        """
        entry = joined.candidates[0].entry
        chances = {one.entry.uid: one.probability for one in alone.candidates}
        in_sight = chances.get(entry.uid, 0.0) >= LEAST_OFFERED
        if not in_sight or self.refers(joined) or not (entry is last or self.sure(joined)):
            return None
        rule = f"follow-up on {last.uid}; {self._why(joined)}"
        return Answer((Answered(entry, match_of(joined)),), rule=rule)

    def refer(self, entry: Entry, ranking: Ranking, *, because: str = "") -> Refer:
        """Return the referral to `entry`; an emergency offers nothing else.

        `because` says what named the entry, if it was a rule; that is no guess, and counts as sure.
        """
        likely = _compared("safety", ranking.safety_mass, "refer", self.calibration.refer)
        rule = f"red flag: {because or likely}"
        found = next((one for one in ranking.candidates if one.entry.uid == entry.uid), None)
        chance = found.probability if found else 0.0
        match = match_of(ranking)._replace(
            phrase=found.phrase if found else "",
            score=found.score if found else 0.0,
            confidence=1.0 if because else chance,
        )
        if entry.id == EMERGENCY:
            return Refer(entry, (), match, rule=rule)
        calm = [one for one in ranking.candidates if one.entry.section not in (SAFETY, TALK)]
        enough = max(LEAST_OFFERED, _LEAST_SHARE * sum(one.probability for one in calm))
        also = tuple(one.entry for one in calm if one.probability > enough)
        return Refer(entry, also[:1], match, rule=rule)

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
        rule = f"{'outside' if about else 'not sure enough'}: {self._why(ranking)}"
        return Abstain(nearest, about=about, match=match_of(ranking), rule=rule)

    def clauses(
        self, rankings: Iterable[Ranking], count: int, whole: Ranking, *, joined: bool = True
    ) -> Answer | None:
        """Return one answer for each of several clauses that are no questions by their form.

        Each must be surer than a question has to be, and in sight of the message as a whole; most
        of all if no word has `joined` them. Of the `count` rankings no more are taken than are
        needed to see that two aren't.
        """
        in_sight = _in_sight(whole, joined=joined)
        if len(in_sight) < _SEVERAL:
            return None
        surer = max(self.calibration.floor, _SURE_OF_A_CLAUSE)
        sure: list[Ranking] = []
        for left, ranking in zip(reversed(range(count)), rankings, strict=True):
            if ranking.confidence >= surer and ranking.candidates[0].entry.uid in in_sight:
                sure.append(ranking)
            if len(sure) + left < _SEVERAL:
                return None
        return self.several(sure)

    def may_be_several(self, whole: Ranking, *, joined: bool) -> bool:
        """Say whether it is worth a look at a message's clauses."""
        return not self.refers(whole) and len(_in_sight(whole, joined=joined)) >= _SEVERAL

    def several(self, rankings: list[Ranking]) -> Answer | None:
        """Return one answer for each of several questions, if at least two are sure and differ."""
        sure = [ranking for ranking in rankings if self.sure(ranking)]
        items = {
            ranking.candidates[0].entry.uid: Answered(
                ranking.candidates[0].entry, match_of(ranking)
            )
            for ranking in reversed(sure)
            if ranking.candidates[0].entry.section not in (TALK, SAFETY)
        }
        ordered = tuple(reversed(items.values()))
        if len(ordered) < _SEVERAL:
            return None
        rule = f"several questions: {len(ordered)} of {len(rankings)} are sure and differ"
        return Answer(ordered[:MOST_ANSWERS], len(ordered) > MOST_ANSWERS, rule=rule)


def shown(entry: Entry, match: Match | None = None) -> Answer | Refer:
    """Return the decision that shows an entry which was asked for by name."""
    rule = "exact name" if match else "opened"
    if entry.section == SAFETY:
        return Refer(entry, match=match, rule=rule)
    return Answer((Answered(entry, match),), rule=rule)


def match_of(ranking: Ranking) -> Match:
    """Return the evidence for the first candidate of `ranking`."""
    first = ranking.candidates[0]
    second = ranking.candidates[1].entry.uid if len(ranking.candidates) > 1 else ""
    return Match(first.phrase, first.score, second, ranking.margin, ranking.confidence)


def _compared(name: str, value: float, limit_name: str, limit: float) -> str:
    """Return how a figure stands to its limit: ``confidence 0.83 >= floor 0.60``."""
    sign = ">=" if value >= limit else "<"
    return f"{name} {value:.2f} {sign} {limit_name} {limit:.2f}"


def _in_sight(whole: Ranking, *, joined: bool) -> frozenset[str]:
    """Return the uids of what the clauses of a message may be about."""
    least = 0.0 if joined else _IN_SIGHT
    return frozenset(one.entry.uid for one in whole.candidates if one.probability >= least)


def _options(ranking: Ranking) -> list[Candidate]:
    """Return the candidates that a did-you-mean may offer: no talk, nothing absurd.

    A safety entry must be rather likely: offering it to everybody would only frighten.
    """
    least = {SAFETY: _LEAST_ALSO, TALK: 1.0}
    likely = [
        one
        for one in ranking.candidates
        if one.probability >= least.get(one.entry.section, LEAST_OFFERED)
    ]
    return likely[:OFFERED]
