"""Composition root: the only module that wires everything."""

from datetime import UTC, datetime

from threadpoolctl import threadpool_limits

from bot.conversation.dialogue import Dialogue
from bot.conversation.records import Retention
from bot.errors import GuidebotError
from bot.knowledge.loader import load
from bot.knowledge.model import Knowledge
from bot.matching.encoder import make_encoder
from bot.matching.labelled import reader_of
from bot.matching.matcher import Matcher
from bot.matching.shelf import cached_index
from bot.settings import Settings


def read_knowledge(settings: Settings) -> Knowledge:
    """Return the knowledge that `settings` name. Raises KnowledgeError."""
    return load(settings.knowledge_dir, datetime.now(UTC).date())


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


def make_dialogue(settings: Settings) -> Dialogue:
    """Return the Dialogue that every channel calls. Raises KnowledgeError or EncoderError."""
    knowledge = read_knowledge(settings)
    return Dialogue(knowledge, make_matcher(knowledge, settings))


async def run_telegram(settings: Settings) -> None:
    """Answer on Telegram until told to stop. Raises GuidebotError if it can't start."""
    # half a second of imports that no other command should wait for
    from bot.channels.telegram.application import (  # noqa: PLC0415
        build_application,
        run_polling,
    )
    from bot.channels.telegram.courier import Courier  # noqa: PLC0415
    from bot.channels.telegram.reminders import Calendar  # noqa: PLC0415
    from bot.stores.bundle import open_stores, utc_now  # noqa: PLC0415
    from bot.stores.retention import pruned_daily  # noqa: PLC0415

    retention = Retention(settings.keep_for, settings.keep_misses_for)
    async with open_stores(settings.database, settings.data_dir) as stores:
        dialogue = make_dialogue(settings)
        application = build_application(
            settings.bot_token, dialogue, stores, clock=utc_now, api_url=settings.api_url
        )
        courier = Courier(application.bot, dialogue.catalogue, Calendar(stores, utc_now))
        async with pruned_daily(stores, retention):
            await run_polling(application, dialogue, courier)
