"""Pictures as a page shows them: their address, words and size."""

import struct
from pathlib import Path
from typing import NamedTuple

from bot.conversation.catalogue import Catalogue
from bot.knowledge.figure import Figure

_SIZE = slice(16, 24)
"""Where a PNG says its width and height, each as four bytes."""


class Shot(NamedTuple):
    """A picture's address on the page, what can be seen, and its size in pixels."""

    url: str
    alt: str
    width: int
    height: int


class Pictures:
    """The pictures of all guides that can be read."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Find the pictures of `catalogue`."""
        figures = [figure for figure in catalogue.knowledge.figures if figure.path.is_file()]
        self._paths = {(figure.guide, figure.file): figure.path for figure in figures}
        self._shots = {figure.path: _shot(figure) for figure in figures}

    def shot(self, path: Path) -> Shot | None:
        """Return the picture at `path`, if it is one of a guide's."""
        return self._shots.get(path)

    def path(self, guide: str, file: str) -> Path | None:
        """Return where a guide's picture lies, if it has one of this name."""
        return self._paths.get((guide, file))


def _shot(figure: Figure) -> Shot:
    """Return how a page shows a figure."""
    with figure.path.open("rb") as file:
        width, height = struct.unpack(">II", file.read(_SIZE.stop)[_SIZE])
    return Shot(f"/figures/{figure.guide}/{figure.file}", figure.alt, width, height)
