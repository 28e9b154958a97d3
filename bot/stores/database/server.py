"""A server of PostgreSQL, which several processes share; they lock a chat while they answer it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

from sqlalchemy import URL, Connection, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.stores.database.complaints import one_line_errors

T = TypeVar("T")

MOST_LOCKS = 16
"""How many chats one process locks at once; each lock takes a connection."""
_OTHER_CONNECTIONS = 8


class Server:
    """The server, and the connections to it."""

    def __init__(self, url: URL) -> None:
        """Prepare to connect to `url`; nothing that it keeps is ever shown."""
        self._engine = create_async_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=_OTHER_CONNECTIONS,
            max_overflow=MOST_LOCKS,
            connect_args={"timeout": 10, "command_timeout": 30},
        )
        # in a burst, waiting here is fair and has no end; in the pool, it would be an error
        self._places = asyncio.Semaphore(_OTHER_CONNECTIONS)
        self._locks = asyncio.Semaphore(MOST_LOCKS)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` reads."""
        async with self._places, self._engine.connect() as connection:
            return await connection.run_sync(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` does, and commit it."""
        async with self._places, self._engine.begin() as connection:
            return await connection.run_sync(work)

    @asynccontextmanager
    async def lock(self, name: str) -> AsyncIterator[None]:
        """Hold an advisory lock. Raises StoreError if it isn't free for 30 seconds."""
        async with self._locks:
            connection = await self._locked(name)
            try:
                yield
            finally:
                with suppress(SQLAlchemyError, OSError):  # a lost connection has lost the lock too
                    await asyncio.shield(connection.close())

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    async def _locked(self, name: str) -> AsyncConnection:
        """Return a connection whose transaction holds the lock `name`."""
        key = func.hashtextextended(name, 0)
        with one_line_errors():
            connection = await self._engine.connect()
            try:
                await connection.execute(select(func.pg_advisory_xact_lock(key)))
            except BaseException:
                await asyncio.shield(connection.close())
                raise
        return connection
