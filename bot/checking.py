"""Everything that `check` holds against the knowledge folder, beyond what loading it shows."""

from collections.abc import Iterator
from typing import get_args

from bot.channels.telegram.callbacks import CallbackError, pack
from bot.conversation.catalogue import Catalogue
from bot.conversation.model import Decision, Detail, Target, View
from bot.conversation.policy import shown
from bot.conversation.render import Renderer
from bot.errors import Problem
from bot.knowledge.model import Entry, Knowledge
from bot.matching.labelled import Labelled, reader_of
from bot.matching.overlap import overlaps
from bot.text import TELEGRAM_LIMIT


def problems_of(knowledge: Knowledge) -> list[Problem]:
    """Return the problems of knowledge that could be loaded, sorted by file and line."""
    return sorted({*too_alike(knowledge), *too_long(knowledge), *too_long_callbacks(knowledge)})


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
            if renderer.render(decision).cut:
                message = f"'{entry.id}' renders to a message over {TELEGRAM_LIMIT} characters"
                yield Problem(entry.origin.path, entry.origin.line, message)


def too_long_callbacks(knowledge: Knowledge) -> Iterator[Problem]:
    """Yield entries whose buttons would carry more bytes than Telegram allows."""
    for entry in knowledge.entries:
        for action in ("", *get_args(View)):
            try:
                pack(Target(action, entry.uid))
            except CallbackError as error:
                yield Problem(entry.origin.path, entry.origin.at("id"), str(error))
                break


def _decisions(entry: Entry) -> list[Decision]:
    """Return every way in which an entry is shown."""
    return [shown(entry), *(Detail(entry, view) for view in get_args(View))]
