"""Labelled questions: what a person says, and what answers it. Frozen values, and their files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from pydantic import Field, RootModel, StringConstraints

from bot.knowledge.base import Frozen, Id, Text

ABSTAIN = "abstain"
"""What is expected of a question that the guide doesn't cover."""

FOLLOW_UP = "follow-up"
TWO_IN_ONE = "two-in-one"
ABOUT_SAFETY = "about-safety"
"""A question about signs of danger in general: nobody has one, so a referral is just an answer."""

SAFETY_TAGS = frozenset({"safety", "safety-subtle"})

Part = Literal["fit", "held"]
Kind = Literal["inside", "outside", "safety"]
"""safety: tagged so, or a safety entry is the best answer to a part of it; outside: the guide
doesn't cover it; inside: all others."""

Limit = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, StringConstraints(pattern=r"^([a-z0-9-]+/)?[a-z0-9]+(-[a-z0-9]+)*$")]
"""What an entry is called: its id, after ``guide/`` if it is another guide's."""
Ids = Annotated[tuple[Name, ...], Field(min_length=1)]

PARTS: tuple[Part, ...] = get_args(Part)


class Floors(Frozen):
    """What a guide's figures must keep to; None is not checked.

    `right`, `right_or_offered` and `red_flags` are the least, the others the most.
    """

    right: Limit | None = None
    right_or_offered: Limit | None = None
    wrong: Limit | None = None
    outside_answered: Limit | None = None
    red_flags: Limit | None = None
    false_alarms: Limit | None = None
    calibration_error: Limit | None = None


class Expected(Frozen):
    """What must come back: any of `expect`, or one of each part of a message with several."""

    expect: Ids | None = None
    each: Annotated[tuple[Ids, ...], Field(min_length=2)] | None = None
    tags: tuple[Id, ...] = ()


class QuestionItem(Expected):
    """One item of ``questions`` in a guide's file."""

    q: Text
    part: Part


class TurnItem(Expected):
    """One turn of a dialogue: a question, or the label of a button of the reply before."""

    q: Text | None = None
    press: Text | None = None


class DialogueItem(Frozen):
    """One item of ``dialogues``: turns of one conversation."""

    part: Part
    tags: tuple[Id, ...] = ()
    turns: Annotated[tuple[TurnItem, ...], Field(min_length=1)]


class QuestionsFile(Frozen):
    """What stands in a guide's file beside its lists, which are read item by item."""

    floors: Floors = Floors()


class FailuresFile(RootModel[dict[Id, dict[str, Text]]]):
    """``known_failures.yaml``: guide -> question -> why it fails."""


@dataclass(frozen=True)
class Turn:
    """One thing said, and what answers it.

    `kind` says whether an answer, none, or a referral is expected. `parts` are the questions that
    it holds, each with the names of the entries that answer it, the best first; none if nothing is
    expected. `name` is all that was said up to here.
    """

    said: str
    kind: Kind
    parts: tuple[tuple[str, ...], ...]
    tags: frozenset[str] = frozenset()
    pressed: bool = False
    name: str = ""

    @property
    def expected(self) -> frozenset[str]:
        """The names of all entries that answer any part of it."""
        return frozenset(name for part in self.parts for name in part)


@dataclass(frozen=True)
class Conversation:
    """Turns of one person, in order; a question that stands alone is a single turn."""

    part: Part
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class LabelledQuestions:
    """The questions that judge one guide; `failures` are known, by name, with their reason."""

    guide: str
    floors: Floors
    conversations: tuple[Conversation, ...]
    failures: Mapping[str, str]

    @property
    def tags(self) -> frozenset[str]:
        """All tags of all turns."""
        turns = (turn for each in self.conversations for turn in each.turns)
        return frozenset(tag for turn in turns for tag in turn.tags)

    @property
    def names(self) -> frozenset[str]:
        """The names of all turns that expect something."""
        turns = (turn for each in self.conversations for turn in each.turns)
        return frozenset(turn.name for turn in turns if turn.parts)
