"""What a fit learns from, and the nearest phrasing of each label."""

import numpy as np
import pytest

from bot.matching.material import Material, Neighbours, shares
from bot.matching.wording import Wording

TEXTS = ["red apple", "green apple", "red car", "fast car"]
LABELS = np.array([0, 0, 2, 2])
VECTORS = np.array([[1, 0], [0.8, 0.6], [0, 1], [0.6, 0.8]], np.float32)


@pytest.fixture
def material() -> Material:
    """Return four phrasings of two of three labels."""
    wording = Wording.learn(TEXTS)
    return Material([*map(wording.row, TEXTS)], len(wording.terms), VECTORS, LABELS, 3)


def test_the_nearest_of_a_label_is_its_highest_cosine() -> None:
    """Of the phrasings of a label, the one most like the question counts."""
    cosines = np.array([0.2, 0.7, 0.5, 0.1], np.float32)
    assert Neighbours(LABELS, 3).nearest(cosines)[[0, 2]].tolist() == pytest.approx([0.7, 0.5])


def test_a_label_without_phrasings_is_near_nothing() -> None:
    """A label that has no phrasings is as far away as can be."""
    assert Neighbours(LABELS, 3).nearest(np.ones(4, np.float32))[1] == -1


def test_the_nearest_of_many_questions() -> None:
    """Questions in rows get their nearest row by row."""
    cosines = np.array([[0.2, 0.7, 0.5, 0.1], [1, 0, 0, 1]], np.float32)
    assert Neighbours(LABELS, 3).nearest(cosines)[:, 0].tolist() == pytest.approx([0.7, 1.0])


def test_a_part_keeps_what_belongs_together(material: Material) -> None:
    """A part has the rows, vectors and labels of the chosen phrasings."""
    part = material.part(np.array([1, 3]))
    assert [0, 2] == part.labels.tolist()
    assert VECTORS[[1, 3]].tolist() == part.vectors.tolist()
    assert part.rows[1] is material.rows[3]


def test_scores_find_what_was_taught(material: Material) -> None:
    """Phrasings score highest for their own label."""
    assert LABELS.tolist() == material.scores(material.teach(0.5)).argmax(1).tolist()


def test_vectors_of_no_weight_teach_little(material: Material) -> None:
    """The less vectors weigh, the less they add to scores."""
    light, heavy = material.teach(0.01), material.teach(2.0)
    assert np.abs(light.vectors).max() < np.abs(heavy.vectors).max()


def test_a_label_with_few_phrasings_is_heard() -> None:
    """Between a label with one phrasing and one with many, what is like both isn't the many's."""
    texts = ["blue tea", *(f"cold milk {word}" for word in "abcdefghijkl")]
    wording = Wording.learn(texts)
    labels = np.array([0, *[1] * 12])
    rows = [wording.row(text) for text in texts]
    material = Material(rows, len(wording.terms), np.ones((13, 2), np.float32), labels, 2)
    found = material.teach(0.05)
    assert abs(found.bias[1] - found.bias[0]) < np.log(12)


def test_labels_count_as_the_root_of_their_phrasings() -> None:
    """A label with four times the phrasings counts twice as much in all; the mean is 1."""
    found = shares(np.array([0, 1, 1, 1, 1]))[:, 0]
    assert found[1:].sum() == pytest.approx(2 * found[0])
    assert found.mean() == pytest.approx(1)


def test_nothing_to_learn_from_counts_for_nothing() -> None:
    """Without phrasings there is nothing to count, and that is no error."""
    assert (0, 1) == shares(np.empty(0, np.intp)).shape
