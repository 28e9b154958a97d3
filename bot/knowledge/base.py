"""What all values of the knowledge are made of: their types, and where they were written."""

from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=40)]
Target = Annotated[str, StringConstraints(pattern=r"^((menu|mine|step):)?[a-z0-9]+(-[a-z0-9]+)*$")]
CommandName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,32}$")]
Said = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"[^\W_]")]
"""What people type: it has at least one letter or digit."""
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Grade = Literal["strong", "moderate", "limited", "practice"]
Scope = Literal["guide", "beyond-guide", "talk"]


PAGES = ("profile", "settings", "privacy", "export", "forget")
"""A person's own pages, which ``mine:`` opens."""

GUIDE = "guide"
"""The key by which an answer cites the guide itself."""


EMERGENCY = "safety-emergency"
"""The entry that emergencies lead to, in every language."""

ABOUT = "about-bot"
"""The entry that says what the bot is, and from which version of the knowledge it answers."""

GUIDES = "guides"
"""The menu of all guides; no guide may be named so."""


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
    """Where a value was written: its file, its first line, and its fields' lines by dotted path."""

    path: str
    line: int
    fields: dict[str, int]

    def at(self, field: str) -> int:
        """Return the line of `field`, of what holds it, or the value's own first line."""
        while field and field not in self.fields:
            field = field.rpartition(".")[0]
        return self.fields.get(field, self.line)


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

    @property
    def reported(self) -> str:
        """Everything that is written down of it, in one text."""
        return " ".join((self.cite, self.label, self.design, *self.finding, self.limits))


class Command(Frozen):
    """A slash command and what it opens: an entry, a menu, a page of one's own, checkpoints.

    `names` are what a person may type alone instead.
    """

    command: CommandName
    opens: Target
    description: Annotated[str, StringConstraints(min_length=1, max_length=256)]
    names: tuple[Said, ...] = ()
