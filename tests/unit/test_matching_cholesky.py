"""The blocked factor solves and inverts like numpy, below, at and above its block size."""

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.matching.cholesky import BLOCK, Cholesky

SIZES = [1, 2, 7, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 77]


def definite(size: int) -> NDArray[np.float64]:
    """Return a symmetric positive definite matrix."""
    rows = np.random.default_rng(size).normal(size=(size, 40))
    matrix: NDArray[np.float64] = rows @ rows.T / 40 + np.eye(size)
    return matrix


@pytest.mark.parametrize("size", SIZES)
def test_it_solves_like_numpy(size: int) -> None:
    """Solving for several columns gives what numpy gives in double precision."""
    matrix = definite(size)
    right = np.random.default_rng(1).normal(size=(size, 3)).astype(np.float32)
    found = Cholesky(matrix.astype(np.float32)).solve(right)
    assert np.abs(np.linalg.solve(matrix, right) - found).max() < 1e-4


@pytest.mark.parametrize("size", SIZES)
def test_a_block_of_the_inverse_is_numpys(size: int) -> None:
    """The inverse's block at chosen rows is that of numpy's whole inverse."""
    matrix = definite(size)
    rows = np.arange(0, size, 3)
    found = Cholesky(matrix.astype(np.float32)).inverse_block(rows)
    assert np.abs(np.linalg.inv(matrix)[np.ix_(rows, rows)] - found).max() < 1e-4


def test_what_is_not_definite_is_refused() -> None:
    """A matrix with a negative eigenvalue has no factor."""
    with pytest.raises(np.linalg.LinAlgError):
        Cholesky(-np.eye(3, dtype=np.float32))
