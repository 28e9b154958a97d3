"""Work that goes on beside other work."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

Work = Callable[[], Coroutine[Any, Any, None]]


@asynccontextmanager
async def beside(duty: Work, again: float = 1.0) -> AsyncIterator[None]:
    """Do `duty` beside what happens inside, and no longer.

    What it was doing may lose its cancellation: it is told again every so many seconds.
    """
    running = asyncio.create_task(duty())
    try:
        yield
    finally:
        while not running.done():
            running.cancel()
            await asyncio.wait({running}, timeout=again)
        if not running.cancelled():
            running.result()
