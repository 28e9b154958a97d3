"""Softmax regression: the minimum that it finds, and what it learns."""

import numpy as np
import pytest

from bot.matching import regression
from bot.matching.regression import Coefficients, Features, fit
from bot.matching.sparse import SparseMatrix
from bot.matching.wording import Wording

TEXTS = ["red apple", "green apple", "sour apple", "red car", "fast car", "old car"]
LABELS = np.array([0, 0, 0, 1, 1, 1])
TARGETS = np.eye(3, dtype=np.float32)[LABELS]
VECTORS = np.array([[1, 0], [0.8, 0.6], [0.9, 0.4], [0, 1], [0.6, 0.8], [0.4, 0.9]], np.float32)
WORDING = Wording.learn(TEXTS)
FEATURES = Features(
    SparseMatrix([WORDING.row(text) for text in TEXTS], len(WORDING.terms)), VECTORS
)


def slope(found: Coefficients) -> float:
    """Return the length of the loss's gradient at `found`, that of the constants left out."""
    problem = regression._Problem(FEATURES, TARGETS, regression.PENALTY)
    at = np.concatenate([found.terms, found.vectors, found.bias[None]])
    return float(np.linalg.norm(problem.evaluate(at).gradient[:-1]))


def test_the_gradient_is_the_losss() -> None:
    """A small step along each of some coordinates changes the loss as the gradient says."""
    problem = regression._Problem(FEATURES, TARGETS, regression.PENALTY)
    at = np.random.default_rng(0).normal(size=(problem.size, 3)).astype(np.float32)
    point = problem.evaluate(at)
    for row, column in ((0, 0), (5, 1), (-2, 2), (-1, 0)):
        step = np.zeros_like(at)
        step[row, column] = 1e-2
        change = problem.evaluate(at + step).loss - problem.evaluate(at - step).loss
        assert point.gradient[row, column] == pytest.approx(change / 2e-2, abs=2e-3)


def test_a_text_that_counts_twice_is_like_two() -> None:
    """Twice the targets of a text have the loss and the gradient of the text standing twice."""
    heavy = TARGETS.copy()
    heavy[0] *= 2
    twice = [0, *range(len(TEXTS))]
    rows = [WORDING.row(TEXTS[at]) for at in twice]
    doubled = Features(SparseMatrix(rows, len(WORDING.terms)), VECTORS[twice])
    one = regression._Problem(FEATURES, heavy, regression.PENALTY)
    other = regression._Problem(doubled, TARGETS[twice], regression.PENALTY)
    at = np.random.default_rng(0).normal(size=(one.size, 3)).astype(np.float32)
    assert one.evaluate(at).loss == pytest.approx(other.evaluate(at).loss, rel=1e-5)
    assert np.allclose(one.evaluate(at).gradient, other.evaluate(at).gradient, atol=1e-4)


def test_the_fit_is_near_the_minimum() -> None:
    """Where the fit ends, the loss is far flatter than where it began."""
    nothing = Coefficients(
        np.zeros((len(WORDING.terms), 3), np.float32),
        np.zeros((2, 3), np.float32),
        np.zeros(3, np.float32),
    )
    assert slope(fit(FEATURES, TARGETS)) < slope(nothing) / 20


def test_what_was_learned_is_right() -> None:
    """Texts that were learned get their own label."""
    found = fit(FEATURES, TARGETS)
    scores = FEATURES.terms.times(found.terms) + VECTORS @ found.vectors + found.bias
    assert LABELS.tolist() == scores.argmax(1).tolist()


def test_a_label_without_texts_is_never_likely() -> None:
    """A label that no text has scores below the others."""
    found = fit(FEATURES, TARGETS)
    assert found.bias[2] < found.bias[:2].min()


def test_a_larger_penalty_means_smaller_weights() -> None:
    """The penalty keeps weights small."""
    free, bound = fit(FEATURES, TARGETS, 0.01), fit(FEATURES, TARGETS, 1.0)
    assert np.abs(bound.terms).sum() < np.abs(free.terms).sum()


def test_fitting_twice_gives_the_same() -> None:
    """Fitting draws no random numbers."""
    one, other = fit(FEATURES, TARGETS), fit(FEATURES, TARGETS)
    assert all(np.array_equal(*pair) for pair in zip(one, other, strict=True))
