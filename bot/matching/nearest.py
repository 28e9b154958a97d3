"""The nearest phrasing of each label: first by a few directions of the vectors, then by all.

Vectors are in principal directions, so the first ones hold most of a cosine; reading only those of
all phrasings costs a third of the time, which is that of reading memory. Several texts together
read it once.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Halves = NDArray[np.float16]
Indices = NDArray[np.intp]

_FIRST = 128
_SLACK = np.float32(0.04)
"""By how much the first directions may misjudge a phrasing against the best of its label."""
_NO_COSINE = np.float32(-1)


class Nearest(NamedTuple):
    """The cosine to the nearest phrasing of each label (-1 without any), and which one it is.

    Shapes (labels,) and (labels,); the phrasing of a label without any is 0.
    """

    cosines: Array
    phrasings: Indices


class NearestFinder:
    """Finds nearest phrasings among those of one index."""

    def __init__(self, vectors: Halves, labels: Indices, count: int) -> None:
        """Know the vector (n, width) and the label (n,) of each phrasing; labels never fall."""
        self._first = vectors[:, :_FIRST].astype(np.float32)
        self._others = vectors[:, _FIRST:]
        present, self._starts, sizes = np.unique(labels, return_index=True, return_counts=True)
        self._place = np.repeat(np.arange(len(present)), sizes)
        self._sizes = sizes
        self._present = present
        self._count = count

    def find(self, vectors: Array) -> list[Nearest]:
        """Return what is nearest to each of several texts with `vectors` (texts, width)."""
        about = np.ascontiguousarray((self._first @ vectors[:, :_FIRST].T).T)
        return [self._exactly(*each) for each in zip(vectors, about, strict=True)]

    def _exactly(self, vector: Array, about: Array) -> Nearest:
        """Return what is nearest to `vector` (width,), whose cosines are `about` so high (n,)."""
        cosines = np.full(self._count, _NO_COSINE)
        phrasings = np.zeros(self._count, np.intp)
        least = np.maximum.reduceat(about, self._starts) - _SLACK
        chosen = np.flatnonzero(about >= np.repeat(least, self._sizes))
        exact = about[chosen] + self._others[chosen].astype(np.float32) @ vector[_FIRST:]
        place = self._place[chosen]  # of every label at least one is chosen
        best = np.maximum.reduceat(exact, np.flatnonzero(np.diff(place, prepend=-1)))
        cosines[self._present] = best
        found = np.flatnonzero(exact == best[place])[::-1]  # of equals, the first is written last
        phrasings[self._present[place[found]]] = chosen[found]
        return Nearest(cosines, phrasings)
