"""The kinds of picture, and the data that each is drawn from, as frozen values."""

import re
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, Field, StringConstraints

from bot.knowledge.base import Frozen, Id, Text
from bot.knowledge.citations import figures
from bot.knowledge.figure import Figure

Level = Literal["grew", "ahead", "behind", "hardly", "signal", "advice"]
"""What a source reports of an exercise and a muscle, the firmest first."""
Part = Literal["bench", "back", "bar", "torso", "knees", "shins", "feet"]
"""What of a set-up can be pointed at."""
Sources = Annotated[tuple[str, ...], Field(min_length=1)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32)]
"""What has room in half a line."""
Tiny = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10)]
"""What has room in a cell."""

_NUMBER = r"[+-]?\d+(?:\.\d+)?"
_ESTIMATE = re.compile(rf"({_NUMBER}) \(({_NUMBER}), ({_NUMBER})\)")


class Span(NamedTuple):
    """An estimate with its interval, as numbers."""

    value: float
    low: float
    high: float

    @property
    def takes_in_zero(self) -> bool:
        """Whether no difference lies within the interval."""
        return self.low <= 0 <= self.high


def _span(estimate: str) -> Span:
    """Read ``value (low, high)``. Raises ValueError if it isn't written so, or out of order."""
    found = _ESTIMATE.fullmatch(estimate)
    span = Span(*map(float, found.groups())) if found else None
    if span is None or not span.low <= span.value <= span.high:
        message = "write value (low, high), such as -1.6 (-6.1, 2.0)"
        raise ValueError(message)
    return span


def _readable(estimate: str) -> str:
    """Return `estimate` if it can be read. Raises ValueError."""
    _span(estimate)
    return estimate


class Remark(Frozen):
    """A sentence of a picture and the sources that it comes from."""

    text: Text
    sources: Sources


class Interval(Frozen):
    """One line of a forest plot. `estimate` stands just so in one of the sources."""

    label: Short
    estimate: Annotated[str, AfterValidator(_readable)]
    sources: Sources

    @property
    def span(self) -> Span:
        """The estimate as numbers."""
        return _span(self.estimate)


class Panel(Frozen):
    """Intervals of one unit. `minus` and `plus` say what the sides of zero lean to, if known."""

    title: Text
    minus: str = ""
    plus: str = ""
    intervals: Annotated[tuple[Interval, ...], Field(min_length=1)]


class ForestData(Frozen):
    """Panels, and what a line that crosses zero and one that doesn't mean."""

    panels: Annotated[tuple[Panel, ...], Field(min_length=1)]
    zero: Text
    unclear: Text
    clear: Text


class Cell(Frozen):
    """What is known of one exercise and one muscle, and from what."""

    level: Level
    basis: Tiny
    sources: Sources


class Exercise(Frozen):
    """One row of a coverage map; muscles without a cell are left empty."""

    label: Short
    cells: Annotated[dict[Id, Cell], Field(min_length=1)]


class LevelWords(Frozen):
    """What stands in a cell of a level, and in the legend."""

    short: Tiny
    text: Text


class CoverageData(Frozen):
    """Columns, rows, and the legend: the words of each level, and of an empty cell."""

    muscles: Annotated[dict[Id, Short], Field(min_length=1)]
    levels: dict[Level, LevelWords]
    empty: Text
    exercises: Annotated[tuple[Exercise, ...], Field(min_length=1)]


class Rung(Frozen):
    """One step of effort: its number, the reps left (both empty: no source names the step)."""

    effort: str = ""
    left: str = ""
    words: Text
    inside: bool = False
    sources: Sources

    @property
    def count(self) -> int:
        """How many reps are left, by the first number in `left`; 0 if there is none."""
        return int(next(iter(figures(self.left)), "0"))


class LadderData(Frozen):
    """Rungs from the hardest down, headings, the advised span (`inside`), and what to know."""

    effort: Short
    left: Short
    rungs: Annotated[tuple[Rung, ...], Field(min_length=2)]
    target: Remark
    notes: tuple[Remark, ...] = ()


class Point(Remark):
    """A point of a checklist that the drawing shows at `part`."""

    part: Part


class ChecklistData(Frozen):
    """Points to look at, numbered in the drawing, and what to keep the same."""

    points_title: Text
    points: Annotated[tuple[Point, ...], Field(min_length=1)]
    habits_title: Text
    habits: Annotated[tuple[Remark, ...], Field(min_length=1)]


class Forest(Figure):
    """Differences with their intervals."""

    kind: Literal["forest"]
    data: ForestData


class Coverage(Figure):
    """Exercises by muscles."""

    kind: Literal["coverage"]
    data: CoverageData


class Ladder(Figure):
    """Steps of effort."""

    kind: Literal["ladder"]
    data: LadderData


class Checklist(Figure):
    """A set-up with its points."""

    kind: Literal["checklist"]
    data: ChecklistData


KINDS: dict[str, type[Figure]] = {
    "forest": Forest,
    "coverage": Coverage,
    "ladder": Ladder,
    "checklist": Checklist,
}
