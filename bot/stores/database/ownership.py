"""A file of SQLite has one process that answers from it."""

import asyncio
import fcntl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from bot.errors import StoreError

_TRIES = 150
_PAUSE = 0.2
"""Seconds between two tries: all together, as long as a lock is waited for on PostgreSQL."""


class Ownership:
    """Ours from the first time that it is needed until it is given up, or the process ends."""

    def __init__(
        self, database: Path, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        """Own `database` by a lock on a file beside it; `pause` waits between tries."""
        self._path = database.with_name(f"{database.name}.lock")
        self._pause = pause
        self._file: IO[str] | None = None
        self._turn = asyncio.Lock()

    async def take(self) -> None:
        """Return when it is ours. Raises StoreError if another process keeps it."""
        if self._file is not None:
            return
        async with self._turn:
            for _ in range(_TRIES):
                if self._taken():
                    return
                await self._pause(_PAUSE)
        message = "another copy of this bot answers from the same database"
        raise StoreError(message)

    def give_up(self) -> None:
        """Let another process have it."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _taken(self) -> bool:
        """Try to take it, and say whether it is ours."""
        if self._file is not None:
            return True
        try:
            file = self._path.open("a")
        except OSError as error:
            message = f"{self._path.name} can't be made: {type(error).__name__}"
            raise StoreError(message) from None
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._file = file
            return True
        file.close()
        return False
