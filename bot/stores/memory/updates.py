"""Claimed updates in memory."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

from bot.conversation.ports import Clock
from bot.conversation.records import Arrival
from bot.stores.locks import ChatLocks
from bot.stores.memory.tables import Tables, UpdateRow


class MemoryUpdateStore:
    """An UpdateStore that forgets when the process ends."""

    shared = False

    def __init__(self, tables: Tables, clock: Clock) -> None:
        """Keep claims in `tables`."""
        self._rows = tables.updates
        self._clock = clock
        self._locks = ChatLocks()

    async def claim(self, arrivals: Sequence[Arrival]) -> frozenset[int]:
        """Keep those that nobody has claimed yet; return their ids."""
        fresh = {each.update: each for each in arrivals if each.update not in self._rows}
        for update, each in fresh.items():
            self._rows[update] = UpdateRow(each, self._clock())
        return frozenset(fresh)

    async def answered(self, updates: Sequence[int]) -> None:
        """Say that claimed updates were answered; what they said is forgotten."""
        for each in updates:
            if (row := self._rows.get(each)) is not None:
                forgotten = row.arrival._replace(content="")
                self._rows[each] = row._replace(arrival=forgotten, answered_at=self._clock())

    async def unfinished(
        self, now: datetime, left_alone: timedelta = timedelta()
    ) -> tuple[Arrival, ...]:
        """Return updates claimed longer ago, or by a clock set back since, and not answered."""
        rows = self._rows.values()
        return self._open(row for row in rows if abs(now - row.claimed_at) > left_alone)

    async def waiting(self, chat: str) -> tuple[Arrival, ...]:
        """Return the updates of a chat that are claimed and not answered, in their order."""
        return self._open(row for row in self._rows.values() if row.arrival.chat == chat)

    async def prune(self, before: datetime) -> int:
        """Delete updates answered before a moment; return how many."""
        old = [each for each, row in self._rows.items() if (row.answered_at or before) < before]
        for each in old:
            del self._rows[each]
        return len(old)

    def lock(self, chat: str) -> AbstractAsyncContextManager[None]:
        """Keep others out of `chat`."""
        return self._locks.hold(chat)

    @staticmethod
    def _open(rows: Iterable[UpdateRow]) -> tuple[Arrival, ...]:
        """Return those that were not answered, in their order."""
        return tuple(sorted(row.arrival for row in rows if row.answered_at is None))
