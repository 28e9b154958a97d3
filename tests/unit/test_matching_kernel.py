"""Kernel ridge: held-out scores equal a fit that never saw the group."""

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.matching.kernel import KernelWeights, centred, fit, kernel

RIDGE = 0.3
COSINE = np.array([[0.25]], np.float32)
ALIKE = np.array([[0.5]], np.float32)
GROUPS = np.arange(24, dtype=np.intp) % 4


class Problem(NamedTuple):
    """A gram matrix (n, n) and one-hot targets (n, labels)."""

    gram: NDArray[np.float32]
    targets: NDArray[np.float32]


@pytest.fixture(scope="module")
def problem() -> Problem:
    """Return a small random problem with a positive definite gram matrix."""
    random = np.random.default_rng(5)
    rows = random.normal(size=(24, 6)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    gram = np.exp(2 * (rows @ rows.T) - 2)
    return Problem(gram, np.eye(5, dtype=np.float32)[random.integers(0, 5, 24)])


def refitted(
    problem: Problem, held: NDArray[np.bool_], ridge: float = RIDGE
) -> NDArray[np.float64]:
    """Return the scores of the rows in `held` from a fit that never saw them."""
    gram = problem.gram.astype(np.float64)
    seen = ~held
    matrix = gram[np.ix_(seen, seen)] + ridge * np.eye(int(seen.sum()))
    coefficients = np.linalg.solve(matrix, problem.targets[seen])
    scores: NDArray[np.float64] = gram[np.ix_(held, seen)] @ coefficients
    return scores


@pytest.mark.parametrize("group", range(4))
def test_held_out_scores_equal_a_fit_without_the_group(problem: Problem, group: int) -> None:
    """The closed form gives a group exactly the scores of a model that never saw it."""
    held = np.equal(GROUPS, group)
    held_out = fit(problem.gram.copy(), problem.targets, GROUPS, RIDGE).held_out
    assert refitted(problem, held) == pytest.approx(held_out[held], abs=1e-4)


def test_a_negative_group_is_never_held_out(problem: Problem) -> None:
    """Rows whose group is -1 are learned from, and only the others are judged."""
    some = np.where(GROUPS < 2, GROUPS, -1)
    fitted = fit(problem.gram.copy(), problem.targets, some, RIDGE)
    assert np.flatnonzero(some >= 0).tolist() == fitted.held.tolist()


def test_the_rows_of_a_centred_kernel_add_up_to_next_to_nothing(problem: Problem) -> None:
    """What all phrasings share is gone, but for the little that keeps rounding in check."""
    values, _ = centred(problem.gram.copy())
    assert [0.01] * len(values) == pytest.approx(values.mean(1).tolist(), abs=1e-6)


def test_leave_one_out_equals_refitting(problem: Problem) -> None:
    """With every phrasing its own group, each score is that of a fit without this phrasing."""
    count = len(problem.gram)
    alone = np.arange(count, dtype=np.intp)
    expected = np.concatenate([refitted(problem, np.equal(alone, row)) for row in range(count)])
    held_out = fit(problem.gram.copy(), problem.targets, alone, RIDGE).held_out
    assert expected == pytest.approx(held_out, abs=1e-4)


def test_coefficients_solve_the_ridge(problem: Problem) -> None:
    """(K + ridge I) times the coefficients gives the targets back."""
    fitted = fit(problem.gram.copy(), problem.targets, GROUPS, RIDGE)
    matrix = problem.gram.astype(np.float64) + RIDGE * np.eye(len(problem.gram))
    assert problem.targets == pytest.approx(matrix @ fitted.coefficients, abs=1e-4)


def test_the_kernel_of_equal_phrasings_is_one() -> None:
    """Same meaning and same spelling give 1, whatever the weights."""
    ones = np.ones((1, 1), np.float32)
    assert kernel(ones, ones, KernelWeights(3.0, 1.0, 0.0, RIDGE))[0, 0] == pytest.approx(1.0)


def test_the_kernel_is_what_its_formula_says() -> None:
    """The kernel is exp(vector * (cosine - 1) + spelling * (sort - 1))."""
    expected = np.exp(2 * (0.25 - 1) + 0.5 * (0.5 - 1))
    assert expected == pytest.approx(
        kernel(COSINE, ALIKE, KernelWeights(2.0, 0.5, 0.0, RIDGE))[0, 0]
    )


def test_spelling_without_weight_is_left_out() -> None:
    """With no weight for spelling, the kernel is that of the vectors alone."""
    weights = KernelWeights(2.0, 0.0, 0.0, RIDGE)
    assert kernel(COSINE, None, weights).tolist() == kernel(COSINE, ALIKE, weights).tolist()
