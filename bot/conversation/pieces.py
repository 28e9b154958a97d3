"""Splits a message into the questions it holds: a pure function."""

import re

from bot.text import sentences, words

MOST_PIECES = 6

_ASKS = "how|what|whats|why|when|where|which|who|is|are|do|does|can|should|could|would|will|did|am"
_STARTS = frozenset(_ASKS.split("|"))
_AND_ASKS = re.compile(
    rf"(?:,\s*|\s+)(?:and|also|plus|&|then)\s+(?:also\s+)?(?=(?:{_ASKS})\b)"
    r"|[,;]\s+(?=(?:how|what|why|where|which|when)\b)",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^(?:and|also|plus|but|then|oh and)\s+(?:also\s+)?", re.IGNORECASE)
_FEWEST_WORDS = 2
_MOST_WORDS = 40
_CLAUSES = re.compile(r"[,;:]\s+|\s+(?:and|n|also|plus|&|then|but)\s+", re.IGNORECASE)
_JOINED = re.compile(r"\s(?:and|n|also|plus|&|then)\s", re.IGNORECASE)


def questions_in(text: str) -> list[str]:
    """Return the questions of `text` in order; one or none means: take the text as a whole.

    A piece counts as a question if it ends in a question mark or begins with a word that asks.
    Pieces are cut at sentence ends, line breaks, and "and" before a word that asks.
    """
    pieces = [
        piece.strip()
        for sentence in sentences(text)
        for piece in _AND_ASKS.split(_LEADING.sub("", sentence))
        if len(words(piece)) >= _FEWEST_WORDS
    ]
    asking = [piece for piece in pieces if asks(piece)]
    return asking[:MOST_PIECES] if len(asking) > 1 else []


def clauses_in(text: str) -> list[str]:
    """Return the clauses of a message that isn't too long, if it has a few; else none."""
    if len(words(text)) > _MOST_WORDS:
        return []
    clauses = [
        clause.strip()
        for sentence in sentences(text)
        for clause in _CLAUSES.split(sentence)
        if len(words(clause)) > _FEWEST_WORDS
    ]
    return clauses if 1 < len(clauses) <= MOST_PIECES else []


def is_joined(text: str) -> bool:
    """Say whether a word in `text` joins one thing to another, as "and" does."""
    return _JOINED.search(text) is not None


def asks(piece: str) -> bool:
    """Say whether a piece is a question by its form."""
    first = words(piece)[:1]
    return piece.endswith("?") or bool(first and first[0] in _STARTS)
