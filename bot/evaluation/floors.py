"""Holds figures against the floors of a guide's file."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bot.evaluation.figures import ALL, Figures
from bot.evaluation.questions import Floors
from bot.evaluation.shares import Share

HELD = "held"
"""The part that no design was chosen by; the floors hold for it alone, too."""

_LEAST = frozenset({"right", "right_or_offered", "red_flags"})


class Shortfall(NamedTuple):
    """A figure that doesn't keep to its floor; `least` says that the floor is one to reach."""

    group: str
    name: str
    value: float
    limit: float
    least: bool


def shortfalls(floors: Floors, groups: Mapping[str, Figures]) -> Iterator[Shortfall]:
    """Yield the figures, of all questions and of the held part, that don't keep to `floors`.

    What was not counted, because no question is of its kind, can't fall short.
    """
    for group in (ALL, HELD):
        for name in Floors.model_fields if group in groups else ():
            limit, value = getattr(floors, name), figure(groups[group], name)
            least = name in _LEAST
            if limit is None or value is None:
                continue
            if value < limit if least else value > limit:
                yield Shortfall(group, name, value, limit, least)


def figure(figures: Figures, name: str) -> float | None:
    """Return one of `figures` as a plain number; None if nothing was counted."""
    found: Share | float | None = getattr(figures, name)
    return found.value if isinstance(found, Share) else found
