"""Vectors in less than half their room."""

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.matching.packing import FIRST, Packed

WIDTH = 256


@pytest.fixture(scope="module")
def vectors() -> NDArray[np.float32]:
    """Return vectors of length 1, most of it in their first directions."""
    made: NDArray[np.float64] = np.random.default_rng(0).normal(size=(200, WIDTH))
    made /= np.sqrt(np.arange(1, WIDTH + 1))
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made.astype(np.float32)


def test_cosines_are_nearly_what_they_were(vectors: NDArray[np.float32]) -> None:
    """No cosine of packed vectors is further off than their docstring's order of size."""
    unpacked = Packed.of(vectors).rows(np.arange(len(vectors)))
    errors = unpacked @ vectors.T - vectors @ vectors.T
    assert np.abs(errors).max() < 2e-3
    assert np.sqrt((errors**2).mean()) < 3e-4


def test_the_first_directions_are_as_they_were(vectors: NDArray[np.float32]) -> None:
    """What most of a cosine comes from isn't rounded."""
    chosen = np.array([7, 3])
    assert np.array_equal(vectors[chosen, :FIRST], Packed.of(vectors).rows(chosen)[:, :FIRST])


def test_they_need_less_than_half(vectors: NDArray[np.float32]) -> None:
    """The arrays are smaller than they would be in half precision."""
    assert sum(part.nbytes for part in Packed.of(vectors)) < vectors.nbytes * 0.45


def test_a_direction_in_which_nothing_lies_is_packed() -> None:
    """A width that no vector uses leaves zeros, without a warning."""
    assert not Packed.of(np.zeros((2, WIDTH), np.float32)).rows(np.array([0, 1])).any()


def test_vectors_may_have_few_directions() -> None:
    """With no more than the first directions, nothing is rounded."""
    few = np.eye(3, dtype=np.float32)
    assert np.array_equal(few, Packed.of(few).rows(np.arange(3)))
