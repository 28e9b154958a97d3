"""Draws a figure of whatever kind: title, picture, note, and its stamp in the file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.errors import FigureError
from bot.figures.checklist import draw_checklist
from bot.figures.coverage import draw_coverage
from bot.figures.forest import draw_forest
from bot.figures.ladder import draw_ladder
from bot.figures.sheet import INNER, MARGIN, SMALL, TITLE, Sheet
from bot.figures.stamp import KEYWORD, stamp_of
from bot.knowledge.figure import Figure

_DRAW: dict[str, Callable[[Sheet, Any, float], float]] = {
    "forest": draw_forest,
    "coverage": draw_coverage,
    "ladder": draw_ladder,
    "checklist": draw_checklist,
}
"""By kind: draws a figure's data below a given height and says where it ended."""


def draw(figure: Figure, path: Path) -> None:
    """Write a figure as a PNG. Raises FigureError if the file can't be written."""
    sheet = Sheet()
    top = sheet.wrap((MARGIN, 48), figure.title, TITLE, INNER) + 26
    top = _DRAW[figure.kind](sheet, figure, top)
    bottom = sheet.wrap((MARGIN, top + 18), figure.note, SMALL, INNER) + 34
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        sheet.save(path, bottom, {KEYWORD: stamp_of(figure)})
    except OSError as error:
        message = f"{path} can't be written: {error.strerror or type(error).__name__}"
        raise FigureError(message) from None
