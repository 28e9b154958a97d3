"""The sample that a fit of very many phrasings learns from."""

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.knowledge.base import Phrase
from bot.matching.labelled import Labelled
from bot.matching.sampling import ROOM, Room, sampled

LABELS = np.repeat([0, 1, 3], [500, 10, 90])
"""Of three labels, one has most phrasings; the label 2 has none."""


def counts(chosen: NDArray[np.intp]) -> list[int]:
    """Return how many phrasings of each label were chosen."""
    return [int((LABELS[chosen] == label).sum()) for label in range(4)]


def test_up_to_a_size_all_phrasings_are_fitted_to() -> None:
    """A knowledge as large as the limit is not sampled."""
    labels = np.repeat(np.arange(4), ROOM.many // 4)
    assert np.array_equal(np.arange(ROOM.many), sampled(labels))


def test_above_the_size_the_sample_is_full() -> None:
    """One phrasing more than the limit, and about as many as the sample holds are chosen."""
    labels = np.repeat(np.arange(10), ROOM.many // 10 + 1)
    assert ROOM.most - 10 <= len(sampled(labels)) <= ROOM.most


def test_labels_give_up_to_one_cap() -> None:
    """A label with few phrasings gives all of them, all others the same number."""
    assert [45, 10, 0, 45] == counts(sampled(LABELS, Room(100, 100)))


def test_the_sample_is_never_larger_than_asked_for() -> None:
    """Where the labels' equal share isn't whole, it is rounded down."""
    assert [44, 10, 0, 44] == counts(sampled(LABELS, Room(100, 99)))


def test_no_label_is_left_out() -> None:
    """Every label that has phrasings gives one, even if the sample has no room for it."""
    assert [1, 1, 0, 1] == counts(sampled(LABELS, Room(2, 2)))


def test_the_sample_is_the_same_each_time() -> None:
    """Two samples of the same labels have the same phrasings."""
    assert np.array_equal(sampled(LABELS, Room(100, 100)), sampled(LABELS, Room(100, 100)))


def test_phrasings_are_chosen_from_all_over_a_label() -> None:
    """The phrasings of a label aren't its first ones: voices stand one after another."""
    chosen = sampled(LABELS, Room(100, 100))
    assert np.median(chosen[LABELS[chosen] == 0]) == pytest.approx(250, abs=100)


def test_numbers_rise() -> None:
    """The chosen ones stand in their order, so that their labels never fall."""
    assert (np.diff(sampled(LABELS, Room(100, 100))) > 0).all()


def test_a_part_of_what_is_learned_keeps_all_labels() -> None:
    """Phrasings that are left out take no label with them."""
    phrases = tuple(Phrase(text, "author", "", 1) for text in ("one", "two", "three"))
    learned = Labelled(("a", "b"), frozenset({"b"}), phrases, np.array([0, 0, 1]))
    part = learned.part(np.array([0, 1]))
    assert ("a", "b") == part.labels
    assert ["one", "two"] == [phrase.text for phrase in part.phrases]
    assert [0, 0] == part.label_of.tolist()
