"""Words and pairs of words as a linear kernel."""

import numpy as np
import pytest

from bot.matching.wording import Wording, add_products

TEXTS = ["how many sets", "how many reps", "where does the bar go", "the bar hurts", "how many"]


@pytest.fixture
def wording() -> Wording:
    """Return the wording of a few texts."""
    return Wording.learn(TEXTS)


def test_terms_that_two_texts_share_are_known(wording: Wording) -> None:
    """Only words and pairs that stand in two texts or more are terms."""
    assert ("bar", "how", "how many", "many", "the", "the bar") == wording.terms


def test_rows_have_unit_length(wording: Wording) -> None:
    """A text with a known term has a row of length 1."""
    assert np.linalg.norm(wording.row("how many sets").weights) == pytest.approx(1)


def test_unknown_words_have_an_empty_row(wording: Wording) -> None:
    """A text of unknown words has no terms."""
    assert len(wording.row("quite other things").terms) == 0


def test_products_are_inner_products(wording: Wording) -> None:
    """What is added to the gram matrix is the weighted inner product of each pair."""
    rows = [wording.row(text) for text in TEXTS]
    dense = np.zeros((len(TEXTS), len(wording.terms)), np.float32)
    for line, row in zip(dense, rows, strict=True):
        line[row.terms] = row.weights
    gram = np.ones((len(TEXTS), len(TEXTS)), np.float32)
    add_products(gram, rows, 0.5)
    assert (1 + 0.5 * dense @ dense.T).tolist() == pytest.approx(gram, abs=1e-6)


def test_gathered_terms_give_the_same_scores(wording: Wording) -> None:
    """A row times the gathered terms is what the products times the coefficients would be."""
    rows = [wording.row(text) for text in TEXTS]
    coefficients = np.arange(10, dtype=np.float32).reshape(5, 2)
    gram = np.zeros((5, 5), np.float32)
    add_products(gram, rows, 1.0)
    terms = wording.gather(rows, coefficients)
    scores = rows[0].weights @ terms[rows[0].terms]
    assert (gram[0] @ coefficients).tolist() == pytest.approx(scores.tolist(), abs=1e-5)
