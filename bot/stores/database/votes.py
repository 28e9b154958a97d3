"""Votes in the database."""

from collections.abc import Mapping

from sqlalchemy import func, select

from bot.conversation.ports import Clock
from bot.conversation.records import Vote, VoteSum
from bot.stores.database.engine import Database
from bot.stores.database.tables import votes


class DatabaseVoteStore:
    """A VoteStore; the database counts."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Keep votes in `database`."""
        self._database = database
        self._clock = clock

    async def vote(self, person: str, entry: str, vote: Vote) -> None:
        """Keep a vote; it replaces the person's earlier one."""
        kept = {**vote._asdict(), "given_on": self._clock().date()}
        row = {"person": person, "entry": entry, **kept}
        upsert = self._database.upsert(votes, *kept).values(row)
        await self._database.write(lambda connection: connection.execute(upsert))

    async def of(self, person: str, entry: str) -> Vote | None:
        """Return the vote of `person`, if they gave one."""
        query = select(votes).where(votes.c.person == person, votes.c.entry == entry)
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return Vote(row.value, row.reason) if row else None

    async def sums(self) -> tuple[VoteSum, ...]:
        """Return the sums of every entry that has votes, by its uid."""
        up, down = (func.count().filter(votes.c.value == value) for value in (1, -1))
        query = select(votes.c.entry, up, down).group_by(votes.c.entry)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return tuple(sorted(VoteSum(*row) for row in rows))  # each database has its own order

    async def reasons(self, entry: str) -> Mapping[str, int]:
        """Return how often each reason was given against or for `entry`."""
        given = (votes.c.entry == entry, votes.c.reason != "")
        query = select(votes.c.reason, func.count()).where(*given).group_by(votes.c.reason)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return {row.reason: row[1] for row in rows}
