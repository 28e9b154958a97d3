"""Questions in vain, in memory."""

from datetime import datetime
from itertools import count

from bot.conversation.records import Miss
from bot.stores.memory.tables import Tables


class MemoryMissStore:
    """A MissStore that forgets when the process ends."""

    def __init__(self, tables: Tables) -> None:
        """Keep misses in `tables`."""
        self._misses = tables.misses
        self._ids = count(1)

    async def add(self, miss: Miss) -> None:
        """Keep `miss`."""
        kept = miss._replace(id=next(self._ids))
        self._misses[kept.id] = kept

    async def since(self, moment: datetime) -> tuple[Miss, ...]:
        """Return those from `moment` on, oldest first."""
        found = [miss for miss in self._misses.values() if miss.at >= moment]
        return tuple(sorted(found, key=lambda miss: (miss.at, miss.id)))

    async def delete(self, miss: int) -> None:
        """Delete the one with this id, if it is there."""
        self._misses.pop(miss, None)

    async def prune(self, before: datetime) -> int:
        """Delete those from before a moment; return how many."""
        old = [miss.id for miss in self._misses.values() if miss.at < before]
        for each in old:
            del self._misses[each]
        return len(old)
