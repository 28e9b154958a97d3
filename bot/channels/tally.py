"""Counts how often each answer is asked for, never by whom: written down every minute."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from bot.conversation.model import Reply
from bot.conversation.ports import Clock, CounterStore
from bot.errors import StoreError

log = logging.getLogger(__name__)

ASKED = "asked"
"""The kind of counter that counts how often an entry was asked for."""

_EVERY = 60.0
_RECENT = timedelta(days=30)


class Tally:
    """Knows what was asked for most in the last month."""

    def __init__(self, counters: CounterStore, clock: Clock) -> None:
        """Write counts down in `counters`, under the day that `clock` shows."""
        self._counters = counters
        self._clock = clock
        self._kept: Counter[str] = Counter()
        self._new: Counter[str] = Counter()

    def count(self, reply: Reply) -> None:
        """Count the entries that a reply answers with; views of an answer and talk don't count."""
        if reply.feedback:
            self._new.update(reply.topics)

    def most_asked(self) -> list[str]:
        """Return the uids of what was asked for, the most often first."""
        return [uid for uid, _ in (self._kept + self._new).most_common()]

    async def write(self) -> None:
        """Write new counts down, and read what all copies of the bot have counted.

        Raises StoreError; what isn't written then is written the next time.
        """
        today = self._clock().date()
        while self._new:
            uid, n = next(iter(self._new.items()))
            await self._counters.add(today, ASKED, uid, n)
            self._new[uid] -= n
            self._new += Counter()
        found = await self._counters.between(today - _RECENT, today)
        self._kept = Counter()
        for one in found:
            if one.kind == ASKED:
                self._kept[one.key] += one.n

    async def run(self, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Write down every minute until cancelled; if it can't be done, the next time may do."""
        while True:
            await self._try()
            await pause(_EVERY)

    async def _try(self) -> None:
        """Write, or say why not."""
        try:
            await self.write()
        except StoreError as error:
            log.warning("what is asked is not counted: %s", error)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Write down every minute while something happens inside, and at its end."""
        writing = asyncio.create_task(self.run())
        try:
            yield
        finally:
            writing.cancel()
            with suppress(asyncio.CancelledError):
                await writing
            await self._try()
