"""What every PaceStore promises: who writes too fast is told once, left alone, and forgotten."""

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.conversation.ports import PaceStore
from bot.stores.bundle import Stores, open_stores
from bot.stores.database.address import address_of
from bot.stores.database.engine import Database
from bot.stores.memory.paces import MemoryPaceStore
from bot.stores.memory.tables import Tables
from tests.contract.places import NOON, Gate

SECOND = timedelta(seconds=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ANN, BOB, CAT = "telegram:1", "telegram:2", "telegram:3"
MOST = 3

shared = pytest.mark.parametrize("place", ["postgresql"], indirect=True)


@pytest.fixture
def store(stores: Stores) -> PaceStore:
    """Return a store of each kind that has counted nothing."""
    return stores.paces


async def met(store: PaceStore, *seconds: float) -> list[str]:
    """Return how messages of one person at these seconds are met, with MOST a minute."""
    return [await store.welcome(ANN, NOON + each * SECOND, MOST) for each in seconds]


async def test_as_many_as_allowed_are_let_in(store: PaceStore) -> None:
    """Nobody is stopped within the limit."""
    assert ["in", "in", "in"] == await met(store, 0, 0, 0)


async def test_the_next_one_is_told(store: PaceStore) -> None:
    """The first message beyond it is met with a word, the others with silence."""
    assert ["told", "out", "out"] == (await met(store, 0, 1, 2, 3, 4, 5))[3:]


async def test_a_minute_slides(store: PaceStore) -> None:
    """What counts is any sixty seconds, not those of the clock."""
    assert ["in", "told", "out"] == (await met(store, 0, 59, 59.5, 60, 61, 62))[3:]


async def test_steady_writing_is_fine(store: PaceStore) -> None:
    """Three a minute, for ever, are let in."""
    assert {"in"} == set(await met(store, *range(0, 2000, 20)))


async def test_the_silence_lasts_a_minute(store: PaceStore) -> None:
    """A minute after the word everything is forgiven."""
    found = await met(store, 0, 1, 2, 3, 62.9, 63, 63, 63)
    assert ["told", "out", "in", "in", "in"] == found[3:]


async def test_messages_that_were_ignored_do_not_count(store: PaceStore) -> None:
    """Writing on during the minute doesn't make it longer."""
    assert ["in"] == (await met(store, 0, 0, 0, 0, *range(1, 60), 60))[-1:]


async def test_who_goes_on_is_told_again(store: PaceStore) -> None:
    """Each flood gets its word."""
    found = await met(store, 0, 0, 0, 0, 60, 60, 60, 60)
    assert ["in", "in", "in", "told"] * 2 == found


async def test_people_are_apart(store: PaceStore) -> None:
    """One who floods stops nobody else."""
    await met(store, 0, 0, 0, 0)
    assert "in" == await store.welcome(BOB, NOON, MOST)


@pytest.mark.parametrize("name", ["", "a b", "é🍑", "'; --", "a\0b", "\ud800"])
async def test_any_text_is_a_name(store: PaceStore, name: str) -> None:
    """A name may be any text."""
    found = [await store.welcome(name, NOON, 1) for _ in range(3)]
    assert ["in", "told", "out"] == found


async def test_of_many_at_once_one_is_told(store: PaceStore) -> None:
    """Of messages side by side as many as allowed are let in, and one is told."""
    found = await asyncio.gather(*(store.welcome(ANN, NOON, MOST) for _ in range(20)))
    assert {"in": 3, "told": 1, "out": 16} == Counter(found)


@shared
async def test_processes_count_together(stores: Stores, beside: Stores) -> None:
    """Of two that share a server, both together let in as many as allowed, and one tells."""
    doors = [stores.paces, beside.paces] * 10
    found = await asyncio.gather(*(each.welcome(ANN, NOON, MOST) for each in doors))
    assert {"in": 3, "told": 1, "out": 16} == Counter(found)


@shared
async def test_processes_do_not_wait_for_each_other_for_ever(
    stores: Stores, beside: Stores, caplog: pytest.LogCaptureFixture
) -> None:
    """Two that clear what is old while both count the same people are never told to give way."""
    people = [f"telegram:{number}" for number in range(40)]
    for minutes in range(10):
        now = NOON + minutes * 2 * 60 * SECOND
        first = [stores.paces.welcome(person, now, MOST) for person in people]
        second = [beside.paces.welcome(person, now, MOST) for person in reversed(people)]
        await asyncio.gather(*first, *second)
    assert ("told", []) == (await stores.paces.welcome(ANN, now, 2), caplog.messages)


async def test_who_is_forgotten_is_counted_anew(stores: Stores) -> None:
    """Erasing a person erases what was counted of them, the silence too."""
    before = await met(stores.paces, 0, 0, 0, 0)
    await stores.people.forget(ANN)
    assert ("told", ["in", "in", "in"]) == (before[-1], await met(stores.paces, 1, 1, 1))


async def test_who_is_forgotten_changes_nobody_else_s_pace(stores: Stores) -> None:
    """Erasing one person lets no other one in."""
    await met(stores.paces, 0, 0, 0, 0)
    await stores.people.forget(BOB)
    assert ["out"] == await met(stores.paces, 1)


async def test_a_count_is_nothing_to_export(stores: Stores) -> None:
    """What is gone in a minute isn't told."""
    empty = await stores.people.export(ANN)
    await met(stores.paces, 0)
    assert empty == await stores.people.export(ANN)


@pytest.mark.parametrize("jump", [HOUR, -HOUR, DAY, -DAY])
async def test_a_clock_that_jumps_shuts_nobody_out(store: PaceStore, jump: timedelta) -> None:
    """Who was left alone when the clock jumped far is let in at once, as often as anybody."""
    await met(store, 0, 0, 0, 0)
    found = [await store.welcome(ANN, NOON + jump, MOST) for _ in range(4)]
    assert ["in", "in", "in", "told"] == found


async def test_a_clock_that_jumps_back_tells_nobody(store: PaceStore) -> None:
    """Who wrote as much as they may before the clock jumped back hears nothing of it."""
    await met(store, 0, 0, 0)
    assert "in" == await store.welcome(ANN, NOON - DAY, MOST)


@pytest.mark.parametrize("skew", [-0.5, 0.5, -20.0, 20.0])
async def test_clocks_that_differ_a_little_count_alike(store: PaceStore, skew: float) -> None:
    """A process whose clock is some seconds early or late counts what others let in."""
    assert ["in", "in", "in", "told"] == await met(store, 0, 0, skew, skew)


@shared
async def test_without_the_server_a_process_counts_alone(emptied: str, tmp_path: Path) -> None:
    """While the server is away, what this process has let in still counts; told is told."""
    gate = Gate()
    await gate.open()
    try:
        async with open_stores(gate.through(emptied), tmp_path) as stores:
            before = await met(stores.paces, 0, 0)
            await gate.shut()
            during = await met(stores.paces, 1, 1, 1)
            await gate.open()
            assert ["in", "in", "in", "told", "out"] == [*before, *during]
    finally:
        await gate.shut()


@shared
async def test_what_nobody_kept_is_gone_from_the_server(
    stores: Stores, emptied: str, tmp_path: Path
) -> None:
    """Of who wrote nothing for a minute, no row is left when somebody else writes."""
    await met(stores.paces, 0, 0, 0, 0)
    await stores.paces.welcome(BOB, NOON + 30 * SECOND, MOST)
    await stores.paces.welcome(CAT, NOON + 61 * SECOND, MOST)
    database = Database(address_of(emptied, tmp_path))
    query = text("SELECT person FROM paces ORDER BY person")
    left = await database.read(lambda connection: connection.scalars(query).all())
    await database.close()
    assert [BOB, CAT] == left


async def test_memory_forgets_who_keeps_quiet() -> None:
    """After a minute nothing is known of a person any more."""
    tables = Tables()
    store = MemoryPaceStore(tables)
    await met(store, 0, 0, 0, 0)
    await store.welcome(BOB, NOON, MOST)
    await store.welcome(CAT, NOON + 61 * SECOND, MOST)
    assert [CAT] == list(tables.paces)
