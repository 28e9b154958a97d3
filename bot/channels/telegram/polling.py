"""Long polling: fetches updates and hands them over, for as long as it takes."""

import asyncio
import logging
from contextlib import suppress

from telegram import Bot, Update

from bot.channels.telegram.patience import HOPELESS, STRANGE, Pause, explained, seconds_to_wait

log = logging.getLogger(__name__)

KINDS = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY]
"""The only kinds of update that are asked for."""

_WAIT = 25
"""Seconds that Telegram holds a request open while there is nothing new."""
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0


class Poller:
    """Fetches updates into a queue. An update counts as taken when the next one is asked for."""

    def __init__(
        self, bot: Bot, queue: "asyncio.Queue[object]", pause: Pause = asyncio.sleep
    ) -> None:
        """Fetch from `bot` into `queue`; `pause` waits between tries."""
        self._bot = bot
        self._queue = queue
        self._pause = pause
        self._next = 0

    async def run(self) -> None:
        """Fetch until cancelled; a lost connection is retried for ever, with growing pauses.

        Raises ChannelError if the token is refused or another copy polls with it.
        """
        wait = _FIRST_PAUSE
        while True:
            try:
                batch = await self._fetch(_WAIT)
            except HOPELESS as error:
                raise explained(error) from None
            except STRANGE as error:
                log.warning("polling failed, trying again: %s", type(error).__name__)
                await self._pause(seconds_to_wait(error, wait))
                wait = min(2 * wait, _LONGEST_PAUSE)
                continue
            wait = _FIRST_PAUSE
            for update in batch:
                await self._queue.put(update)
                self._next = update.update_id + 1

    async def confirm(self) -> None:
        """Tell Telegram that everything fetched is taken, if it can be told."""
        if self._next:
            with suppress(*STRANGE):
                await self._fetch(0)

    async def _fetch(self, wait: int) -> tuple[Update, ...]:
        """Ask for updates once, for at most `wait` seconds."""
        return await self._bot.get_updates(offset=self._next, timeout=wait, allowed_updates=KINDS)
