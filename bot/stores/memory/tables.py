"""What the stores in memory share: rows by their keys, as a database would have them."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from bot.conversation.model import Session
from bot.conversation.records import Arrival, Miss, Profile, Reminder, Speaker, Vote


class SessionRow(NamedTuple):
    """A session, and the day of its last use."""

    session: Session
    used_on: date


class ProfileRow(NamedTuple):
    """A profile, and the day of its last change."""

    profile: Profile
    used_on: date


class VoteRow(NamedTuple):
    """A vote, and its day."""

    vote: Vote
    given_on: date


class ReminderRow(NamedTuple):
    """A reminder, until when somebody has claimed it, and when it was sent."""

    reminder: Reminder
    claimed_until: datetime | None = None
    done_at: datetime | None = None


class PaceRow(NamedTuple):
    """When somebody wrote of late; if they were told that it's too much, only when that was."""

    said: tuple[datetime, ...] = ()
    told: bool = False


class UpdateRow(NamedTuple):
    """A claimed update, and when it was answered."""

    arrival: Arrival
    claimed_at: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True)
class Tables:
    """All rows. Votes are keyed by (person, entry), file ids by figure."""

    sessions: OrderedDict[Speaker, SessionRow] = field(default_factory=OrderedDict)
    profiles: dict[str, ProfileRow] = field(default_factory=dict)
    votes: dict[tuple[str, str], VoteRow] = field(default_factory=dict)
    misses: dict[int, Miss] = field(default_factory=dict)
    reminders: dict[int, ReminderRow] = field(default_factory=dict)
    updates: dict[int, UpdateRow] = field(default_factory=dict)
    paces: OrderedDict[str, PaceRow] = field(default_factory=OrderedDict)
    files: dict[str, tuple[str, str]] = field(default_factory=dict)
    counters: dict[tuple[date, str, str], int] = field(default_factory=dict)
