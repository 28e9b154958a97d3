"""Many small writes as few large ones, without waiting: what comes while one is on its way."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.errors import StoreError

Item = TypeVar("Item")
Result = TypeVar("Result")
_Waiting = list[tuple[Sequence[Item], asyncio.Future[Result]]]


class Batches(Generic[Item, Result]):
    """Hands items to `work`, all that are there at once, and each caller gets the result."""

    def __init__(self, work: Callable[[Sequence[Item]], Awaitable[Result]]) -> None:
        """Let `work` do them."""
        self._work = work
        self._waiting: _Waiting[Item, Result] = []
        self._running: asyncio.Task[None] | None = None

    async def do(self, *items: Item) -> Result:
        """Return what `work` returned for a batch with `items` in it; raise what it raised."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((items, future))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        """Work until nothing waits; if that is broken off, say so to everybody who does."""
        batch: _Waiting[Item, Result] = []
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._do(batch)
        finally:
            self._running = None
            _end([*batch, *self._waiting], StoreError("the database was left in the middle"))
            self._waiting = []

    async def _do(self, batch: _Waiting[Item, Result]) -> None:
        """Do a batch, and hand what comes of it to everybody who waits for it."""
        try:
            result = await self._work([item for items, _ in batch for item in items])
        except Exception as error:  # noqa: BLE001 - it is for those who wait
            _end(batch, error)
            return
        for _, future in batch:
            if not future.done():
                future.set_result(result)


def _end(batch: _Waiting[Item, Result], error: Exception) -> None:
    """Hand an error to everybody who waits."""
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
