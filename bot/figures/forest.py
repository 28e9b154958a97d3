"""Draws a forest plot: each difference over its line, all zeros below each other."""

from math import ceil

from bot.figures.sheet import (
    HEAD,
    INK,
    INNER,
    MARGIN,
    ORANGE,
    PAPER,
    QUIET,
    WIDTH,
    Font,
    Sheet,
    Stroke,
)
from bot.knowledge.kinds import Forest, Interval, Panel

_MIDDLE = WIDTH / 2
_ROW = 96
_TICKS = 3
"""Marks on each side of zero, at most."""


def draw_forest(sheet: Sheet, figure: Forest, top: float) -> float:
    """Draw the panels below `top`; return where they end."""
    for panel in figure.data.panels:
        top = _panel(sheet, panel, figure.data.zero, top) + 24
    for words, crosses in ((figure.data.unclear, True), (figure.data.clear, False)):
        _marker(sheet, MARGIN + 44, top + 18, crosses=crosses)
        top = sheet.wrap((MARGIN + 112, top), words, Font(29), INNER - 112) + 10
    return top


def _panel(sheet: Sheet, panel: Panel, zero: str, top: float) -> float:
    """Draw one panel with its scale; return where it ends."""
    top = sheet.wrap((MARGIN, top), panel.title, HEAD, INNER) + 6
    if panel.minus or panel.plus:
        top = _sides(sheet, panel, top)
    step = _step(panel)
    bottom = top + _ROW * len(panel.intervals) + 14
    sheet.line([(_MIDDLE, top), (_MIDDLE, bottom)], Stroke(INK, 3))
    sheet.line([(MARGIN, bottom), (WIDTH - MARGIN, bottom)], Stroke(QUIET, 3))
    for mark in range(-_TICKS, _TICKS + 1):
        x = _across(mark * step, step)
        sheet.line([(x, bottom), (x, bottom + 12)], Stroke(QUIET, 3))
        words = f"{mark * step}".replace("-", "\N{MINUS SIGN}") if mark else zero
        sheet.write((x, bottom + 18), words, Font(27, INK, bold=not mark, align="center"))
    for row, interval in enumerate(panel.intervals):
        _interval(sheet, interval, top + _ROW * row, step)
    return bottom + 62


def _sides(sheet: Sheet, panel: Panel, top: float) -> float:
    """Say what each side leans to, with an arrow; return where that ends."""
    right = Font(29, QUIET, bold=True)
    left = right._replace(align="right")
    sheet.write((_MIDDLE - 24, top), f"\N{LEFTWARDS ARROW} {panel.minus}", left)
    sheet.write((_MIDDLE + 24, top), f"{panel.plus} \N{RIGHTWARDS ARROW}", right)
    return top + 50


def _interval(sheet: Sheet, interval: Interval, top: float, step: int) -> None:
    """Draw one difference: its name and numbers, and its line below them."""
    span = interval.span
    y = top + 74
    colour = INK if span.takes_in_zero else ORANGE
    numbers = interval.estimate.replace("-", "\N{MINUS SIGN}")
    name = Font(32, INK, bold=True)
    sheet.write((MARGIN, top + 12), interval.label, name)
    right = name._replace(colour=colour, align="right")
    sheet.write((WIDTH - MARGIN, top + 12), numbers, right)
    ends = [(_across(end, step), y) for end in (span.low, span.high)]
    sheet.line(ends, Stroke(colour, 8))
    _dot(sheet, _across(span.value, step), y, crosses=span.takes_in_zero)


def _marker(sheet: Sheet, x: float, y: float, *, crosses: bool) -> None:
    """Draw a line with its dot as the legend shows it."""
    sheet.line([(x - 40, y), (x + 40, y)], Stroke(INK if crosses else ORANGE, 8))
    _dot(sheet, x, y, crosses=crosses)


def _dot(sheet: Sheet, x: float, y: float, *, crosses: bool) -> None:
    """Draw the middle of a line: open if it crosses zero, full if it doesn't."""
    fill, edge = (PAPER, INK) if crosses else (ORANGE, ORANGE)
    sheet.disc((x, y), 14, fill, Stroke(edge, 6))


def _step(panel: Panel) -> int:
    """Return the distance of the marks, so that the longest line fits between the outer ones."""
    furthest = max(abs(end) for each in panel.intervals for end in each.span)
    return max(1, ceil(furthest / (_TICKS + 0.5)))


def _across(value: float, step: int) -> float:
    """Return where a value lies, in pixels from the left."""
    return _MIDDLE + value / (step * (_TICKS + 0.5)) * INNER / 2
