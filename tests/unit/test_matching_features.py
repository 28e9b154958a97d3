"""Similarities by spelling: RapidFuzz's own numbers, many at a time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from bot.matching.features import nearest_word, sort_similarity, sort_words
from bot.text import normalise

TYPED = st.lists(st.text(alphabet="abcde é12я", max_size=24).map(normalise), min_size=1, max_size=4)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(TYPED, TYPED)
def test_similarity_is_token_sort_ratio(left: list[str], right: list[str]) -> None:
    """Every pair has RapidFuzz's token_sort_ratio / 100, empty texts included."""
    expected = [[fuzz.token_sort_ratio(a, b) / 100 for b in right] for a in left]
    found = sort_similarity([*map(sort_words, left)], [*map(sort_words, right)])
    assert np.array(expected) == pytest.approx(found, abs=1e-6)


def test_the_order_of_words_does_not_count() -> None:
    """A text and the same words in another order are wholly alike."""
    left, right = sort_words("sets how many"), sort_words("how many sets")
    assert sort_similarity([left], [right]).tolist() == [[1.0]]


def test_similarity_has_a_row_a_text() -> None:
    """The shape is (left, right)."""
    assert sort_similarity(["a", "b", "c"], ["a", "b"]).shape == (3, 2)


def test_nearest_word_is_the_one_meant() -> None:
    """A slip of the finger finds the word that was meant."""
    assert nearest_word("squast", ["bench", "squat", "thrust"]) == "squat"


def test_a_far_word_has_no_nearest() -> None:
    """A word like none of the known ones stays unknown."""
    assert nearest_word("protein", ["bench", "squat", "thrust"]) is None


def test_swapped_letters_beat_a_wrong_letter() -> None:
    """Two swapped letters are likelier than one other letter: "glutse" means "glutes"."""
    assert nearest_word("glutse", ["gluten", "glutes"]) == "glutes"


def test_a_short_word_with_two_letters_swapped_is_near() -> None:
    """Two letters swapped in a short word are nearer than a longer word that has them all."""
    assert nearest_word("mnay", ["monday", "many"]) == "many"
