"""Frozen values that the YAML files become. Shape rules live in the types; see `schema`."""

from datetime import date
from typing import Annotated

from pydantic import Field

from bot.knowledge.base import (
    Command,
    Frozen,
    Grade,
    Id,
    Label,
    Origin,
    Phrase,
    Said,
    Scope,
    Source,
    Target,
    Text,
)
from bot.knowledge.checkpoints import Checkpoints
from bot.knowledge.figure import Figure
from bot.knowledge.quiz import QuizQuestion
from bot.knowledge.voice import SafetyFile, VoiceFile


class Option(Frozen):
    """One button of a checkpoint: its label and the id of the entry that it opens."""

    label: Label
    opens: Target


class Checkpoint(Frozen):
    """A question to the reader, whose options open other entries."""

    question: Text
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=4)]


class Remind(Frozen):
    """What an answer may ask its reader again later, after how many days, and what they may say."""

    question: Text
    days: Annotated[int, Field(ge=1, le=60)]
    options: Annotated[tuple[Option, ...], Field(max_length=3)] = ()


class _Written(Frozen):
    """What an entry may have, and a draft of one."""

    names: tuple[Said, ...] = ()
    parent: Id | None = None
    from_section: Annotated[str, Field(alias="from")] = ""
    caveat: str = ""
    more: str = ""
    grade: Grade | None = None
    basis: str = ""
    would_change: str = ""
    sources: tuple[str, ...] = ()
    checkpoint: Checkpoint | None = None
    remind: Remind | None = None
    related: tuple[Target, ...] = ()
    phrasings: tuple[Text, ...] = ()

    guide: str = ""
    section: str = ""
    origin: Origin = Origin("", 1, {})


class Entry(_Written):
    """One curated answer, with its caveat, evidence, checkpoint and ways of asking.

    `names` are what a person may type alone to open it, such as "form"; the matcher, which looks
    for meaning, does not learn from them.
    `guide` is the folder's name, or empty for the entries that all guides share (talk, safety).
    """

    id: Id
    ask: Label
    title: Label
    scope: Scope
    answer: Text
    reviewed: date
    phrases: tuple[Phrase, ...] = ()

    @property
    def uid(self) -> str:
        """The id that is unique among all guides: ``guide/id``, or ``id`` for shared entries."""
        return f"{self.guide}/{self.id}" if self.guide else self.id


class Draft(_Written):
    """An entry that a person still has to decide on: it has a `todo`, and never goes live.

    Whatever an entry has may be missing, or be there to be finished.
    """

    id: Id
    todo: Annotated[tuple[Text, ...], Field(min_length=1)]
    ask: Label | None = None
    title: Label | None = None
    scope: Scope | None = None
    answer: str = ""
    reviewed: date | None = None


class Outside(Frozen):
    """A field that readers ask about and the guide doesn't cover, with the nearest it has."""

    id: Id
    about: Text
    nearest: Annotated[tuple[Id, ...], Field(min_length=1, max_length=3)]
    phrasings: tuple[Text, ...] = ()

    guide: str = ""
    origin: Origin = Origin("", 1, {})
    phrases: tuple[Phrase, ...] = ()

    @property
    def uid(self) -> str:
        """The label that the matcher learns for this field."""
        return f"{self.guide}/outside/{self.id}"


class Section(Frozen):
    """A part of a guide: the topics that it must answer and its title in menus."""

    id: Id
    title: Label
    topics: Annotated[tuple[Id, ...], Field(min_length=1)]


class Words(Frozen):
    """How people of this field talk: fillers to ignore, synonyms, lists for templates.

    `subject` are the names of what the whole guide is about: they tell no entry from another.
    """

    subject: tuple[Text, ...] = ()
    fillers: tuple[Text, ...] = ()
    synonyms: dict[Text, tuple[Text, ...]] = Field(default_factory=dict)
    lists: dict[Id, tuple[Text, ...]] = Field(default_factory=dict)
    keep: tuple[Text, ...] = ()


class GuideFile(Frozen):
    """``guide.yaml``: what the guide is, its sections and commands.

    A `silent` guide is checked, and answers nothing. One that isn't `graded` is a manual: its
    answers say how something is, so they need sources but no evidence, caveat or checkpoint.
    """

    title: Label
    about: Text
    url: str = ""
    primary: bool = False
    silent: bool = False
    graded: bool = True
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    commands: tuple[Command, ...] = ()
    featured: tuple[Id, ...] = ()


class Guide(Frozen):
    """One guide: a folder of knowledge, whole."""

    id: Id
    file: GuideFile
    origin: Origin
    entries: tuple[Entry, ...]
    sources: dict[str, Source]
    words: Words
    outside: tuple[Outside, ...] = ()
    figures: tuple[Figure, ...] = ()
    quiz: tuple[QuizQuestion, ...] = ()
    checkpoints: Checkpoints | None = None
    drafts: tuple[Draft, ...] = ()


Chance = Annotated[float, Field(ge=0, le=1)]


class Calibrated(Frozen):
    """``calibration.yaml``: the map from scores to probabilities, and the thresholds.

    Fitted for one encoder and a set of guides by ``run_bot.py calibrate``; see
    `bot.matching.calibration` for what each number does.
    """

    encoder: Text
    guides: tuple[Id, ...]
    questions: Annotated[int, Field(ge=1)]
    temperature: Annotated[float, Field(gt=0)]
    floor: Chance
    margin: Chance
    offer: Chance
    refer: Chance
    inside: float = 1.0
    level: float = 0.0
    likeness: float = 0.0
    strangeness: float = 0.0
    covered: float = 0.0
    slope: float
    shift: float
    vector: Annotated[float, Field(gt=0)]
    nearness: Annotated[float, Field(ge=0)]


class Knowledge(Frozen):
    """Everything the bot knows. `version` is a hash of the files' content.

    `foreign`: no guide is written in the language of its voice. `first_safety` are the red flags of
    the first language, if this is another: people mix languages.
    `waiting` are guides that answer nothing now: they are silent, or all their entries are drafts.
    """

    guides: tuple[Guide, ...]
    shared: tuple[Entry, ...]
    voice: VoiceFile
    safety: SafetyFile
    version: str
    calibrated: Calibrated | None = None
    waiting: tuple[Guide, ...] = ()
    foreign: bool = False
    first_safety: SafetyFile | None = None

    @property
    def primary(self) -> Guide:
        """The guide whose ids are written without the guide's name."""
        return next((guide for guide in self.guides if guide.file.primary), self.guides[0])

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries: every guide's, then the shared ones."""
        return tuple(entry for guide in self.guides for entry in guide.entries) + self.shared

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """All entries of all guides that are not finished."""
        return tuple(one for guide in (*self.guides, *self.waiting) for one in guide.drafts)

    @property
    def outside(self) -> tuple[Outside, ...]:
        """All outside fields of all guides."""
        return tuple(group for guide in self.guides for group in guide.outside)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All pictures of all guides."""
        return tuple(figure for guide in self.guides for figure in guide.figures)

    @property
    def quiz(self) -> tuple[QuizQuestion, ...]:
        """All questions of all guides' quizzes."""
        return tuple(each for guide in self.guides for each in guide.quiz)
