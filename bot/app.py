"""Composition root: the only module that wires everything."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from functools import partial

from threadpoolctl import threadpool_limits

from bot.channels.keeper import Keeper
from bot.conversation.dialogue import Dialogue
from bot.conversation.records import Retention
from bot.errors import GuidebotError, KnowledgeError, Problem, SettingsError
from bot.knowledge.live import only_live
from bot.knowledge.loader import languages, load, load_language
from bot.knowledge.model import Knowledge
from bot.matching.encoder import make_encoder
from bot.matching.labelled import reader_of
from bot.matching.matcher import Matcher
from bot.matching.shelf import cached_index
from bot.reloading import Loaded, Reloader, Swap, reloading
from bot.settings import Settings

PAGE_IS_AT = "The page is at {address} - Control-C ends it."
PAGE_IS_OPEN = (
    "Warning: other machines can reach this address. Whoever does can use the page, and what is "
    "typed there travels unencrypted."
)


def read_all(settings: Settings) -> Knowledge:
    """Return the knowledge that `settings` name, whatever is live. Raises KnowledgeError."""
    return load(settings.knowledge_dir, datetime.now(UTC).date())


def read_knowledge(settings: Settings) -> Knowledge:
    """Return the knowledge that `settings` name, with at least one live guide.

    Raises KnowledgeError, and SettingsError if a guide is to be off that isn't there.
    """
    whole = read_all(settings)
    off = settings.guides_off
    for name in sorted(off - {guide.id for guide in (*whole.guides, *whole.waiting)}):
        message = f"GUIDES_OFF names '{name}', and there is no such guide"
        raise SettingsError(message)
    knowledge = only_live(whole, off)
    if not knowledge.guides:
        message = "no guide is live: each is silent or switched off, or has only drafts"
        raise KnowledgeError([Problem(str(settings.knowledge_dir), 1, message)])
    return knowledge


def read_languages(settings: Settings, first: Knowledge) -> list[Knowledge]:
    """Return the knowledge in every other language that has a voice. Raises KnowledgeError."""
    folder, today = settings.knowledge_dir, datetime.now(UTC).date()
    return [load_language(folder, today, code, first) for code in languages(folder)]


def check_guide(knowledge: Knowledge, guide: str) -> None:
    """Raise GuidebotError if `guide` is named and there is no such guide."""
    names = [each.id for each in knowledge.guides]
    if guide and guide not in names:
        message = f"there is no guide '{guide}'; there are: {', '.join(names)}"
        raise GuidebotError(message)


def make_matcher(knowledge: Knowledge, settings: Settings) -> Matcher:
    """Return the matcher for `knowledge`, building what isn't kept. Raises EncoderError."""
    encoder = make_encoder(settings.encoder, settings.semantic_model)
    reader = reader_of(knowledge)
    index = cached_index(knowledge, encoder, reader, settings.cache_dir)
    threadpool_limits(1)  # one question's matrices are small: a second thread only costs
    return Matcher(knowledge, index, encoder, reader)


def load_all(settings: Settings) -> Loaded:
    """Return everything that answers. Raises KnowledgeError or EncoderError."""
    return Loaded(*make_dialogue_with(settings))


def make_dialogue(settings: Settings) -> Dialogue:
    """Return the Dialogue that every channel calls. Raises KnowledgeError or EncoderError."""
    return make_dialogue_with(settings)[0]


def make_dialogue_with(settings: Settings) -> tuple[Dialogue, Matcher]:
    """Return the Dialogue and its Matcher. Raises KnowledgeError or EncoderError."""
    knowledge = read_knowledge(settings)
    matcher, kept = make_matcher(knowledge, settings), _retention(settings)
    others = [
        Dialogue(each, matcher if each.foreign else make_matcher(each, settings), kept)
        for each in read_languages(settings, knowledge)
    ]
    return Dialogue(knowledge, matcher, kept, others), matcher


def forgetful_keeper() -> Keeper:
    """Return a Keeper whose memory ends with the process."""
    from bot.stores.bundle import in_memory  # noqa: PLC0415 - imports the database's library

    return Keeper(in_memory())


def _retention(settings: Settings) -> Retention:
    """Return how long things are kept."""
    return Retention(settings.keep_for, settings.keep_misses_for)


async def run_telegram(settings: Settings) -> None:
    """Answer on Telegram until told to stop. Raises GuidebotError if it can't start."""
    # half a second of imports that no other command should wait for
    from bot.channels.telegram.application import (  # noqa: PLC0415
        build_application,
        run_polling,
        take_over,
    )
    from bot.channels.telegram.courier import Courier  # noqa: PLC0415
    from bot.channels.telegram.introduction import introduce  # noqa: PLC0415
    from bot.stores.bundle import open_stores  # noqa: PLC0415
    from bot.stores.retention import pruned_daily  # noqa: PLC0415

    async with open_stores(settings.database, settings.data_dir) as stores:
        loaded, keeper = load_all(settings), Keeper(stores)
        dialogue = loaded.dialogue
        application = build_application(
            settings.bot_token, dialogue, keeper, api_url=settings.api_url
        )
        courier = Courier(application.bot, dialogue.catalogue, keeper)

        async def swap(new: Loaded) -> None:
            take_over(application, new.dialogue, keeper)
            courier.take(new.dialogue.catalogue)
            await introduce(application.bot, new.dialogue.catalogue)

        async with pruned_daily(stores, _retention(settings)), _reloading(settings, loaded, swap):
            await run_polling(application, dialogue, courier)


async def run_web(settings: Settings, host: str, port: int, tell: Callable[[str], None]) -> None:
    """Serve the local page until told to stop; `tell` its address and, if need be, a warning.

    Raises GuidebotError if it can't start.
    """
    from bot.channels.web.application import CurrentPage, build_page  # noqa: PLC0415 - as above
    from bot.channels.web.conversations import Conversations  # noqa: PLC0415
    from bot.channels.web.server import address_of, bind, is_loopback, serve  # noqa: PLC0415
    from bot.stores.bundle import open_stores  # noqa: PLC0415
    from bot.stores.retention import pruned_daily  # noqa: PLC0415

    async with open_stores(settings.database, settings.data_dir) as stores:
        loaded = load_all(settings)
        bound = bind(host, port)
        local = is_loopback(bound)
        build = partial(
            build_page, sessions=stores.sessions, conversations=Conversations(), local=local
        )
        page = CurrentPage(build(*loaded))

        async def swap(new: Loaded) -> None:
            page.take(build(*new))

        words = PAGE_IS_AT if local else f"{PAGE_IS_AT}\n{PAGE_IS_OPEN}"
        async with pruned_daily(stores, _retention(settings)), _reloading(settings, loaded, swap):
            await serve(page, bound, lambda: tell(words.format(address=address_of(bound))))


def _reloading(settings: Settings, loaded: Loaded, swap: Swap) -> AbstractAsyncContextManager[None]:
    """Return what swaps changed knowledge in for as long as it is open."""
    reloader = Reloader(settings.knowledge_dir, lambda: load_all(settings), swap)
    reloader.begin(loaded)
    return reloading(reloader)
