"""What only a database promises: to last, to be shared, to come back, and to keep its secrets."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select, text

from bot.conversation.model import Session
from bot.conversation.records import Arrival, Miss, Profile, Reminder, Speaker
from bot.errors import StoreError
from bot.settings import REPOSITORY
from bot.stores.bundle import Stores, open_stores
from bot.stores.database.address import address_of
from bot.stores.database.complaints import one_line_errors
from bot.stores.database.engine import Database
from bot.stores.database.schema import schema
from bot.stores.database.tables import misses
from bot.stores.database.upgrade import NEWEST
from tests.contract.places import NOON, Gate, lasting, new_database

ANN = Speaker("telegram:1", "telegram:1")
SESSION = Session("tea/brew")
SECRET = "zanzibar kumquat"  # noqa: S105 - a person's words, not a password
MISS = {"text": "tee", "kind": "abstain", "at": NOON, "nearest": "[]", "guide": ""}
GONE = r"^the database can't be used \([A-Za-z_]+\): check DATABASE_URL$"
PROCESSES = 3

CLAIMANT = """
import asyncio, datetime, pathlib, sys
from bot.stores.bundle import open_stores

async def claim():
    now = datetime.datetime(2030, 5, 10, 12, tzinfo=datetime.timezone.utc)
    async with open_stores(sys.argv[1], pathlib.Path()) as stores:
        while claimed := await stores.reminders.due(now, 3):
            print(*(one.id for one in claimed), flush=True)

asyncio.run(claim())
"""


@pytest.fixture
def empty_url(place: str, tmp_path: Path) -> Iterator[str]:
    """Return the address of a database without tables."""
    if place == "postgresql":
        with new_database() as url:
            yield url
    else:
        yield f"sqlite:///{tmp_path}/empty.db"


@pytest.fixture
async def database(emptied: str, tmp_path: Path) -> AsyncIterator[Database]:
    """Return the database below the stores."""
    database = Database(address_of(emptied, tmp_path))
    yield database
    await database.close()


@lasting
async def test_what_is_kept_outlives_the_process(emptied: str, tmp_path: Path) -> None:
    """What was kept is there when the stores are opened again."""
    async with open_stores(emptied, tmp_path) as stores:
        await stores.sessions.save(ANN, SESSION)
    async with open_stores(emptied, tmp_path) as stores:
        assert await stores.sessions.load(ANN) == SESSION


async def test_memory_keeps_nothing(tmp_path: Path) -> None:
    """What was kept in memory is gone when the stores are opened again."""
    async with open_stores("memory:", tmp_path) as stores:
        await stores.sessions.save(ANN, SESSION)
    async with open_stores("memory:", tmp_path) as stores:
        assert await stores.sessions.load(ANN) == Session()


async def test_without_an_address_a_file_is_made(tmp_path: Path) -> None:
    """An empty address means a file of SQLite in the folder, which is made if it isn't there."""
    async with open_stores("", tmp_path / "new" / "data") as stores:
        await stores.sessions.save(ANN, SESSION)
    assert (tmp_path / "new" / "data" / "guidebot.db").is_file()


@lasting
async def test_processes_may_start_at_once(empty_url: str) -> None:
    """Several processes that find an empty database all start, and none complains."""
    ends = await _at_once(empty_url)
    assert ends == [(0, "", "")] * PROCESSES


@lasting
async def test_each_reminder_goes_to_one_process(stores: Stores, emptied: str) -> None:
    """Of several processes that send what is due, each reminder is sent by one."""
    reminder = Reminder(ANN.person, ANN.chat, "tea/brew", "did-you-steep", NOON)
    added = [(await stores.reminders.add(reminder)).id for _ in range(40)]
    claimed = [int(id_) for _, out, _ in await _at_once(emptied) for id_ in out.split()]
    assert sorted(claimed) == added


