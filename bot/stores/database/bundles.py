"""Many small transactions as few large ones: what is wanted in the same moment shares one."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from functools import partial
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection

from bot.errors import StoreError

T = TypeVar("T")
Work = Callable[[Connection], Any]

_MOST = 64


class _Wish(NamedTuple):
    """What is to be done, and what becomes of it."""

    work: Work
    done: asyncio.Future[Any]


class _Came(NamedTuple):
    """What a work returned or, if it failed, raised."""

    value: Any = None
    error: Exception | None = None


class Bundles:
    """Does works in threads; to change threads and to commit costs more than most of them."""

    def __init__(
        self, begin: Callable[[], AbstractContextManager[Connection]], name: str, threads: int
    ) -> None:
        """Do them in transactions that `begin` begins, in so many threads at once."""
        self._begin = begin
        self._free = threads
        self._threads = ThreadPoolExecutor(threads, name)
        self._waiting: list[_Wish] = []
        self._jobs: set[asyncio.Future[list[_Came]]] = set()
        self._looking = False

    async def do(self, work: Callable[[Connection], T], *, settled: bool) -> T:
        """Return what `work` does; raise what it raises. If done twice, only one of these is kept.

        If who waits is cancelled, what hasn't begun never does. What has is waited for if it must
        be `settled` before anybody looks.
        """
        wish = _Wish(work, asyncio.get_running_loop().create_future())
        self._waiting.append(wish)
        self._look()
        try:
            result: T = await asyncio.shield(wish.done)
        except asyncio.CancelledError:
            if wish in self._waiting:
                self._waiting.remove(wish)
            elif settled:
                await _ended(wish.done)
            raise
        return result

    async def drain(self) -> None:
        """Return when nothing waits any more."""
        while self._waiting or self._jobs:
            await asyncio.wait({*self._jobs, *(wish.done for wish in self._waiting)})

    def close(self) -> None:
        """Wait for the threads to end; what hasn't begun is refused."""
        self._threads.shutdown()

    def _look(self) -> None:
        """Begin in the loop's next turn, with all that are there by then, if a thread is free."""
        if self._free and self._waiting and not self._looking:
            self._looking = True
            asyncio.get_running_loop().call_soon(self._start)

    def _start(self) -> None:
        """Have a thread do what waits."""
        self._looking = False
        now, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
        if not now:
            return
        works = [wish.work for wish in now]
        try:
            job = asyncio.get_running_loop().run_in_executor(self._threads, self._together, works)
        except RuntimeError:  # the threads have ended
            closed = [_Came(error=StoreError("the database is closed"))]
            _hand_out(now, closed * len(now))
            return
        self._free -= 1
        self._jobs.add(job)
        job.add_done_callback(partial(self._end, now))
        self._look()

    def _end(self, now: Sequence[_Wish], job: asyncio.Future[list[_Came]]) -> None:
        """Hand out what a thread has done, and have it do what waits by now."""
        self._free += 1
        self._jobs.discard(job)
        _hand_out(now, job.result())
        self._look()

    def _together(self, works: Sequence[Work]) -> list[_Came]:
        """Do works in one transaction; if one fails, each in its own."""
        if len(works) > 1:
            with suppress(Exception), self._begin() as connection:
                values = [work(connection) for work in works]
                return [_Came(value) for value in values]
        return list(map(self._alone, works))

    def _alone(self, work: Work) -> _Came:
        """Do a work in a transaction of its own."""
        try:
            with self._begin() as connection:
                value = work(connection)
        except Exception as error:  # noqa: BLE001 - it is for who waits
            return _Came(error=error)
        return _Came(value)


def _hand_out(wishes: Sequence[_Wish], came: Sequence[_Came]) -> None:
    """Tell those who wait what became of their works."""
    for wish, one in zip(wishes, came, strict=True):
        if one.error is not None:
            wish.done.set_exception(one.error)
        else:
            wish.done.set_result(one.value)


async def _ended(done: asyncio.Future[Any]) -> None:
    """Wait until something has ended, however often that is cancelled."""
    while not done.done():
        with suppress(asyncio.CancelledError):
            await asyncio.wait({done})
