"""Frozen values of a conversation: what comes in, what is decided, what goes out."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from bot.conversation.effects import Effect
from bot.knowledge.checkpoints import Answers, Checkpoints, Step
from bot.knowledge.model import Entry
from bot.knowledge.personal import Wrong

View = Literal["why", "more", "sources", "figure"]
Kind = Literal["answer", "clarify", "abstain", "refer"]
Say = Literal[
    "abstain",
    "none_of_these",
    "empty",
    "nothing_yet",
    "stale_button",
    "abuse",
    "other_language",
]
Page = Literal[
    "profile",
    "settings",
    "zones",
    "privacy",
    "export",
    "forget",
    "forgotten",
    "kept",
    "cleared",
    "stopped",
    "thanks",
]
"""The pages and lines on what is remembered of a person."""
VOTES = frozenset({"up", "down", *get_args(Wrong)})
"""The actions of buttons that say what an answer is worth."""
PERSONAL = frozenset({"mine", "set", "step", "over", "stop"})
"""The actions of buttons on what belongs to one person alone."""


class Question(NamedTuple):
    """What a person typed. `guide` restricts the answer to one guide."""

    text: str
    guide: str = ""


class Match(NamedTuple):
    """Why an entry was chosen: the phrasing most like the question, and the runner-up's uid.

    `score` is the similarity of that phrasing (0 to 1), `margin` the lead in probability.
    """

    phrase: str
    score: float
    runner_up: str
    margin: float
    confidence: float


@dataclass(frozen=True)
class Session:
    """What is remembered of a conversation: the last entry answered and why it was chosen.

    `asked` is the last question, normalised, if it may be kept. `step` is the checkpoint that is
    open, as ``guide/question``; it is `paused` once something else was asked.
    `quizzed` is the uid of the last question of the quiz. `calmed` says that abuse was answered.
    `exchanges` are the last few questions that may be corrected, the latest last.
    """

    last: str = ""
    match: Match | None = None
    asked: str = ""
    step: str = ""
    paused: bool = False
    quizzed: str = ""
    calmed: bool = False
    exchanges: tuple["Exchange", ...] = ()


class Exchange(NamedTuple):
    """A question and its answer, by the ids of their messages; `before` is what was known then.

    It is `latest` until the conversation goes on.
    """

    question: int
    answer: int
    before: Session
    latest: bool = True


class Target(NamedTuple):
    """What a button opens: an entry (`action` empty), one of its views, or a menu."""

    action: str
    name: str

    def __str__(self) -> str:
        """Return ``name`` or ``action:name``."""
        return f"{self.action}:{self.name}" if self.action else self.name

    @classmethod
    def parse(cls, text: str) -> "Target":
        """Read a target back from its text."""
        action, colon, name = text.partition(":")
        return cls(action, name) if colon else cls("", text)


class Button(NamedTuple):
    """A button: its label and what it opens."""

    label: str
    opens: Target


class Answered(NamedTuple):
    """An entry that answers a question, and why it was chosen (None: it was asked for by name)."""

    entry: Entry
    match: Match | None = None


@dataclass(frozen=True)
class Decided:
    """What every decision carries: `rule` tells maintainers what led to it, with its figures.

    Readers never see it, and decisions that say the same are equal whatever led to them.
    `effects` are what is to be kept because of it.
    """

    rule: str = field(default="", compare=False, kw_only=True)
    effects: tuple[Effect, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True)
class Answer(Decided):
    """Answer with one entry, or with several in the order of several questions."""

    items: tuple[Answered, ...]
    dropped: bool = False


@dataclass(frozen=True)
class Clarify(Decided):
    """Offer entries that could be meant."""

    options: tuple[Entry, ...]
    match: Match


@dataclass(frozen=True)
class Abstain(Decided):
    """Say that the guide doesn't cover it; offer the nearest. `say` names the sentence."""

    nearest: tuple[Entry, ...]
    say: Say = "abstain"
    about: str = ""
    match: Match | None = None


@dataclass(frozen=True)
class Refer(Decided):
    """Lead with a safety entry; `also` are entries the guide may still open."""

    entry: Entry
    also: tuple[Entry, ...] = ()
    match: Match | None = None


@dataclass(frozen=True)
class Detail(Decided):
    """Show more of an entry that was answered: why, more, its sources, or its figure."""

    entry: Entry
    view: View
    match: Match | None = None


@dataclass(frozen=True)
class Menu(Decided):
    """Browse: all sections (`section` empty), or the entries of one."""

    guide: str
    section: str = ""


@dataclass(frozen=True)
class Ask(Decided):
    """Put one question of the checkpoints.

    `first` comes with a word on what this is, and `noted` is the option chosen before.
    """

    points: Checkpoints
    step: Step
    first: bool = False
    noted: str = ""


@dataclass(frozen=True)
class Conclude(Decided):
    """Say what the answers to the checkpoints come to."""

    points: Checkpoints
    answers: Answers


@dataclass(frozen=True)
class Own(Decided):
    """Show a page on what is remembered of the person."""

    page: Page


@dataclass(frozen=True)
class Doubt(Decided):
    """Ask what was wrong with an answer; offer what else could have been meant."""

    entry: Entry
    others: tuple[Entry, ...] = ()


Decision = Answer | Clarify | Abstain | Refer | Detail | Menu | Ask | Conclude | Own | Doubt


class Citation(NamedTuple):
    """A source as cited in a reply."""

    key: str
    label: str
    url: str


class Picture(NamedTuple):
    """A picture to show; `alt` says what can be seen, `line` stands where none can be shown."""

    path: Path
    alt: str
    line: str


@dataclass(frozen=True)
class Reply:
    """What goes out: one message as plain text and as Telegram's HTML, with its evidence.

    With a `picture`, the message is its caption. `menu` is the name of the menu that it lists, if
    it does. `cut` says that something was left out, because
    one message can't hold it. `feedback` are buttons to vote with, in a row of their own. A
    `notice` is so short that it needs no message where a channel has another way to show it. What
    is `hushed` was said once and needs no saying again where a channel may keep silent. `language`
    is the code of the voice that says it, empty for the first one.
    """

    decision: Kind
    text: str
    html: str
    topics: tuple[str, ...] = ()
    confidence: float = 0.0
    citations: tuple[Citation, ...] = ()
    buttons: tuple[Button, ...] = ()
    match: Match | None = None
    picture: Picture | None = None
    menu: str = ""
    cut: bool = False
    feedback: tuple[Button, ...] = ()
    notice: bool = False
    hushed: bool = False
    language: str = ""
