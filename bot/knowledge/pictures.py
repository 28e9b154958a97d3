"""Rules on figures.yaml, the pictures for answers. Each yields the Problems that it finds."""

import re
from collections.abc import Iterator
from datetime import date

from bot.errors import Problem
from bot.knowledge.base import Source
from bot.knowledge.citations import cited_keys, figures, figures_behind, without_citations
from bot.knowledge.figure import Figure
from bot.knowledge.kinds import Coverage, Forest
from bot.knowledge.model import Guide, Knowledge

LONGEST_CAPTION = 900
LONGEST_ALT = 300


def unique_pictures(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """No id, file or entry belongs to two figures of a guide."""
    for guide in knowledge.guides:
        taken: dict[tuple[str, str], Figure] = {}
        for figure in guide.figures:
            named = [("id", figure.id), ("file", figure.file)]
            named += [("entries", entry) for entry in figure.entries]
            for field, name in named:
                other = taken.setdefault((field, name), figure)
                if other is not figure:
                    message = f"'{name}' belongs to the figure '{other.id}' too"
                    yield _at(figure, field, message)


def pictures_belong(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Every entry that a figure belongs to exists, and every cell stands in a column."""
    for guide, figure in _all(knowledge):
        known = {entry.id for entry in guide.entries}
        for at, entry in enumerate(figure.entries):
            if entry not in known:
                yield _at(figure, f"entries.{at}", f"the guide has no entry '{entry}'")
        if isinstance(figure, Coverage):
            yield from _strays(figure)


def cited_pictures(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Every caption cites; every source exists, and one was read by somebody."""
    for guide, figure in _all(knowledge):
        if not cited_keys(figure.caption):
            yield _at(figure, "caption", "uncited claim: 'caption' cites no source")
        for key, field in figure.cited.items():
            if key not in guide.sources:
                yield _at(figure, field, f"the source '{key}' does not exist")
        known = [guide.sources[key] for key in figure.cited if key in guide.sources]
        if known and all(source.checked == "memory" for source in known):
            message = "rests on sources from memory only: cite one that was read"
            yield _at(figure, "caption", message)


def short_captions(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Keep a caption short enough to stand below its picture, and the alt text to be read out."""
    for _, figure in _all(knowledge):
        limits = (("caption", figure.caption, LONGEST_CAPTION), ("alt", figure.alt, LONGEST_ALT))
        for field, text, most in limits:
            length = len(without_citations(text))
            if length > most:
                yield _at(figure, field, f"'{field}' has {length} characters; at most {most}")


def pictures_add_no_number(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Every number stands in a source behind it, and an estimate stands there whole."""
    for guide, figure in _all(knowledge):
        for saying in figure.sayings():
            sources = [guide.sources[key] for key in saying.keys if key in guide.sources]
            behind = figures_behind(sources)
            for number in figures(without_citations(saying.text)):
                if number not in behind:
                    message = f"the figure '{number}' stands in no cited source"
                    yield _at(figure, saying.field, message)
        if isinstance(figure, Forest):
            yield from _torn(figure, guide.sources)


def _torn(figure: Forest, sources: dict[str, Source]) -> Iterator[Problem]:
    """Yield estimates that no source of theirs has with this very sign and interval."""
    for at, panel in enumerate(figure.data.panels):
        for row, interval in enumerate(panel.intervals):
            whole = re.compile(rf"(?<![\d.+-]){re.escape(interval.estimate)}")
            told = [sources[key].reported for key in interval.sources if key in sources]
            if not any(whole.search(text) for text in told):
                message = f"no cited source has '{interval.estimate}' as it stands here"
                yield _at(figure, f"data.panels.{at}.intervals.{row}.estimate", message)


def _strays(figure: Coverage) -> Iterator[Problem]:
    """Yield cells of a muscle that is no column, and levels that the legend doesn't explain."""
    for row, exercise in enumerate(figure.data.exercises):
        for muscle, cell in exercise.cells.items():
            field = f"data.exercises.{row}.cells.{muscle}"
            if muscle not in figure.data.muscles:
                yield _at(figure, field, f"'{muscle}' is none of the muscles")
            if cell.level not in figure.data.levels:
                yield _at(figure, field, f"the level '{cell.level}' has no words under 'levels'")


def _all(knowledge: Knowledge) -> Iterator[tuple[Guide, Figure]]:
    """Yield every figure with its guide."""
    for guide in knowledge.guides:
        for figure in guide.figures:
            yield guide, figure


def _at(figure: Figure, field: str, message: str) -> Problem:
    """Return a Problem at the line of a figure's field."""
    return Problem(figure.origin.path, figure.origin.at(field), message)
