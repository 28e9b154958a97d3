"""What the conversation needs to be kept: stores implement it.

Every method of a store may raise StoreError: the database can't be used now, but perhaps later.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Protocol, Unpack

from bot.conversation.model import Session
from bot.conversation.records import (
    Arrival,
    CheckpointAnswer,
    Count,
    Miss,
    Profile,
    ProfileChanges,
    Reminder,
    Speaker,
    Vote,
    VoteSum,
    Welcome,
)

Clock = Callable[[], datetime]
"""Says what time it is: an aware datetime."""


class SessionStore(Protocol):
    """Keeps one Session for each person in each chat."""

    async def load(self, speaker: Speaker) -> Session:
        """Return the session of `speaker`; a new one if there is none that can be read."""
        ...

    async def save(self, speaker: Speaker, session: Session) -> None:
        """Keep `session`; it replaces the one before."""
        ...

    async def forget(self, speaker: Speaker) -> None:
        """Begin anew with `speaker`."""
        ...


class ProfileStore(Protocol):
    """Keeps what people set and what they said about themselves."""

    async def all(self, person: str) -> Profile:
        """Return everything that is known of `person`."""
        ...

    async def set(self, person: str, **changes: Unpack[ProfileChanges]) -> None:
        """Change these settings and leave the others."""
        ...

    async def answer(self, person: str, question: str, answer: CheckpointAnswer) -> None:
        """Keep the answer to a checkpoint's question; it replaces the one before."""
        ...

    async def clear(self, person: str) -> None:
        """Forget all settings and answers of `person`."""
        ...


class VoteStore(Protocol):
    """Keeps one vote for each person and entry."""

    async def vote(self, person: str, entry: str, vote: Vote) -> None:
        """Keep a vote; it replaces the person's earlier one."""
        ...

    async def of(self, person: str, entry: str) -> Vote | None:
        """Return the vote of `person`, if they gave one."""
        ...

    async def sums(self) -> tuple[VoteSum, ...]:
        """Return the sums of every entry that has votes, by its uid."""
        ...

    async def reasons(self, entry: str) -> Mapping[str, int]:
        """Return how often each reason was given against or for `entry`."""
        ...


class MissStore(Protocol):
    """Keeps questions in vain, for those who write the guide."""

    async def add(self, miss: Miss) -> None:
        """Keep `miss`."""
        ...

    async def since(self, moment: datetime) -> tuple[Miss, ...]:
        """Return those from `moment` on, oldest first."""
        ...

    async def delete(self, miss: int) -> None:
        """Delete the one with this id, if it is there."""
        ...

    async def prune(self, before: datetime) -> int:
        """Delete those from before a moment; return how many."""
        ...


class ReminderStore(Protocol):
    """Keeps what people want to be asked later."""

    async def add(self, reminder: Reminder) -> Reminder:
        """Keep `reminder`; return it with its id."""
        ...

    async def pending(self, person: str) -> tuple[Reminder, ...]:
        """Return the reminders of `person` that were not sent yet, next first."""
        ...

    async def cancel(self, person: str, reminder: int) -> bool:
        """Delete a reminder of `person` that was not sent yet; say whether there was one."""
        ...

    async def due(self, now: datetime, most: int = 100) -> tuple[Reminder, ...]:
        """Claim and return what is due and claimed by nobody, in this or another process.

        A claim ends when it is `done`, or after a few minutes, in case the claimant has died.
        """
        ...

    async def done(self, reminder: int) -> None:
        """Say that a reminder was sent, so that nobody sends it again."""
        ...

    async def put_off(self, reminder: int, due: datetime) -> None:
        """Make a reminder that was claimed due at another moment, claimed by nobody."""
        ...

    async def last_sent(self, person: str) -> datetime | None:
        """Return when `person` was last sent a reminder; None if never."""
        ...

    async def next_free_day(self, person: str, first: date, zone: tzinfo = UTC) -> date:
        """Return the first day from `first` on, in `zone`, without a reminder sent or to send."""
        ...


