"""A server of PostgreSQL, which several processes share; they lock a chat while they answer it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar
from weakref import WeakSet

from sqlalchemy import URL, Connection, Table, event, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.stores.database.breaker import Breaker
from bot.stores.database.bundles import Bundles, Came, Work, is_of_one
from bot.stores.database.complaints import one_line_errors

T = TypeVar("T")

MOST_LOCKS = 16
"""How many chats one process locks at once; each lock takes a connection."""
_OTHER_CONNECTIONS = 8
_TO_ANSWER = 30.0
"""Seconds that a statement may take, and waiting for a lock."""
_TO_LET_GO = 3.0
"""Seconds that a connection may take to end what it was used for; then it is cut."""


class Server:
    """The server, and the connections to it."""

    def __init__(self, url: URL) -> None:
        """Prepare to connect to `url`; nothing that it keeps is ever shown."""
        self._engine = create_async_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=_OTHER_CONNECTIONS + MOST_LOCKS,
            max_overflow=0,  # to open one takes many times as long as to use it
            connect_args={"timeout": 10, "command_timeout": _TO_ANSWER},
        )
        self._open: WeakSet[Any] = WeakSet()
        event.listen(self._engine.sync_engine, "connect", self._note)
        # in a burst, waiting here is fair and has no end; in the pool, it would be an error
        self._places = asyncio.Semaphore(_OTHER_CONNECTIONS)
        self._locks = asyncio.Semaphore(MOST_LOCKS)
        self._reads = Bundles(self._read, _OTHER_CONNECTIONS // 2)
        self._breaker = Breaker()

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` reads."""
        with self._breaker.trying():
            return await self._reads.do(work, settled=False)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` does, and commit it."""
        with self._breaker.trying():
            async with self._places, self._engine.begin() as connection:
                return await connection.run_sync(work)

    def insert(self, table: Table) -> postgresql.Insert:
        """Return an INSERT in PostgreSQL's own SQL."""
        return postgresql.insert(table)

    @asynccontextmanager
    async def lock(self, name: str) -> AsyncIterator[None]:
        """Hold an advisory lock. Raises StoreError if it isn't free for 30 seconds."""
        async with self._locks:
            with one_line_errors(), self._breaker.trying():
                connection = await self._engine.connect()
            driver = (await connection.get_raw_connection()).driver_connection
            try:
                await _lock(connection, name)
                yield
            finally:  # even if this is cancelled, it is let go of
                await asyncio.shield(asyncio.create_task(_let_go(connection, driver)))

    async def _read(self, works: Sequence[Work]) -> Sequence[Came]:
        """Do works that only read: all at once or, if one of them fails, each by itself."""

        def reading(connection: Connection) -> Sequence[Came]:
            return [Came(work(connection)) for work in works]

        try:
            async with self._places, self._engine.connect() as connection:
                return await connection.run_sync(reading)
        except Exception as error:
            if len(works) == 1 or not is_of_one(error):
                raise
        return [await self._read_alone(work) for work in works]

    async def _read_alone(self, work: Work) -> Came:
        """Do one work of several of which one has failed."""
        try:
            (came,) = await self._read([work])
        except Exception as error:  # noqa: BLE001 - it is for who waits
            return Came(error=error)
        return came

    async def close(self) -> None:
        """Close every connection; those that wait for a server that says nothing are cut."""
        await _ended(self._engine.dispose(), self._open)

    def _note(self, connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's
        """Remember a new connection for as long as there is one."""
        self._open.add(connection.driver_connection)


async def _lock(connection: AsyncConnection, name: str) -> None:
    """Have the transaction of `connection` hold the lock `name`."""
    key = func.hashtextextended(name, 0)
    with one_line_errors():
        await connection.execute(select(func.pg_advisory_xact_lock(key)))


async def _let_go(connection: AsyncConnection, driver: Any) -> None:  # noqa: ANN401 - a driver's
    """Give a connection back, and its lock with it."""
    with suppress(SQLAlchemyError, OSError):  # a lost connection has lost the lock too
        await _ended(connection.close(), [driver])


async def _ended(closing: Coroutine[Any, Any, None], drivers: Iterable[Any]) -> None:
    """Close something; if the server says nothing, cut the connections to it."""
    task = asyncio.create_task(closing)
    await asyncio.wait({task}, timeout=_TO_LET_GO)
    if not task.done():
        for each in tuple(drivers):
            each.terminate()
    await task
