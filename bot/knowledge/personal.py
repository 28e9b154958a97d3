"""``personal`` in voice.yaml: the bot's words on what it remembers of a person, as values."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.knowledge.base import Frozen, Label, Said, Text

Length = Literal["short", "normal", "full"]
Wrong = Literal["topic", "unclear", "doubt"]
ZoneName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]+(/[A-Za-z_]+)+$", max_length=40)]

PERSONAL_NAMES = {
    "progress": frozenset({"number", "of"}),
    "noted": frozenset({"answer"}),
    "because": frozenset({"reasons"}),
    "remembered": frozenset({"title", "answer"}),
    "settings": frozenset({"length", "look", "zone"}),
    "privacy": frozenset({"days", "misses_days"}),
    "in_picture": frozenset({"alt"}),
}
"""The names in braces that each of these sentences may have."""


class PersonalSay(Frozen):
    """Sentences; names in braces are filled in. A page's sentence has the page's name."""

    progress: Text
    because: Text
    noted: Text
    stopped: Text
    profile: Text
    nothing_known: Text
    remembered: Text
    cleared: Text
    settings: Text
    no_zone: Text
    zones: Text
    privacy: Text
    export: Text
    forget: Text
    forgotten: Text
    kept: Text
    thanks: Text
    what_was_wrong: Text
    in_picture: Text
    not_kept: Text
    private_only: Text


class PersonalLabels(Frozen):
    """Words on buttons. `up` and `down` are signs; the plain ones stand in text only."""

    step_back: Label
    start_over: Label
    stop: Label
    resume: Label
    up: Label
    down: Label
    plain_up: Label
    plain_down: Label
    settings: Label
    profile: Label
    privacy: Label
    export: Label
    clear: Label
    forget: Label
    forget_now: Label
    kept: Label
    zone: Label


class Looks(Frozen):
    """How replies look, on the settings page (`pictures`, `text_only`) and on the buttons."""

    pictures: Label
    text_only: Label


class Zone(Frozen):
    """A time zone to choose: its IANA name, and cities that tell it."""

    zone: ZoneName
    label: Label


class Controls(Frozen):
    """What people type to move about in the checkpoints."""

    back: tuple[Said, ...]
    over: tuple[Said, ...]
    stop: tuple[Said, ...]


class Personal(Frozen):
    """Everything that is said on what is remembered of a person."""

    say: PersonalSay
    labels: PersonalLabels
    lengths: dict[Length, Label]
    looks: Looks
    wrong: dict[Wrong, Label]
    zones: Annotated[tuple[Zone, ...], Field(min_length=1, max_length=24)]
    controls: Controls
