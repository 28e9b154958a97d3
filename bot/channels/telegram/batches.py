"""Many small writes as few large ones, without waiting: what comes while one is on its way."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Batches(Generic[Item, Result]):
    """Hands items to `work`, all that are there at once, and each caller gets the result."""

    def __init__(self, work: Callable[[Sequence[Item]], Awaitable[Result]]) -> None:
        """Let `work` do them."""
        self._work = work
        self._waiting: list[tuple[Sequence[Item], asyncio.Future[Result]]] = []
        self._running: asyncio.Task[None] | None = None

    async def do(self, *items: Item) -> Result:
        """Return what `work` returned for a batch with `items` in it; raise what it raised."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((items, future))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        """Work until nothing waits."""
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                result = await self._work([item for items, _ in batch for item in items])
            except Exception as error:  # noqa: BLE001 - it is for those who wait
                self._end(batch, error)
            else:
                for _, future in batch:
                    if not future.done():
                        future.set_result(result)
        self._running = None

    @staticmethod
    def _end(batch: Sequence[tuple[object, asyncio.Future[Result]]], error: Exception) -> None:
        """Hand an error to everybody who waits."""
        for _, future in batch:
            if not future.done():
                future.set_exception(error)
