"""Deletes what is too old, at the start and once a day."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

from bot.conversation.ports import Clock
from bot.conversation.records import Retention
from bot.duties import beside
from bot.errors import StoreError
from bot.stores.bundle import Stores, utc_now

log = logging.getLogger(__name__)

_DAY = 24 * 60 * 60.0


@asynccontextmanager
async def pruned_daily(stores: Stores, retention: Retention) -> AsyncIterator[None]:
    """Prune `stores` now and every day until the end."""
    async with beside(partial(prune_for_ever, stores, retention)):
        yield


async def prune_for_ever(
    stores: Stores,
    retention: Retention,
    clock: Clock = utc_now,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Prune once a day; if the database can't be used, the next day is early enough."""
    while True:
        try:
            log.info("%d kept things were old and are gone", await stores.prune(clock(), retention))
        except StoreError as error:
            log.warning("nothing could be pruned: %s", error)
        await pause(_DAY)
