"""Products with a matrix of many rows that have few terms each, in plain numpy.

The terms that most rows have are one dense block, which BLAS multiplies fastest; the others are
gathered row by row.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.matching.wording import Row

Array = NDArray[np.float32]
Indices = NDArray[np.intp]

_DENSE_NUMBERS = 40_000_000
"""How many numbers the dense block may have: 160 MB."""
_COMMON = 0.01
"""A term is common if it stands in this share of the rows."""
_GATHERED = 1024
"""How many rows are gathered at once: 1 MB with 250 labels, which a core's cache holds."""


class SparseMatrix:
    """Rows of terms as a matrix (rows, terms) that can be multiplied from both sides."""

    def __init__(self, rows: Sequence[Row], terms: int) -> None:
        """Take in `rows`, whose terms are numbers below `terms`."""
        self.shape = (len(rows), terms)
        row = np.repeat(np.arange(len(rows)), [len(one.terms) for one in rows])
        term = np.concatenate([one.terms for one in rows]) if rows else np.empty(0, np.intp)
        weight = np.concatenate([one.weights for one in rows]) if rows else np.empty(0, np.float32)
        self.squares = np.bincount(term, weight**2, terms).astype(np.float32)
        """The sum of the squares of each column, (terms,)."""
        self._common = _common(np.bincount(term, minlength=terms), len(rows))
        place = np.full(terms, -1)
        place[self._common] = np.arange(len(self._common))
        dense = place[term] >= 0
        self._block = np.zeros((len(rows), len(self._common)), np.float32)
        self._block[row[dense], place[term[dense]]] = weight[dense]
        rare = (row[~dense], term[~dense], weight[~dense])
        self._by_row = _Lists(*rare)
        self._by_term = _Lists(rare[1], rare[0], rare[2])

    def times(self, right: NDArray[np.float16 | np.float32]) -> Array:
        """Return this matrix times `right` (terms, columns): (rows, columns)."""
        product: Array = self._block @ right[self._common]
        self._by_row.add(right, product)
        return product

    def transposed_times(self, right: Array) -> Array:
        """Return this matrix, transposed, times `right` (rows, columns): (terms, columns)."""
        product = np.zeros((self.shape[1], right.shape[1]), np.float32)
        product[self._common] = self._block.T @ right
        self._by_term.add(right, product)
        return product


class _Lists:
    """Weighted entries of a matrix in the order of one of its sides."""

    def __init__(self, to: Indices, source: Indices, weight: Array) -> None:
        """Take in entries that add ``weight * right[source]`` to the row `to` of a product."""
        order = np.argsort(to, kind="stable")
        self._source, self._weight = source[order], weight[order][:, None]
        self._to, starts = np.unique(to[order], return_index=True)
        self._ends = np.append(starts[1:], len(order))
        self._starts = starts

    def add(self, right: NDArray[np.float16 | np.float32], product: Array) -> None:
        """Add the products to `product`, some rows at a time, so that they stay in the cache."""
        first = 0
        while first < len(self._to):
            start = self._starts[first]
            last = max(first + 1, int(np.searchsorted(self._ends, start + _GATHERED, side="right")))
            gathered = right[self._source[start : self._ends[last - 1]]]
            gathered *= self._weight[start : self._ends[last - 1]]
            sums = np.add.reduceat(gathered, self._starts[first:last] - start, axis=0)
            product[self._to[first:last]] += sums
            first = last


def _common(counts: Indices, rows: int) -> Indices:
    """Return the terms of the dense block, the commonest; as many as it may hold."""
    most = np.argsort(-counts, kind="stable")[: _DENSE_NUMBERS // max(rows, 1)]
    common: Indices = np.sort(most[counts[most] > _COMMON * rows])
    return common
