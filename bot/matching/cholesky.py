"""Cholesky factor of a large matrix in single precision, by blocks, in plain numpy.

numpy's own factorisation always works in double precision; for some thousand phrasings this is
several times as fast, and exact enough for a centred kernel plus its ridge.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

BLOCK = 512


class Cholesky:
    """The lower factor L of a symmetric positive definite matrix, ``L @ L.T``."""

    def __init__(self, matrix: Array) -> None:
        """Factor `matrix` (n, n); it is overwritten. Raises LinAlgError if it isn't definite."""
        self._lower = matrix
        self._starts = range(0, len(matrix), BLOCK)
        self._inverses = [self._eliminate(start) for start in self._starts]

    def solve(self, right: Array) -> Array:
        """Return ``inv(L @ L.T) @ right`` for `right` (n, columns)."""
        y = self.forward(right)
        for start, inverse in reversed(list(zip(self._starts, self._inverses, strict=True))):
            end = start + len(inverse)
            y[start:end] = inverse.T @ (y[start:end] - self._lower[end:, start:end].T @ y[end:])
        return y

    def forward(self, right: Array) -> Array:
        """Return ``inv(L) @ right`` for `right` (n, columns)."""
        y = right.astype(np.float32)
        for start, inverse in zip(self._starts, self._inverses, strict=True):
            end = start + len(inverse)
            y[start:end] = inverse @ (y[start:end] - self._lower[start:end, :start] @ y[:start])
        return y

    def inverse_block(self, rows: NDArray[np.intp]) -> Array:
        """Return the block of the matrix's inverse at `rows` x `rows`."""
        units = np.zeros((len(self._lower), len(rows)), np.float32)
        units[rows, np.arange(len(rows))] = 1
        half = self.forward(units)
        block: Array = half.T @ half
        return block

    def _eliminate(self, start: int) -> Array:
        """Factor one block column, update what is right of it; return its diagonal's inverse."""
        matrix, end = self._lower, min(start + BLOCK, len(self._lower))
        corner = np.linalg.cholesky(matrix[start:end, start:end])
        inverse: Array = np.linalg.inv(corner).astype(np.float32)
        matrix[start:end, start:end] = corner
        below = matrix[end:, start:end] @ inverse.T
        matrix[end:, start:end] = below
        for left in range(end, len(matrix), BLOCK):
            right = min(left + BLOCK, len(matrix))
            matrix[left:, left:right] -= below[left - end :] @ below[left - end : right - end].T
        return inverse
