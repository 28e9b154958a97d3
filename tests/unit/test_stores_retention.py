"""What is old is deleted every day, whatever happens to the database in between."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.conversation.records import Miss, Retention
from bot.errors import StoreError
from bot.stores.bundle import Stores, in_memory
from bot.stores.memory.people import MemoryPeopleStore
from bot.stores.memory.tables import Tables
from bot.stores.retention import prune_for_ever, pruned_daily

NOON = datetime(2030, 5, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class Days:
    """A clock that goes on only while somebody pauses; it stops them after some pauses."""

    def __init__(self, most: int) -> None:
        """Let `most` pauses pass."""
        self.now = NOON
        self._left = most

    def __call__(self) -> datetime:
        """Return the time that it is."""
        return self.now

    async def pause(self, seconds: float) -> None:
        """Let the time pass at once. Raises CancelledError when there is no more."""
        if not self._left:
            raise asyncio.CancelledError
        self._left -= 1
        self.now += timedelta(seconds=seconds)


class OutOnce(MemoryPeopleStore):
    """A store that can't be used when it is first called."""

    out = True

    async def prune(self, before: date) -> int:
        """Fail the first time."""
        if self.out:
            self.out = False
            message = "the database can't be used"
            raise StoreError(message)
        return await super().prune(before)


async def _left(stores: Stores, days: Days) -> list[str]:
    """Return the misses that are left when `days` have passed."""
    await stores.misses.add(Miss("old", "abstain", NOON - 90 * DAY))
    await stores.misses.add(Miss("new", "abstain", NOON - 88 * DAY))
    with pytest.raises(asyncio.CancelledError):
        await prune_for_ever(stores, Retention(), days, days.pause)
    return [miss.text for miss in await stores.misses.since(NOON - 900 * DAY)]


@pytest.mark.parametrize(
    ("pauses", "expected"), [(0, ["old", "new"]), (1, ["new"]), (2, ["new"]), (3, [])]
)
async def test_pruned_every_day(pauses: int, expected: list[str]) -> None:
    """Each day those go that have become too old, and no others."""
    assert expected == await _left(in_memory(), Days(pauses))


async def test_a_day_without_database() -> None:
    """If the database can't be used on one day, pruning goes on the next."""
    stores = replace(in_memory(), people=OutOnce(Tables()))

    expected = ["new"]
    assert expected == await _left(stores, Days(2))


async def test_pruning_ends_with_the_stores() -> None:
    """Pruning leaves no task behind."""
    async with pruned_daily(in_memory(), Retention()):
        during = len(asyncio.all_tasks())

    expected = (2, 1)
    assert expected == (during, len(asyncio.all_tasks()))
