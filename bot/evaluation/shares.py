"""Counts of some among all, with the interval in which the true share lies."""

from math import sqrt
from typing import NamedTuple

_Z95 = 1.959964


class Share(NamedTuple):
    """How many of how many."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None of nothing."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of the true share (Wilson 1927); 0 to 1 if nothing was counted."""
        if not self.of:
            return 0.0, 1.0
        share, spread = self.hits / self.of, _Z95**2 / self.of
        middle = share + spread / 2
        half = sqrt(spread * (share * (1 - share) + spread / 4))
        low, high = (middle - half) / (1 + spread), (middle + half) / (1 + spread)
        return max(0.0, low), min(1.0, high)
