"""A picture's stamp: a hash of what it was drawn from, kept in the PNG's own text."""

import hashlib
import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from bot.knowledge.figure import Figure

KEYWORD = "Guidebot-Figure"
"""Under which the stamp stands in a PNG."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_FRAME = 12
"""Bytes of a chunk besides its data: length, type and checksum, 4 each (PNG, section 5.3)."""


def stamp_of(figure: Figure) -> str:
    """Return the hash of a figure's entry in figures.yaml and of the code that draws it."""
    entry = figure.model_dump(mode="json", exclude=set(figure.apart))
    digest = hashlib.sha256(json.dumps(entry, sort_keys=True).encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_text("utf-8").encode())
    return digest.hexdigest()[:16]


def stamp_in(png: bytes) -> str:
    """Return the stamp that a PNG carries; empty if it has none or is no PNG."""
    wanted = KEYWORD.encode() + b"\0"
    texts = (data for kind, data in _chunks(png) if kind == b"tEXt" and data.startswith(wanted))
    return next(chain(texts, [wanted])).removeprefix(wanted).decode("latin-1")


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the type and the data of each chunk; none if it is no PNG."""
    at = len(_SIGNATURE) if png.startswith(_SIGNATURE) else len(png)
    while at + _FRAME <= len(png):
        size = int.from_bytes(png[at : at + 4], "big")
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        at += _FRAME + size
