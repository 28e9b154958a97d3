"""What people type is read the same, however they type it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text import normalise, normalised, sentences, truncate, utf16_length, words

FUZZ = settings(max_examples=200, derandomize=True, deadline=None, database=None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How LONG?", "how long"),
        ("  a \t b\n\nc ", "a b c"),
        ("snake_case-word", "snake case word"),
        ("don't", "dont"),
        ("don\u2019t", "dont"),
        ("don`t", "dont"),
        ("don\uff07t", "dont"),
        ("caf\u00e9", "cafe"),
        ("cafe\u0301", "cafe"),
        ("\uff28\uff49\uff50 \ufb01t", "hip fit"),
        ("Stra\u00dfe", "strasse"),
        ("tea \U0001f375 time", "tea time"),
        ("a\0b\u200b", "a b"),
        ("\u0447\u0430\u0439", "\u0447\u0430\u0439"),
        ("\u0439", "\u0439"),
        ("3 x 10", "3 x 10"),
        ("?!", ""),
        ("", ""),
    ],
)
def test_normalised_text(text: str, expected: str) -> None:
    """Case, accents on Latin letters, apostrophes, punctuation and emoji make no difference."""
    assert expected == normalise(text)


def test_an_acute_accent_for_an_apostrophe() -> None:
    """The accent that some keyboards give for an apostrophe is read as one."""
    expected = "dont"
    assert expected == normalise("don\u00b4t")


@FUZZ
@given(st.lists(st.text(max_size=12) | st.sampled_from(["6'4", "don't", "a\nb", "5'", "8", ""])))
def test_many_are_normalised_as_each_is(texts: list[str]) -> None:
    """Text by text and all at once, the same comes out."""
    assert [normalise(text) for text in texts] == list(normalised(texts))


def test_more_than_are_normalised_at_once() -> None:
    """Of very many texts, each has its own place."""
    texts = [f"Set {number}!" for number in range(1201)]
    assert [normalise(text) for text in texts] == list(normalised(texts))


@FUZZ
@given(st.text())
def test_normalising_twice(text: str) -> None:
    """Normalised text is normal."""
    once = normalise(text)
    assert once == normalise(once)


@FUZZ
@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_is_read_like_any_other(text: str) -> None:
    """What has ASCII characters only is normalised as it is beside other letters."""
    expected = f"{normalise(text)} ж".strip()
    assert expected == normalise(f"{text} ж")


@FUZZ
@given(st.text())
def test_the_words_of_a_text(text: str) -> None:
    """Words are what normalised text has between its spaces."""
    expected = normalise(text)
    assert expected == " ".join(words(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        ("One\n\n two", ["One", "two"]),
        ("One; two", ["One;", "two"]),
        ("2.5 kg", ["2.5 kg"]),
        (" \n ", []),
    ],
)
def test_the_sentences_of_a_text(text: str, expected: list[str]) -> None:
    """A sentence ends at its mark before a space, or with its line."""
    assert expected == sentences(text)


@pytest.mark.parametrize(("text", "expected"), [("tea", 3), ("\u00e9", 1), ("\U0001f375", 2)])
def test_the_length_that_telegram_counts(text: str, expected: int) -> None:
    """A character outside the basic plane counts twice."""
    assert expected == utf16_length(text)


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("black tea", 9, "black tea"),
        ("black tea", 8, "black\u2026"),
        ("blackest", 5, "blac\u2026"),
        ("a b c d", 5, "a b\u2026"),
    ],
)
def test_a_text_that_is_cut(text: str, limit: int, expected: str) -> None:
    """A text is cut at a word's end if it has one, with an ellipsis."""
    assert expected == truncate(text, limit)


@FUZZ
@given(st.text(), st.integers(1, 50))
def test_the_length_of_a_text_that_is_cut(text: str, limit: int) -> None:
    """A text that is cut has at most as many characters as it may."""
    assert len(truncate(text, limit)) <= limit
