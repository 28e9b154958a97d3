"""Draws a coverage map: a row an exercise, a column a muscle, a cell what a source reports."""

from typing import NamedTuple

from bot.figures.sheet import (
    BLANK,
    BLUE,
    INK,
    INNER,
    MARGIN,
    NAVY,
    PALE_BLUE,
    PAPER,
    QUIET,
    SAND,
    WHITE,
    Font,
    Place,
    Sheet,
    Stroke,
)
from bot.knowledge.kinds import Cell, Coverage, CoverageData, Exercise, Level

_NAMES = 272
"""How wide the exercises' names may be."""
_ROW = 90
_GAP = 8
_CHIP = (124, 40)
"""A level's sample in the legend."""


class _Look(NamedTuple):
    """How a level is shown."""

    fill: str
    words: str
    edge: Stroke | None = None


_LOOKS: dict[Level, _Look] = {
    "grew": _Look(BLUE, WHITE),
    "ahead": _Look(NAVY, WHITE),
    "behind": _Look(PALE_BLUE, INK),
    "hardly": _Look(PAPER, INK, Stroke(BLUE, 4)),
    "signal": _Look(SAND, INK),
    "advice": _Look(PAPER, INK, Stroke(QUIET, 3, dashed=True)),
}


def draw_coverage(sheet: Sheet, figure: Coverage, top: float) -> float:
    """Draw the map and its legend below `top`; return where they end."""
    data = figure.data
    column = (INNER - _NAMES) / len(data.muscles)
    names = Font(28, INK, bold=True, align="center")
    for at, name in enumerate(data.muscles.values()):
        sheet.wrap((MARGIN + _NAMES + column * (at + 0.5), top), name, names, column - _GAP)
    top += 84
    for exercise in data.exercises:
        _row(sheet, exercise, data, top)
        top += _ROW
    return _legend(sheet, data, top + 20)


def _row(sheet: Sheet, exercise: Exercise, data: CoverageData, top: float) -> None:
    """Draw one exercise."""
    column = (INNER - _NAMES) / len(data.muscles)
    font = Font(28)
    height = sheet.height(exercise.label, font, _NAMES - 16)
    sheet.wrap((MARGIN, top + (_ROW - _GAP - height) / 2), exercise.label, font, _NAMES - 16)
    for at, muscle in enumerate(data.muscles):
        left = MARGIN + _NAMES + column * at + _GAP / 2
        size = (column - _GAP, _ROW - _GAP)
        cell = exercise.cells.get(muscle)
        if cell is None:
            sheet.box((left, top), size, BLANK)
        else:
            _cell(sheet, cell, data, (left, top), size)


def _cell(sheet: Sheet, cell: Cell, data: CoverageData, at: Place, size: Place) -> None:
    """Draw what is known, and from what."""
    look = _LOOKS[cell.level]
    sheet.box(at, size, look.fill, look.edge)
    middle = at[0] + size[0] / 2
    word = data.levels[cell.level].short
    sheet.write((middle, at[1] + 10), word, Font(31, look.words, bold=True, align="center"))
    sheet.write((middle, at[1] + 48), cell.basis, Font(24, look.words, align="center"))


def _legend(sheet: Sheet, data: CoverageData, top: float) -> float:
    """Explain each level that the map uses, and what an empty cell means."""
    for level, words in data.levels.items():
        look = _LOOKS[level]
        sheet.box((MARGIN, top), _CHIP, look.fill, look.edge)
        font = Font(26, look.words, bold=True, align="center")
        sheet.write((MARGIN + 62, top + 6), words.short, font)
        top = max(top + 40, sheet.wrap((MARGIN + 152, top + 4), words.text, Font(27), INNER - 152))
        top += 6
    sheet.box((MARGIN, top), _CHIP, BLANK)
    return sheet.wrap((MARGIN + 152, top + 4), data.empty, Font(27), INNER - 152) + 14
