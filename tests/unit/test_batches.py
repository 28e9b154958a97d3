"""Batches: what comes while a write is on its way goes with the next one; nobody waits for ever."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.channels.telegram.batches import Batches
from bot.errors import StoreError


class Work:
    """Does what it is given when its gate is open, or fails."""

    def __init__(self) -> None:
        """Begin with the gate open."""
        self.gate = asyncio.Event()
        self.gate.set()
        self.done: list[tuple[int, ...]] = []
        self.error: BaseException | None = None

    async def __call__(self, items: Sequence[int]) -> int:
        """Return how many items there were."""
        await self.gate.wait()
        error, self.error = self.error, None
        if error is not None:
            raise error
        self.done.append(tuple(items))
        return len(items)


@pytest.fixture
def work() -> Work:
    """Return what is done."""
    return Work()


async def test_what_comes_meanwhile_goes_together(work: Work) -> None:
    """While one batch is on its way, what comes waits, and is one batch."""
    batches = Batches(work)
    await asyncio.gather(*(batches.do(number) for number in range(4)))
    assert [(0, 1, 2, 3)] == work.done


async def test_a_failure_is_told_to_those_who_wait(work: Work) -> None:
    """What the work raises comes out where it was asked for, and the next batch is done."""
    batches = Batches(work)
    work.error = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        await batches.do(1)
    assert 1 == await batches.do(2)


async def test_work_that_is_broken_off_holds_up_nobody(work: Work) -> None:
    """If the work ends as if cancelled, who waits is told, and the next batch is done."""
    batches = Batches(work)
    work.error = asyncio.CancelledError()
    with pytest.raises(StoreError):
        await batches.do(1)
    assert 1 == await batches.do(2)


async def test_who_came_meanwhile_is_told_too(work: Work) -> None:
    """If the work is broken off, what came after it waits for nothing either."""
    batches = Batches(work)
    work.gate.clear()
    work.error = asyncio.CancelledError()
    waiting = [asyncio.create_task(batches.do(number)) for number in range(2)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.append(asyncio.create_task(batches.do(2)))
    await asyncio.sleep(0)
    work.gate.set()
    ends = await asyncio.gather(*waiting, return_exceptions=True)
    assert [StoreError] * 3 == [type(each) for each in ends]
