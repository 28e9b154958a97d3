"""Updates side by side, but in order within each chat."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

_MOST_WAITING = 256


class ChatOrder(BaseUpdateProcessor):
    """Handles many chats at once; within one chat, one update after the other.

    Waiting for its turn in a chat, an update takes no place from other chats. A chat's lock is
    dropped as soon as nobody waits for it.
    """

    def __init__(self, most: int) -> None:
        """Handle at most `most` updates at once."""
        super().__init__(_MOST_WAITING)
        self._places = asyncio.Semaphore(most)
        self._locks: dict[int, asyncio.Lock] = {}
        self._waiting: dict[int, int] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Run `coroutine` when the chat's earlier updates are done."""
        key = _place(update) if isinstance(update, Update) else 0
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            async with lock, self._places:
                await coroutine
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key], self._locks[key]

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to clean up."""


def _place(update: Update) -> int:
    """Return the chat of an update; an inline query, which has none, waits for its person's own."""
    place = update.effective_chat or update.effective_user
    return place.id if place else 0
