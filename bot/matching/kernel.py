"""Kernel ridge on one-hot intents, with exact held-out scores in closed form: a little algebra.

The kernel of two phrasings is ``exp(vector * (cosine - 1) + spelling * (sort - 1))``; the scores
of a question are ``bias + k(question, phrasings) @ solve(K + ridge I, one_hot)``, K centred.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Indices = NDArray[np.intp]

_SMALL = 1024
_LIFT = 0.01


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


def centred(gram: Array) -> tuple[Array, Array]:
    """Return the kernel centred in its feature space, and its column means (n,).

    Centring (Schoelkopf 1998) takes out what all phrasings share. The ridge then has a free
    intercept, and the matrix is conditioned so well that single precision will do. A little is
    added to every pair: no centred target has a part along the constant vector, but rounding
    errors do, and its eigenvalue would otherwise be the ridge alone, which blows them up.
    """
    means = gram.mean(0)
    gram = gram - means
    gram -= means[:, None]
    gram += means.mean() + np.float32(_LIFT)
    return gram, means


def fit(gram: Array, targets: Array, groups: Indices, ridge: float) -> Fit:
    """Solve the ridge for `gram` (n, n) and `targets` (n, intents).

    `groups` (n,) says which phrasings are held out together; the held-out scores of a group B
    are what a fit without B would give: ``Y_B - inv(G_BB) A_B`` with ``G = inv(K + ridge I)`` and
    ``A = G Y`` (the leave-one-out identity of ridge regression, for blocks).
    """
    matrix = gram.copy()
    matrix.flat[:: len(matrix) + 1] += ridge
    inverse = inverse_definite(matrix)
    coefficients = inverse @ targets
    held_out = np.empty_like(coefficients)
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        block = inverse[np.ix_(rows, rows)]
        held_out[rows] = targets[rows] - np.linalg.solve(block, coefficients[rows])
    return Fit(coefficients, held_out)


def inverse_definite(matrix: Array) -> Array:
    """Return the inverse of a symmetric positive definite matrix, in its own precision.

    By halves (the Schur complement), so that nearly all of the work is matrix products: several
    times as fast as numpy's general inverse at some thousand rows.
    """
    size = len(matrix)
    if size <= _SMALL:
        leaf: Array = np.linalg.inv(matrix).astype(matrix.dtype)
        return leaf
    half = size // 2
    corner = inverse_definite(matrix[:half, :half])
    across: Array = corner @ matrix[:half, half:]
    explained: Array = across.T @ matrix[:half, half:]
    rest = inverse_definite(np.subtract(matrix[half:, half:], explained, out=explained))
    mixed = across @ rest
    inverse = np.empty_like(matrix)
    inverse[:half, :half] = corner + mixed @ across.T
    inverse[:half, half:] = -mixed
    inverse[half:, :half] = -mixed.T
    inverse[half:, half:] = rest
    return inverse
