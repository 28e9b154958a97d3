"""Plain text files -> the texts to learn from, each once."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.errors import TrainingError
from bot.matching.subwords import clipped, encoder_words

_SHORTEST = 3
_QUESTION = re.compile(
    r"\?\W*$|^(who|whom|whose|what|which|when|where|why|how|is|are|am|was|were|do|does|did|can|"
    r"could|will|would|should|may|shall|has|have|had|whats|wheres|hows|isnt|arent|doesnt|dont|"
    r"cant|wont|shouldnt)\b"
)
"""English; other texts than questions merely count less."""


def read_texts(paths: Iterable[Path]) -> list[str]:
    """Return the lines of the files, one text a line, in order. Raises TrainingError."""
    return [line for path in paths for line in _lines(path)]


def distinct(texts: Iterable[str], without: Iterable[str] = ()) -> list[str]:
    """Return each of `texts` that the encoder reads differently from those before it, in order.

    Texts that it reads like one of `without` are left out: what is to be held out of training.
    So are texts of which it reads nothing, or fewer than three characters.
    """
    seen = {as_read(""), *(as_read(text) for text in without)}
    kept: list[str] = []
    for text in texts:
        key = as_read(text)
        if key not in seen and len(key) >= _SHORTEST:
            seen.add(key)
            kept.append(text)
    return kept


def as_read(text: str) -> str:
    """Return what the encoder reads of `text`: at most 80 characters of a-z, 0-9 and spaces."""
    return " ".join(clipped(encoder_words(text)))


def is_question(text: str) -> bool:
    """Say whether `text` looks like a question: by its end, or by its first word."""
    return _QUESTION.search(text.strip().lower().replace("'", "")) is not None


def held_out(texts: Sequence[str], most: int) -> tuple[list[str], list[str]]:
    """Split `texts` into those to learn from and at most `most` (a tenth) to judge by.

    The latter are taken evenly from the first to the last. Raises TrainingError if there are
    too few texts for both.
    """
    count = min(most, len(texts) // 10)
    if count < 1:
        message = (
            f"too few texts to learn from: {len(texts)} different ones, at least 10 are needed"
        )
        raise TrainingError(message)
    chosen = {at * len(texts) // count for at in range(count)}
    judged = [text for at, text in enumerate(texts) if at in chosen]
    return [text for at, text in enumerate(texts) if at not in chosen], judged


def _lines(path: Path) -> list[str]:
    """Return the lines of a file that say something; bytes that aren't UTF-8 are replaced."""
    try:
        content = path.read_text("utf-8-sig", errors="replace")
    except OSError as error:
        message = f"{path} can't be read: {error.strerror or type(error).__name__}"
        raise TrainingError(message) from None
    return [line.strip() for line in content.split("\n") if line.strip()]
