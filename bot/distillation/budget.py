"""How long to train: by steps, which gives the same result every time, or by the clock."""

import time
from collections.abc import Callable
from typing import Protocol

_MINUTE = 60


class Budget(Protocol):
    """Says how much of a run is over."""

    def spent(self, step: int) -> float:
        """Return the part that is over before step `step`: from 0 to 1, then the run ends."""
        ...

    def resume(self, spent: float) -> None:
        """Go on with a run of which that part is over already."""
        ...


class Steps:
    """A number of steps."""

    def __init__(self, most: int) -> None:
        """Allow `most` steps."""
        self._most = most

    def spent(self, step: int) -> float:
        """Return the part of the steps that were done."""
        return step / self._most if self._most else 1

    def resume(self, spent: float) -> None:
        """Nothing to do: the step says it all."""


class Minutes:
    """A time, which begins to run at the first step."""

    def __init__(self, most: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Allow `most` minutes by `clock`, which tells seconds."""
        self._most = most * _MINUTE
        self._clock = clock
        self._begun: float | None = None

    def spent(self, step: int) -> float:  # noqa: ARG002 - only the clock counts
        """Return the part of the time that has passed."""
        if self._begun is None:
            self._begun = self._clock()
        return (self._clock() - self._begun) / self._most

    def resume(self, spent: float) -> None:
        """Begin as if that part of the time had passed."""
        self._begun = self._clock() - spent * self._most
