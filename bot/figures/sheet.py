"""The sheet that pictures are drawn on: pixels from the top left corner, big type, few colours."""

from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, FancyBboxPatch
from PIL import Image
from PIL.PngImagePlugin import PngInfo

WIDTH = 1080
MARGIN = 46
INNER = WIDTH - 2 * MARGIN

PAPER = "#FBFAF6"
WHITE = "#FFFFFF"
INK = "#16202B"
QUIET = "#4B5966"
FAINT = "#C9CED3"
BLANK = "#EBE9E2"
BLUE = "#1D5C96"
NAVY = "#0F3559"
PALE_BLUE = "#D6E6F4"
ORANGE = "#B4500B"
SAND = "#F7E3BC"

_DPI = 100
_POINTS = 72 / _DPI
"""Points in a pixel."""
_COLOURS = 96
"""Enough for smooth edges; a palette makes the file four times smaller."""
_LEADING = 1.28
_ASCENT = 0.78
"""Of a line's size: how far the baseline lies below its top."""

_SOFT_HYPHEN = "\N{SOFT HYPHEN}"

Place = tuple[float, float]


class Font(NamedTuple):
    """How words are set; `size` in pixels."""

    size: float
    colour: str = INK
    bold: bool = False
    align: Literal["left", "center", "right"] = "left"


TITLE = Font(54, bold=True)
HEAD = Font(36, bold=True)
SMALL = Font(27, QUIET)


class Stroke(NamedTuple):
    """How a line is drawn; `width` in pixels."""

    colour: str
    width: float
    dashed: bool = False


class Sheet:
    """Takes words and shapes, what comes later above what came before; its height is told last."""

    def __init__(self) -> None:
        """Begin an empty sheet."""
        self._figure = Figure(figsize=(WIDTH / _DPI, WIDTH / _DPI), dpi=_DPI, facecolor=PAPER)
        self._canvas: Any = FigureCanvasAgg(self._figure)  # its methods have no types
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, WIDTH)
        self._layer = count()

    def save(self, path: Path, bottom: float, text: dict[str, str]) -> None:
        """Write the sheet down to `bottom` as a PNG with `text` in it. Raises OSError."""
        self._figure.set_size_inches(WIDTH / _DPI, round(bottom) / _DPI)
        self._axes.set_ylim(round(bottom), 0)
        self._canvas.draw()
        drawn = Image.fromarray(np.asarray(self._canvas.buffer_rgba())).convert("RGB")
        small = drawn.quantize(_COLOURS, dither=Image.Dither.NONE)
        about = PngInfo()
        for key, value in text.items():
            about.add_text(key, value)
        small.save(path, "PNG", optimize=True, pnginfo=about)

    def write(self, at: Place, words: str, font: Font) -> None:
        """Write one line; `at` is its top, at the side that it is aligned to."""
        x, top = at
        self._axes.text(
            x,
            top + _ASCENT * font.size,
            words,
            color=font.colour,
            fontproperties=_properties(font),
            ha=font.align,
            va="baseline",
            parse_math=False,
            zorder=next(self._layer),
        )

    def wrap(self, at: Place, words: str, font: Font, width: float) -> float:
        """Write words in lines of at most `width`; return where the next line would begin."""
        x, top = at
        for line in self._lines(words, font, width):
            self.write((x, top), line, font)
            top += _LEADING * font.size
        return top

    def height(self, words: str, font: Font, width: float) -> float:
        """Return how high `wrap` would be."""
        return len(self._lines(words, font, width)) * _LEADING * font.size

    def line(self, points: Sequence[Place], stroke: Stroke) -> None:
        """Draw a line through `points`, with round ends unless it is dashed."""
        self._axes.plot(
            *zip(*points, strict=True),
            color=stroke.colour,
            linewidth=stroke.width * _POINTS,
            linestyle=(0, (3, 3)) if stroke.dashed else "solid",
            solid_capstyle="round",
            solid_joinstyle="round",
            zorder=next(self._layer),
        )

    def box(self, at: Place, size: Place, fill: str, stroke: Stroke | None = None) -> None:
        """Draw a rectangle with slightly round corners; `at` is its top left corner."""
        round_by = min(12, *(side / 2 for side in size))
        shape = FancyBboxPatch(at, *size, boxstyle=f"round,pad=0,rounding_size={round_by}")
        shape.set(facecolor=fill, zorder=next(self._layer), **_edge(stroke))
        self._axes.add_patch(shape)

    def disc(self, centre: Place, radius: float, fill: str, stroke: Stroke | None = None) -> None:
        """Draw a disc."""
        self._axes.add_patch(
            Circle(centre, radius, facecolor=fill, zorder=next(self._layer), **_edge(stroke))
        )

    def _lines(self, words: str, font: Font, width: float) -> list[str]:
        """Break words into lines of at most `width`, at spaces and at soft hyphens."""
        lines: list[str] = []
        for word in words.split():
            pieces = word.split(_SOFT_HYPHEN)
            longer = " ".join((*lines[-1:], "".join(pieces)))
            if not lines or self._width(longer, font) > width:
                whole = self._width("".join(pieces), font) <= width
                lines += ["".join(pieces)] if whole else _hyphened(pieces)
            else:
                lines[-1] = longer
        return lines

    def _width(self, words: str, font: Font) -> float:
        """Return how wide words are on one line."""
        renderer = self._canvas.get_renderer()
        wide, _, _ = renderer.get_text_width_height_descent(words, _properties(font), ismath=False)
        return float(wide)


def _hyphened(pieces: list[str]) -> list[str]:
    """Return the pieces of a word, a line each, with hyphens where it was broken."""
    return [*(f"{piece}-" for piece in pieces[:-1]), pieces[-1]]


def _properties(font: Font) -> FontProperties:
    """Return a font as matplotlib knows it: the one that comes with it, so on every machine."""
    weight = "bold" if font.bold else "normal"
    return FontProperties(family="DejaVu Sans", weight=weight, size=font.size * _POINTS)


def _edge(stroke: Stroke | None) -> dict[str, object]:
    """Return the edge of a shape as matplotlib knows it."""
    if stroke is None:
        return {"edgecolor": "none", "linewidth": 0}
    style = (0, (3, 3)) if stroke.dashed else "solid"
    return {"edgecolor": stroke.colour, "linewidth": stroke.width * _POINTS, "linestyle": style}
