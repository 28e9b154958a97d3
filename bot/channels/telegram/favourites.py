"""What people have asked for most of late."""

import logging
from collections import Counter
from datetime import datetime, timedelta

from bot.conversation.ports import Clock, CounterStore
from bot.conversation.tally import TOPIC
from bot.errors import StoreError

log = logging.getLogger(__name__)

_LATELY = timedelta(days=30)
_KEPT = timedelta(minutes=5)
"""How long the list is good for: nobody waits for the database with each letter typed."""


class Favourites:
    """Reads the counters now and then."""

    def __init__(self, counters: CounterStore, clock: Clock) -> None:
        """Read `counters` up to the day that `clock` shows."""
        self._counters = counters
        self._clock = clock
        self._uids: list[str] = []
        self._until: datetime | None = None

    async def uids(self) -> list[str]:
        """Return the entries that answered most questions in a month, the most frequent first."""
        now = self._clock()
        if self._until is None or not self._until - _KEPT <= now < self._until:
            self._until = now + _KEPT
            await self._read(now)
        return self._uids

    async def _read(self, now: datetime) -> None:
        """Read the counters; if they can't be read, what was known still holds."""
        today = now.date()
        total = Counter[str]()
        try:
            for count in await self._counters.between(today - _LATELY, today):
                if count.kind == TOPIC:
                    total[count.key] += count.n
        except StoreError as error:
            log.warning("what is asked most can't be read: %s", error)
            return
        self._uids = [uid for uid, _ in total.most_common()]
