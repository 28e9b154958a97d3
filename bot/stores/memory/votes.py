"""Votes in memory."""

from collections import Counter
from collections.abc import Mapping

from bot.conversation.ports import Clock
from bot.conversation.records import Vote, VoteSum
from bot.stores.memory.tables import Tables, VoteRow


class MemoryVoteStore:
    """A VoteStore that forgets when the process ends."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        """Keep votes in `tables`."""
        self._votes = tables.votes
        self._clock = clock

    async def vote(self, person: str, entry: str, vote: Vote) -> None:
        """Keep a vote; it replaces the person's earlier one."""
        self._votes[person, entry] = VoteRow(vote, self._clock().date())

    async def of(self, person: str, entry: str) -> Vote | None:
        """Return the vote of `person`, if they gave one."""
        row = self._votes.get((person, entry))
        return row.vote if row else None

    async def sums(self) -> tuple[VoteSum, ...]:
        """Return the sums of every entry that has votes, by its uid."""
        given = Counter((entry, row.vote.value) for (_, entry), row in self._votes.items())
        entries = sorted({entry for entry, _ in given})
        return tuple(VoteSum(entry, given[entry, 1], given[entry, -1]) for entry in entries)

    async def reasons(self, entry: str) -> Mapping[str, int]:
        """Return how often each reason was given."""
        rows = [row for (_, voted), row in self._votes.items() if voted == entry]
        return dict(Counter(row.vote.reason for row in rows if row.vote.reason))
