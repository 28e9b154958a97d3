"""What a text says word by word: tf-idf of its words and pairs of words.

Sentence vectors blur rare words; this linear kernel beside theirs keeps them sharp. Weights are
sublinear tf-idf of unit length (Salton and Buckley 1988); terms that stand in one phrasing only
are left out, as no other phrasing can share them.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Indices = NDArray[np.intp]

_FEWEST = 2
_COMMON = 512
_PART = 1024


class Row(NamedTuple):
    """The terms of one text, by number, and their weights; both of the same length."""

    terms: Indices
    weights: Array


class Wording:
    """The known terms and how telling each is."""

    def __init__(self, terms: Sequence[str], telling: Array) -> None:
        """Know `terms`; `telling` (terms,) is the inverse document frequency of each."""
        self.terms = tuple(terms)
        self.telling = telling
        self._number = {term: at for at, term in enumerate(self.terms)}

    @classmethod
    def learn(cls, texts: Sequence[str]) -> "Wording":
        """Return the Wording of `texts`, which are normalised words."""
        counts = Counter(term for text in texts for term in set(_terms(text)))
        terms = sorted(term for term, count in counts.items() if count >= _FEWEST)
        seen = np.array([counts[term] for term in terms], np.float32)
        telling = np.log((1 + len(texts)) / (1 + seen)) + 1
        return cls(terms, telling.astype(np.float32))

    def row(self, text: str) -> Row:
        """Return the known terms of `text`; none of them if it has none."""
        counts = Counter(self._number[term] for term in _terms(text) if term in self._number)
        terms = np.fromiter(counts.keys(), np.intp, len(counts))
        times = np.fromiter(counts.values(), np.float32, len(counts))
        weights = (1 + np.log(times)) * self.telling[terms]
        length = np.linalg.norm(weights) if len(weights) else 1.0
        return Row(terms, (weights / length).astype(np.float32))

    def gather(self, rows: Sequence[Row], coefficients: Array) -> Array:
        """Return what each term adds to each label, (terms, labels).

        `coefficients` (rows, labels) are those of the kernel's linear part.
        """
        gathered = np.zeros((len(self.terms), coefficients.shape[1]), np.float32)
        for row, line in zip(rows, coefficients, strict=True):
            gathered[row.terms] += row.weights[:, None] * line
        return gathered


def add_products(gram: Array, rows: Sequence[Row], weight: float) -> None:
    """Add `weight` times the inner product of every pair of `rows` to `gram` (n, n), in place.

    Rare terms are added pair by pair, common ones as one matrix.
    """
    where: dict[int, list[int]] = defaultdict(list)
    values: dict[int, list[float]] = defaultdict(list)
    for at, row in enumerate(rows):
        for term, value in zip(row.terms.tolist(), row.weights.tolist(), strict=True):
            where[term].append(at)
            values[term].append(value)
    common = [term for term, found in where.items() if len(found) > _COMMON]
    dense = np.zeros((len(rows), len(common)), np.float32)
    for column, term in enumerate(common):
        dense[where.pop(term), column] = values[term]
    for term, found in where.items():
        line = np.array(values[term], np.float32)
        gram[np.ix_(found, found)] += np.float32(weight) * np.outer(line, line)
    for start in range(0, len(rows), _PART):
        part = slice(start, start + _PART)
        gram[part] += np.float32(weight) * (dense[part] @ dense.T)


def _terms(text: str) -> list[str]:
    """Return the words of `text` and its pairs of neighbours."""
    words = text.split()
    return [*words, *(f"{one} {other}" for one, other in pairwise(words))]
