"""Counters in the database."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from bot.conversation.records import Count
from bot.stores.database.engine import Database
from bot.stores.database.tables import counters


class DatabaseCounterStore:
    """A CounterStore to which all processes add."""

    def __init__(self, database: Database) -> None:
        """Keep counters in `database`."""
        self._database = database
        row = database.insert(counters)
        self._add = row.on_conflict_do_update(
            index_elements=counters.primary_key, set_={"n": counters.c.n + row.excluded.n}
        )

    async def add(self, day: date, kind: str, key: str, n: int = 1) -> None:
        """Add `n` to a counter."""
        await self.add_all([Count(day, kind, key, n)])

    async def add_all(self, counts: Iterable[Count]) -> None:
        """Add each count to its counter, in one transaction; always in the same order.

        Two processes that lock rows in different orders would wait for each other.
        """
        sums: Counter[tuple[date, str, str]] = Counter()
        for each in counts:
            sums[each.day, each.kind, each.key] += each.n
        if not sums:
            return
        rows = [Count(*key, n)._asdict() for key, n in sorted(sums.items())]
        await self._database.write(lambda connection: connection.execute(self._add, rows))

    async def between(self, first: date, last: date) -> tuple[Count, ...]:
        """Return the counters of these days, both included, by day, kind and key."""
        query = select(counters).where(counters.c.day.between(first, last))
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return tuple(sorted(Count(*row) for row in rows))  # each database has its own order
