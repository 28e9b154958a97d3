"""Words, pairs of words and runs of letters as weighted terms."""

import numpy as np
import pytest

from bot.matching.wording import RARE_OF_SAMPLE, Wording

TEXTS = ["how many sets", "how many reps", "where does the bar go", "the bar hurts", "how many"]


@pytest.fixture
def wording() -> Wording:
    """Return the wording of a few texts."""
    return Wording.learn(TEXTS)


def named(wording: Wording, text: str) -> dict[str, float]:
    """Return the terms of a text by name, with their weights."""
    row = wording.row(text)
    names = [wording.terms[at] for at in row.terms]
    return dict(zip(names, row.weights.tolist(), strict=True))


def test_words_and_pairs_of_neighbours_are_terms(wording: Wording) -> None:
    """A text's words and its pairs of neighbours are terms."""
    assert {"the", "bar", "the bar"} <= set(named(wording, "the bar"))


def test_runs_of_letters_are_terms(wording: Wording) -> None:
    """Runs of two to four letters of a word, borders included, are terms marked as such."""
    expected = {"#<b", "#ba", "#ar", "#r>", "#<ba", "#bar", "#ar>", "#<bar", "#bar>"}
    assert expected == {term for term in named(wording, "bar") if term.startswith("#")}


def test_a_misspelt_word_shares_letters(wording: Wording) -> None:
    """A word that nobody wrote has the runs of letters of the one that was meant."""
    assert "#rep" in named(wording, "repps")


def test_rows_have_unit_length(wording: Wording) -> None:
    """A text with known terms of both kinds has a row of length 1."""
    assert np.linalg.norm(wording.row("how many sets").weights) == pytest.approx(1)


def test_each_kind_has_half_the_length(wording: Wording) -> None:
    """Words and letters weigh the same, however many there are of each."""
    words = [weight for term, weight in named(wording, "how many sets").items() if term[0] != "#"]
    assert np.square(words).sum() == pytest.approx(0.5)


def test_unknown_words_have_an_empty_row(wording: Wording) -> None:
    """A text without any known term has no terms."""
    assert len(wording.row("\N{PEACH} 77").terms) == 0


def test_rare_terms_tell_more(wording: Wording) -> None:
    """Of two words of a text, the one that fewer texts have weighs more."""
    found = named(wording, "how sets")
    assert found["sets"] > found["how"]


def test_in_many_texts_a_term_must_not_be_alone() -> None:
    """Of more than 5,000 texts, terms that stand in one of them are left out."""
    wording = Wording.learn(["plain words"] * 5000 + ["oddity"])
    assert "oddity" not in wording.terms


def test_of_a_sample_rare_terms_fall_away_sooner() -> None:
    """What is rare can be said: of 2,500 texts as of 5,000."""
    texts = ["plain words"] * 2500 + ["oddity"]
    assert "oddity" in Wording.learn(texts).terms
    assert "oddity" not in Wording.learn(texts, RARE_OF_SAMPLE).terms
