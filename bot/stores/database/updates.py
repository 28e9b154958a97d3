"""Claimed updates in the database."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, delete, or_, select

from bot.conversation.ports import Clock
from bot.conversation.records import Arrival
from bot.stores.database.engine import Database
from bot.stores.database.tables import updates
from bot.stores.locks import ChatLocks

_ARRIVAL = (updates.c.id, updates.c.chat, updates.c.content)
_OPEN = select(*_ARRIVAL).where(updates.c.answered_at.is_(None)).order_by(updates.c.id)
_LEFT = or_(updates.c.claimed_at < bindparam("before"), updates.c.claimed_at > bindparam("after"))
_UNFINISHED = _OPEN.where(_LEFT)
_WAITING = _OPEN.where(updates.c.chat == bindparam("chat"))
_THESE = updates.update().where(updates.c.id.in_(bindparam("ids")))
_ANSWERED = _THESE.values(answered_at=bindparam("now"), content="")


class DatabaseUpdateStore:
    """An UpdateStore for several processes at once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Keep claims in `database`."""
        self._database = database
        self._clock = clock
        self._locks = ChatLocks()
        self._claim = database.insert(updates).on_conflict_do_nothing().returning(updates.c.id)

    @property
    def shared(self) -> bool:
        """Whether several processes may answer from here: not from a file of SQLite."""
        return self._database.is_postgresql

    async def claim(self, arrivals: Sequence[Arrival]) -> frozenset[int]:
        """Keep those that nobody has claimed yet; return their ids."""
        now = self._clock()
        rows = [
            {"id": each.update, "chat": each.chat, "content": each.content, "claimed_at": now}
            for each in arrivals
        ]
        if not rows:
            return frozenset()
        return await self._database.write(
            lambda connection: frozenset(connection.scalars(self._claim, rows).all())
        )

    async def answered(self, ids: Sequence[int]) -> None:
        """Say that claimed updates were answered; what they said is forgotten."""
        values = {"ids": list(ids), "now": self._clock()}
        await self._database.write(lambda connection: connection.execute(_ANSWERED, values))

    async def unfinished(
        self, now: datetime, left_alone: timedelta = timedelta()
    ) -> tuple[Arrival, ...]:
        """Return updates claimed longer ago, or by a clock set back since, and not answered."""
        return await self._found(_UNFINISHED, before=now - left_alone, after=now + left_alone)

    async def waiting(self, chat: str) -> tuple[Arrival, ...]:
        """Return the updates of a chat that are claimed and not answered, in their order."""
        return await self._found(_WAITING, chat=chat)

    async def prune(self, before: datetime) -> int:
        """Delete updates answered before a moment; return how many."""
        old = delete(updates).where(updates.c.answered_at < before)
        return await self._database.write(lambda connection: connection.execute(old).rowcount)

    @asynccontextmanager
    async def lock(self, chat: str) -> AsyncIterator[None]:
        """Keep others out of `chat`: in this process, and in every other one.

        On PostgreSQL others may lock other chats; a file of SQLite has one process that answers.
        """
        async with self._locks.hold(chat), self._database.lock(chat):
            yield

    async def _found(self, query: Select[Any], **values: object) -> tuple[Arrival, ...]:
        """Return the updates that `query` finds, given its values."""
        rows = await self._database.read(lambda connection: connection.execute(query, values).all())
        return tuple(Arrival(*row) for row in rows)
