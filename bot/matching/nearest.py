"""The nearest phrasing of each label: first by a few directions of the vectors, then by all.

Vectors are in principal directions, so the first ones hold most of a cosine; reading only those of
all phrasings costs a third of the time, which is that of reading memory.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Halves = NDArray[np.float16]
Indices = NDArray[np.intp]

_FIRST = 96
_SLACK = np.float32(0.06)
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
        self._present = present
        self._count = count

    def find(self, vector: Array) -> Nearest:
        """Return what is nearest to a text's `vector` (width,)."""
        cosines = np.full(self._count, _NO_COSINE)
        phrasings = np.zeros(self._count, np.intp)
        about = self._first @ vector[:_FIRST]
        best = np.maximum.reduceat(about, self._starts)
        chosen = np.flatnonzero(about >= best[self._place] - _SLACK)
        exact = about[chosen] + self._others[chosen].astype(np.float32) @ vector[_FIRST:]
        # by label and, within one, by falling cosine: the first of each label is its nearest
        order = np.lexsort((-exact, self._place[chosen]))
        firsts = order[np.flatnonzero(np.diff(self._place[chosen][order], prepend=-1))]
        cosines[self._present], phrasings[self._present] = exact[firsts], chosen[firsts]
        return Nearest(cosines, phrasings)
