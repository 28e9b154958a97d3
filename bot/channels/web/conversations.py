"""What was said on the page: kept in memory only, so that a reload shows it again."""

from collections import OrderedDict
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from bot.conversation.model import Reply, Session

MOST_PEOPLE = 100
MOST_TURNS = 60


class Turn(NamedTuple):
    """What a person said or pressed, and the reply.

    `before` is the session that it was said in; `asked` tells typed words from a pressed button.
    `document` is the person's data as JSON, if they asked for it.
    """

    number: int
    said: str
    reply: Reply
    before: Session
    asked: bool
    document: str = ""


@dataclass
class Conversation:
    """The turns of one person, oldest first; the oldest are dropped when there are too many."""

    turns: list[Turn] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def add(
        self, said: str, reply: Reply, before: Session, *, asked: bool, document: str = ""
    ) -> Turn:
        """Add a turn and return it."""
        turn = Turn(next(self._numbers), said, reply, before, asked, document)
        self.turns = [*self.turns, turn][-MOST_TURNS:]
        return turn

    def turn(self, number: int) -> Turn | None:
        """Return the turn with this number, if it is still there."""
        return next((turn for turn in self.turns if turn.number == number), None)

    def label(self, opens: str) -> str:
        """Return what the last button that `opens` this was called; empty if there was none."""
        replies = (turn.reply for turn in reversed(self.turns))
        buttons = (button for each in replies for button in (*each.buttons, *each.feedback))
        return next((button.label for button in buttons if str(button.opens) == opens), "")


class Conversations:
    """Every person's conversation; the ones unused for longest are forgotten first."""

    def __init__(self, most: int = MOST_PEOPLE) -> None:
        """Keep at most `most` conversations."""
        self._most = most
        self._kept: OrderedDict[str, Conversation] = OrderedDict()

    def of(self, person: str) -> Conversation:
        """Return the conversation of `person`; a new one, kept from now on, if there is none."""
        found = self._kept.setdefault(person, Conversation())
        self._kept.move_to_end(person)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return found

    def seen(self, person: str) -> Conversation:
        """Return the conversation of `person`, or an empty one that isn't kept."""
        return self._kept.get(person) or Conversation()

    def forget(self, person: str) -> None:
        """Forget what `person` said."""
        self._kept.pop(person, None)
