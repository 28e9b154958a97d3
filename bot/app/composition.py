"""Settings -> what answers: the knowledge, its matcher, the Dialogue, and the desk of authors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from bot.app.fitting import fit_elsewhere
from bot.channels.keeper import Keeper, utc_now
from bot.checking import problems_of
from bot.conversation.dialogue import Dialogue
from bot.conversation.records import Retention
from bot.errors import GuidebotError, KnowledgeError, Problem, SettingsError
from bot.knowledge.live import only_live
from bot.knowledge.loader import languages, load, load_language
from bot.knowledge.model import Knowledge
from bot.knowledge.remembered import DocumentMemory
from bot.matching.calibration import Calibration
from bot.matching.encoder import Encoder, make_encoder
from bot.matching.index import lesson_of
from bot.matching.labelled import reader_of
from bot.matching.matcher import Matcher
from bot.matching.material import FeatureWeights
from bot.matching.shelf import cached_index
from bot.matching.vectors import question_vectors
from bot.reloading import Loaded, Reloader, Swap
from bot.settings import Settings

if TYPE_CHECKING:  # their rooms are imported when they are needed
    from bot.authoring.desk import Desk
    from bot.stores.bundle import Stores

Make = Callable[[Knowledge, Matcher, Retention, Sequence[Dialogue]], Dialogue]
"""Makes a Dialogue, of whichever kind, beside those that speak other languages."""


def read_all(settings: Settings) -> Knowledge:
    """Return the knowledge that `settings` name, whatever is live. Raises KnowledgeError."""
    return _whole(settings.knowledge_dir, settings)


def _whole(folder: Path, settings: Settings) -> Knowledge:
    """Return the knowledge in `folder`, whatever is live. Raises KnowledgeError."""
    return load(folder, utc_now().date(), memory=_memory(settings.cache_dir))


@cache
def _memory(folder: Path) -> DocumentMemory:
    """Return what remembers parsed files in `folder`."""
    return DocumentMemory(folder)


def read_knowledge(settings: Settings) -> Knowledge:
    """Return the knowledge that `settings` name, with at least one live guide.

    Raises KnowledgeError, and SettingsError if a guide is to be off that isn't there.
    """
    return read_live(settings.knowledge_dir, settings)


def read_live(folder: Path, settings: Settings) -> Knowledge:
    """Return what is live of the knowledge in `folder`; raises as `read_knowledge` does."""
    whole, off = _whole(folder, settings), settings.guides_off
    for name in sorted(off - {guide.id for guide in (*whole.guides, *whole.waiting)}):
        message = f"GUIDES_OFF names '{name}', and there is no such guide"
        raise SettingsError(message)
    knowledge = only_live(whole, off)
    if not knowledge.guides:
        message = "no guide is live: each is silent or switched off, or has only drafts"
        raise KnowledgeError([Problem(str(folder), 1, message)])
    return knowledge


def read_languages(settings: Settings, first: Knowledge) -> list[Knowledge]:
    """Return the knowledge in every other language that has a voice. Raises KnowledgeError."""
    folder, today = settings.knowledge_dir, utc_now().date()
    memory = _memory(settings.cache_dir)
    return [load_language(folder, today, code, first, memory) for code in languages(folder)]


def check_guide(knowledge: Knowledge, guide: str) -> None:
    """Raise GuidebotError if `guide` is named and there is no such guide."""
    names = [each.id for each in knowledge.guides]
    if guide and guide not in names:
        message = f"there is no guide '{guide}'; there are: {', '.join(names)}"
        raise GuidebotError(message)


def make_matcher(knowledge: Knowledge, settings: Settings, known: Matcher | None = None) -> Matcher:
    """Return the matcher for `knowledge`, building what isn't kept. Raises EncoderError.

    One that is `known` of nearly the same knowledge is adapted at once instead.
    """
    encoder = make_encoder(settings.encoder, settings.semantic_model)
    reader = reader_of(knowledge)
    index = cached_index(
        knowledge, encoder, reader, settings.cache_dir, known.index if known else None
    )
    threadpool_limits(1)  # one question's matrices are small: a second thread only costs
    return Matcher(knowledge, index, encoder, reader)


def make_matchers(
    knowledge: Knowledge, settings: Settings, vector: Sequence[float]
) -> list[Matcher]:
    """Return a matcher for each of several weights of the `vector`, to choose between them."""
    encoder = make_encoder(settings.encoder, settings.semantic_model)
    reader = reader_of(knowledge)
    lesson = lesson_of(knowledge, encoder, reader, settings.cache_dir)
    indexes = [lesson.taught(FeatureWeights(each, 0.0), Calibration()) for each in vector]
    threadpool_limits(1)
    return [Matcher(knowledge, index, encoder, reader) for index in indexes]


def make_dialogue(settings: Settings) -> Dialogue:
    """Return the Dialogue that every channel calls. Raises KnowledgeError or EncoderError."""
    return load_all(settings).dialogue


def load_all(settings: Settings, make: Make = Dialogue, known: Matcher | None = None) -> Loaded:
    """Return everything that answers; `make` makes its Dialogue, in each language.

    The matcher may be made from one that is `known` of nearly the same knowledge.

    Raises KnowledgeError or EncoderError.
    """
    knowledge = read_knowledge(settings)
    matcher, kept = make_matcher(knowledge, settings, known), retention_of(settings)
    others = [
        make(each, matcher if each.foreign else make_matcher(each, settings), kept, ())
        for each in read_languages(settings, knowledge)
    ]
    _memory(settings.cache_dir).keep()
    return Loaded(make(knowledge, matcher, kept, others), matcher)


def make_reloader(
    settings: Settings, loaded: Loaded, swap: Swap, make: Make = Dialogue
) -> Reloader:
    """Return what swaps changed knowledge in; `loaded` is what answers now."""
    known = loaded.matcher

    def load_now() -> Loaded:
        nonlocal known
        new = load_all(settings, make, known)
        known = new.matcher
        return new

    reloader = Reloader(
        settings.knowledge_dir, load_now, swap, fit=partial(fit_elsewhere, settings)
    )
    reloader.begin(loaded)
    return reloader


def forgetful_keeper() -> Keeper:
    """Return a Keeper whose memory ends with the process."""
    from bot.stores.bundle import in_memory  # noqa: PLC0415 - imports the database's library

    return Keeper(in_memory())


def retention_of(settings: Settings) -> Retention:
    """Return how long things are kept."""
    return Retention(settings.keep_for, settings.keep_misses_for)


def make_desk(
    settings: Settings, questions: Path, knowledge: Knowledge, matcher: Matcher, stores: Stores
) -> Desk:
    """Return the desk of those who write `knowledge`; the labelled `questions` judge changes."""
    # ruamel.yaml and the evaluation are nothing that a reader's question should wait for
    from bot.authoring.desk import Desk  # noqa: PLC0415
    from bot.authoring.workshop import Tools  # noqa: PLC0415

    @cache
    def encoder() -> Encoder:
        return make_encoder(settings.encoder, settings.semantic_model)

    def vectors(texts: Sequence[str]) -> NDArray[np.float32]:
        return question_vectors(encoder(), [matcher.reader.read(text) for text in texts])

    tools = Tools(
        settings.knowledge_dir,
        questions,
        read=lambda folder: read_live(folder, settings),
        check=problems_of,
        fit=lambda changed: make_matcher(changed, settings),
    )
    return Desk(
        knowledge,
        matcher,
        records=stores,
        tools=tools,
        vectors=vectors,
        backups=settings.data_dir / "backups",
        clock=utc_now,
    )


@asynccontextmanager
async def open_desk(settings: Settings, questions: Path) -> AsyncIterator[Desk]:
    """Open a desk for the terminal, over the stores of the settings.

    Raises KnowledgeError, EncoderError or StoreError if it can't be opened.
    """
    from bot.stores.bundle import open_stores  # noqa: PLC0415 - imports the database's library

    async with open_stores(settings.database, settings.data_dir) as stores:
        knowledge = read_knowledge(settings)
        yield make_desk(settings, questions, knowledge, make_matcher(knowledge, settings), stores)
