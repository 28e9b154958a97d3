"""Kernel ridge on one-hot intents, with exact held-out scores in closed form: a little algebra.

The kernel of two phrasings is ``exp(vector * (cosine - 1) + spelling * (sort - 1))`` plus
``wording`` times the product of their tf-idf rows (see `wording`). The scores of a question are
``bias + k(question, phrasings) @ solve(K + ridge I, one_hot)``, K centred.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.matching.cholesky import Cholesky

Array = NDArray[np.float32]
Indices = NDArray[np.intp]

_LIFT = 0.01
_ROWS = 16


class KernelWeights(NamedTuple):
    """How much each similarity counts, and the ridge that keeps the fit smooth."""

    vector: float
    spelling: float
    wording: float
    ridge: float


class Fit(NamedTuple):
    """A solved ridge: coefficients (n, intents), and the held-out scores of the rows `held`."""

    coefficients: Array
    held_out: Array
    held: Indices


def kernel(cosines: Array, spelling: Array | None, weights: KernelWeights) -> Array:
    """Return the kernel, but for its linear part, from similarities in [0, 1], any shape."""
    if cosines.ndim == 1:
        return _kernel(cosines, spelling, weights)
    values = np.empty_like(cosines)
    for start in range(0, len(cosines), _ROWS):  # so few rows that they stay in the cache
        rows = slice(start, start + _ROWS)
        values[rows] = _kernel(cosines[rows], None if spelling is None else spelling[rows], weights)
    return values


def _kernel(cosines: Array, spelling: Array | None, weights: KernelWeights) -> Array:
    """Return the kernel of a few rows."""
    exponent = cosines * np.float32(weights.vector)
    least = weights.vector
    if spelling is not None and weights.spelling:
        exponent += spelling * np.float32(weights.spelling)
        least += weights.spelling
    exponent -= np.float32(least)
    values: Array = np.exp(exponent, out=exponent)
    return values


def centred(gram: Array) -> tuple[Array, Array]:
    """Centre the kernel in its feature space, in place; return it and its column means (n,).

    Centring (Schoelkopf 1998) takes out what all phrasings share. The ridge then has a free
    intercept, and the matrix is conditioned so well that single precision will do. A little is
    added to every pair: no centred target has a part along the constant vector, but rounding
    errors do, and its eigenvalue would otherwise be the ridge alone, which blows them up.
    """
    means = gram.mean(0)
    level = means - means.mean() - np.float32(_LIFT)
    for start in range(0, len(gram), _ROWS):
        rows = slice(start, start + _ROWS)
        gram[rows] -= means
        gram[rows] -= level[rows, None]
    return gram, means


def fit(gram: Array, targets: Array, groups: Indices, ridge: float) -> Fit:
    """Solve the ridge for `gram` (n, n), which is overwritten, and `targets` (n, intents).

    `groups` (n,) says which phrasings are held out together; rows of a negative group are never
    held out. The held-out scores of a group B are what a fit without B would give:
    ``Y_B - inv(G_BB) A_B`` with ``G = inv(K + ridge I)`` and ``A = G Y`` (the leave-one-out
    identity of ridge regression, for blocks).
    """
    gram.flat[:: len(gram) + 1] += ridge
    factor = Cholesky(gram)
    coefficients = factor.solve(targets)
    held = np.flatnonzero(groups >= 0)
    scores = np.empty((len(held), targets.shape[1]), np.float32)
    singles = len(np.unique(groups[held])) == len(held)
    for rows in [held] if singles else [held[groups[held] == at] for at in np.unique(groups[held])]:
        block = factor.inverse_block(rows)
        solved = (
            coefficients[rows] / block.diagonal()[:, None]
            if singles
            else np.linalg.solve(block, coefficients[rows])
        )
        scores[np.searchsorted(held, rows)] = targets[rows] - solved
    return Fit(coefficients, scores, held)
