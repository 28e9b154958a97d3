"""Common English words, which no typing slip is taken for."""

import gzip
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

import numpy as np

DATA = Path(__file__).parent / "data" / "english.txt.gz"


class EnglishWords(Collection[str]):
    """English words of 4 to 12 letters (SCOWL), in a tenth of the memory that a set needs."""

    def __init__(self, words: Iterable[bytes]) -> None:
        """Know `words`."""
        self._words = np.sort(np.array(list(words)))

    def __contains__(self, word: object) -> bool:
        """Say whether this is one of them."""
        return isinstance(word, str) and bool(self.among([word]))

    def __iter__(self) -> Iterator[str]:
        """Yield all of them, sorted."""
        return (word.decode() for word in self._words.tolist())

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._words)

    def among(self, words: Iterable[str]) -> frozenset[str]:
        """Return those of many words that are English."""
        longest = self._words.itemsize  # with longer ones, numpy would make all words as long
        asked = [word for word in words if word.isascii() and len(word) <= longest]
        wanted = np.array([word.encode() for word in asked], np.bytes_)
        places = np.minimum(np.searchsorted(self._words, wanted), len(self) - 1)
        found = np.flatnonzero(self._words[places] == wanted)
        return frozenset(asked[at] for at in found.tolist())


@cache
def english_words() -> EnglishWords:
    """Return the words that come with the bot."""
    return EnglishWords(gzip.decompress(DATA.read_bytes()).split())
