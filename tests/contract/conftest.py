"""Every contract is tested in memory, on SQLite and on PostgreSQL."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.stores.bundle import Stores, open_stores
from bot.stores.database.address import address_of
from bot.stores.database.engine import Database
from bot.stores.database.tables import metadata
from bot.stores.database.upgrade import upgrade
from tests.contract.places import LASTING, HeldClock, new_database


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Return the address of a database for this session of tests."""
    with new_database() as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty database of SQLite, up to date, to be copied."""
    folder = tmp_path_factory.mktemp("sqlite")

    async def make() -> None:
        async with open_stores("", folder):
            pass

    asyncio.run(make())
    return folder / "guidebot.db"


@pytest.fixture
def clock() -> HeldClock:
    """Return the clock that the stores look at."""
    return HeldClock()


@pytest.fixture(params=("memory", *LASTING))
def place(request: pytest.FixtureRequest) -> str:
    """Return where to keep things: each kind in its turn."""
    kind: str = request.param
    return kind


@pytest.fixture
def url(place: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the DATABASE_URL of `place`."""
    if place == "memory":
        return "memory:"
    if place == "sqlite":
        copy = shutil.copy(request.getfixturevalue("sqlite_file"), tmp_path / "test.db")
        return f"sqlite:///{copy}"
    found: str = request.getfixturevalue("postgres_url")
    return found


@pytest.fixture
async def emptied(place: str, url: str, tmp_path: Path) -> str:
    """Return the same address, up to date and with nothing in it, as the copied file is."""
    if place == "postgresql":
        database = Database(address_of(url, tmp_path))
        await upgrade(database)
        await database.write(_empty)
        await database.close()
    return url


@pytest.fixture
async def stores(emptied: str, clock: HeldClock, tmp_path: Path) -> AsyncIterator[Stores]:
    """Return empty stores of each kind."""
    async with open_stores(emptied, tmp_path, clock) as stores:
        yield stores


@pytest.fixture
async def beside(emptied: str, clock: HeldClock, tmp_path: Path) -> AsyncIterator[Stores]:
    """Return stores that another process would open at the same place."""
    async with open_stores(emptied, tmp_path, clock) as others:
        yield others


def _empty(connection: Connection) -> None:
    """Delete every row."""
    for table in reversed(metadata.sorted_tables):
        connection.execute(table.delete())
