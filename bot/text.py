"""Pure functions on text that people type: normalise, tokenise, truncate, split."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

TELEGRAM_LIMIT = 4096
"""The most UTF-16 units that one Telegram message may hold."""
CAPTION_LIMIT = 1024
"""The most UTF-16 units that may stand below a picture on Telegram."""

_APOSTROPHES = re.compile("['`\u2018\u2019\u02bc\u00b4]")
_FEET_AND_INCHES = re.compile(rf"{_APOSTROPHES.pattern}(?<=\d.)(?=\d)")
_NOT_WORD = re.compile(r"[\W_]+")
_PLAIN = {at: None if chr(at) in "'`" else " " for at in range(128) if not chr(at).isalnum()}
"""What becomes of the ASCII characters that are no word's."""
_PLAIN_LINES = {**_PLAIN, ord("\n"): "\n"}
_AT_ONCE = 500
LONGEST_WORD = 40
"""What is longer is nobody's word: no slip, never learned, and not to be remembered."""
_SENTENCE_END = re.compile(r"(?<=[?!.;])\s+|\n+")


@lru_cache(maxsize=256)
def normalise(text: str) -> str:
    """Return `text` in lower case, words only, one space apart.

    Unicode compatibility forms are folded (full-width letters, ligatures), accents dropped from
    Latin letters, apostrophes dropped ("don't" is "dont", but 6'4 is "6 4"); punctuation, emoji
    and control characters become spaces. Letters of every script are kept.
    """
    if text.isascii():  # the same as below in half the time
        apart = _FEET_AND_INCHES.sub(" ", text) if "'" in text or "`" in text else text
        return " ".join(apart.lower().translate(_PLAIN).split())
    parted = _FEET_AND_INCHES.sub(" ", text)
    plain = unicodedata.normalize("NFKC", _APOSTROPHES.sub("", parted))
    folded = _APOSTROPHES.sub("", plain.casefold())
    if not folded.isascii():
        folded = _without_latin_accents(folded)
    return _NOT_WORD.sub(" ", folded).strip()


def normalised(texts: Sequence[str]) -> Iterator[str]:
    """Yield what `normalise` makes of each of `texts`, of plain ones many at once."""
    for start in range(0, len(texts), _AT_ONCE):
        some = texts[start : start + _AT_ONCE]
        plain = [text if text.isascii() and "\n" not in text else "" for text in some]
        apart = _FEET_AND_INCHES.sub(" ", "\n".join(plain))
        lines = apart.lower().translate(_PLAIN_LINES).split("\n")
        for text, line in zip(some, lines, strict=True):
            yield " ".join(line.split()) or normalise(text)


def _without_latin_accents(text: str) -> str:
    """Drop combining marks that follow a Latin letter; leave other scripts as they are."""
    kept: list[str] = []
    for char in unicodedata.normalize("NFD", text):
        if unicodedata.combining(char) and kept and kept[-1].isascii():
            continue
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


def words(text: str) -> list[str]:
    """Return the words of `text`, normalised, in order."""
    return normalise(text).split()


def sentences(text: str) -> list[str]:
    """Split `text` after sentence ends and at line breaks; empty pieces are dropped."""
    return [piece.strip() for piece in _SENTENCE_END.split(text) if piece.strip()]


def utf16_length(text: str) -> int:
    """Return the length of `text` in UTF-16 units, which is how Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def truncate(text: str, limit: int) -> str:
    """Cut `text` to at most `limit` characters at a word's end, with an ellipsis if it was cut."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip() + "…"
