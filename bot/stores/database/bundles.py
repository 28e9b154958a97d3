"""Many small transactions as few large ones: what is wanted in the same moment shares one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, suppress
from functools import partial
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    ProgrammingError,
    SQLAlchemyError,
    StatementError,
)

from bot.errors import StoreError

T = TypeVar("T")
Work = Callable[[Connection], Any]
Begin = Callable[[], AbstractContextManager[Connection]]

_MOST = 64


class _Wish(NamedTuple):
    """What is to be done, and what becomes of it."""

    work: Work
    done: asyncio.Future[Any]


class Came(NamedTuple):
    """What a work returned or, if it failed, raised."""

    value: Any = None
    error: Exception | None = None


Run = Callable[[Sequence[Work]], Awaitable[Sequence[Came]]]
"""Does works in one transaction, or each in its own."""


class Bundles:
    """Does works; to wait for a thread or a server, and to commit, costs more than most of them."""

    def __init__(self, run: Run, at_once: int) -> None:
        """Have `run` do them, so many bundles at once."""
        self._run = run
        self._free = at_once
        self._waiting: list[_Wish] = []
        self._jobs: set[asyncio.Task[Sequence[Came]]] = set()
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

    def _look(self) -> None:
        """Begin in the loop's next turn, with all that are there by then, if there is room."""
        if self._free and self._waiting and not self._looking:
            self._looking = True
            asyncio.get_running_loop().call_soon(self._start)

    def _start(self) -> None:
        """Have what waits done."""
        self._looking = False
        now, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
        if now:
            self._free -= 1
            job = asyncio.create_task(self._done([wish.work for wish in now]))
            self._jobs.add(job)
            job.add_done_callback(partial(self._end, now))
            self._look()

    async def _done(self, works: Sequence[Work]) -> Sequence[Came]:
        """Do works; if that can't be begun, none of them is done."""
        try:
            return await self._run(works)
        except Exception as error:  # noqa: BLE001 - it is for those who wait
            return [Came(error=error)] * len(works)

    def _end(self, now: Sequence[_Wish], job: asyncio.Task[Sequence[Came]]) -> None:
        """Hand out what has been done, and have done what waits by now."""
        self._free += 1
        self._jobs.discard(job)
        left = Came(error=StoreError("the database was left in the middle"))
        _hand_out(now, [left] * len(now) if job.cancelled() else job.result())
        self._look()


def together(begin: Begin, works: Sequence[Work]) -> Sequence[Came]:
    """Do works in a transaction that `begin` begins; if one of them fails, each in its own.

    Raises what keeps the database from being used at all.
    """
    try:
        with begin() as connection:
            values = [work(connection) for work in works]
    except Exception as error:
        if len(works) == 1 or not is_of_one(error):
            raise
    else:
        return [Came(value) for value in values]
    return [_alone(begin, work) for work in works]


def is_of_one(error: Exception) -> bool:
    """Say whether an error is about one work, and says nothing against others."""
    if isinstance(error, DBAPIError):
        return isinstance(error, (IntegrityError, DataError, ProgrammingError))
    return isinstance(error, StatementError) or not isinstance(error, (SQLAlchemyError, OSError))


def _alone(begin: Begin, work: Work) -> Came:
    """Do a work in a transaction of its own."""
    try:
        with begin() as connection:
            value = work(connection)
    except Exception as error:  # noqa: BLE001 - it is for who waits
        return Came(error=error)
    return Came(value)


def _hand_out(wishes: Sequence[_Wish], came: Sequence[Came]) -> None:
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
