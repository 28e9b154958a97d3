"""Frozen values of the desk: what was asked in vain, what could be changed, what became of it."""

import difflib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from bot.conversation.records import MissKind
from bot.errors import Problem
from bot.evaluation.comparison import Change
from bot.knowledge.base import Grade
from bot.knowledge.model import Entry, Outside

MOST_TEXTS = 20
LONGEST_TEXT = 200


class Asked(NamedTuple):
    """A question in vain, normalised, and how often it was asked."""

    text: str
    times: int


class Near(NamedTuple):
    """An entry that comes near to a cluster, and how probable it is."""

    entry: Entry
    probability: float


@dataclass(frozen=True)
class Cluster:
    """Questions in vain that mean the same, those asked most often first.

    `misses` are their ids in the store; `outside` is the likeliest field that isn't covered.
    """

    asked: tuple[Asked, ...]
    kinds: Mapping[MissKind, int]
    misses: tuple[int, ...]
    last: date
    nearest: tuple[Near, ...] = ()
    outside: Outside | None = None

    @property
    def id(self) -> str:
        """A name that stays as long as the cluster holds the same questions."""
        return hashlib.sha256(repr(sorted(self.misses)).encode()).hexdigest()[:12]

    @property
    def times(self) -> int:
        """How often any of them was asked."""
        return len(self.misses)


class NewPhrasings(NamedTuple):
    """Texts that ask for an entry, or for a field outside the guide, by its uid."""

    uid: str
    texts: tuple[str, ...]


class NewOption(NamedTuple):
    """One button of a new entry's checkpoint: its label and the id of what it opens."""

    label: str
    opens: str


class NewEntry(NamedTuple):
    """An entry to be written; `topic` is the topic of the guide that it belongs to.

    `texts` ask for it.
    """

    guide: str
    topic: str
    id: str
    ask: str
    title: str
    answer: str
    caveat: str
    grade: Grade
    basis: str
    would_change: str
    question: str
    options: tuple[NewOption, ...]
    texts: tuple[str, ...]


Proposal = NewPhrasings | NewEntry


class FileChange(NamedTuple):
    """One file of the knowledge folder, by its path from there; `before` is empty if it is new."""

    path: str
    before: str
    after: str

    @property
    def diff(self) -> tuple[str, ...]:
        """The change as lines of a unified diff."""
        before, after = self.before.splitlines(), self.after.splitlines()
        old = self.path if self.before else "/dev/null"
        return tuple(difflib.unified_diff(before, after, old, self.path, lineterm=""))


class Again(NamedTuple):
    """A text of the proposal, asked once the change is made: what is decided and shown first."""

    text: str
    decision: str
    entry: Entry | None
    confidence: float


@dataclass(frozen=True)
class Trial:
    """A proposal that was tried on a copy: nothing is written yet.

    With `problems` it can't be accepted. `asked` is how many labelled questions were asked,
    `changes` are those that fare otherwise, `again` what the texts themselves get now.
    """

    proposal: Proposal
    files: tuple[FileChange, ...]
    problems: tuple[Problem, ...] = ()
    asked: int = 0
    changes: tuple[Change, ...] = ()
    again: tuple[Again, ...] = ()

    def fate(self, fate: str) -> tuple[Change, ...]:
        """Return the questions that were won, lost or stolen."""
        return tuple(each for each in self.changes if each.fate == fate)


class Day(NamedTuple):
    """What happened on a day: typed questions by the kind of reply, thumbs, and waiting times.

    `half` and `most` are milliseconds that half and 95% of the replies needed at most.
    """

    day: date
    answer: int = 0
    clarify: int = 0
    abstain: int = 0
    refer: int = 0
    up: int = 0
    down: int = 0
    half: int = 0
    most: int = 0

    @property
    def asked(self) -> int:
        """All typed questions."""
        return self.answer + self.clarify + self.abstain + self.refer

    @property
    def rate(self) -> float | None:
        """The share that was answered or referred; None if nothing was asked."""
        return (self.answer + self.refer) / self.asked if self.asked else None


class Opinion(NamedTuple):
    """What readers think of an entry's answer, with the reasons that they gave."""

    entry: Entry
    up: int
    down: int
    reasons: Mapping[str, int]


@dataclass(frozen=True)
class Trends:
    """How the bot fares: day by day, what is asked for most, and what readers think of it."""

    days: tuple[Day, ...]
    topics: tuple[tuple[Entry, int], ...] = ()
    opinions: tuple[Opinion, ...] = ()
    stale: tuple[Entry, ...] = field(default=())

    @property
    def whole(self) -> Day:
        """All days as one, without waiting times."""
        sums = (sum(getattr(day, name) for day in self.days) for name in Day._fields[1:7])
        return Day(self.days[-1].day, *sums)
