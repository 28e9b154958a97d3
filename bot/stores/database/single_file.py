"""A file of SQLite: transactions run whole in threads, those of one moment as one."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Table, create_engine, event
from sqlalchemy.dialects import sqlite

from bot.stores.database.bundles import Begin, Bundles, Came, Run, Work, together
from bot.stores.database.ownership import Ownership

T = TypeVar("T")

_READERS = 4
"""How many threads read at once, each on a connection of its own."""
_BEGIN = "sqlite_begin"
_PRAGMAS = (
    "busy_timeout = 10000",  # first: the others may have to wait already
    "journal_mode = WAL",  # who reads and who writes don't wait for each other
    "synchronous = NORMAL",  # safe with WAL; a power cut may cost the last moments, no more
    "foreign_keys = ON",
    "cache_size = -512",  # kB a connection: what is looked up is small, and rarely the same
)


class SingleFile:
    """The file, and the threads that use it: SQLite has one writer at a time, so it has one too."""

    def __init__(self, url: URL) -> None:
        """Prepare to open the file at `url`."""
        self._engine = create_engine(url, hide_parameters=True)
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)
        writing = self._engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
        self._readers = ThreadPoolExecutor(_READERS, "reader")
        self._writer = ThreadPoolExecutor(1, "writer")
        self._reads = Bundles(_in(self._readers, self._engine.connect), _READERS)
        self._writes = Bundles(_in(self._writer, writing.begin), 1)
        self._ownership = Ownership(Path(url.database or ""))

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` reads."""
        return await self._reads.do(work, settled=False)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` does.

        If who waits is cancelled, what hasn't begun never does, and what has is waited for: nobody
        may look before it is settled.
        """
        return await self._writes.do(work, settled=True)

    def insert(self, table: Table) -> sqlite.Insert:
        """Return an INSERT in SQLite's own SQL."""
        return sqlite.insert(table)

    @asynccontextmanager
    async def lock(self, _name: str) -> AsyncIterator[None]:
        """Keep every other process out of the file. Raises StoreError if one is in it."""
        await self._ownership.take()
        yield

    async def close(self) -> None:
        """Wait for what was begun, and close the file; if cancelled, it is closed all the same."""
        try:
            await asyncio.gather(self._reads.drain(), self._writes.drain())
        finally:
            await asyncio.to_thread(self._close)

    def _close(self) -> None:
        """Let the threads end; only then close the file, which another process may own next."""
        for threads in (self._readers, self._writer):
            threads.shutdown()
        self._engine.dispose()
        self._ownership.give_up()


def _in(threads: Executor, begin: Begin) -> Run:
    """Return what does works in one of the `threads`, in transactions that `begin` begins."""

    async def run(works: Sequence[Work]) -> Sequence[Came]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(threads, together, begin, works)

    return run


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's connection
    """Set up a new connection; transactions are begun by `_begin` alone."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Begin a transaction.

    One that writes says so at once: a reader that turns writer fails if another one was faster.
    """
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))
