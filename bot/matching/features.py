"""Similarities of words and sentences by spelling. The only module that imports rapidfuzz."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

Array = NDArray[np.float32]

_NEAR_ENOUGH = 80.0
_SWAPPED = 75.0
"""The ratio of two words of four letters of which two are swapped."""


def sort_words(text: str) -> str:
    """Return the words of `text` in alphabetical order, ready for `sort_similarity`."""
    return " ".join(sorted(text.split()))


def sort_similarity(left: Sequence[str], right: Sequence[str], least: float = 0.0) -> Array:
    """Return RapidFuzz's token_sort_ratio / 100 of every pair, shape (left, right).

    What is below `least` may be 0: that is found faster.

    Both sides must have gone through `sort_words`: sorting once and taking the plain ratio gives
    the same numbers many times faster.
    """
    workers = -1 if len(left) > 1 else 1
    scores = process.cdist(
        left,
        right,
        scorer=fuzz.ratio,
        score_cutoff=100 * least,
        dtype=np.float32,
        workers=workers,
    )
    scores *= np.float32(0.01)
    return scores


def nearest_word(word: str, known: Sequence[str]) -> str | None:
    """Return the word of `known` most like `word`, if RapidFuzz's ratio is 80 or more.

    Of equals, the one that swapped letters explain wins ("glutse": "glutes", not "gluten"); a word
    that one swap explains is near enough even if it is short ("mnay": "many", not "monday").
    """
    found = process.extract(word, known, scorer=fuzz.ratio, score_cutoff=_SWAPPED, limit=8)
    if not found:
        return None
    near, score, _ = max(
        found,
        key=lambda one: (OSA.normalized_similarity(word, one[0]), len(one[0]) == len(word), one[1]),
    )
    swapped = sorted(near) == sorted(word) and OSA.distance(word, near) == 1
    return near if score >= _NEAR_ENOUGH or swapped else None
