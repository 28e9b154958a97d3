"""Sends what the bot has to say until it is delivered, or until it is clear that it can't be."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import BaseRateLimiter

from bot.channels.telegram.patience import Pause, seconds_to_wait
from bot.metrics import Metrics

log = logging.getLogger(__name__)

Record = Callable[[str], Awaitable[None]]
Request = Callable[..., Coroutine[Any, Any, Any]]

PATIENCE = 3600.0
"""Seconds of waiting after which a message is given up."""

_SAYS = ("send", "edit", "answer", "copy", "forward")
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_MOST_BLOCKED = 10_000
_FINAL = (BadRequest, Forbidden, InvalidToken, ChatMigrated)


class Delivery(BaseRateLimiter[Any]):
    """What every request to Telegram goes through, except those for updates.

    What says something is sent again after a lost connection, a 5xx or an answer that can't be
    read, with growing pauses; a 429 is obeyed. Who has blocked the bot isn't written to again until
    they write. Every other request is made once.
    """

    def __init__(
        self, metrics: Metrics, record: Record | None = None, pause: Pause = asyncio.sleep
    ) -> None:
        """Count in `metrics`; `record` keeps why something was given up; `pause` waits."""
        self._metrics = metrics
        self._record = record
        self._pause = pause
        self._blocked: OrderedDict[object, None] = OrderedDict()

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    def welcome(self, chat: int) -> None:
        """Write to a chat again: somebody has written there."""
        self._blocked.pop(chat, None)

    async def process_request(  # noqa: PLR0913, PLR0917 - the library's own signature
        self,
        callback: Request,
        args: Any,  # noqa: ANN401 - passed on
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Any,  # noqa: ANN401 - ours
    ) -> Any:  # noqa: ANN401 - whatever Telegram answers
        """Return the result of a request. Raises TelegramError if it can't be had.

        `rate_limit_args` are the seconds of waiting after which it is given up; None: PATIENCE.
        """
        if not endpoint.startswith(_SAYS):
            return await self._timed(callback, args, kwargs, endpoint)
        chat = data.get("chat_id")
        if chat is not None and chat in self._blocked:
            message = "this person has blocked the bot"
            raise Forbidden(message)
        try:
            patience = PATIENCE if rate_limit_args is None else float(rate_limit_args)
            sending = partial(self._timed, callback, args, kwargs, endpoint)
            return await self._delivered(sending, endpoint, patience)
        except TelegramError as error:
            await self._give_up(error, endpoint, chat)
            raise

    async def _delivered(
        self, sending: Callable[[], Awaitable[object]], endpoint: str, patience: float
    ) -> object:
        """Make a request until it is answered, or until waiting has taken too long."""
        pause, waited = _FIRST_PAUSE, 0.0
        while True:
            try:
                return await sending()
            except _FINAL:
                raise
            except TelegramError as error:
                if waited > patience:
                    raise
                self._metrics.retries.labels(_reason(error)).inc()
                seconds = seconds_to_wait(error, pause)
                log.warning("%s is tried again in %.1f s: %s", endpoint, seconds, _reason(error))
                await self._pause(seconds)
                waited += seconds
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def _timed(
        self, callback: Request, args: tuple[Any, ...], kwargs: dict[str, Any], endpoint: str
    ) -> object:
        """Make a request once, and note how long it took."""
        begun = time.perf_counter()
        try:
            return await callback(*args, **kwargs)
        except RetryAfter:
            self._metrics.limited.inc()
            raise
        finally:
            self._metrics.requests.labels(endpoint).observe(time.perf_counter() - begun)

    async def _give_up(self, error: TelegramError, endpoint: str, chat: object) -> None:
        """Record that something was not delivered."""
        self._metrics.undelivered.labels(type(error).__name__).inc()
        log.info("%s was not delivered: %s", endpoint, type(error).__name__)
        if self._record is not None:
            await self._record(type(error).__name__)
        if isinstance(error, Forbidden) and chat is not None:
            self._blocked[chat] = None
            if len(self._blocked) > _MOST_BLOCKED:
                self._blocked.popitem(last=False)


def _reason(error: TelegramError) -> str:
    """Return why a request is made again, in one word."""
    if isinstance(error, RetryAfter):
        return "limited"
    if isinstance(error, TimedOut):
        return "timeout"
    return "network" if isinstance(error, NetworkError) else "garbage"