class UpdateStore(Protocol):
    """Lets each update of a channel be answered once, and one chat's updates one by one.

    An update's content is kept from its claim until it is answered, so that a crash loses none.
    """

    @property
    def shared(self) -> bool:
        """Whether several processes may answer from here at the same time."""
        ...

    async def claim(self, arrivals: Sequence[Arrival]) -> frozenset[int]:
        """Keep those that nobody has claimed yet; return their ids: they are ours to answer."""
        ...

    async def answered(self, updates: Sequence[int]) -> None:
        """Say that claimed updates were answered; what they said is forgotten."""
        ...

    async def unfinished(
        self, now: datetime, left_alone: timedelta = timedelta()
    ) -> tuple[Arrival, ...]:
        """Return updates claimed more than `left_alone` ago and not answered, as after a crash.

        What was claimed so much later than `now` was so by a clock that was set back since.
        """
        ...

    async def waiting(self, chat: str) -> tuple[Arrival, ...]:
        """Return the updates of a chat that are claimed and not answered, in their order."""
        ...

    async def prune(self, before: datetime) -> int:
        """Delete updates answered before a moment, never others; return how many."""
        ...

    def lock(self, chat: str) -> AbstractAsyncContextManager[None]:
        """Keep others out of `chat`: in this process, and on PostgreSQL in every other one."""
        ...


class PaceStore(Protocol):
    """Counts how fast people write: who floods is told so once, and left alone for a minute.

    All processes that share a database count together. While it is away, each counts alone: here,
    nothing raises StoreError.
    """

    async def welcome(self, person: str, now: datetime, most: int) -> Welcome:
        """Count a message that `person` writes now; say what it is to be met with.

        Within any minute, `most` are let in.
        """
        ...


class FileIdStore(Protocol):
    """Keeps Telegram's ids of figures that were sent, so that they are sent but once."""

    async def get(self, figure: str, digest: str) -> str:
        """Return the file id of `figure` with this content hash; empty if it wasn't sent yet."""
        ...

    async def keep(self, figure: str, digest: str, file_id: str) -> None:
        """Keep the file id; it replaces those of other contents of `figure`."""
        ...


class CounterStore(Protocol):
    """Counts what happens each day, never who did it."""

    async def add(self, day: date, kind: str, key: str, n: int = 1) -> None:
        """Add `n` to a counter."""
        ...

    async def add_all(self, counts: Iterable[Count]) -> None:
        """Add each count to its counter: all of them or, with StoreError, none."""
        ...

    async def between(self, first: date, last: date) -> tuple[Count, ...]:
        """Return the counters of these days, both included, by day, kind and key."""
        ...


class PeopleStore(Protocol):
    """Everything that is kept of people, in all stores at once."""

    async def forget(self, person: str) -> None:
        """Erase everything of `person`: all of it or, with StoreError, nothing."""
        ...

    async def export(self, person: str) -> dict[str, Any]:
        """Return everything of `person` as plain JSON data: a list of objects for each table."""
        ...

    async def prune(self, before: date) -> int:
        """Delete what people last used before a day; return how many things.

        A profile counts as used as long as its person has a session. Votes count from their day,
        reminders from when they are due.
        """
        ...


class Memory(Protocol):
    """The stores that a conversation needs."""

    @property
    def sessions(self) -> SessionStore:
        """Conversations."""
        ...

    @property
    def profiles(self) -> ProfileStore:
        """Settings and answers."""
        ...

    @property
    def reminders(self) -> ReminderStore:
        """What people want to be asked later."""
        ...

    @property
    def votes(self) -> VoteStore:
        """Thumbs up and down."""
        ...

    @property
    def misses(self) -> MissStore:
        """Questions in vain."""
        ...

    @property
    def paces(self) -> PaceStore:
        """How fast people write."""
        ...

    @property
    def files(self) -> FileIdStore:
        """Figures that were sent."""
        ...

    @property
    def counters(self) -> CounterStore:
        """How often things happened."""
        ...

    @property
    def people(self) -> PeopleStore:
        """All of a person at once."""
        ...
