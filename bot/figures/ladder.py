"""Draws a ladder of effort: the hardest rung on top, beside each the reps that are left."""

from bot.figures.sheet import (
    BLUE,
    HEAD,
    INK,
    INNER,
    MARGIN,
    PALE_BLUE,
    PAPER,
    QUIET,
    WIDTH,
    Font,
    Sheet,
    Stroke,
)
from bot.knowledge.kinds import Ladder, Rung

_RUNG = 168
_RAILS = (MARGIN + 40, MARGIN + 290)
_REPS = 430
"""Where the reps that are left begin."""


def draw_ladder(sheet: Sheet, figure: Ladder, top: float) -> float:
    """Draw the ladder and its notes below `top`; return where they end."""
    data = figure.data
    middle = sum(_RAILS) / 2
    sheet.write((middle, top), data.effort, HEAD._replace(align="center"))
    sheet.write((_REPS, top), data.left, HEAD)
    top += 74
    _band(sheet, figure, top)
    bottom = top + _RUNG * len(data.rungs)
    for x in _RAILS:
        sheet.line([(x, top), (x, bottom)], Stroke(INK, 14))
    for at, rung in enumerate(data.rungs):
        _rung(sheet, rung, top + _RUNG * (at + 0.5))
    top = bottom + 34
    for note in data.notes:
        sheet.disc((MARGIN + 12, top + 20), 9, BLUE)
        top = sheet.wrap((MARGIN + 40, top), note.text, Font(32), INNER - 40) + 14
    return top


def _band(sheet: Sheet, figure: Ladder, top: float) -> None:
    """Shade the rungs that are advised, and say who advises them."""
    inside = [at for at, rung in enumerate(figure.data.rungs) if rung.inside]
    if not inside:
        return
    first, last = min(inside), max(inside) + 1
    at = (MARGIN - 16, top + _RUNG * first + 8)
    sheet.box(at, (INNER + 32, _RUNG * (last - first) - 16), PALE_BLUE)
    words, font = figure.data.target.text, Font(33, BLUE, bold=True, align="right")
    width = WIDTH - MARGIN - 700
    middle = top + _RUNG * (first + last) / 2
    start = middle - sheet.height(words, font, width) / 2
    sheet.wrap((WIDTH - MARGIN - 8, start), words, font, width)


def _rung(sheet: Sheet, rung: Rung, y: float) -> None:
    """Draw one rung: its number on the ladder, the reps left as discs, and words."""
    left, right = _RAILS
    sheet.line([(left, y), (right, y)], Stroke(INK, 14))
    if not rung.effort:
        sheet.write((_REPS, y - 20), rung.words, Font(33, QUIET))
        return
    middle = (left + right) / 2
    sheet.disc((middle, y), 58, PAPER, Stroke(INK, 8))
    sheet.write((middle, y - 36), rung.effort, Font(66, INK, bold=True, align="center"))
    for at in range(rung.count):
        sheet.disc((_REPS + 26 + 66 * at, y - 26), 26, BLUE)
    top = y + 14 if rung.count else y - 20
    sheet.write((_REPS, top), f"{rung.left}: {rung.words}", Font(36, INK, bold=True))
