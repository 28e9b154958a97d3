"""Claimed updates in memory."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime

from bot.conversation.ports import Clock
from bot.conversation.records import Claim
from bot.stores.locks import ChatLocks
from bot.stores.memory.tables import Tables, UpdateRow


class MemoryUpdateStore:
    """An UpdateStore that forgets when the process ends."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        """Keep claims in `tables`."""
        self._rows = tables.updates
        self._clock = clock
        self._locks = ChatLocks()

    async def claim(self, update: int, chat: str) -> bool:
        """Say whether `update` is ours to answer; it never is again."""
        if update in self._rows:
            return False
        self._rows[update] = UpdateRow(Claim(update, chat, self._clock()))
        return True

    async def answered(self, update: int) -> None:
        """Say that a claimed update was answered."""
        if update in self._rows:
            self._rows[update] = self._rows[update]._replace(answered_at=self._clock())

    async def release(self, update: int) -> None:
        """Give back an update that was claimed but not answered."""
        if update in self._rows and self._rows[update].answered_at is None:
            del self._rows[update]

    async def unfinished(self, before: datetime) -> tuple[Claim, ...]:
        """Return updates claimed before a moment and not answered."""
        open_ = [row.claim for row in self._rows.values() if row.answered_at is None]
        return tuple(sorted(claim for claim in open_ if claim.at < before))

    async def prune(self, before: datetime) -> int:
        """Delete updates claimed before a moment; return how many."""
        old = [row.claim.update for row in self._rows.values() if row.claim.at < before]
        for each in old:
            del self._rows[each]
        return len(old)

    def lock(self, chat: str) -> AbstractAsyncContextManager[None]:
        """Keep others out of `chat`."""
        return self._locks.hold(chat)
