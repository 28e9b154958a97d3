"""Draws a set-up from the side, with numbers at its parts, and the list that explains them."""

from bot.figures.sheet import (
    BLUE,
    FAINT,
    HEAD,
    INK,
    INNER,
    MARGIN,
    ORANGE,
    PAPER,
    QUIET,
    WHITE,
    WIDTH,
    Font,
    Place,
    Sheet,
    Stroke,
)
from bot.knowledge.kinds import Checklist, Part

_FLOOR = 440.0
_LEVEL = 180.0
"""How far below the drawing's top the floor lies, and the middle of the level torso."""
_SHOULDER, _HIP, _KNEE = 300.0, 580.0, 830.0
_BODY, _ARM = "#74828F", "#56636F"

_GUIDE = Stroke(BLUE, 4, dashed=True)

_BADGES: dict[Part, tuple[Place, Place]] = {
    "bench": ((110, 330), (236, 248)),
    "back": ((452, 292), (346, 204)),
    "bar": ((712, 40), (598, 118)),
    "torso": ((430, 50), (430, 176)),
    "knees": ((950, 90), (836, 176)),
    "shins": ((960, 310), (836, 310)),
    "feet": ((700, 360), (848, 420)),
}
"""Of each part: where its number stands, and where the number points."""


def draw_checklist(sheet: Sheet, figure: Checklist, top: float) -> float:
    """Draw the set-up and both lists below `top`; return where they end."""
    data = figure.data
    _scene(sheet, top)
    for number, point in enumerate(data.points, start=1):
        at, tip = ((x, top + y) for x, y in _BADGES[point.part])
        sheet.line([at, tip], Stroke(ORANGE, 5))
        _badge(sheet, at, number)
    top = sheet.wrap((MARGIN, top + _FLOOR + 44), data.points_title, HEAD, INNER) + 8
    for number, point in enumerate(data.points, start=1):
        _badge(sheet, (MARGIN + 24, top + 21), number)
        top = sheet.wrap((MARGIN + 66, top + 5), point.text, Font(33), INNER - 66) + 7
    top = sheet.wrap((MARGIN, top + 18), data.habits_title, HEAD, INNER) + 8
    words = ", ".join(habit.text for habit in data.habits)
    return sheet.wrap((MARGIN, top), words, Font(33), INNER) + 8


def _badge(sheet: Sheet, at: Place, number: int) -> None:
    """Draw a number in a disc."""
    sheet.disc(at, 25, ORANGE, Stroke(PAPER, 4))
    font = Font(31, WHITE, bold=True, align="center")
    sheet.write((at[0], at[1] - 16), str(number), font)


def _scene(sheet: Sheet, top: float) -> None:
    """Draw floor, bench, person and bar."""
    floor, level = top + _FLOOR, top + _LEVEL
    sheet.line([(MARGIN, floor), (WIDTH - MARGIN, floor)], Stroke(QUIET, 6))
    _bench(sheet, level + 42, floor)
    _person(sheet, level, floor)
    _bar(sheet, level)


def _bench(sheet: Sheet, top: float, floor: float) -> None:
    """Draw the bench across, from its end."""
    sheet.box((214, top), (150, 46), INK)
    for x in (238, 340):
        sheet.line([(x, top + 40), (x, floor - 6)], Stroke(INK, 16))


def _person(sheet: Sheet, level: float, floor: float) -> None:
    """Draw a person at the top of the rep: torso level, shins upright."""
    neck, ankle = (_SHOULDER - 96, level - 12), (_KNEE, floor - 30)
    sheet.line([neck, (_SHOULDER, level)], Stroke(_BODY, 32))
    sheet.disc((neck[0] - 26, neck[1] - 8), 46, _BODY)
    sheet.line([(_SHOULDER, level), (_HIP, level)], Stroke(_BODY, 76))
    sheet.line([(_HIP, level), (_KNEE, level), ankle], Stroke(_BODY, 58))
    sheet.line([(_KNEE, floor - 22), (_KNEE + 86, floor - 20)], Stroke(_BODY, 32))
    sheet.line([(_SHOULDER + 24, level - 8), (_HIP - 30, level - 46)], Stroke(_ARM, 26))
    corner = (_KNEE - 66, level + 66)
    square = [(corner[0], level + 34), corner, (_KNEE - 34, corner[1])]
    sheet.line(square, Stroke(BLUE, 5))
    sheet.line([(_SHOULDER - 60, level - 62), (_KNEE + 40, level - 62)], _GUIDE)
    sheet.line([(_KNEE + 52, level + 20), (_KNEE + 52, floor - 50)], _GUIDE)


def _bar(sheet: Sheet, level: float) -> None:
    """Draw the bar from its end: plate, pad and bar, in the crease of the hips."""
    centre = (_HIP, level - 52)
    sheet.disc(centre, 92, FAINT, Stroke(QUIET, 5))
    sheet.disc(centre, 30, BLUE)
    sheet.disc(centre, 12, INK)
