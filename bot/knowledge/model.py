"""Frozen values that the YAML files become. Shape rules live in the types; see `schema`."""

from datetime import date
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Target = Annotated[str, StringConstraints(pattern=r"^(menu:)?[a-z0-9]+(-[a-z0-9]+)*$")]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Grade = Literal["strong", "moderate", "limited", "practice"]
Scope = Literal["guide", "beyond-guide", "talk"]


GUIDE = "guide"
"""The key by which an answer cites the guide itself."""


class Frozen(BaseModel):
    """A value that can't change and has no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Phrase(NamedTuple):
    """One way of asking: its text, who would say it so, and where it is written."""

    text: str
    voice: str
    path: str
    line: int


class Origin(NamedTuple):
    """Where a value was written: its file, its first line, and the line of each of its fields."""

    path: str
    line: int
    fields: dict[str, int]

    def at(self, field: str) -> int:
        """Return the line of `field`, or the value's own first line."""
        return self.fields.get(field, self.line)


class Option(Frozen):
    """One button of a checkpoint: its label and the id of the entry that it opens."""

    label: Label
    opens: Target


class Checkpoint(Frozen):
    """A question to the reader, whose options open other entries."""

    question: Text
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=3)]


class Source(Frozen):
    """A publication or page that answers cite. `checked` says how far it was confirmed."""

    label: Label
    cite: Text
    doi: str = ""
    url: str = ""
    design: str = ""
    finding: tuple[Text, ...] = ()
    limits: Text
    checked: Literal["seen", "second-hand", "memory"]

    @property
    def link(self) -> str:
        """The address of the source: its URL, else its DOI as a URL, else an empty string."""
        return self.url or (f"https://doi.org/{self.doi}" if self.doi else "")


class Entry(Frozen):
    """One curated answer, with its caveat, evidence, checkpoint and ways of asking.

    `guide` is the folder's name, or empty for the entries that all guides share (talk, safety).
    """

    id: Id
    ask: Label
    title: Label
    scope: Scope
    parent: Id | None = None
    from_section: Annotated[str, Field(alias="from")] = ""
    answer: Text
    caveat: str = ""
    more: str = ""
    grade: Grade | None = None
    basis: str = ""
    would_change: str = ""
    sources: tuple[str, ...] = ()
    checkpoint: Checkpoint | None = None
    related: tuple[Target, ...] = ()
    reviewed: date
    phrasings: tuple[Text, ...] = ()

    guide: str = ""
    section: str = ""
    origin: Origin = Origin("", 1, {})
    phrases: tuple[Phrase, ...] = ()

    @property
    def uid(self) -> str:
        """The id that is unique among all guides: ``guide/id``, or ``id`` for shared entries."""
        return f"{self.guide}/{self.id}" if self.guide else self.id


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


class Command(Frozen):
    """A slash command and the entry or menu that it opens."""

    command: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,32}$")]
    opens: Target
    description: Annotated[str, StringConstraints(min_length=1, max_length=256)]


class Words(Frozen):
    """How people of this field talk: fillers to ignore, synonyms, lists for templates."""

    fillers: tuple[Text, ...] = ()
    synonyms: dict[Text, tuple[Text, ...]] = {}
    lists: dict[Id, tuple[Text, ...]] = {}
    keep: tuple[Text, ...] = ()


class GuideFile(Frozen):
    """``guide.yaml``: what the guide is, its sections and commands."""

    title: Label
    about: Text
    url: str = ""
    primary: bool = False
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


class Screen(Frozen):
    """A red flag: word lists that stand near each other, or phrases, and the entry they open.

    `near` names lists of `SafetyFile.words`; one item of each must stand within `within` words.
    `unless` names lists that make the screen stay quiet.
    """

    id: Id
    opens: Id
    near: tuple[Id, ...] = ()
    phrases: tuple[Text, ...] = ()
    within: Annotated[int, Field(ge=1, le=40)] = 8
    unless: tuple[Id, ...] = ()


class SafetyFile(Frozen):
    """``safety.yaml``: sources, word lists and screens. Its entries are read one by one."""

    sources: dict[str, Source]
    words: dict[Id, tuple[Text, ...]]
    idioms: tuple[Text, ...] = ()
    screens: Annotated[tuple[Screen, ...], Field(min_length=1)]


class Labels(Frozen):
    """Words on buttons."""

    why: Label
    more: Label
    sources: Label
    none_of_these: Label
    everything: Label
    back: Label


class Say(Frozen):
    """Sentences of the bot's own. Names in braces are filled in."""

    evidence: Text
    clarify: Text
    abstain: Text
    abstain_about: Text
    none_of_these: Text
    empty: Text
    several: Text
    too_many: Text
    also: Text
    menu: Text
    everything: Text
    why: Text
    why_opened: Text
    runner_up: Text
    rests_on: Text
    would_change: Text
    reviewed: Text
    sources: Text
    source_limits: Text
    second_hand: Text
    no_more: Text
    nothing_yet: Text
    beyond_guide: Text
    stale_button: Text
    not_text: Text
    failure: Text
    emergency_first: Text


class FollowUps(Frozen):
    """What people say to hear more about the last answer; `about` begins a follow-up on it."""

    why: tuple[Text, ...]
    more: tuple[Text, ...]
    sources: tuple[Text, ...]
    about: tuple[Text, ...]


class VoiceFile(Frozen):
    """``voice.yaml``: every word that the bot itself says. Its talk entries are read one by one."""

    name: Label
    about: Text
    say: Say
    labels: Labels
    grades: dict[Grade, Text]
    followups: FollowUps
    commands: tuple[Command, ...]


class Knowledge(Frozen):
    """Everything the bot knows. `version` is a hash of the files' content."""

    guides: tuple[Guide, ...]
    shared: tuple[Entry, ...]
    voice: VoiceFile
    safety: SafetyFile
    version: str

    @property
    def primary(self) -> Guide:
        """The guide whose ids are written without the guide's name."""
        return next((guide for guide in self.guides if guide.file.primary), self.guides[0])

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries: every guide's, then the shared ones."""
        return tuple(entry for guide in self.guides for entry in guide.entries) + self.shared

    @property
    def outside(self) -> tuple[Outside, ...]:
        """All outside fields of all guides."""
        return tuple(group for guide in self.guides for group in guide.outside)
