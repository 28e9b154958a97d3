"""Phrasings of different entries that are so alike that the matcher can't tell them apart."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from bot.knowledge.base import Phrase
from bot.matching.features import sort_similarity, sort_words
from bot.matching.labelled import Labelled
from bot.matching.reading import Reader

TOO_ALIKE = 0.97
_BLOCK = 512


class Overlap(NamedTuple):
    """Two phrasings of two labels that read the same, and how alike they are (0 to 1)."""

    first: Phrase
    second: Phrase
    second_label: str
    alike: float


def overlaps(learned: Labelled, reader: Reader) -> Iterator[Overlap]:
    """Yield every pair of phrasings of different labels that is too alike once it is read."""
    read = [sort_words(reader.read(phrase.text).understood) for phrase in learned.phrases]
    for start in range(0, len(read), _BLOCK):
        alike = sort_similarity(read[start : start + _BLOCK], read[start:])
        for row, column in zip(*np.nonzero(alike >= TOO_ALIKE), strict=True):
            left, right = start + int(row), start + int(column)
            label = int(learned.label_of[right])
            if left < right and label != int(learned.label_of[left]):
                yield Overlap(
                    learned.phrases[left],
                    learned.phrases[right],
                    learned.labels[label],
                    float(alike[row, column]),
                )
