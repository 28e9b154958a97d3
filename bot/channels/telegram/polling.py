"""Long polling: fetches updates and hands them over, for as long as it takes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from telegram import Bot
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.channels.telegram.arrivals import KINDS
from bot.channels.telegram.patience import HOPELESS, STRANGE, Pause, explained, seconds_to_wait
from bot.errors import StoreError

log = logging.getLogger(__name__)

Take = Callable[..., Awaitable[None]]

_WAIT = 25
"""Seconds that Telegram holds a request open while there is nothing new."""
_GRACE = 10
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0


class Poller:
    """Fetches updates. One counts as taken when those after it are asked for."""

    def __init__(self, bot: Bot, take: Take, pause: Pause = asyncio.sleep) -> None:
        """Fetch from `bot`; `take` returns when updates are safe; `pause` waits between tries.

        If `take` raises StoreError, they are not, and are fetched again.
        """
        self._bot = bot
        self._take = take
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
                ids = [each["update_id"] + 1 for each in batch]
                await self._take(*batch)
            except HOPELESS as error:
                raise explained(error) from None
            except (*STRANGE, StoreError) as error:  # what isn't taken is fetched again
                log.warning("polling failed, trying again: %s", type(error).__name__)
                await self._pause(seconds_to_wait(error, wait))
                wait = min(2 * wait, _LONGEST_PAUSE)
                continue
            wait = _FIRST_PAUSE
            # after a quiet week ids begin anew, perhaps lower: then an old offset would hide them
            self._next = max(ids, default=0)

    async def confirm(self) -> None:
        """Tell Telegram that everything fetched is taken, if it can be told."""
        if self._next:
            with suppress(*STRANGE):
                await self._fetch(0)

    async def _fetch(self, wait: int) -> list[Any]:
        """Ask for updates once, for at most `wait` seconds; they come as Telegram writes them."""
        asked = {"offset": self._next, "timeout": wait, "allowed_updates": list(KINDS)}
        data = RequestData([RequestParameter(name, value, None) for name, value in asked.items()])
        found = await self._bot.request.post(
            f"{self._bot.base_url}/getUpdates", data, read_timeout=wait + _GRACE
        )
        if not isinstance(found, list):
            message = "updates must be a list"
            raise TypeError(message)
        return found
