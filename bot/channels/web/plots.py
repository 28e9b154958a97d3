"""Days -> shapes of small plots, as shares of the plot's width and height in percent: pure."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from bot.authoring.model import Day

_GAP = 0.2


class Bar(NamedTuple):
    """A rectangle: its corner, its size, and what it stands for."""

    x: float
    y: float
    width: float
    height: float
    kind: str


class Line(NamedTuple):
    """Points of a line, as SVG takes them; days without a value interrupt it."""

    kind: str
    pieces: tuple[str, ...]


class Plot(NamedTuple):
    """One plot: `top` is the value at its upper edge, and `latest` the last that there is."""

    top: float
    first: date
    last: date
    latest: float | None
    bars: tuple[Bar, ...] = ()
    lines: tuple[Line, ...] = ()


def stacked(days: Sequence[Day], kinds: Sequence[str]) -> Plot:
    """Return bars that stand for counts, one upon the other."""
    top = max([sum(getattr(day, kind) for kind in kinds) for day in days] + [1])
    bars = [bar for at, day in enumerate(days) for bar in _pile(day, kinds, at, len(days), top)]
    total = sum(getattr(days[-1], kind) for kind in kinds)
    return Plot(top, days[0].day, days[-1].day, total, bars=tuple(bars))


def lines(days: Sequence[Day], kinds: Sequence[str], top: float | None = None) -> Plot:
    """Return a line for each kind of value; a day without one has None or 0 questions."""
    values = {kind: [getattr(day, kind) if day.asked else None for day in days] for kind in kinds}
    known = [value for each in values.values() for value in each if value is not None]
    highest = top or max([*known, 1])
    found = tuple(Line(kind, pieces(each, highest)) for kind, each in values.items())
    last = [value for value in values[kinds[-1]] if value is not None]
    return Plot(highest, days[0].day, days[-1].day, last[-1] if last else None, lines=found)


def _pile(day: Day, kinds: Sequence[str], at: int, of: int, top: float) -> list[Bar]:
    """Return the bars of one day, from the ground up."""
    width, ground, pile = 100 / of, 100.0, []
    for kind in kinds:
        height = 100 * getattr(day, kind) / top
        if height:
            ground -= height
            x = at * width + width * _GAP / 2
            pile.append(Bar(_two(x), _two(ground), _two(width * (1 - _GAP)), _two(height), kind))
    return pile


def pieces(values: Sequence[float | None], top: float) -> tuple[str, ...]:
    """Return the points of each stretch of days that have a value."""
    step = 100 / len(values)
    pieces: list[list[str]] = [[]]
    for at, value in enumerate(values):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{_two((at + 0.5) * step)},{_two(100 - 100 * value / top)}")
    return tuple(" ".join(_long_enough(points, step)) for points in pieces if points)


def _long_enough(points: list[str], step: float) -> list[str]:
    """Return `points`, a single one twice: a line needs two ends."""
    if len(points) > 1:
        return points
    x, y = points[0].split(",")
    return [f"{_two(float(x) - step / 4)},{y}", f"{_two(float(x) + step / 4)},{y}"]


def _two(value: float) -> float:
    """Return a number with two digits after the point."""
    return round(value, 2)
