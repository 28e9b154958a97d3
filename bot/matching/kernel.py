"""Kernel ridge on one-hot intents, with exact held-out scores in closed form: a little algebra.

The kernel of two phrasings is ``exp(vector * (cosine - 1) + spelling * (sort - 1))``; the scores
of a question are ``k(question, phrasings) @ solve(K + ridge I, one_hot)``.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Indices = NDArray[np.intp]

_SMALL = 1024


class KernelWeights(NamedTuple):
    """How much each similarity counts, and the ridge that keeps the fit smooth."""

    vector: float
    spelling: float
    ridge: float


class Fit(NamedTuple):
    """A solved ridge: coefficients (n, intents) and held-out scores (n, intents)."""

    coefficients: Array
    held_out: Array


def kernel(cosines: Array, spelling: Array | None, weights: KernelWeights) -> Array:
    """Return the kernel of every pair from their similarities in [0, 1], any shape."""
    exponent = cosines * np.float32(weights.vector)
    least = weights.vector
    if spelling is not None and weights.spelling:
        exponent += spelling * np.float32(weights.spelling)
        least += weights.spelling
    exponent -= np.float32(least)
    values: Array = np.exp(exponent, out=exponent)
    return values


def fit(gram: Array, targets: Array, groups: Indices, ridge: float) -> Fit:
    """Solve the ridge for `gram` (n, n) and `targets` (n, intents).

    `groups` (n,) says which phrasings are held out together; the held-out scores of a group B
    are what a fit without B would give: ``Y_B - inv(G_BB) A_B`` with ``G = inv(K + ridge I)`` and
    ``A = G Y`` (the leave-one-out identity of ridge regression, for blocks).
    """
    matrix = gram.astype(np.float64)
    matrix.flat[:: len(matrix) + 1] += ridge
    inverse = inverse_definite(matrix)
    coefficients = inverse @ targets
    held_out = np.empty_like(coefficients)
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        block = inverse[np.ix_(rows, rows)]
        held_out[rows] = targets[rows] - np.linalg.solve(block, coefficients[rows])
    return Fit(coefficients.astype(np.float32), held_out.astype(np.float32))


def inverse_definite(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the inverse of a symmetric positive definite matrix.

    By halves (the Schur complement), so that nearly all of the work is matrix products: about
    twice as fast as numpy's general inverse at several thousand rows.
    """
    size = len(matrix)
    if size <= _SMALL:
        leaf: NDArray[np.float64] = np.linalg.inv(matrix).astype(np.float64)
        return leaf
    half = size // 2
    corner = inverse_definite(matrix[:half, :half])
    across = corner @ matrix[:half, half:]
    rest = inverse_definite(matrix[half:, half:] - across.T @ matrix[:half, half:])
    mixed = across @ rest
    inverse = np.empty_like(matrix)
    inverse[:half, :half] = corner + mixed @ across.T
    inverse[:half, half:] = -mixed
    inverse[half:, :half] = -mixed.T
    inverse[half:, half:] = rest
    return inverse