@lasting
async def test_the_migrations_make_the_tables(database: Database) -> None:
    """After all migrations the database has the tables that the code knows, and nothing else."""
    differences = await database.read(
        lambda connection: compare_metadata(MigrationContext.configure(connection), schema())
    )
    assert differences == []


def test_the_last_migration_is_known_by_name() -> None:
    """The name that tells a database which lacks nothing is that of Alembic's head."""
    config = Config()
    config.set_main_option("script_location", "bot.stores:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == NEWEST


@lasting
async def test_a_database_of_a_newer_bot(empty_url: str, tmp_path: Path) -> None:
    """An old bot refuses a database that a newer one has changed, in one line."""
    async with open_stores(empty_url, tmp_path):
        pass
    database = Database(address_of(empty_url, tmp_path))
    await database.write(
        lambda connection: connection.execute(
            text("UPDATE alembic_version SET version_num = 'from_tomorrow'")
        )
    )
    await database.close()
    with pytest.raises(StoreError, match=r"^the database was made by a newer bot: [^\n]+$"):
        async with open_stores(empty_url, tmp_path):
            pass


@lasting
@pytest.mark.parametrize("content", ["", "{", "null", '{"version": 99, "session": {}}', "\u2028"])
async def test_a_session_that_cannot_be_read(
    stores: Stores, database: Database, content: str
) -> None:
    """Whatever stands in a session's row, the conversation begins anew."""
    await stores.sessions.save(ANN, SESSION)
    await database.write(
        lambda connection: connection.execute(
            text("UPDATE sessions SET content = :it"), {"it": content}
        )
    )
    assert await stores.sessions.load(ANN) == Session()


@lasting
async def test_a_reply_length_of_a_newer_bot(stores: Stores, database: Database) -> None:
    """A setting that only a newer bot knows counts as not set."""
    await stores.profiles.set(ANN.person, language="de")
    await database.write(
        lambda connection: connection.execute(text("UPDATE profiles SET reply_length = 'epic'"))
    )
    assert await stores.profiles.all(ANN.person) == Profile(language="de")


@lasting
async def test_an_error_quotes_nothing(stores: Stores, database: Database) -> None:
    """What goes wrong is told without what was to be kept, down to the error beneath it."""
    await database.write(
        lambda connection: connection.execute(text("ALTER TABLE misses RENAME TO elsewhere"))
    )
    try:
        with pytest.raises(StoreError, match=GONE) as raised:
            await stores.misses.add(Miss(SECRET, "abstain", NOON))
    finally:
        await database.write(
            lambda connection: connection.execute(text("ALTER TABLE elsewhere RENAME TO misses"))
        )
    assert SECRET not in f"{raised.value} {raised.value.__context__}"


@lasting
async def test_forgetting_is_all_or_nothing(stores: Stores, database: Database) -> None:
    """If one table can't be changed, forgetting fails, and what the others hold stays."""
    await stores.sessions.save(ANN, SESSION)
    await database.write(
        lambda connection: connection.execute(text("ALTER TABLE updates RENAME TO elsewhere"))
    )
    try:
        with pytest.raises(StoreError, match=GONE):
            await stores.people.forget(ANN.person)
    finally:
        await database.write(
            lambda connection: connection.execute(text("ALTER TABLE elsewhere RENAME TO updates"))
        )
    assert await stores.sessions.load(ANN) == SESSION


@lasting
async def test_a_moment_without_a_zone_is_a_mistake(stores: Stores) -> None:
    """A naive datetime is refused as the caller's mistake, not as the database's."""
    with pytest.raises(Exception, match="a moment needs a time zone") as raised:
        await stores.misses.add(Miss("tee", "abstain", NOON.replace(tzinfo=None)))
    assert not isinstance(raised.value, StoreError)


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("pragma", "expected"), [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 10000)]
)
async def test_how_sqlite_is_set_up(database: Database, pragma: str, expected: object) -> None:
    """SQLite writes ahead, waits for others, and checks foreign keys."""
    found = await database.read(lambda connection: connection.scalar(text(f"PRAGMA {pragma}")))
    assert expected == found


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
async def test_who_reads_before_writing_is_alone(
    database: Database, stores: Stores, tmp_path: Path, url: str
) -> None:
    """In SQLite, of two transactions that will write, the second begins when the first is done."""
    await stores.counters.add(NOON.date(), "entry", "tea/brew")
    other = Database(address_of(url, tmp_path))

    def count(connection: Connection) -> None:
        n = connection.scalar(text("SELECT n FROM counters"))
        connection.execute(text("UPDATE counters SET n = :n"), {"n": n + 1})

    await asyncio.gather(*(place.write(count) for place in [database, other] * 10))
    await other.close()
    assert (await stores.counters.between(NOON.date(), NOON.date()))[0].n == 21


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
async def test_a_save_that_waits_blocks_nothing_else(stores: Stores, tmp_path: Path) -> None:
    """While a save waits for another process's write to SQLite, everything else goes on."""
    await stores.sessions.save(ANN, Session())
    other = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    save = asyncio.create_task(stores.sessions.save(ANN, SESSION))
    before = [await stores.sessions.load(ANN) for _ in range(20)]
    waiting = not save.done()
    other.execute("ROLLBACK")
    other.close()
    await save
    after = await stores.sessions.load(ANN)
    assert (before, waiting, after) == ([Session()] * 20, True, SESSION)


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
async def test_a_read_waits_for_no_write(database: Database) -> None:
    """While a transaction of this process is still writing, others read what was there before."""
    begun, read = threading.Event(), threading.Event()

    def slow(connection: Connection) -> bool:
        connection.execute(misses.insert().values(**MISS))
        begun.set()
        return read.wait(10)

    writing = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(begun.wait)
    found = await database.read(lambda connection: connection.execute(select(misses)).all())
    read.set()
    assert ([], True) == (found, await writing)


