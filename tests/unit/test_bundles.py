"""Transactions that are wanted in the same moment: they share one, and none harms another."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import pytest
from sqlalchemy import Connection

from bot.stores.database.bundles import Bundles, Came, Work, together


class Ledger:
    """A database of one list, which notes how many entries each transaction kept."""

    def __init__(self) -> None:
        """Begin empty."""
        self.kept: list[str] = []
        self.transactions: list[int] = []
        self.begun = 0
        self.away = False

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Keep what is written inside, unless something is raised."""
        written: list[str] = []
        self.begun += 1
        if self.away:
            raise OSError
        yield cast("Connection", written)
        self.kept += written
        self.transactions.append(len(written))


def writing(text: str) -> Any:
    """Return a work that writes and returns a text; some fail."""

    def work(connection: Any) -> str:
        connection.append(text)
        if text == "bad":
            raise ValueError(text)
        return text

    return work


@pytest.fixture
def ledger() -> Ledger:
    """Return an empty ledger."""
    return Ledger()


@pytest.fixture
def bundles(ledger: Ledger) -> Bundles:
    """Return what writes to it, one bundle after the other."""

    async def run(works: Sequence[Work]) -> Sequence[Came]:
        await asyncio.sleep(0)
        return together(ledger.begin, works)

    return Bundles(run, 1)


async def done(bundles: Bundles, *texts: str) -> list[object]:
    """Write texts in the same moment; return what came of each."""
    works = [bundles.do(writing(text), settled=True) for text in texts]
    came: list[object] = await asyncio.gather(*works, return_exceptions=True)
    return came


async def test_those_of_one_moment_share_a_transaction(ledger: Ledger, bundles: Bundles) -> None:
    """What is wanted in the same turn of the loop is kept by one commit."""
    assert ["a", "b", "c"] == await done(bundles, "a", "b", "c")
    assert [3] == ledger.transactions


async def test_one_that_fails_harms_no_other(ledger: Ledger, bundles: Bundles) -> None:
    """If one of them fails, the others are kept, each once."""
    first, bad, last = await done(bundles, "a", "bad", "c")
    assert ("a", ValueError, "c") == (first, type(bad), last)
    assert ["a", "c"] == ledger.kept


async def test_what_waits_is_done_before_the_end(ledger: Ledger, bundles: Bundles) -> None:
    """Draining does what was wanted and hadn't begun."""
    wanted = asyncio.create_task(bundles.do(writing("a"), settled=True))
    await asyncio.sleep(0)
    await bundles.drain()
    assert ("a", ["a"]) == (await wanted, ledger.kept)


async def test_what_nobody_can_use_is_told_to_all(ledger: Ledger, bundles: Bundles) -> None:
    """If the database itself fails, each is told so, and none is tried alone."""
    ledger.away = True
    assert [OSError] * 3 == [type(one) for one in await done(bundles, "a", "b", "c")]
    assert 1 == ledger.begun


async def test_more_than_fit_are_done_all_the_same(ledger: Ledger, bundles: Bundles) -> None:
    """Many at once take a few transactions, in their order."""
    texts = [str(number) for number in range(150)]
    assert texts == await done(bundles, *texts)
    assert [64, 64, 22] == ledger.transactions
