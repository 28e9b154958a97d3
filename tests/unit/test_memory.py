"""What people type is remembered to save time, but never so much that it fills the memory."""

import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from bot.conversation.phrases import PhraseFinder
from bot.matching.reading import Reader
from bot.matching.wording import Wording

LONG = 4000
MANY = 400
READ = [
    f"{number:04}".translate(str.maketrans("0123456789", "abcdefghij")) for number in range(MANY)
]


@pytest.fixture
def held() -> Iterator[Callable[[], int]]:
    """Return what tells how many bytes are held that weren't before."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()


def test_long_words_leave_no_terms_behind(held: Callable[[], int]) -> None:
    """The runs of letters of endless words are not kept."""
    wording = Wording.learn(["abcd abdc acbd adbc", "bcda bdca cbda", "aaaa bbbb abab baba"])
    for word in READ:
        wording.row(word * (LONG // 4))
    assert held() < 1_000_000


def test_long_words_leave_no_phrases_behind(held: Callable[[], int]) -> None:
    """The red flags' finder doesn't keep them either."""
    finder = PhraseFinder({"pain": ["numb*", "*ache", "chest pain"]})
    for word in READ:
        finder.find([word * (LONG // 4)])
    assert held() < 500_000


def test_long_words_leave_no_repairs_behind(held: Callable[[], int]) -> None:
    """Nor does what mends typing slips: what is so long is none."""
    reader = Reader(["how many sets", "where does the bar go"])
    for word in READ:
        reader.read(word * (LONG // 4))
    assert held() < 3_000_000


def test_a_long_word_is_searched_for_red_flags_all_the_same() -> None:
    """What isn't remembered is still read to its end."""
    assert PhraseFinder({"pain": ["*ache"]}).find(["head" * 20 + "ache"]) == {"pain": [(0, 0)]}
