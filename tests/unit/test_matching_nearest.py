"""The nearest phrasing of each label."""

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.matching.nearest import NearestFinder

LABELS = np.array([0, 0, 2, 2, 2])
WIDTH = 128


@pytest.fixture
def vectors() -> NDArray[np.float16]:
    """Return five vectors of length 1, most of it in their first directions."""
    made: NDArray[np.float64] = np.random.default_rng(0).normal(size=(5, WIDTH)) / np.arange(
        1, WIDTH + 1
    )
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made.astype(np.float16)


def test_a_phrasing_is_nearest_to_itself(vectors: NDArray[np.float16]) -> None:
    """What was learned is found with a cosine of 1."""
    question = vectors[3].astype(np.float32)
    found = NearestFinder(vectors, LABELS, 3).find(question[None])[0]
    itself = pytest.approx(question @ question, abs=1e-5)
    assert (3, itself) == (found.phrasings[2], found.cosines[2])


def test_each_label_has_its_own_nearest(vectors: NDArray[np.float16]) -> None:
    """Every label gets the highest cosine of its own phrasings."""
    question = vectors[3].astype(np.float32)
    found = NearestFinder(vectors, LABELS, 3).find(question[None])[0]
    every = vectors @ question
    assert [every[:2].max(), every[2:].max()] == pytest.approx(found.cosines[[0, 2]].tolist())
    assert found.phrasings[0] == every[:2].argmax()


def test_a_label_without_phrasings_is_near_nothing(vectors: NDArray[np.float16]) -> None:
    """A label that has no phrasings is as far away as can be."""
    question = vectors[0].astype(np.float32)
    assert NearestFinder(vectors, LABELS, 3).find(question[None])[0].cosines[1] == -1


def test_what_the_last_directions_decide_is_seen() -> None:
    """Of two phrasings that are alike in the first directions, the whole cosine chooses."""
    base = np.zeros((2, WIDTH), np.float16)
    base[:, 0] = 0.8
    base[0, -1], base[1, -1] = 0.6, -0.6
    question = base[1].astype(np.float32)
    assert NearestFinder(base, np.array([0, 0]), 1).find(question[None])[0].phrasings[0] == 1


def test_texts_together_find_what_each_finds_alone(vectors: NDArray[np.float16]) -> None:
    """Several texts at once have the neighbours that they have one by one."""
    finder, questions = NearestFinder(vectors, LABELS, 3), vectors.astype(np.float32)
    together = finder.find(questions)
    alone = [finder.find(question[None])[0] for question in questions]
    assert [each.phrasings.tolist() for each in alone] == [
        each.phrasings.tolist() for each in together
    ]
