"""Gives up at once on a server that says nothing, but for one try every few seconds."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.errors import StoreError

REST = 5.0
"""Seconds between two tries of a server that has said nothing."""


class Breaker:
    """A circuit breaker (Nygard 2007, Release It!): nobody waits for what has just not answered.

    A server that refuses is not meant: that is told at once anyway.
    """

    def __init__(self, rest: float = REST, clock: Callable[[], float] = time.monotonic) -> None:
        """Let one try every `rest` seconds while nothing is said; `clock` tells seconds."""
        self._rest = rest
        self._clock = clock
        self._silent = False
        self._next_try = 0.0

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Try to use the server inside. Raises StoreError if it wasn't worth it."""
        if self._silent:
            if self._clock() < self._next_try:
                message = "the database says nothing: it is tried again in a moment"
                raise StoreError(message)
            self._next_try = self._clock() + self._rest  # others don't try meanwhile
        try:
            yield
        except TimeoutError:
            self._silent, self._next_try = True, self._clock() + self._rest
            raise
        self._silent = False
