"""The database: one engine, transactions to read and to write, locks between processes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Table, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import StoreError
from bot.stores.database.complaints import one_line_errors
from bot.stores.database.ownership import Ownership

Insert = sqlite.Insert | postgresql.Insert

MOST_LOCKS = 16
"""How many chats one process locks at once on PostgreSQL; each lock takes a connection."""

_OTHER_CONNECTIONS = 8
_READERS = 4
"""How many connections to a file of SQLite read at once; the pool has a few more."""
_BEGIN = "sqlite_begin"
_POSTGRESQL: dict[str, Any] = {
    "pool_pre_ping": True,
    "pool_size": _OTHER_CONNECTIONS,
    "max_overflow": MOST_LOCKS,
    "connect_args": {"timeout": 10, "command_timeout": 30},
}
_PRAGMAS = (
    "busy_timeout = 10000",  # first: the others may have to wait already
    "journal_mode = WAL",  # who reads and who writes don't wait for each other
    "synchronous = NORMAL",  # safe with WAL; a power cut may cost the last moments, no more
    "foreign_keys = ON",
)


class Database:
    """A database that is open. Connects anew by itself after it was away."""

    def __init__(self, url: URL) -> None:
        """Prepare to connect to `url`. Raises StoreError if its driver isn't installed."""
        self._engine = _engine(url)
        self._writer = self._engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
        self.is_postgresql = url.get_backend_name() == "postgresql"
        # in a burst, waiting here is fair and has no end; in the pool, it would be an error
        self._places = asyncio.Semaphore(_OTHER_CONNECTIONS if self.is_postgresql else _READERS)
        # SQLite has one writer at a time; waiting in line is fairer than its own trying again
        self._turn = self._places if self.is_postgresql else asyncio.Semaphore(1)
        self._locks = asyncio.Semaphore(MOST_LOCKS)
        self._ownership = None if self.is_postgresql else Ownership(Path(url.database or ""))

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that only reads. Raises StoreError if the database can't be used."""
        with one_line_errors():
            async with self._places, self._engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction: all of it is kept or, if an error comes out of it, nothing.

        Raises StoreError if the database can't be used.
        """
        with one_line_errors():
            async with self._turn, self._writer.begin() as connection:
                yield connection

    def insert(self, table: Table) -> Insert:
        """Return an INSERT that knows ON CONFLICT."""
        return postgresql.insert(table) if self.is_postgresql else sqlite.insert(table)

    @asynccontextmanager
    async def lock(self, name: str) -> AsyncIterator[None]:
        """Keep every other process out of what `name` stands for; with SQLite, out of everything.

        Raises StoreError if the database can't be used, or if the lock isn't free for 30 seconds.
        """
        if self._ownership is not None:
            await self._ownership.take()
            yield
            return
        async with self._locks:
            connection = await self._locked(name)
            try:
                yield
            finally:
                with suppress(SQLAlchemyError, OSError):  # a lost connection has lost the lock too
                    await asyncio.shield(connection.close())

    async def close(self) -> None:
        """Close every connection."""
        if self._ownership is not None:
            self._ownership.give_up()
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


def _engine(url: URL) -> AsyncEngine:
    """Return an engine for `url` that never shows what it keeps."""
    options = _POSTGRESQL if url.get_backend_name() == "postgresql" else {}
    try:
        engine = create_async_engine(url, hide_parameters=True, **options)
    except ModuleNotFoundError as error:
        message = f"DATABASE_URL needs {error.name}: pip install '.[postgres]'"
        raise StoreError(message) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare)
        event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's connection
    """Set up a new connection to SQLite; transactions are begun by `_begin` alone."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Begin a transaction in SQLite.

    One that writes says so at once: a reader that turns writer fails if another one was faster.
    """
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))
