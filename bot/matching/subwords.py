"""Words -> rows of the encoder's hashed n-gram table, exactly as the encoder was trained."""

import re
import unicodedata

import numpy as np
from numpy.typing import NDArray

MOST_CHARACTERS = 80
MOST_WORDS = 24

# the hashing, which training on tensors shares (bot.distillation.features)
SPACE = 32
SHORTEST_GRAM, LONGEST_GRAM = 2, 5
BASE = 257
MASK = 0xFFFFFFFF
MIX = 2654435761
PRIME = 2**31 - 1
LONGEST_WORD = 32
POWERS = tuple(
    np.array([pow(base, exponent, PRIME) for exponent in range(LONGEST_WORD)])
    for base in (1000003, 92821)
)

Rows = NDArray[np.int64]


def encoder_words(text: str) -> list[str]:
    """Return every word of `text` in the only form the encoder reads: lower-case a-z and 0-9.

    Other scripts vanish, as they did in training; nothing left gives the word "empty".
    """
    text = text.lower()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", re.sub(r"['`]", "", text)).split()


def clipped(words: list[str]) -> list[str]:
    """Return the first words: at most 80 characters, spaces counted, and 24 words."""
    return " ".join(words)[:MOST_CHARACTERS].split()[:MOST_WORDS] or ["empty"]


def windows(words: list[str]) -> list[list[str]]:
    """Split `words` into overlapping runs that each fit the encoder; short texts are one run."""
    runs: list[list[str]] = []
    start = 0
    while start < len(words) or not runs:
        run: list[str] = []
        for word in words[start : start + MOST_WORDS]:
            if run and len(" ".join([*run, word])) > MOST_CHARACTERS:
                break
            run.append(word)
        runs.append(run or ["empty"])
        if start + len(run) >= len(words):
            break
        start += max(1, len(run) * 2 // 3)
    return runs


def table_rows(words: list[str], size: int) -> tuple[Rows, Rows, NDArray[np.float64]]:
    """Return (row, word index, weight) of every feature of `words` in a table of `size` rows.

    Features are the character 2- to 5-grams inside each word, its borders included, each with
    the weight 1 / sqrt(number of the word's n-grams), and two hashes of each whole word.
    """
    text = np.frombuffer(f" {' '.join(words)} ".encode(), np.uint8).astype(np.int64)
    spaces = text == SPACE
    word_at = np.cumsum(spaces) - 1
    grams, grams_word = _ngrams(text, spaces, word_at, size)
    count = len(words)
    whole = np.arange(count)
    weight = np.bincount(grams_word, minlength=count)[grams_word] ** -0.5
    return (
        np.concatenate([grams, *_whole_words(text, spaces, word_at, size)]),
        np.concatenate([grams_word, whole, whole]),
        np.concatenate([weight, np.ones(2 * count)]),
    )


def _ngrams(text: Rows, spaces: NDArray[np.bool_], word_at: Rows, size: int) -> tuple[Rows, Rows]:
    """Hash every n-gram that has no space inside; return (rows, word indices)."""
    hashed, inner = text, np.zeros(len(text), np.bool_)
    rows, owners = [], []
    for length in range(SHORTEST_GRAM, LONGEST_GRAM + 1):
        left = len(text) - length + 1
        if left < 1:
            break
        hashed = (hashed[:left] * BASE + text[length - 1 :]) & MASK
        inner = inner[:left]
        if length > SHORTEST_GRAM:
            inner = inner | spaces[length - 2 : length - 2 + left]
        at = np.flatnonzero(~inner)
        value = hashed[at]
        rows.append((((value ^ (value >> 15)) * MIX + length) & MASK) % size)
        owners.append(word_at[at])
    return np.concatenate(rows), np.concatenate(owners)


def _whole_words(text: Rows, spaces: NDArray[np.bool_], word_at: Rows, size: int) -> list[Rows]:
    """Hash each whole word with two polynomials; one row array for each."""
    starts = np.flatnonzero(spaces)[:-1]
    offset = np.arange(len(text)) - starts[np.minimum(word_at, len(starts) - 1)]
    offset = np.minimum(offset, LONGEST_WORD - 1)
    rows = []
    for powers in POWERS:
        terms = np.where(spaces, 0, text * powers[offset] % PRIME)[:-1]
        value = np.add.reduceat(terms, starts) % PRIME
        rows.append((((value ^ (value >> 13)) * MIX) & MASK) % size)
    return rows