@lasting
async def test_a_cancelled_save_is_kept_whole_or_not(
    database: Database, url: str, tmp_path: Path
) -> None:
    """If nobody waits for a transaction any more, no half of it stays."""
    begun = threading.Event()

    def both(connection: Connection) -> None:
        begun.set()
        connection.execute(misses.insert().values(**MISS))
        connection.execute(misses.insert().values(**MISS))

    saving = asyncio.create_task(database.write(both))
    await asyncio.to_thread(begun.wait)
    saving.cancel()
    await asyncio.gather(saving, return_exceptions=True)
    await database.close()
    again = Database(address_of(url, tmp_path))
    count = select(func.count()).select_from(misses)
    kept = await again.read(lambda connection: connection.scalar(count))
    await again.close()
    assert kept in {0, 2}


class Slow:
    """A transaction on SQLite that ends when it is let."""

    def __init__(self) -> None:
        """Begin with nothing begun."""
        self.begun, self.let = threading.Event(), threading.Event()

    def __call__(self, connection: Connection) -> None:
        """Keep one thing."""
        self.begun.set()
        self.let.wait(10)
        connection.execute(misses.insert().values(**MISS))


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
async def test_a_cancelled_save_is_settled_before_who_waits_goes_on(database: Database) -> None:
    """Whoever is cancelled while a save is at work, even twice, goes on when it has ended."""
    slow = Slow()
    saving = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(slow.begun.wait)
    for _ in range(2):
        saving.cancel()
        for _ in range(5):
            await asyncio.sleep(0)
    early = saving.done()
    slow.let.set()
    await asyncio.wait({saving})
    found = await database.read(lambda connection: connection.execute(select(misses)).all())
    assert (False, True, 1) == (early, saving.cancelled(), len(found))


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
async def test_a_cancelled_save_that_has_not_begun_never_does(database: Database) -> None:
    """Whoever is cancelled while their save waits for another one leaves nothing behind."""
    slow, other = Slow(), Slow()
    saving = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(slow.begun.wait)
    waiting = asyncio.create_task(database.write(other))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting})
    slow.let.set()
    await saving
    await database.write(lambda _connection: None)
    assert (True, False) == (waiting.cancelled(), other.begun.is_set())


