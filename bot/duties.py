"""Work that goes on beside other work."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

Work = Callable[[], Coroutine[Any, Any, None]]


@asynccontextmanager
async def beside(duty: Work) -> AsyncIterator[None]:
    """Do `duty` beside what happens inside, and no longer."""
    running = asyncio.create_task(duty())
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
