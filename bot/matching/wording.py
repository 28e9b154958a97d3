"""What a text says word by word and letter by letter, as weighted terms.

Sentence vectors blur rare words; terms keep them sharp. Two kinds stand side by side: words with
pairs of neighbours, and runs of two to four letters inside words, borders included, which survive
typing slips and endings. Weights are sublinear tf-idf (Salton and Buckley 1988), each kind of half
the length, so that a text with terms of both kinds has length 1.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.text import LONGEST_WORD

Array = NDArray[np.float32]
Indices = NDArray[np.intp]

RARE = 5000
"""A term must stand in one text, and in another one for each so many texts."""
RARE_OF_SAMPLE = 2500
"""The same for texts that are a sample of more: what few of them have costs time and memory."""
_LETTERS = (2, 3, 4)
_REMEMBERED = 4096
_HALF = np.float32(0.5**0.5)


class Row(NamedTuple):
    """The terms of one text, by number, and their weights; both of the same length."""

    terms: Indices
    weights: Array


NO_TERMS = Row(np.empty(0, np.intp), np.empty(0, np.float32))


class Wording:
    """The known terms and how telling each is."""

    def __init__(self, terms: Sequence[str], telling: Array) -> None:
        """Know `terms`; `telling` (terms,) is the inverse document frequency of each."""
        self.terms = tuple(terms)
        self.telling = telling
        self._number = {term: at for at, term in enumerate(self.terms)}
        self._letters = lru_cache(_REMEMBERED)(self._known_letters)

    @classmethod
    def learn(cls, texts: Sequence[str], rare: int = RARE) -> "Wording":
        """Return the Wording of `texts`, which are normalised words; `rare` is as RARE says."""
        fewest = 1 + len(texts) // rare
        letters = cache(_letters)
        counts = Counter(
            term for text in texts for term in {*_words(text)}.union(*map(letters, text.split()))
        )
        terms = sorted(term for term, count in counts.items() if count >= fewest)
        seen = np.array([counts[term] for term in terms], np.float32)
        telling = np.log((1 + len(texts)) / (1 + seen)) + 1
        return cls(terms, telling.astype(np.float32))

    def row(self, text: str) -> Row:
        """Return the known terms of `text`; none of them if it has none."""
        words = self._weighed([self._number[one] for one in _words(text) if one in self._number])
        runs = chain.from_iterable(self._letters(word[:LONGEST_WORD]) for word in text.split())
        letters = self._weighed(list(runs))
        return Row(
            np.concatenate([words.terms, letters.terms]),
            np.concatenate([words.weights, letters.weights]),
        )

    def _known_letters(self, word: str) -> tuple[int, ...]:
        """Return the numbers of the known runs of letters in `word`."""
        return tuple(self._number[term] for term in _letters(word) if term in self._number)

    def _weighed(self, said: Sequence[int]) -> Row:
        """Return the terms of one kind with their weights, of half the length."""
        times = Counter(said)
        terms = np.array(sorted(times), np.intp)
        often = np.array([times[term] for term in terms.tolist()], np.float32)
        weights = (1 + np.log(often)) * self.telling[terms]
        length = np.linalg.norm(weights) if len(weights) else 1.0
        return Row(terms, (weights * (_HALF / length)).astype(np.float32))


def _words(text: str) -> list[str]:
    """Return the words of `text` and its pairs of neighbours."""
    words = text.split()
    return [*words, *(f"{one} {other}" for one, other in pairwise(words))]


def _letters(word: str) -> tuple[str, ...]:
    """Return the runs of letters in `word`; marked, so that none is a word."""
    edged = f"<{word}>"
    return tuple(
        f"#{edged[at : at + size]}" for size in _LETTERS for at in range(len(edged) - size + 1)
    )
