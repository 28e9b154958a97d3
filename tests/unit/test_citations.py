"""Citations and figures are found in curated texts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.citations import cited_keys, figures, split_citations, without_citations

FUZZ = settings(max_examples=100, derandomize=True, deadline=None, database=None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Steep it. [guide]", ["guide"]),
        ("One. [b-2001] Two. [a-1999] Three. [b-2001]", ["b-2001", "a-1999"]),
        ("One.[a][b]", ["a", "b"]),
        ("No key: [Guide], [a_b], [-a], [a-], [].", []),
        ("", []),
    ],
)
def test_what_a_text_cites(text: str, expected: list[str]) -> None:
    """Keys in brackets are cited, in order, each once; other brackets are text."""
    assert expected == cited_keys(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Steep it. [guide]", "Steep it."),
        ("One [a], two.", "One, two."),
        ("One. [a] [b] Two.", "One. Two."),
        ("One.\n[a] Two.", "One. Two."),
        ("None.", "None."),
    ],
)
def test_a_text_without_its_marks(text: str, expected: str) -> None:
    """A mark goes with the space before it."""
    assert expected == without_citations(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. [a] Two.", [("One.", "a"), (" Two.", "")]),
        ("One. [a] [b]", [("One.", "a"), ("", "b"), ("", "")]),
        ("None.", [("None.", "")]),
    ],
)
def test_a_text_in_pieces(text: str, expected: list[tuple[str, str]]) -> None:
    """A text splits into what is said and the key that follows it."""
    assert expected == split_citations(text)


@FUZZ
@given(st.text("ab1- [].\n"))
def test_the_pieces_of_a_text(text: str) -> None:
    """The pieces of a text, joined, are the text without its marks."""
    expected = without_citations(text)
    assert expected == "".join(piece for piece, _ in split_citations(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6-15 reps in 3 to 5 sets.", ["6", "15", "3", "5"]),
        ("9.3%, or 1,200 of 0.5.", ["9.3", "1,200", "0.5"]),
        ("(-0.88, 3)", ["0.88", "3"]),
        ("a nine-week trial of Twelve weeks", ["9", "12"]),
        ("eight reps, two weeks, ten days", []),
        ("none", []),
    ],
)
def test_the_figures_of_a_text(text: str, expected: list[str]) -> None:
    """Figures are digits with their decimals; weeks that are counted in words count too."""
    assert expected == figures(text)
