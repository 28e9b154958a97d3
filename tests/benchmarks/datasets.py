"""CLINC150 (Larson et al. 2019) and BANKING77 (Casanueva et al. 2020), read from a folder.

Each becomes a Knowledge in memory, so that the matcher learns intents just as it learns a guide.
"""

import csv
import json
import random
import string
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from bot.errors import GuidebotError
from bot.knowledge.base import Phrase
from bot.knowledge.model import Entry, Guide, Knowledge, Words

FILES = ("clinc_full.json", "banking_train.csv", "banking_test.csv")
_EDITS = 2


class MissingDataError(GuidebotError):
    """The data sets are not where they were looked for."""


class Asked(NamedTuple):
    """A question and its intent; the intent of one that nothing covers is empty."""

    text: str
    intent: str


class DataSet(NamedTuple):
    """Questions to learn from by intent, questions to be judged on, and some of no intent."""

    name: str
    learned: dict[str, list[str]]
    inside: list[Asked]
    outside: list[Asked]


def data_sets(folder: Path) -> list[DataSet]:
    """Return both data sets. Raises MissingDataError if a file isn't in `folder`."""
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        message = f"no {', '.join(missing)} in {folder}; name the folder with --data"
        raise MissingDataError(message)
    clinc, train, test = (folder / name for name in FILES)
    return [_clinc(clinc), _banking(train, test)]


def few(data: DataSet, shots: int) -> list[Asked]:
    """Return `shots` questions of every intent, always the same ones."""
    return [
        Asked(text, intent)
        for intent, texts in sorted(data.learned.items())
        for text in random.Random(0).sample(texts, shots)
    ]


def sampled(asked: list[Asked], size: int, seed: int) -> list[Asked]:
    """Return `size` of `asked` by chance, or all of them if `size` is 0 or more than there are."""
    return random.Random(seed).sample(asked, size) if 0 < size < len(asked) else asked


def slipped(asked: Iterable[Asked], seed: int) -> list[Asked]:
    """Return `asked` with two slips of the keyboard in each."""
    return [Asked(_slip(text, random.Random(f"{seed} {text}")), intent) for text, intent in asked]


def knowledge_of(name: str, asked: Iterable[Asked]) -> Knowledge:
    """Return a Knowledge with one guide, an entry for each intent and its phrasings."""
    said: dict[str, list[Phrase]] = defaultdict(list)
    for line, (text, intent) in enumerate(asked, 1):
        said[intent].append(Phrase(text, "author", name, line))
    entries = tuple(
        Entry.model_construct(
            id=intent,
            ask=intent,
            title=intent,
            scope="guide",
            answer=intent,
            reviewed=date.min,
            guide=name,
            section="intents",
            phrases=tuple(phrases),
        )
        for intent, phrases in said.items()
    )
    facts: dict[str, Any] = {"id": name, "entries": entries, "sources": {}, "words": Words()}
    guide = Guide.model_construct(**facts)  # what the matcher never reads is left out
    whole: dict[str, Any] = {"guides": (guide,), "shared": (), "version": name}
    return Knowledge.model_construct(**whole)


def _clinc(path: Path) -> DataSet:
    """Read CLINC150: 150 intents, and questions of none."""
    parts = json.loads(path.read_text("utf-8"))
    inside = [Asked(text, intent) for text, intent in parts["test"]]
    outside = [Asked(text, "") for text, _ in parts["oos_test"]]
    return DataSet("CLINC150", _by_intent(parts["train"]), inside, outside)


def _banking(train: Path, test: Path) -> DataSet:
    """Read BANKING77: 77 intents that are close to each other."""
    learned, inside = (
        [Asked(row["text"], row["category"]) for row in csv.DictReader(text.splitlines())]
        for text in (path.read_text("utf-8") for path in (train, test))
    )
    return DataSet("BANKING77", _by_intent(learned), inside, [])


def _by_intent(asked: Iterable[Iterable[str]]) -> dict[str, list[str]]:
    """Group the different questions by intent, in order."""
    learned: dict[str, dict[str, None]] = defaultdict(dict)
    for text, intent in asked:
        learned[intent][text] = None
    return {intent: list(texts) for intent, texts in learned.items()}


def _slip(text: str, chance: random.Random) -> str:
    """Swap, delete, insert or replace a character, twice."""
    for _ in range(_EDITS):
        at, letter = chance.randrange(len(text)), chance.choice(string.ascii_lowercase)
        left, this, right = text[:at], text[at : at + 1], text[at + 1 :]
        options = (left + right[:1] + this + right[1:], left + right)
        text = chance.choice((*options, left + letter + this + right, left + letter + right))
    return text
