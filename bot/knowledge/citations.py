"""Inline citations, ``[key]``, and figures in curated texts: pure functions."""

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.knowledge.base import Source

_SOURCES = 256
_CITATION = re.compile(r"\s*\[([a-z0-9]+(?:-[a-z0-9]+)*)\]")
_SENTENCE = re.compile(r".+?[.?!](?:\s*\[[a-z0-9-]+\])*(?=\s|$)", re.DOTALL)
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_WORD_FIGURES = {
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
    "eleven": "11",
    "twelve": "12",
}
_COUNTED = re.compile(rf"\b({'|'.join(_WORD_FIGURES)})[ -](?=weeks?\b)", re.IGNORECASE)


def cited_keys(text: str) -> list[str]:
    """Return the keys that `text` cites, in order, each once."""
    return list(dict.fromkeys(_CITATION.findall(text)))


def without_citations(text: str) -> str:
    """Return `text` with its ``[key]`` marks taken out."""
    return _CITATION.sub("", text)


def first_sentences(text: str, most: int) -> str:
    """Return the first sentences of `text`, at most `most` characters of them without marks.

    There is at least one, and as many as it takes to cite something that `text` cites.
    """
    kept = ""
    for sentence in _SENTENCE.findall(text):
        enough = bool(cited_keys(kept)) or not cited_keys(text)
        if kept and enough and len(without_citations(kept + sentence)) > most:
            break
        kept += sentence
    return kept or text


def split_citations(text: str) -> list[tuple[str, str]]:
    """Split `text` into (plain text, key that follows it) pieces; the last key may be empty."""
    parts = _CITATION.split(text)
    return list(zip(parts[::2], [*parts[1::2], ""], strict=True))


def figures(text: str) -> list[str]:
    """Return the figures of `text` as digits, in order; durations in words count too."""
    spelled = _COUNTED.sub(lambda found: _WORD_FIGURES[found[1].lower()] + " ", text)
    return [figure.rstrip(".,") for figure in _FIGURE.findall(spelled)]


def figures_behind(sources: Iterable[Source]) -> set[str]:
    """Return every figure that stands in what `sources` report."""
    return set().union(*(_figures_once(source.reported) for source in sources))


@lru_cache(_SOURCES)
def _figures_once(reported: str) -> frozenset[str]:
    """Return the figures of a report, which many answers cite."""
    return frozenset(figures(reported))
