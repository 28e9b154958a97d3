"""The nearest phrasing of each label."""

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.matching.nearest import NearestFinder
from bot.matching.packing import Packed

LABELS = np.array([0, 0, 2, 2, 2])
WIDTH = 128


@pytest.fixture
def packed() -> Packed:
    """Return five vectors of length 1, most of it in their first directions."""
    made: NDArray[np.float64] = np.random.default_rng(0).normal(size=(5, WIDTH)) / np.arange(
        1, WIDTH + 1
    )
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return Packed.of(made.astype(np.float32))


@pytest.fixture
def vectors(packed: Packed) -> NDArray[np.float32]:
    """Return the vectors as they are found to be, unpacked."""
    return packed.rows(np.arange(len(LABELS)))


def test_a_phrasing_is_nearest_to_itself(packed: Packed, vectors: NDArray[np.float32]) -> None:
    """What was learned is found with a cosine of 1."""
    question = vectors[3]
    found = NearestFinder(packed, LABELS, 3).find(question[None])[0]
    itself = pytest.approx(question @ question, abs=1e-5)
    assert (3, itself) == (found.phrasings[2], found.cosines[2])


def test_each_label_has_its_own_nearest(packed: Packed, vectors: NDArray[np.float32]) -> None:
    """Every label gets the highest cosine of its own phrasings."""
    question = vectors[3]
    found = NearestFinder(packed, LABELS, 3).find(question[None])[0]
    every = vectors @ question
    assert [every[:2].max(), every[2:].max()] == pytest.approx(found.cosines[[0, 2]].tolist())
    assert found.phrasings[0] == every[:2].argmax()


def test_a_label_without_phrasings_is_near_nothing(
    packed: Packed, vectors: NDArray[np.float32]
) -> None:
    """A label that has no phrasings is as far away as can be."""
    assert NearestFinder(packed, LABELS, 3).find(vectors[:1])[0].cosines[1] == -1


def test_what_the_last_directions_decide_is_seen() -> None:
    """Of two phrasings that are alike in the first directions, the whole cosine chooses."""
    base = np.zeros((2, WIDTH), np.float32)
    base[:, 0] = 0.8
    base[0, -1], base[1, -1] = 0.6, -0.6
    finder = NearestFinder(Packed.of(base), np.array([0, 0]), 1)
    assert finder.find(base[1:])[0].phrasings[0] == 1


def test_texts_together_find_what_each_finds_alone(
    packed: Packed, vectors: NDArray[np.float32]
) -> None:
    """Several texts at once have the neighbours that they have one by one."""
    finder = NearestFinder(packed, LABELS, 3)
    together = finder.find(vectors)
    alone = [finder.find(question[None])[0] for question in vectors]
    assert [each.phrasings.tolist() for each in alone] == [
        each.phrasings.tolist() for each in together
    ]
