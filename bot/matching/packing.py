"""Vectors in less than half their room: the directions that matter most whole, the others in bytes.

Vectors are in principal directions, so that what is left for the others is small, and a byte of it
is a small error: scalar quantisation with one step a direction (Gersho and Gray 1992, 5).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Bytes = NDArray[np.int8]
Indices = NDArray[np.intp]

FIRST = 64
_HIGHEST = 127


class Packed(NamedTuple):
    """Vectors (n, width): `first` (n, 64) as they are, `others` (n, width - 64) in `steps`.

    A cosine of vectors with 256 directions is about 0.0003 off.
    """

    first: Array
    others: Bytes
    steps: Array

    @classmethod
    def of(cls, vectors: Array) -> "Packed":
        """Pack `vectors` (n, width)."""
        others = vectors[:, FIRST:]
        steps = np.abs(others).max(0, initial=np.finfo(np.float32).tiny) / _HIGHEST
        steps = steps.astype(np.float32)
        first = np.ascontiguousarray(vectors[:, :FIRST])
        return cls(first, np.rint(others / steps).astype(np.int8), steps)

    def rows(self, chosen: Indices) -> Array:
        """Return some of the vectors, by number, (chosen, width)."""
        return np.hstack([self.first[chosen], self.others[chosen] * self.steps])
