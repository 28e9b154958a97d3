"""Questions in vain, in the database."""

import json
from datetime import datetime

from sqlalchemy import delete, insert, select

from bot.conversation.records import Miss
from bot.stores.database.engine import Database
from bot.stores.database.tables import misses


class DatabaseMissStore:
    """A MissStore; no column says who asked."""

    def __init__(self, database: Database) -> None:
        """Keep misses in `database`."""
        self._database = database

    async def add(self, miss: Miss) -> None:
        """Keep `miss`."""
        row = {**miss._asdict(), "nearest": json.dumps(miss.nearest)}
        del row["id"]
        await self._database.write(
            lambda connection: connection.execute(insert(misses).values(**row))
        )

    async def since(self, moment: datetime) -> tuple[Miss, ...]:
        """Return those from `moment` on, oldest first."""
        query = select(misses).where(misses.c.at >= moment).order_by(misses.c.at, misses.c.id)
        rows = await self._database.read(
            lambda connection: connection.execute(query).mappings().all()
        )
        return tuple(Miss(**{**row, "nearest": tuple(json.loads(row["nearest"]))}) for row in rows)

    async def delete(self, miss: int) -> None:
        """Delete the one with this id, if it is there."""
        await self._database.write(
            lambda connection: connection.execute(delete(misses).where(misses.c.id == miss))
        )

    async def prune(self, before: datetime) -> int:
        """Delete those from before a moment; return how many."""
        old = delete(misses).where(misses.c.at < before)
        return await self._database.write(lambda connection: connection.execute(old).rowcount)
