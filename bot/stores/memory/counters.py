"""Counters in memory."""

from collections.abc import Iterable
from datetime import date

from bot.conversation.records import Count
from bot.stores.memory.tables import Tables


class MemoryCounterStore:
    """A CounterStore that forgets when the process ends."""

    def __init__(self, tables: Tables) -> None:
        """Keep counters in `tables`."""
        self._counters = tables.counters

    async def add(self, day: date, kind: str, key: str, n: int = 1) -> None:
        """Add `n` to a counter."""
        self._counters[day, kind, key] = self._counters.get((day, kind, key), 0) + n

    async def add_all(self, counts: Iterable[Count]) -> None:
        """Add each count to its counter."""
        for each in counts:
            await self.add(*each)

    async def between(self, first: date, last: date) -> tuple[Count, ...]:
        """Return the counters of these days, both included, by day, kind and key."""
        rows = sorted(self._counters.items())
        return tuple(Count(*key, n) for key, n in rows if first <= key[0] <= last)
