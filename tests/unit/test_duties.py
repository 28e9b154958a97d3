"""Work that goes on beside other work ends with it."""

import asyncio
from contextlib import suppress

import pytest

from bot.duties import beside


async def test_a_duty_that_loses_its_cancellation_is_told_again() -> None:
    """A duty that takes its end for something else, as drivers do, keeps nobody waiting."""
    lost = asyncio.Event()

    async def duty() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        lost.set()
        await asyncio.Event().wait()

    async with beside(duty, again=0):
        await asyncio.sleep(0)
    assert lost.is_set()


async def test_a_duty_that_failed_says_so_at_the_end() -> None:
    """What a duty raised comes out where it was begun."""

    async def duty() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        async with beside(duty):
            await asyncio.sleep(0)
