"""The bot's own words (voice.yaml) and its red flags (safety.yaml), as frozen values."""

from typing import Annotated

from pydantic import Field, StringConstraints

from bot.knowledge.base import Command, Frozen, Grade, Id, Label, Origin, Said, Source, Text
from bot.knowledge.personal import Personal
from bot.knowledge.telegram import TelegramWords


class Labels(Frozen):
    """Words on buttons."""

    why: Label
    more: Label
    sources: Label
    figure: Label
    none_of_these: Label
    everything: Label
    back: Label


SAY_NAMES = {
    "evidence": frozenset({"grade"}),
    "abstain_about": frozenset({"about"}),
    "several": frozenset({"number", "title"}),
    "also": frozenset({"ask"}),
    "menu": frozenset({"title"}),
    "why": frozenset({"phrase", "percent"}),
    "why_opened": frozenset({"ask"}),
    "runner_up": frozenset({"ask"}),
    "rests_on": frozenset({"basis"}),
    "would_change": frozenset({"text"}),
    "reviewed": frozenset({"day"}),
    "source_limits": frozenset({"text"}),
    "picture": frozenset({"path", "alt"}),
    "version": frozenset({"version"}),
}
"""The names in braces that each of the bot's own sentences may have."""


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
    why_screened: Text
    runner_up: Text
    rests_on: Text
    would_change: Text
    reviewed: Text
    sources: Text
    source_limits: Text
    second_hand: Text
    no_more: Text
    no_figure: Text
    picture: Text
    nothing_yet: Text
    stale_button: Text
    abuse: Text
    not_text: Text
    failure: Text
    version: Text
    other_language: Text


SEVERAL_NAMES = {"from_guide": frozenset({"guide"}), "abstain_about": frozenset({"about"})}
"""The names in braces that the sentences for several guides may have."""


class Several(Frozen):
    """What is said only where there is more than one guide; ``all_guides`` is a button."""

    from_guide: Text
    abstain: Text
    abstain_about: Text
    guides: Text
    all_guides: Label


class FollowUps(Frozen):
    """What people say to hear more about the last answer; `about` begins a follow-up on it.

    `goes_on` are other words that go on with what was said before, as after a referral; `bare` are
    words that ask for more if they are all that is said, and only then.
    """

    why: tuple[Said, ...]
    more: tuple[Said, ...]
    sources: tuple[Said, ...]
    figure: tuple[Said, ...]
    about: tuple[Said, ...]
    goes_on: tuple[Said, ...] = ()
    bare: tuple[Said, ...] = ()


class Abuse(Frozen):
    """How people abuse the bot: a `phrase`, or one of `words` said `at` it."""

    phrases: tuple[Said, ...] = ()
    words: tuple[Said, ...] = ()
    at: tuple[Said, ...] = ()


Code = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
"""What a language is called: en, es."""


class Language(Frozen):
    """The language of a voice: its code, and small words by which a message in it is known."""

    code: Code
    telling: Annotated[tuple[Said, ...], Field(min_length=10)]


class VoiceFile(Frozen):
    """``voice.yaml``: every word that the bot itself says. Its talk entries are read one by one."""

    language: Language
    name: Label
    about: Text
    say: Say
    labels: Labels
    several_guides: Several
    grades: dict[Grade, Text]
    followups: FollowUps
    abuse: Abuse = Abuse()
    personal: Personal
    commands: tuple[Command, ...]
    telegram: TelegramWords

    origin: Origin = Origin("", 1, {})


class Screen(Frozen):
    """A red flag: word lists that stand near each other, or phrases, and the entry they open.

    `near` names lists of `SafetyFile.words`; one item of each must stand within `within` words.
    `unless` names lists that make the screen stay quiet.
    """

    id: Id
    opens: Id
    near: tuple[Id, ...] = ()
    phrases: tuple[Said, ...] = ()
    within: Annotated[int, Field(ge=1, le=40)] = 8
    unless: tuple[Id, ...] = ()


class SafetyFile(Frozen):
    """``safety.yaml``: sources, word lists and screens. Its entries are read one by one."""

    sources: dict[str, Source]
    words: dict[Id, tuple[Said, ...]]
    idioms: tuple[Said, ...] = ()
    screens: Annotated[tuple[Screen, ...], Field(min_length=1)]

    origin: Origin = Origin("", 1, {})
