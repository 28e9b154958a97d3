"""Everything that `check` holds against the knowledge folder, beyond what loading it shows."""

from collections.abc import Iterator
from datetime import date
from typing import get_args

from bot.channels.telegram.callbacks import CallbackError, pack
from bot.conversation.catalogue import Catalogue
from bot.conversation.model import VOTES, Decision, Detail, Target, View
from bot.conversation.policy import shown
from bot.conversation.render import Renderer
from bot.errors import Problem
from bot.figures.stamp import stamp_in, stamp_of
from bot.knowledge.figure import Figure
from bot.knowledge.model import Entry, Knowledge
from bot.knowledge.prose import WARNINGS
from bot.matching.labelled import Labelled, reader_of
from bot.matching.overlap import overlaps
from bot.text import CAPTION_LIMIT, TELEGRAM_LIMIT

LARGEST_PICTURE = 150_000
"""Bytes: a phone on a slow connection loads so much in a second or two."""
REDRAW = "run `run_bot.py figures`"


def problems_of(knowledge: Knowledge) -> list[Problem]:
    """Return the problems of knowledge that could be loaded, sorted by file and line."""
    alike = too_alike(knowledge) if knowledge.guides else ()
    return sorted({*alike, *quick_problems_of(knowledge)})


def quick_problems_of(knowledge: Knowledge) -> list[Problem]:
    """Return the same problems but for phrasings that are too alike, which take long to find."""
    if not knowledge.guides:
        return []
    found = (too_long, too_long_callbacks, unfit_pictures)
    return sorted({problem for find in found for problem in find(knowledge)})


def warnings_of(knowledge: Knowledge, today: date) -> list[Problem]:
    """Return what an author should look at, and what isn't finished, sorted by file and line."""
    return sorted({found for warn in WARNINGS for found in warn(knowledge, today)})


def too_alike(knowledge: Knowledge) -> Iterator[Problem]:
    """Yield phrasings of two entries that the matcher can't tell apart."""
    for pair in overlaps(Labelled.of(knowledge), reader_of(knowledge)):
        where = f"{pair.second.path}:{pair.second.line}"
        message = (
            f"the phrasing '{pair.first.text}' is too like '{pair.second.text}' of "
            f"'{pair.second_label}' ({where}): the matcher can't tell them apart"
        )
        yield Problem(pair.first.path, pair.first.line, message)


def too_long(knowledge: Knowledge) -> Iterator[Problem]:
    """Yield entries of which a rendered message is longer than Telegram allows."""
    renderer = Renderer(Catalogue(knowledge))
    for entry in knowledge.entries:
        for decision in _decisions(entry):
            reply = renderer.render(decision)
            if reply.cut:
                limit = CAPTION_LIMIT if reply.picture else TELEGRAM_LIMIT
                message = f"'{entry.id}' renders to a message over {limit} characters"
                yield Problem(entry.origin.path, entry.origin.line, message)


def too_long_callbacks(knowledge: Knowledge) -> Iterator[Problem]:
    """Yield entries and sections whose buttons would carry more bytes than Telegram allows."""
    for entry in knowledge.entries:
        targets = [Target(action, entry.uid) for action in ("", *get_args(View), *sorted(VOTES))]
        targets += [Target("city", f"99/{entry.uid}")] if entry.remind else []
        yield from _over(targets, entry.origin.path, entry.origin.at("id"))
    for guide in knowledge.guides:
        for at, section in enumerate(guide.file.sections):
            pages = [Target("turn", f"{guide.id}/{section.id}/9")]
            yield from _over(pages, guide.origin.path, guide.origin.at(f"sections.{at}.id"))
    for points in Catalogue(knowledge).all_checkpoints():
        for at, step in enumerate(points.questions):
            home = f"{points.guide}/{step.id}"
            steps = [Target("step", f"{home}/{option.id}") for option in step.options]
            yield from _over(steps, points.origin.path, points.origin.at(f"questions.{at}.id"))


def _over(targets: list[Target], path: str, line: int) -> Iterator[Problem]:
    """Yield the first of some buttons that carries more bytes than Telegram allows."""
    for target in targets:
        try:
            pack(target)
        except CallbackError as error:
            yield Problem(path, line, str(error))
            return


def unfit_pictures(knowledge: Knowledge) -> Iterator[Problem]:
    """Yield figures whose picture is missing, too large, or older than its data."""
    for figure in knowledge.figures:
        message = _unfit(figure)
        if message:
            yield Problem(
                figure.origin.path, figure.origin.at("file"), f"'{figure.file}' {message}"
            )


def _unfit(figure: Figure) -> str:
    """Return why a figure's picture can't be shown, or an empty string."""
    try:
        png = figure.path.read_bytes()
    except OSError:
        return f"isn't there: {REDRAW}"
    if stamp_in(png) != stamp_of(figure):
        return f"is older than its data: {REDRAW}"
    if len(png) > LARGEST_PICTURE:
        return f"has {len(png)} bytes; at most {LARGEST_PICTURE}"
    return ""


def _decisions(entry: Entry) -> list[Decision]:
    """Return every way in which an entry is shown."""
    return [shown(entry), *(Detail(entry, view) for view in get_args(View))]
