"""Softmax regression: which label a text has, from its terms and its vector.

The loss is the cross-entropy of the labels plus half the squared weights times a penalty. It is
minimised by limited-memory BFGS (Nocedal 1980), whose first guess of the curvature is the diagonal
one of the features: terms that are rare may move further than those that every text has.
"""

from collections import deque
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.matching.sparse import SparseMatrix

Array = NDArray[np.float32]

PENALTY = 0.05
_REMEMBERED = 5
_MOST_STEPS = 30
_LEAST_GAIN = 0.001
_MANY = 10_000
_LEAST_GAIN_OF_MANY = 0.005
"""Stop when two steps in a row lower the loss by a smaller share of it; for many texts, whose steps
take long and bring less, sooner. One step may be small by chance."""
_SMALL_STEPS = 2
_CURVATURE = 0.02
"""About what a label's probability times the rest of it is, on the way to the minimum."""
_SHORTEST = 1 / 64
_ENOUGH = 1e-4


class Features(NamedTuple):
    """What is known of n texts: their `terms` (n, terms), and their `vectors` (n, width)."""

    terms: SparseMatrix
    vectors: Array


class Coefficients(NamedTuple):
    """What each term and each direction of the vectors adds to each label, and a constant.

    Shapes (terms, labels), (width, labels) and (labels,). A fit's are float32; those of an index
    that is ready for questions have `terms` in half precision.
    """

    terms: NDArray[np.float16 | np.float32]
    vectors: Array
    bias: Array


class _Point(NamedTuple):
    """A place on the way: all coefficients in one array, the loss there and its gradient."""

    at: Array
    loss: float
    gradient: Array


class Beginning(NamedTuple):
    """Where a fit of some labels begins, while all others keep what they have.

    `others` (n,) is the logarithm of the summed exponentials of the others' scores.
    """

    coefficients: Coefficients
    others: Array


def fit(
    features: Features,
    targets: Array,
    penalty: float = PENALTY,
    beginning: Beginning | None = None,
) -> Coefficients:
    """Return the coefficients for `targets` (n, labels), the share of each label in each text.

    A row of targets that adds up to more or less than 1 counts that much. With a `beginning`, the
    last column of targets stands for all other labels, which get no coefficients.
    """
    problem = _Problem(features, targets, penalty, beginning.others if beginning else None)
    if beginning:
        parts = beginning.coefficients
        start = np.concatenate([parts.terms, parts.vectors, parts.bias[None]])
    else:
        start = np.zeros((problem.size, targets.shape[1]), np.float32)
    point = problem.evaluate(start)
    memory = _Memory(problem.scale)
    least = _LEAST_GAIN_OF_MANY if len(targets) > _MANY else _LEAST_GAIN
    small = 0
    for _ in range(_MOST_STEPS):
        found = _searched(problem, point, memory.direction(point.gradient), memory.first_step)
        if found is None:
            break
        memory.learn(found.at - point.at, found.gradient - point.gradient)
        gain, point = point.loss - found.loss, found
        small = small + 1 if gain < least * point.loss else 0
        if small == _SMALL_STEPS:
            break
    return problem.split(point.at)


class _Problem:
    """The loss of one fit."""

    def __init__(
        self, features: Features, targets: Array, penalty: float, others: Array | None = None
    ) -> None:
        self._features, self._targets, self._penalty = features, targets, np.float32(penalty)
        self._counts = targets.sum(1, keepdims=True)
        self._others = None if others is None else others[:, None]
        self._terms, width = features.terms.shape[1], features.vectors.shape[1]
        self.size = self._terms + width + 1
        squares = [features.terms.squares, (features.vectors**2).sum(0), [len(targets)]]
        self.scale = (1 / (_CURVATURE * np.concatenate(squares) + penalty)).astype(np.float32)
        """The diagonal guess of the inverse curvature, (size,)."""

    def split(self, at: Array) -> Coefficients:
        """Return the parts of an array of all coefficients (size, labels)."""
        return Coefficients(at[: self._terms], at[self._terms : -1], at[-1])

    def evaluate(self, at: Array) -> _Point:
        """Return the loss and its gradient at `at` (size, labels)."""
        terms, vectors, bias = self.split(at)
        scores = self._features.terms.times(terms)
        scores += self._features.vectors @ vectors
        scores += bias
        if self._others is not None:
            scores = np.concatenate([scores, self._others], 1)
        scores -= scores.max(1, keepdims=True)
        fit_of = np.vdot(scores, self._targets)
        np.exp(scores, out=scores)
        sums = scores.sum(1, keepdims=True)
        weights = at[:-1]
        loss = float(
            np.vdot(np.log(sums), self._counts)
            - fit_of
            + self._penalty * np.vdot(weights, weights) / 2
        )
        scores *= self._counts / sums
        scores -= self._targets
        scores = scores[:, : at.shape[1]]
        gradient = np.concatenate(
            [
                self._features.terms.transposed_times(scores),
                self._features.vectors.T @ scores,
                scores.sum(0, keepdims=True),
            ]
        )
        gradient[:-1] += self._penalty * weights
        return _Point(at, loss, gradient)


class _Memory:
    """What the last steps say about the curvature of the loss."""

    def __init__(self, scale: Array) -> None:
        self._scale = scale[:, None]
        self._steps: deque[tuple[Array, Array, float]] = deque(maxlen=_REMEMBERED)

    @property
    def first_step(self) -> float:
        """How far to go at first along a direction: carefully where nothing is known."""
        return 1.0 if self._steps else 0.25

    def learn(self, step: Array, change: Array) -> None:
        """Remember how the gradient changed along `step`, if the loss is convex there."""
        product = _dot(step, change)
        if product > 0:
            self._steps.append((step, change, product))

    def direction(self, gradient: Array) -> Array:
        """Return where the loss falls: minus the inverse curvature times `gradient`."""
        found = -gradient
        scratch = np.empty_like(found)
        parts = []
        for step, change, product in reversed(self._steps):
            part = np.float32(_dot(step, found) / product)
            parts.append(part)
            found -= np.multiply(change, part, out=scratch)
        found *= self._scale
        if self._steps:
            _, change, product = self._steps[-1]
            scaled = np.multiply(change, self._scale, out=scratch)
            found *= np.float32(product / _dot(change, scaled))
        for (step, change, product), part in zip(self._steps, reversed(parts), strict=True):
            lacking = part - np.float32(_dot(change, found) / product)
            found += np.multiply(step, lacking, out=scratch)
        return found


def _searched(problem: _Problem, point: _Point, direction: Array, length: float) -> _Point | None:
    """Return a lower point along `direction` (Armijo's rule, halving); None if there is none."""
    slope = _dot(point.gradient, direction)
    while length >= _SHORTEST:
        found = problem.evaluate(point.at + np.float32(length) * direction)
        if found.loss <= point.loss + _ENOUGH * length * slope:
            return found
        length /= 2
    return None


def _dot(left: Array, right: Array) -> float:
    """Return the inner product of two arrays of one shape."""
    return float(np.vdot(left, right))
