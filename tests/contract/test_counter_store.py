"""What every CounterStore promises."""

import asyncio
from datetime import date

import pytest

from bot.conversation.ports import CounterStore
from bot.conversation.records import Count
from bot.stores.bundle import Stores
from tests.contract.places import lasting

MONDAY, TUESDAY, WEDNESDAY = (date(2030, 5, day) for day in (6, 7, 8))


@pytest.fixture
def store(stores: Stores) -> CounterStore:
    """Return an empty store of each kind."""
    return stores.counters


async def test_nothing_was_counted(store: CounterStore) -> None:
    """Without counting there are no counters."""
    assert await store.between(MONDAY, WEDNESDAY) == ()


async def test_counts_add_up(store: CounterStore) -> None:
    """A counter grows by one, or by as much as it is told."""
    await store.add(MONDAY, "entry", "tea/brew")
    await store.add(MONDAY, "entry", "tea/brew", 5)
    assert await store.between(MONDAY, MONDAY) == (Count(MONDAY, "entry", "tea/brew", 6),)


async def test_counters_are_apart(store: CounterStore) -> None:
    """Days, kinds and keys have a counter each; they come in that order."""
    expected = (
        Count(MONDAY, "decision", "answer", 4),
        Count(MONDAY, "entry", "answer", 3),
        Count(MONDAY, "entry", "tea/brew", 2),
        Count(TUESDAY, "entry", "answer", 1),
    )
    for count in reversed(expected):
        await store.add(*count)
    assert await store.between(MONDAY, WEDNESDAY) == expected


async def test_days_outside_are_left_out(store: CounterStore) -> None:
    """Only the days asked for are returned, both ends included."""
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        await store.add(day, "entry", "tea/brew")
    days = [count.day for count in await store.between(TUESDAY, WEDNESDAY)]
    assert days == [TUESDAY, WEDNESDAY]


async def test_side_by_side_nothing_is_lost(store: CounterStore) -> None:
    """Many that add at once are all counted."""
    await asyncio.gather(*(store.add(MONDAY, "entry", "tea/brew") for _ in range(40)))
    assert await store.between(MONDAY, MONDAY) == (Count(MONDAY, "entry", "tea/brew", 40),)


@lasting
async def test_processes_add_to_one_counter(stores: Stores, beside: Stores) -> None:
    """Two that share a database count together."""
    adders = [stores.counters, beside.counters] * 10
    await asyncio.gather(*(adder.add(MONDAY, "entry", "tea/brew") for adder in adders))
    found = await beside.counters.between(MONDAY, MONDAY)
    assert found == (Count(MONDAY, "entry", "tea/brew", 20),)


async def test_several_are_counted_together(store: CounterStore) -> None:
    """Counts that come together each go to their counter, the same one twice too."""
    one = Count(MONDAY, "took", "5", 2)
    await store.add_all([Count(MONDAY, "asked", "answer", 1), one, one])
    expected = (Count(MONDAY, "asked", "answer", 1), Count(MONDAY, "took", "5", 4))
    assert await store.between(MONDAY, MONDAY) == expected


async def test_adding_none_is_fine(store: CounterStore) -> None:
    """No counts change nothing."""
    await store.add_all([])
    assert await store.between(MONDAY, WEDNESDAY) == ()
