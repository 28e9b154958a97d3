"""Opens all stores together and closes them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.conversation.ports import (
    Clock,
    CounterStore,
    FileIdStore,
    MissStore,
    PaceStore,
    PeopleStore,
    ProfileStore,
    ReminderStore,
    SessionStore,
    UpdateStore,
    VoteStore,
)
from bot.conversation.records import Retention
from bot.stores.database.address import address_of
from bot.stores.database.counters import DatabaseCounterStore
from bot.stores.database.engine import Database
from bot.stores.database.files import DatabaseFileIdStore
from bot.stores.database.misses import DatabaseMissStore
from bot.stores.database.paces import DatabasePaceStore
from bot.stores.database.people import DatabasePeopleStore
from bot.stores.database.profiles import DatabaseProfileStore
from bot.stores.database.reminders import DatabaseReminderStore
from bot.stores.database.sessions import DatabaseSessionStore
from bot.stores.database.updates import DatabaseUpdateStore
from bot.stores.database.upgrade import upgrade
from bot.stores.database.votes import DatabaseVoteStore
from bot.stores.memory.counters import MemoryCounterStore
from bot.stores.memory.files import MemoryFileIdStore
from bot.stores.memory.misses import MemoryMissStore
from bot.stores.memory.paces import MemoryPaceStore
from bot.stores.memory.people import MemoryPeopleStore
from bot.stores.memory.profiles import MemoryProfileStore
from bot.stores.memory.reminders import MemoryReminderStore
from bot.stores.memory.sessions import MemorySessionStore
from bot.stores.memory.tables import Tables
from bot.stores.memory.updates import MemoryUpdateStore
from bot.stores.memory.votes import MemoryVoteStore

MEMORY = "memory:"
"""The DATABASE_URL that keeps nothing."""


@dataclass(frozen=True)
class Stores:
    """One store for each port, over the same database or memory."""

    sessions: SessionStore
    profiles: ProfileStore
    votes: VoteStore
    misses: MissStore
    reminders: ReminderStore
    updates: UpdateStore
    paces: PaceStore
    files: FileIdStore
    counters: CounterStore
    people: PeopleStore

    async def prune(self, now: datetime, retention: Retention) -> int:
        """Delete what is older at `now` than `retention` says; return how many things."""
        return (
            await self.people.prune((now - retention.people).date())
            + await self.misses.prune(now - retention.misses)
            + await self.updates.prune(now - retention.updates)
        )


def utc_now() -> datetime:
    """Return the time that it is."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_stores(url: str, folder: Path, clock: Clock = utc_now) -> AsyncIterator[Stores]:
    """Open the stores at `url`, up to date; empty means SQLite in `folder`. Closes them at the end.

    Raises StoreError if the database can't be used.
    """
    if url == MEMORY:
        yield in_memory(clock)
        return
    database = Database(address_of(url, folder))
    try:
        await upgrade(database)
        yield _in_database(database, clock)
    finally:
        await database.close()


def in_memory(clock: Clock = utc_now) -> Stores:
    """Return stores that forget when the process ends."""
    tables = Tables()
    return Stores(
        sessions=MemorySessionStore(tables, clock),
        profiles=MemoryProfileStore(tables, clock),
        votes=MemoryVoteStore(tables, clock),
        misses=MemoryMissStore(tables),
        reminders=MemoryReminderStore(tables, clock),
        updates=MemoryUpdateStore(tables, clock),
        paces=MemoryPaceStore(tables),
        files=MemoryFileIdStore(tables),
        counters=MemoryCounterStore(tables),
        people=MemoryPeopleStore(tables),
    )


def _in_database(database: Database, clock: Clock) -> Stores:
    """Return stores over `database`. What one process can count alone costs no statement."""
    alone = MemoryPaceStore(Tables())
    return Stores(
        sessions=DatabaseSessionStore(database, clock),
        profiles=DatabaseProfileStore(database, clock),
        votes=DatabaseVoteStore(database, clock),
        misses=DatabaseMissStore(database),
        reminders=DatabaseReminderStore(database, clock),
        updates=DatabaseUpdateStore(database, clock),
        paces=DatabasePaceStore(database, alone) if database.is_postgresql else alone,
        files=DatabaseFileIdStore(database),
        counters=DatabaseCounterStore(database),
        people=DatabasePeopleStore(database, alone.forget),
    )
