"""One lock for each chat, inside this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class ChatLocks:
    """Locks by a chat's name; a lock lasts only as long as somebody holds it or waits for it."""

    def __init__(self) -> None:
        """Begin with no locks."""
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def hold(self, chat: str) -> AsyncIterator[None]:
        """Hold the lock of `chat`."""
        lock = self._locks.get(chat) or asyncio.Lock()
        self._locks[chat] = lock
        async with lock:
            yield
