"""The nearest phrasing of each label: first by a few directions of the vectors, then by all.

Vectors are in principal directions, so the first ones hold most of a cosine; reading only those of
all phrasings costs a quarter of the time, which is that of reading memory. Several texts together
read it once.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.matching.packing import FIRST, Packed

Array = NDArray[np.float32]
Indices = NDArray[np.intp]

_SLACK = np.float32(0.06)
"""By how much the first directions may misjudge a phrasing against the best of its label."""
_AT_ONCE = 4096
"""How many phrasings are looked at before the next ones: what was read stays near the processor."""
_NO_COSINE = np.float32(-1)


class Nearest(NamedTuple):
    """The cosine to the nearest phrasing of each label (-1 without any), and which one it is.

    Shapes (labels,) and (labels,); the phrasing of a label without any is 0.
    """

    cosines: Array
    phrasings: Indices


class NearestFinder:
    """Finds nearest phrasings among those of one index."""

    def __init__(self, vectors: Packed, labels: Indices, count: int) -> None:
        """Know the vector (n, width) and the label (n,) of each phrasing; labels never fall."""
        self._vectors = vectors
        present, self._starts, sizes = np.unique(labels, return_index=True, return_counts=True)
        self._every = np.arange(len(present))
        self._place = np.repeat(self._every, sizes)
        self._sizes = sizes
        self._present = present
        self._count = count

    def find(self, vectors: Array) -> list[Nearest]:
        """Return what is nearest to each of several texts with `vectors` (texts, width)."""
        first = self._vectors.first
        about = np.empty((len(vectors), len(first)), np.float32)
        asked = np.ascontiguousarray(vectors[:, :FIRST].T)
        for start in range(0, len(first), _AT_ONCE):
            about[:, start : start + _AT_ONCE] = (first[start : start + _AT_ONCE] @ asked).T
        return [self._exactly(*each) for each in zip(vectors, about, strict=True)]

    def _exactly(self, vector: Array, about: Array) -> Nearest:
        """Return what is nearest to `vector` (width,), whose cosines are `about` so high (n,)."""
        cosines = np.full(self._count, _NO_COSINE)
        phrasings = np.zeros(self._count, np.intp)
        least = np.maximum.reduceat(about, self._starts) - _SLACK
        chosen = np.flatnonzero(about >= np.repeat(least, self._sizes))
        others = self._vectors.others.take(chosen, axis=0).astype(np.float32)
        exact = about[chosen] + others @ (vector[FIRST:] * self._vectors.steps)
        place = self._place[chosen]  # of every label at least one is chosen
        best = np.maximum.reduceat(exact, np.searchsorted(place, self._every))
        cosines[self._present] = best
        found = np.flatnonzero(exact == best[place])[::-1]  # of equals, the first is written last
        phrasings[self._present[place[found]]] = chosen[found]
        return Nearest(cosines, phrasings)
