"""Where stores can be tested: this process's memory, a file of SQLite, a database of PostgreSQL."""

import asyncio
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

POSTGRES = os.environ.get("TEST_POSTGRES_URL") or "postgresql://postgres@127.0.0.1:5432/test"
LASTING = ("sqlite", "postgresql")
"""Where things outlive a process."""
lasting = pytest.mark.parametrize("place", LASTING, indirect=True)

NOON = datetime(2030, 5, 10, 12, tzinfo=UTC)


class HeldClock:
    """A clock that shows what it is set to."""

    def __init__(self, now: datetime = NOON) -> None:
        """Show `now`."""
        self.now = now

    def __call__(self) -> datetime:
        """Return the time that it shows."""
        return self.now


@contextmanager
def new_database() -> Iterator[str]:
    """Make an empty database on the PostgreSQL server for tests; drop it at the end.

    Without a server the test is skipped; with CI set, it fails.
    """
    name = f"guidebot_{os.getpid()}_{secrets.token_hex(4)}"
    try:
        on_server(f"CREATE DATABASE {name}")
    except (OSError, asyncpg.PostgresError) as error:
        reason = f"there is no PostgreSQL at TEST_POSTGRES_URL: {type(error).__name__}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    try:
        yield urlsplit(POSTGRES)._replace(path=f"/{name}").geturl()
    finally:
        on_server(f"DROP DATABASE {name} WITH (FORCE)")


def on_server(statement: str) -> None:
    """Run one statement outside of the database that is tested."""

    async def run() -> None:
        connection: Any = await asyncpg.connect(POSTGRES, timeout=5)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())


class Gate:
    """A way to the PostgreSQL server for tests that can be shut, as when a network fails."""

    def __init__(self) -> None:
        """Begin shut."""
        self._server: asyncio.Server | None = None
        self._visits: set[asyncio.Task[None]] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self.port = 0

    async def open(self) -> None:
        """Let connections through, on the same port as before."""
        self._server = await asyncio.start_server(self._visit, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def shut(self) -> None:
        """Cut every connection and refuse new ones."""
        if self._server is not None:
            self._server.close()
        for visit in self._visits:
            visit.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)
        for _ in range(5):  # sockets that were let go of are closed in the loop's next turns
            await asyncio.sleep(0)

    def hold(self) -> None:
        """Carry nothing more, and cut nothing: as a network that loses whatever is sent."""
        self._flowing.clear()

    def let_go(self) -> None:
        """Carry on, with what was held back first."""
        self._flowing.set()

    def through(self, url: str) -> str:
        """Return `url` by way of this gate."""
        user = urlsplit(url).netloc.rpartition("@")[0]
        return urlsplit(url)._replace(netloc=f"{user}@127.0.0.1:{self.port}").geturl()

    async def _visit(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """Carry bytes both ways until the gate is shut or either side ends."""
        task = asyncio.current_task()
        assert task is not None
        if self._server is None or not self._server.is_serving():
            back.transport.abort()  # it came just before the gate was shut
            return
        self._visits.add(task)
        server = urlsplit(POSTGRES)
        writers, ways = [back], list[asyncio.Task[None]]()
        try:
            far, forth = await asyncio.open_connection(server.hostname, server.port or 5432)
            writers.append(forth)
            pairs = ((near, forth), (far, back))
            ways += [asyncio.create_task(self._carry(*pair)) for pair in pairs]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            pass  # the gate is shut: the visit ends like any other
        finally:  # which may be cancelled as well
            for writer in writers:
                writer.transport.abort()
            for end in ways:
                end.cancel()
            self._visits.discard(task)
            await asyncio.gather(*ways, return_exceptions=True)

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        """Carry bytes one way until they end."""
        while data := await source.read(65536):
            await self._flowing.wait()
            target.write(data)
            await target.drain()
