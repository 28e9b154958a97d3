"""Common English words."""

import tracemalloc

import pytest

from bot.matching.english import EnglishWords, english_words


@pytest.fixture(scope="module")
def few() -> EnglishWords:
    """Return three words."""
    return EnglishWords([b"squat", b"bench", b"thrust"])


@pytest.mark.parametrize("word", ["bench", "squat", "thrust"])
def test_a_word_that_was_given_is_known(few: EnglishWords, word: str) -> None:
    """Every word is found."""
    assert word in few


@pytest.mark.parametrize("word", ["", "ben", "benches", "aaaa", "zzzz", "Bench", "bénch", "жим"])
def test_any_other_is_not(few: EnglishWords, word: str) -> None:
    """Beginnings, longer words, those before and after all others, and other scripts are not."""
    assert word not in few


def test_many_are_looked_up_together(few: EnglishWords) -> None:
    """Of many words, those that are English are returned."""
    assert few.among(["squat", "hyrox", "thrust", "жим"]) == {"squat", "thrust"}


def test_a_very_long_word_takes_no_memory() -> None:
    """The words are not made as long as one that is longer than all of them."""
    words = EnglishWords(f"word{number}".encode() for number in range(1000))
    tracemalloc.start()
    assert "a" * 4096 not in words
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 100_000


def test_of_none_none_is_english(few: EnglishWords) -> None:
    """Nothing is found among no words."""
    assert few.among([]) == frozenset()


def test_they_are_gone_through_in_order(few: EnglishWords) -> None:
    """All words can be listed, and counted."""
    assert list(few) == ["bench", "squat", "thrust"]
    assert len(few) == len(list(few))


def test_the_bots_own_words_are_common_ones() -> None:
    """The list that comes with the bot has the words that everybody uses."""
    assert english_words().among(["form", "squad", "better", "glutiiis"]) == {
        "form",
        "squad",
        "better",
    }
