"""Similarities of words and sentences by spelling. The only module that imports rapidfuzz."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

Array = NDArray[np.float32]

_NEAR_ENOUGH = 80.0


def sort_words(text: str) -> str:
    """Return the words of `text` in alphabetical order, ready for `sort_similarity`."""
    return " ".join(sorted(text.split()))


def sort_similarity(left: Sequence[str], right: Sequence[str]) -> Array:
    """Return RapidFuzz's token_sort_ratio / 100 of every pair, shape (left, right).

    Both sides must have gone through `sort_words`: sorting once and taking the plain ratio gives
    the same numbers many times faster.
    """
    workers = -1 if len(left) > 1 else 1
    scores = process.cdist(left, right, scorer=fuzz.ratio, dtype=np.float32, workers=workers)
    scores *= np.float32(0.01)
    return scores


def nearest_word(word: str, known: Sequence[str]) -> str | None:
    """Return the word of `known` most like `word`, if RapidFuzz's ratio is 80 or more.

    Of equals, the one that swapped letters explain wins ("glutse": "glutes", not "gluten").
    """
    found = process.extract(word, known, scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH, limit=5)
    if not found:
        return None
    near, _, _ = max(
        found,
        key=lambda one: (OSA.normalized_similarity(word, one[0]), len(one[0]) == len(word), one[1]),
    )
    return near
