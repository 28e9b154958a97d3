"""How hard a text is to read: a pure function."""

import re

from bot.text import sentences, words

_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?<![aeiouy])(?:es|ed|e)$")


def grade_level(text: str) -> float:
    """Return the school year (US) that reads `text` with ease: Flesch-Kincaid (Kincaid 1975).

    Syllables are counted by groups of vowels, which is right on average. No text: 0.
    """
    tokens = [word for word in words(text) if word.isalpha()]
    if not tokens:
        return 0.0
    syllables = sum(map(_syllables, tokens))
    return (
        0.39 * len(tokens) / max(len(sentences(text)), 1) + 11.8 * syllables / len(tokens) - 15.59
    )


def _syllables(word: str) -> int:
    """Return about how many syllables a word has."""
    found = len(_VOWELS.findall(word))
    silent = found > 1 and bool(_SILENT.search(word)) and not word.endswith("le")
    return max(found - silent, 1)
