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
    """Yield every pair of phrasings of different labels that is too alike once it is read.

    Phrasings are compared with those that are hardly longer only: texts of other lengths have too
    little in common.
    """
    read = [sort_words(reader.read(phrase.text).understood) for phrase in learned.phrases]
    order = sorted(range(len(read)), key=lambda at: len(read[at]))
    lengths = np.array([len(read[at]) for at in order])
    found = []
    for start in range(0, len(order), _BLOCK):
        block = order[start : start + _BLOCK]
        longest = lengths[start + len(block) - 1] * (2 / TOO_ALIKE - 1)
        others = order[start : int(np.searchsorted(lengths, longest, side="right"))]
        alike = sort_similarity(
            [read[at] for at in block], [read[at] for at in others], least=TOO_ALIKE
        )
        for row, column in zip(*np.nonzero(alike >= TOO_ALIKE), strict=True):
            left, right = sorted((block[int(row)], others[int(column)]))
            if learned.label_of[left] != learned.label_of[right]:
                found.append((left, right, float(alike[row, column])))
    for left, right, how in sorted(set(found)):
        label = learned.labels[int(learned.label_of[right])]
        yield Overlap(learned.phrases[left], learned.phrases[right], label, how)
