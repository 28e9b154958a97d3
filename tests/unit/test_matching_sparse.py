"""Products with rows of few terms, held against the same products with a full matrix."""

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.matching.sparse import SparseMatrix
from bot.matching.wording import NO_TERMS, Row

TERMS = 300
COLUMNS = 3


def rows() -> list[Row]:
    """Return 400 rows: one term that all have, others by chance; some rows are empty."""
    random = np.random.default_rng(1)
    made = [NO_TERMS]
    for size in random.integers(0, 30, 398):
        terms = np.append(0, random.choice(np.arange(1, TERMS - 1), size, replace=False))
        made.append(Row(terms, random.random(len(terms), dtype=np.float32)))
    return [*made, NO_TERMS]


def full(some: list[Row]) -> NDArray[np.float32]:
    """Return rows as a full matrix (rows, terms)."""
    matrix = np.zeros((len(some), TERMS), np.float32)
    for line, row in zip(matrix, some, strict=True):
        line[row.terms] = row.weights
    return matrix


def right(size: int) -> NDArray[np.float32]:
    """Return a factor (size, columns)."""
    return np.random.default_rng(2).random((size, COLUMNS), dtype=np.float32)


def test_a_product_is_the_full_matrixs() -> None:
    """The matrix times a factor is what the full matrix gives."""
    some, factor = rows(), right(TERMS)
    found = SparseMatrix(some, TERMS).times(factor)
    assert found == pytest.approx(full(some) @ factor, abs=1e-4)


def test_a_transposed_product_is_the_full_matrixs() -> None:
    """The transposed matrix times a factor is what the full matrix gives."""
    some, factor = rows(), right(400)
    found = SparseMatrix(some, TERMS).transposed_times(factor)
    assert found == pytest.approx(full(some).T @ factor, abs=1e-4)


def test_squares_are_those_of_columns() -> None:
    """Each term's sum of squares is that of its column."""
    some = rows()
    assert SparseMatrix(some, TERMS).squares == pytest.approx((full(some) ** 2).sum(0), abs=1e-4)


def test_rows_without_terms_are_zero() -> None:
    """A matrix of empty rows gives zeros."""
    assert not SparseMatrix([NO_TERMS] * 4, TERMS).times(right(TERMS)).any()
