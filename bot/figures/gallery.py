"""Keeps the pictures up to date: which are drawn, and with what if it is installed."""

from pathlib import Path

from bot.errors import FigureError
from bot.figures.stamp import stamp_in, stamp_of
from bot.knowledge.figure import Figure
from bot.knowledge.model import Knowledge


def draw_figures(knowledge: Knowledge, *, everything: bool = False) -> list[Path]:
    """Draw the pictures that aren't up to date, or all; return their paths.

    Raises FigureError if the extra isn't installed or a file can't be written.
    """
    due = [figure for figure in knowledge.figures if everything or not up_to_date(figure)]
    if not due:
        return []
    try:
        # half a second and an extra that only authors need
        from bot.figures.drawing import draw  # noqa: PLC0415
    except ImportError:
        message = "drawing pictures needs the extra: pip install '.[figures]'"
        raise FigureError(message) from None
    for figure in due:
        draw(figure, figure.path)
    return [figure.path for figure in due]


def up_to_date(figure: Figure) -> bool:
    """Say whether a figure's picture was drawn from its data by this code."""
    return figure.path.is_file() and stamp_in(figure.path.read_bytes()) == stamp_of(figure)
