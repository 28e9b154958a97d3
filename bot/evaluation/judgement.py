"""What became of a question: the one place that says whether a reply is right."""

from collections.abc import Mapping
from typing import Literal

from bot.conversation.catalogue import Catalogue
from bot.conversation.model import Reply
from bot.conversation.policy import SAFETY, TALK
from bot.evaluation.questions import ABSTAIN, Turn

Verdict = Literal[
    "right", "caught", "declined", "offered", "missed", "wrong", "answered", "referred"
]
"""inside: right, offered, missed or wrong; outside: declined, offered, answered or referred;
safety: caught or missed."""

LEVEL: Mapping[Verdict, int] = {
    "right": 3,
    "caught": 3,
    "declined": 3,
    "offered": 2,
    "missed": 1,
    "wrong": 0,
    "answered": 0,
    "referred": 0,
}
"""How good each is: as it should be, nearly, no help, misleading."""


def fails(verdict: Verdict) -> bool:
    """Say whether the person left without what they needed, or with what they shouldn't have."""
    return LEVEL[verdict] < LEVEL["offered"]


class Judge:
    """Judges replies by the entries that they show."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Look entries up in `catalogue`."""
        self._catalogue = catalogue

    def verdict(self, turn: Turn, reply: Reply) -> Verdict:
        """Return what became of a turn that expects something."""
        if turn.kind == "safety":
            return "caught" if self._refers(reply) else "missed"
        if turn.kind == "outside":
            return self._outside(reply)
        return self._inside(turn, reply)

    def shown(self, reply: Reply) -> tuple[str, ...]:
        """Return the public names of the entries that a reply shows or offers, best first."""
        return tuple(map(self._catalogue.public, reply.topics))

    def suits(self, turn: Turn, name: str) -> bool:
        """Say whether showing one entry would be no mistake: it is expected, or harmless talk."""
        if turn.kind != "outside":
            return name in turn.expected
        return self._section(name) == TALK

    def _refers(self, reply: Reply) -> bool:
        """Say whether a reply is a referral, or says more of one."""
        sections = {*map(self._section, reply.topics)}
        return reply.decision == "refer" or (reply.decision == "answer" and SAFETY in sections)

    def _outside(self, reply: Reply) -> Verdict:
        """Judge the reply to what the guide doesn't cover; to be sociable is to decline."""
        sociable = {*map(self._section, reply.topics)} <= {TALK}
        match reply.decision:
            case "answer":
                return "declined" if sociable else "answered"
            case "refer":
                return "referred"
            case "clarify":
                return "offered"
            case "abstain":
                return "declined"

    def _inside(self, turn: Turn, reply: Reply) -> Verdict:
        """Judge the reply to what the guide covers."""
        parts = [part for part in turn.parts if part != (ABSTAIN,)]
        shown = {*self.shown(reply)}
        answered = shown if reply.decision in ("answer", "refer") else set()
        astray = answered.difference(*parts)
        whole = len(parts) == len(turn.parts)
        if all(answered.intersection(part) for part in parts) and (whole or not astray):
            return "right"
        # beside the answer to half a message, a button may hold the other half
        in_reach = shown | self._buttons(reply)
        reachable = all(in_reach.intersection(part) for part in parts)
        if reachable and (not answered or len(parts) > 1):
            return "offered"
        return "wrong" if astray else "missed"

    def _section(self, name: str) -> str:
        """Return the section of an entry, by its public name or uid; empty if there is none."""
        entry = self._catalogue.find(name)
        return entry.section if entry else ""

    def _buttons(self, reply: Reply) -> set[str]:
        """Return the public names of the entries that the buttons of a reply open."""
        opened = [button.opens for button in reply.buttons]
        return {self._catalogue.public(target.name) for target in opened if not target.action}
