"""What people ask of their own memory: pages, settings, votes. Pure: what to do is an effect."""

from collections.abc import Callable
from typing import get_args

from bot.conversation.catalogue import Catalogue
from bot.conversation.effects import Cast, Change, Clear, Effect, Export, Forget, Missed
from bot.conversation.model import VOTES, Abstain, Decision, Doubt, Own, Page, Session, Target
from bot.conversation.policy import LEAST_OFFERED, SAFETY, TALK, Policy
from bot.conversation.records import ProfileChanges, Vote
from bot.knowledge.model import Entry
from bot.knowledge.personal import Length, Wrong
from bot.matching.calibration import OFFERED
from bot.matching.matcher import Ranking

_MOST_OTHERS = 2
_PAGES: dict[str, tuple[Page, tuple[Effect, ...]]] = {
    "profile": ("profile", ()),
    "settings": ("settings", ()),
    "zones": ("zones", ()),
    "privacy": ("privacy", ()),
    "export": ("export", (Export(),)),
    "forget": ("forget", ()),
    "forget-now": ("forgotten", (Forget(),)),
    "kept": ("kept", ()),
    "clear": ("cleared", (Clear(),)),
}

Rank = Callable[[str], Ranking]


class Requests:
    """Decides what a button about the person themselves, or about an answer's worth, does."""

    def __init__(self, catalogue: Catalogue, policy: Policy, rank: Rank) -> None:
        """Look things up in `catalogue`; `rank` tells what else a question could have meant."""
        self._catalogue = catalogue
        self._policy = policy
        self._rank = rank
        self._zones = {each.zone for each in catalogue.knowledge.voice.personal.zones}

    def opened(self, target: Target, session: Session) -> Decision | None:
        """Return what a button does; None if it is none of these, or a dead one."""
        match target.action:
            case "mine" if target.name in _PAGES:
                page, effects = _PAGES[target.name]
                return Own(page, rule=f"opened: {page}", effects=effects)
            case "set":
                return self._set(*target.name.split("/", 1))
            case action if action in VOTES:
                entry = self._catalogue.entry(target.name)
                return self._voted(entry, target.action, session) if entry else None
            case _:
                return None

    def none_of_these(self, session: Session) -> Abstain | None:
        """Return the entries nearest to the last question after those that were offered."""
        if not session.asked:
            return None
        ranking = self._rank(session.asked)
        offered = [entry.uid for entry in self._policy.offered(ranking)]
        others = [entry for entry in self._calm(ranking) if entry.uid not in offered]
        others += [one for one in self._catalogue.featured() if one.uid not in offered]
        nearest = tuple({entry.uid: entry for entry in others}.values())[:OFFERED]
        missed = Missed(session.asked, "none_of_these", tuple(offered))
        return Abstain(nearest, "none_of_these", rule="none of these", effects=(missed,))

    def _set(self, name: str, value: str = "") -> Own | None:
        """Change one setting; None if there is no such setting or value."""
        changes: ProfileChanges
        match name:
            case "length" if value in get_args(Length):
                changes = {"reply_length": _length(value)}
            case "look" if value in ("text", "pictures"):
                changes = {"text_only": value == "text"}
            case "zone" if value in self._zones:
                changes = {"time_zone": value}
            case _:
                return None
        return Own("settings", rule=f"set: {name}", effects=(Change(changes),))

    def _voted(self, entry: Entry, how: str, session: Session) -> Decision:
        """Keep a vote. One against is asked about, and its question counts as one in vain."""
        if how == "up":
            return Own("thanks", rule="voted: up", effects=(Cast(entry.uid, Vote(1)),))
        if how in get_args(Wrong):
            cast = Cast(entry.uid, Vote(-1, how))
            return Own("thanks", rule=f"voted: {how}", effects=(cast,))
        asked = session.asked if session.last == entry.uid else ""
        others = self._others(entry, asked)
        nearest = (entry.uid, *(other.uid for other in others))
        missed = (Missed(asked, "thumbs_down", nearest),) if asked else ()
        effects = (Cast(entry.uid, Vote(-1)), *missed)
        return Doubt(entry, others, rule="voted: down", effects=effects)

    def _others(self, entry: Entry, asked: str) -> tuple[Entry, ...]:
        """Return what else the question could have meant, or what is related to the answer."""
        calm = self._calm(self._rank(asked), likely=LEAST_OFFERED) if asked else []
        near = [*calm, *self._catalogue.named(entry.related, entry.guide)]
        others = {other.uid: other for other in near if other.uid != entry.uid}
        return tuple(others.values())[:_MOST_OTHERS]

    @staticmethod
    def _calm(ranking: Ranking, likely: float = 0.0) -> list[Entry]:
        """Return the candidates at least so `likely` that are neither talk nor a referral."""
        entries = [one.entry for one in ranking.candidates if one.probability >= likely]
        return [entry for entry in entries if entry.section not in (SAFETY, TALK)]


def _length(value: str) -> Length:
    """Return `value`, which is one of them, as a reply's length."""
    return next(length for length in get_args(Length) if length == value)