@lasting
async def test_a_closed_database_is_one_that_cannot_be_used(stores: Stores, emptied: str) -> None:
    """Whoever comes after the end is told as if the database were away."""
    async with open_stores(emptied, Path()) as closed:
        pass
    with pytest.raises(StoreError):
        await closed.sessions.save(ANN, SESSION)
    with pytest.raises(StoreError):
        await closed.sessions.load(ANN)
    with pytest.raises(StoreError):
        async with closed.updates.lock(ANN.chat):
            pass
    assert await stores.sessions.load(ANN) == Session()


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
async def test_closing_waits_for_what_was_begun(
    database: Database, url: str, tmp_path: Path
) -> None:
    """A save that was begun before the end is kept, though nobody waits for it."""
    row = misses.insert().values(**MISS)
    saving = asyncio.create_task(database.write(lambda connection: connection.execute(row)))
    await asyncio.sleep(0)
    await database.close()
    again = Database(address_of(url, tmp_path))
    count = select(func.count()).select_from(misses)
    kept = await again.read(lambda connection: connection.scalar(count))
    await again.close()
    await saving
    assert 1 == kept


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """A file that isn't SQLite's is refused in one line, and left as it is."""
    path = tmp_path / "notes.txt"
    path.write_text("milk, eggs\n" * 200, "utf-8")
    with pytest.raises(StoreError, match=GONE):
        async with open_stores(f"sqlite:///{path}", tmp_path):
            pass
    assert path.read_text("utf-8") == "milk, eggs\n" * 200


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A folder that can't be made is refused in one line that names it and the setting."""
    (tmp_path / "file").touch()
    expected = r"^the folder .*/file/data can't be made \(NotADirectoryError\): set DATA_DIR$"
    with pytest.raises(StoreError, match=expected):
        async with open_stores("", tmp_path / "file" / "data"):
            pass


async def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    """A server that can't be reached is told in one line, without the password."""
    with pytest.raises(StoreError, match=GONE):
        async with open_stores("postgresql://ann:secret@127.0.0.1:1/tea", tmp_path):
            pass


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
async def test_a_database_that_is_not_there(emptied: str, tmp_path: Path) -> None:
    """A server without that database is told in one line."""
    with pytest.raises(StoreError, match=GONE):
        async with open_stores(f"{emptied}_of_somebody_else", tmp_path):
            pass


