"""How sure an answer is: how likely some entry covers the question, and how likely it is the first.

What tells whether a question is covered is not what tells entries apart: a text far from everything
learned may well have one entry ahead of all others.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_TINY = 1e-6
_STEEPEST = 30.0
_LONGEST_STEP = 1.0
_FAR = -1.0


class Clues(NamedTuple):
    """What is known of n texts, each of shape (n,), or of one.

    `first` are the log-odds of the likeliest entry among all entries, `inside` those of all entries
    together; `energy` is the logarithm of the summed exponentials of all raw scores (Liu et al.
    2020); `likeness` is the cosine to the nearest phrasing of an entry, and `strangeness` to that
    of an outside field, -1 without any.
    """

    first: Array
    inside: Array
    energy: Array
    likeness: Array
    strangeness: Array


class Sureness(NamedTuple):
    """The two logistic maps (Platt 1999): weights of clues, and a constant.

    Whether a question is covered rests on `inside`, `level` times the energy, and on `likeness`
    less `strangeness`; whether the first entry is right, if it is, on `slope` times its log-odds.
    """

    inside: float
    level: float
    likeness: float
    strangeness: float
    covered: float
    slope: float
    shift: float


def clues_of(
    chances: Array, scores: NDArray[np.float32], nearest: NDArray[np.float32], outside: Mask
) -> Clues:
    """Return the clues of texts by their probabilities, raw scores and nearest cosines.

    Each is (..., labels); `outside` (labels,) marks labels that stand for what isn't covered. A
    label that doesn't count has a probability of 0, the score -inf and the cosine -1.
    """
    inside = np.where(outside, 0.0, chances)
    whole = inside.sum(-1)
    return Clues(
        first=_log_odds(inside.max(-1) / np.maximum(whole, _TINY)),
        inside=_log_odds(whole),
        energy=np.logaddexp.reduce(scores.astype(np.float64), -1),
        likeness=np.where(outside, _FAR, nearest).max(-1),
        strangeness=np.where(outside, nearest, _FAR).max(-1),
    )


def covered(clues: Clues, sureness: Sureness) -> Array:
    """Return the probability that some entry covers each text."""
    return _sigmoid(
        sureness.inside * clues.inside
        + sureness.level * clues.energy
        + sureness.likeness * clues.likeness
        - sureness.strangeness * clues.strangeness
        + sureness.covered
    )


def right(clues: Clues, sureness: Sureness) -> Array:
    """Return the probability that the first entry answers each text, if any does."""
    return _sigmoid(sureness.slope * clues.first + sureness.shift)


def fit_sureness(clues: Clues, answers: Mask, first_right: Mask) -> Sureness:
    """Fit both maps to texts of which is known whether an entry `answers`, and the first is right.

    Both of shape (n,).
    """
    told = np.stack([clues.inside, clues.energy, clues.likeness, -clues.strangeness])
    covering = _rising(told, answers.astype(np.float64))
    leading = platt(clues.first[None, answers], first_right[answers].astype(np.float64))
    return Sureness(*covering, *leading)


def platt(features: Array, truth: Array, steps: int = 25) -> list[float]:
    """Return the weights of `features` (kinds, n) and a constant in a logistic map, by Newton.

    The first feature, log-odds, begins with the weight 1.
    """
    x = np.vstack([features, np.ones_like(truth)])
    weights = np.zeros(len(x))
    weights[0] = 1.0
    for _ in range(steps):
        predicted = _sigmoid(weights @ x)
        gradient = x @ (predicted - truth) + 1e-3 * weights
        hessian = (x * (predicted * (1 - predicted))) @ x.T + 1e-3 * np.eye(len(x))
        step = np.linalg.solve(hessian, gradient)
        weights = weights - step * min(1.0, _LONGEST_STEP / (float(np.abs(step).max()) + _TINY))
    return [float(weight) for weight in weights]


def _rising(features: Array, truth: Array) -> list[float]:
    """Return what `platt` does, but no feature after the first lowers the probability.

    The one that would do so most is ignored, until none does.
    """
    used = features.copy()
    while True:
        weights = platt(used, truth)
        least = 1 + int(np.argmin(weights[1:-1]))
        if weights[least] >= 0:
            return weights
        used[least] = 0.0


def _sigmoid(x: Array) -> Array:
    """Return 1 / (1 + exp(-x)), without overflow."""
    y: Array = 1 / (1 + np.exp(-np.clip(x, -_STEEPEST, _STEEPEST)))
    return y


def _log_odds(probability: Array) -> Array:
    """Return log(p / (1 - p)), never infinite."""
    clipped = np.clip(probability, _TINY, 1 - _TINY)
    odds: Array = np.log(clipped / (1 - clipped))
    return odds
