"""Frozen values that outlive a message: what stores keep and give back.

A person is named by their channel and its id for them, as text: ``telegram:123`` (Telegram's user
id) or ``web:`` and random letters. A chat is named alike: ``telegram:-100`` is a group; in a
private chat both names are the same. Names are kept as they are, without a hash: a reminder must
know whom to write to, and who can read the database could undo a hash of so few ids.

Moments are aware datetimes, in UTC when they come out. Where a day is enough, only the day is
kept, so that a question in vain can't be traced to a person by its time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple, TypedDict

ReplyLength = Literal["short", "normal", "full"]
MissKind = Literal["abstain", "none_of_these", "thumbs_down"]
Welcome = Literal["in", "told", "out"]
"""What a message is met with: an answer; a word that it's too much; nothing."""


class Speaker(NamedTuple):
    """Who speaks, and where: a person has one conversation in each chat."""

    person: str
    chat: str


class QuietHours(NamedTuple):
    """When a person wants to hear nothing, in their own time; `end` may lie on the next day."""

    start: time
    end: time


class CheckpointAnswer(NamedTuple):
    """The option that a person chose when they were asked about themselves, and when."""

    option: str
    at: datetime


@dataclass(frozen=True)
class Profile:
    """A person's settings, and what they said about themselves by the question's id.

    `time_zone` is an IANA name and `language` a language tag; empty means that neither is known.
    """

    reply_length: ReplyLength = "normal"
    text_only: bool = False
    time_zone: str = ""
    quiet_hours: QuietHours | None = None
    language: str = ""
    answers: Mapping[str, CheckpointAnswer] = field(default_factory=dict)


NOBODY = Profile()
"""Somebody of whom nothing is known."""


class ProfileChanges(TypedDict, total=False):
    """The settings of a Profile that can be changed, each alone."""

    reply_length: ReplyLength
    text_only: bool
    time_zone: str
    quiet_hours: QuietHours | None
    language: str


class Vote(NamedTuple):
    """Thumbs up (1) or down (-1) for an answer, with the id of a reason if one was given."""

    value: Literal[1, -1]
    reason: str = ""


class VoteSum(NamedTuple):
    """How many people found an entry helpful, and how many didn't."""

    entry: str
    up: int
    down: int


class Miss(NamedTuple):
    """A question in vain, as `bot.text.normalise` leaves it. Nothing says who asked.

    `nearest` are the uids of the entries that came closest. `id` is 0 until it is kept.
    """

    text: str
    kind: MissKind
    at: datetime
    nearest: tuple[str, ...] = ()
    guide: str = ""
    id: int = 0


class Reminder(NamedTuple):
    """A question to put to a person when it is `due`; `text` is its key among the bot's words.

    After a dot, `text` has the language that it was set in. `id` is 0 until it is kept.
    """

    person: str
    chat: str
    entry: str
    text: str
    due: datetime
    id: int = 0


class Arrival(NamedTuple):
    """An update as it came: its id, the chat whose order it keeps, and its content as JSON."""

    update: int
    chat: str
    content: str


class Count(NamedTuple):
    """How often something happened on a day."""

    day: date
    kind: str
    key: str
    n: int


class Retention(NamedTuple):
    """How long things are kept: what belongs to a person, counted from its last use; the rest."""

    people: timedelta = timedelta(days=180)
    misses: timedelta = timedelta(days=90)
    updates: timedelta = timedelta(days=2)  # Telegram repeats an update for one day


KEPT = Retention()
"""How long things are kept unless the settings say otherwise."""
