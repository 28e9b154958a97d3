"""Rules on the bot's own words in voice.yaml. Each yields Problems."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from string import Formatter
from typing import Any, get_args

from bot.errors import Problem
from bot.knowledge.base import Grade, Origin
from bot.knowledge.model import Knowledge
from bot.knowledge.personal import PERSONAL_NAMES, Length, Wrong
from bot.knowledge.voice import SAY_NAMES, SEVERAL_NAMES


def whole_sentences(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Allow in the bot's own sentences just the names in braces that can be filled in."""
    voice, origin = knowledge.voice, knowledge.voice.origin
    said = [(f"say.{field}", text, SAY_NAMES.get(field)) for field, text in voice.say]
    said += [
        (f"personal.say.{field}", text, PERSONAL_NAMES.get(field))
        for field, text in voice.personal.say
    ]
    said += [
        (f"several_guides.{field}", text, SEVERAL_NAMES.get(field))
        for field, text in voice.several_guides
    ]
    for where, text, known in said:
        field = where.rpartition(".")[2]
        try:
            names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        except ValueError as error:
            names, message = set(), f"'{field}': {error}"
            yield Problem(origin.path, origin.at(where), message)
        for name in sorted(names - (known or frozenset())):
            message = f"'{field}' has {{{name}}}, which nothing fills in"
            yield Problem(origin.path, origin.at(where), message)
    yield from _without_word(origin, "grades", "grade", get_args(Grade), voice.grades)
    lengths, wrong = voice.personal.lengths, voice.personal.wrong
    yield from _without_word(origin, "personal.lengths", "length", get_args(Length), lengths)
    yield from _without_word(origin, "personal.wrong", "fault", get_args(Wrong), wrong)


def _without_word(
    origin: Origin, field: str, kind: str, names: Iterable[str], words: Mapping[Any, str]
) -> Iterator[Problem]:
    """Yield what has no word of its own under `field`."""
    for name in names:
        if name not in words:
            yield Problem(origin.path, origin.at(field), f"the {kind} '{name}' has no word")
