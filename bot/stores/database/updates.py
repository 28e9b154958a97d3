"""Claimed updates in the database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import delete, select

from bot.conversation.ports import Clock
from bot.conversation.records import Claim
from bot.stores.database.engine import Database
from bot.stores.database.tables import updates
from bot.stores.locks import ChatLocks


class DatabaseUpdateStore:
    """An UpdateStore for several processes at once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Keep claims in `database`."""
        self._database = database
        self._clock = clock
        self._locks = ChatLocks()

    async def claim(self, update: int, chat: str) -> bool:
        """Say whether `update` is ours to answer; it never is again."""
        row = self._database.insert(updates).values(id=update, chat=chat, claimed_at=self._clock())
        claimed = row.on_conflict_do_nothing().returning(updates.c.id)
        async with self._database.writing() as connection:
            return await connection.scalar(claimed) is not None

    async def answered(self, update: int) -> None:
        """Say that a claimed update was answered."""
        done = updates.update().where(updates.c.id == update).values(answered_at=self._clock())
        async with self._database.writing() as connection:
            await connection.execute(done)

    async def release(self, update: int) -> None:
        """Give back an update that was claimed but not answered, so that it can be claimed."""
        given_back = delete(updates).where(updates.c.id == update, updates.c.answered_at.is_(None))
        async with self._database.writing() as connection:
            await connection.execute(given_back)

    async def unfinished(self, before: datetime) -> tuple[Claim, ...]:
        """Return updates claimed before a moment and not answered, as after a crash."""
        query = (
            select(updates.c.id, updates.c.chat, updates.c.claimed_at)
            .where(updates.c.claimed_at < before, updates.c.answered_at.is_(None))
            .order_by(updates.c.id)
        )
        async with self._database.reading() as connection:
            return tuple(Claim(*row) for row in await connection.execute(query))

    async def prune(self, before: datetime) -> int:
        """Delete updates claimed before a moment; return how many."""
        old = delete(updates).where(updates.c.claimed_at < before)
        async with self._database.writing() as connection:
            return (await connection.execute(old)).rowcount

    @asynccontextmanager
    async def lock(self, chat: str) -> AsyncIterator[None]:
        """Keep others out of `chat`: in this process, and on PostgreSQL in every other one."""
        async with self._locks.hold(chat):
            if not self._database.is_postgresql:
                yield
                return
            async with self._database.lock(chat):
                yield
