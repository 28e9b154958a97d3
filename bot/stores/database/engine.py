"""The database: transactions to read and to write, and locks between processes."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Protocol, TypeVar

from sqlalchemy import URL, Connection, Table

from bot.errors import StoreError
from bot.stores.database.complaints import one_line_errors
from bot.stores.database.single_file import SingleFile

if TYPE_CHECKING:  # each of them is imported by who uses it
    from sqlalchemy.dialects import postgresql, sqlite

    Insert = sqlite.Insert | postgresql.Insert
T = TypeVar("T")


class _Backend(Protocol):
    """What runs transactions, each of them a function of its connection."""

    async def read(self, work: Callable[[Connection], T]) -> T: ...

    async def write(self, work: Callable[[Connection], T]) -> T: ...

    def insert(self, table: Table) -> "Insert": ...

    def lock(self, name: str) -> AbstractAsyncContextManager[None]: ...

    async def close(self) -> None: ...


class Database:
    """A database that is open. Connects anew by itself after it was away."""

    def __init__(self, url: URL) -> None:
        """Prepare to connect to `url`. Raises StoreError if its driver isn't installed."""
        self.is_postgresql = url.get_backend_name() == "postgresql"
        self._backend = _server(url) if self.is_postgresql else SingleFile(url)
        self._closed = False

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` does in a transaction that only reads.

        Raises StoreError if the database can't be used.
        """
        with one_line_errors():
            return await self._open().read(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` does in a transaction: all of it is kept or, if it raises, nothing.

        If who waits for it is cancelled, it is kept whole or not at all, and that is settled before
        they go on. Raises StoreError if the database can't be used.
        """
        with one_line_errors():
            return await self._open().write(work)

    def insert(self, table: Table) -> "Insert":
        """Return an INSERT that knows ON CONFLICT."""
        return self._backend.insert(table)

    def upsert(self, table: Table, *columns: str) -> "Insert":
        """Return an INSERT of rows; of a row that is there already it replaces these columns.

        Like any statement, it costs more to make and to recognise than to run: those that every
        reply needs are made once, and given their values when they are run.
        """
        row = self.insert(table)
        kept = {name: row.excluded[name] for name in columns}
        return row.on_conflict_do_update(index_elements=table.primary_key, set_=kept)

    @asynccontextmanager
    async def lock(self, name: str) -> AsyncIterator[None]:
        """Keep every other process out of what `name` stands for; with SQLite, out of everything.

        Raises StoreError if the database can't be used, or if the lock isn't free for 30 seconds.
        """
        async with self._open().lock(name):
            yield

    async def close(self) -> None:
        """Wait for what was begun, and close every connection; whoever comes later is refused."""
        self._closed = True
        await self._backend.close()

    def _open(self) -> _Backend:
        """Return the backend. Raises StoreError if it is closed."""
        if self._closed:
            message = "the database is closed"
            raise StoreError(message)
        return self._backend


def _server(url: URL) -> _Backend:
    """Return the server at `url`. Raises StoreError if what it needs isn't installed."""
    try:
        from bot.stores.database.server import Server  # noqa: PLC0415 - needs the extra

        return Server(url)
    except ImportError as error:  # SQLAlchemy's own has no name: it is greenlet that it wants
        message = f"DATABASE_URL needs {error.name or 'greenlet'}: pip install '.[postgres]'"
        raise StoreError(message) from None
