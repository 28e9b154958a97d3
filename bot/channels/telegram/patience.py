"""Telegram's errors: which to wait for and how long, and how to explain the hopeless ones."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from telegram.error import (
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.errors import ChannelError

Pause = Callable[[float], Awaitable[None]]
Sent = TypeVar("Sent")

# What comes back may not even be Telegram's: then the library trips over its shape.
STRANGE = (TelegramError, TypeError, ValueError, KeyError, AttributeError)
HOPELESS = (InvalidToken, Forbidden, Conflict)

_TRIES = 3


def explained(error: Exception) -> ChannelError:
    """Return the one line for the operator on why Telegram can't be used."""
    kind = type(error).__name__
    if isinstance(error, (InvalidToken, Forbidden)):
        message = "Telegram refuses the token: check TELEGRAM_BOT_TOKEN"
    elif isinstance(error, Conflict):
        message = "another copy of this bot is running with the same token"
    elif isinstance(error, NetworkError):
        message = f"Telegram can't be reached ({kind}): check the network"
    else:
        message = f"Telegram doesn't answer as it should ({kind}): try again later"
    return ChannelError(message)


def seconds_to_wait(error: Exception, otherwise: float) -> float:
    """Return how long to wait after `error`: what Telegram says, or about `otherwise`."""
    if isinstance(error, RetryAfter):
        told = error.retry_after
        return told.total_seconds() if isinstance(told, timedelta) else float(told)
    return otherwise * random.uniform(0.5, 1.0)  # noqa: S311 - jitter is no secret


async def obeying_limits(send: Callable[[], Awaitable[Sent]], pause: Pause = asyncio.sleep) -> Sent:
    """Send; on Telegram's "too many requests" wait as long as it says, then try again.

    Returns what `send` returns.

    Raises RetryAfter if it is still too many after three tries, and whatever else `send` raises.
    """
    for _ in range(_TRIES - 1):
        try:
            return await send()
        except RetryAfter as error:
            await pause(seconds_to_wait(error, 1.0))
    return await send()