async def test_a_driver_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without asyncpg an address of PostgreSQL is refused with the extra's name."""
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    expected = r"^DATABASE_URL needs asyncpg: pip install '\.\[postgres\]'$"
    with pytest.raises(StoreError, match=expected):
        async with open_stores("postgresql://ann@127.0.0.1/tea", tmp_path):
            pass


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
async def test_a_server_that_went_away_and_came_back(emptied: str, tmp_path: Path) -> None:
    """While the server is away a call fails with StoreError; when it is back, calls succeed."""
    gate = Gate()
    await gate.open()
    try:
        async with open_stores(gate.through(emptied), tmp_path) as stores:
            await stores.sessions.save(ANN, SESSION)
            await gate.shut()
            with pytest.raises(StoreError, match=GONE):
                await stores.sessions.load(ANN)
            await gate.open()
            assert await stores.sessions.load(ANN) == SESSION
    finally:
        await gate.shut()


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
async def test_connections_that_the_server_has_closed(stores: Stores, database: Database) -> None:
    """Connections that were cut while nobody used them are replaced without an error."""
    await stores.sessions.save(ANN, SESSION)
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    cut = text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")  # noqa: S608
    await database.write(lambda connection: connection.execute(cut))
    assert await stores.sessions.load(ANN) == SESSION


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
async def test_a_lock_that_was_lost_spoils_nothing(stores: Stores, database: Database) -> None:
    """If the connection that holds a chat's lock is cut, the work under it still ends well."""
    here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    locks = f"locktype = 'advisory' AND {here}"  # other tests have locks of their own beside it
    async with stores.updates.lock(ANN.chat):
        cut = text(f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE {locks}")  # noqa: S608
        ended = await database.write(lambda connection: connection.execute(cut).all())
        assert ended == [(True,)]
    assert await stores.updates.claim([Arrival(7, ANN.chat, "{}")])


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
async def test_a_lock_without_a_server(emptied: str, tmp_path: Path) -> None:
    """Without the server a chat can't be locked, and the caller is told so."""
    gate = Gate()
    await gate.open()
    async with open_stores(gate.through(emptied), tmp_path) as stores:
        await gate.shut()
        with pytest.raises(StoreError, match=GONE):
            async with stores.updates.lock(ANN.chat):
                pass


@pytest.fixture
async def held(emptied: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Gate]:
    """Return an open gate, to be held; nobody is patient with a server that says nothing."""
    monkeypatch.setattr("bot.stores.database.server._TO_LET_GO", 0.05)
    assert emptied
    gate = Gate()
    await gate.open()
    yield gate
    await gate.shut()


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
async def test_a_silent_server_does_not_keep_a_lock(
    held: Gate, emptied: str, tmp_path: Path
) -> None:
    """If the server says nothing any more, whoever leaves a chat goes on all the same."""
    async with open_stores(held.through(emptied), tmp_path) as stores, asyncio.timeout(20):
        async with stores.updates.lock(ANN.chat):
            held.hold()
        left = True
    assert left


async def test_a_server_that_says_nothing_is_told_as_that() -> None:
    """What took too long is named so, not by the cancellation that ended it."""
    with pytest.raises(StoreError, match=r"\(TimeoutError\)"), one_line_errors():
        async with asyncio.timeout(0):
            await asyncio.Event().wait()


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
async def test_nobody_waits_for_a_server_that_has_just_said_nothing(
    held: Gate, emptied: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After one has waited in vain, the others are told at once, and are so for a while."""
    monkeypatch.setattr("bot.stores.database.server._TO_ANSWER", 0.3)
    async with open_stores(held.through(emptied), tmp_path) as stores, asyncio.timeout(20):
        held.hold()
        with pytest.raises(StoreError, match="TimeoutError"):
            await stores.sessions.load(ANN)
        held.let_go()
        with pytest.raises(StoreError, match="says nothing"):
            await stores.sessions.load(ANN)


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
async def test_a_silent_server_does_not_keep_the_end(
    held: Gate, emptied: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """If the server says nothing any more, the stores are closed all the same, without a word."""
    async with asyncio.timeout(20), open_stores(held.through(emptied), tmp_path) as stores:
        await asyncio.gather(*(stores.sessions.load(ANN) for _ in range(8)))
        held.hold()
    assert [] == caplog.messages


async def _at_once(url: str) -> list[tuple[int | None, str, str]]:
    """Let several processes send what is due; return their status, ids and complaints."""
    command = (sys.executable, "-W", "error", "-c", CLAIMANT, url)
    processes = [
        await asyncio.create_subprocess_exec(*command, cwd=REPOSITORY, stdout=PIPE, stderr=PIPE)
        for _ in range(PROCESSES)
    ]
    said = await asyncio.gather(*(process.communicate() for process in processes))
    return [
        (process.returncode, out.decode(), err.decode())
        for process, (out, err) in zip(processes, said, strict=True)
    ]


def test_a_file_needs_no_extra(tmp_path: Path) -> None:
    """Without the extra for PostgreSQL, SQLite is opened all the same."""
    code = """
import asyncio, pathlib, sys
sys.modules["greenlet"] = sys.modules["asyncpg"] = None
from bot.stores.bundle import open_stores

async def open_once():
    async with open_stores("", pathlib.Path(sys.argv[1])):
        print("open")

asyncio.run(open_once())
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPOSITORY)
    assert ("open\n", "") == (done.stdout, done.stderr)
