"""Composition root: the only module that wires everything."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from bot.channels.keeper import Keeper, utc_now
from bot.checking import problems_of
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question
from bot.conversation.ports import CounterStore
from bot.conversation.records import Retention
from bot.errors import GuidebotError, SettingsError, StoreError
from bot.knowledge.loader import load
from bot.knowledge.model import Knowledge
from bot.matching.encoder import Encoder, make_encoder
from bot.matching.labelled import reader_of
from bot.matching.matcher import Matcher
from bot.matching.shelf import cached_index
from bot.matching.vectors import question_vectors
from bot.settings import Settings

if TYPE_CHECKING:  # their rooms are imported when they are needed
    from bot.authoring.desk import Desk
    from bot.channels.telegram.courier import Courier
    from bot.channels.telegram.service import Service
    from bot.channels.web.live import Page
    from bot.metrics import Metrics
    from bot.stores.bundle import Stores

PAGE_IS_AT = "The page is at {address} - Control-C ends it."
PAGE_IS_OPEN = (
    "Warning: other machines can reach this address, and what is typed there travels unencrypted."
)


class _Telegram(NamedTuple):
    """What answers on Telegram, opened."""

    service: Service
    courier: Courier
    stores: Stores
    metrics: Metrics
    dialogue: Dialogue


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
    return make_dialogue_with(settings)[0]


def make_dialogue_with(settings: Settings) -> tuple[Dialogue, Matcher]:
    """Return the Dialogue and its Matcher. Raises KnowledgeError or EncoderError."""
    knowledge = read_knowledge(settings)
    matcher = make_matcher(knowledge, settings)
    return Dialogue(knowledge, matcher, retention_of(settings)), matcher


def forgetful_keeper() -> Keeper:
    """Return a Keeper whose memory ends with the process."""
    from bot.stores.bundle import in_memory  # noqa: PLC0415 - imports the database's library

    return Keeper(in_memory())


def retention_of(settings: Settings) -> Retention:
    """Return how long things are kept."""
    return Retention(settings.keep_for, settings.keep_misses_for)


async def run_telegram(settings: Settings) -> None:
    """Answer on Telegram until told to stop. Raises GuidebotError if it can't start."""
    # half a second of imports that no other command should wait for
    from bot.channels.telegram.service import until_told  # noqa: PLC0415

    stop = until_told()
    async with _telegram(settings) as telegram:
        await telegram.service.poll(stop, telegram.courier.run)


async def run_webhook(settings: Settings, host: str, port: int) -> None:
    """Answer what Telegram sends over HTTP until told to stop.

    Raises GuidebotError if it can't start.
    """
    from bot.channels.telegram.service import Hook, until_told  # noqa: PLC0415
    from bot.channels.webhook.application import Desk, build_webhook  # noqa: PLC0415
    from bot.channels.webhook.server import serve  # noqa: PLC0415
    from bot.metrics import FORMAT  # noqa: PLC0415

    if not settings.webhook.startswith(("https://", "http://")):
        message = "WEBHOOK_URL must be set: the https address at which Telegram reaches the bot"
        raise SettingsError(message)
    stop = until_told()
    async with _telegram(settings) as telegram:
        service, stores = telegram.service, telegram.stores
        in_body = settings.webhook_replies.lower() == "body"
        desk = Desk(
            service.take_and_answer if in_body else service.take,
            {
                "store": partial(_look_into, stores),
                "index": partial(_rank, telegram.dialogue),
                "telegram": service.greet,
            },
            lambda: (telegram.metrics.page(), FORMAT),
        )
        hook = Hook(settings.webhook, settings.webhook_secret, removed=not stores.updates.shared)
        page = build_webhook(desk, hook.secret, settings.webhook_route)
        async with service.hooked(hook, telegram.courier.run):
            await serve(page, host, port, stop)


async def remove_webhook(settings: Settings) -> None:
    """Have Telegram keep updates. Raises GuidebotError if it can't be told."""
    async with _telegram(settings) as telegram:
        await telegram.service.unhook()


async def _look_into(stores: Stores) -> None:
    """Raise StoreError if the database can't be used."""
    await stores.updates.waiting("")


async def _rank(dialogue: Dialogue) -> None:
    """Raise whatever keeps the index from being used."""
    dialogue.rank(Question("?"))


@asynccontextmanager
async def _telegram(settings: Settings) -> AsyncIterator[_Telegram]:
    """Open what answers on Telegram. Raises GuidebotError if it can't be."""
    from bot.channels.counting import CountedDialogue  # noqa: PLC0415
    from bot.channels.telegram.application import build_application  # noqa: PLC0415
    from bot.channels.telegram.bodies import BodyRequest  # noqa: PLC0415
    from bot.channels.telegram.courier import Courier  # noqa: PLC0415
    from bot.channels.telegram.delivery import Delivery  # noqa: PLC0415
    from bot.channels.telegram.pace import Pace  # noqa: PLC0415
    from bot.channels.telegram.service import Service  # noqa: PLC0415
    from bot.metrics import Metrics  # noqa: PLC0415
    from bot.stores.bundle import open_stores, utc_now  # noqa: PLC0415
    from bot.stores.retention import pruned_daily  # noqa: PLC0415

    metrics, retention = Metrics(), retention_of(settings)
    async with open_stores(settings.database, settings.data_dir) as stores:
        knowledge = read_knowledge(settings)
        matcher = make_matcher(knowledge, settings)
        dialogue = CountedDialogue(knowledge, matcher, retention, metrics.decided)
        keeper = Keeper(stores)
        delivery = Delivery(metrics, partial(_note_undelivered, stores.counters))
        application = build_application(
            settings.bot_token,
            dialogue,
            keeper,
            delivery,
            api_url=settings.api_url,
            request=BodyRequest(),
            pace=Pace(settings.flood_limit),
        )
        service = Service(
            application,
            dialogue.catalogue,
            delivery,
            stores.updates,
            clock=utc_now,
            metrics=metrics,
        )
        courier = Courier(
            application.bot,
            dialogue.catalogue,
            keeper,
            alone=partial(stores.updates.lock, "telegram reminders"),
        )
        async with pruned_daily(stores, retention):
            yield _Telegram(service, courier, stores, metrics, dialogue)


async def _note_undelivered(counters: CounterStore, reason: str) -> None:
    """Count what was given up for good, if it can be kept."""
    with suppress(StoreError):
        await counters.add(datetime.now(UTC).date(), "undelivered", reason)


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
        read=lambda folder: load(folder, utc_now().date()),
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


@dataclass(frozen=True)
class Web:
    """How the page is to be served: where, and which questions judge what the desk changes."""

    host: str
    port: int
    questions: Path


async def run_web(settings: Settings, web: Web, tell: Callable[[str], None]) -> None:
    """Serve the local page until told to stop; `tell` its address and, if need be, a warning.

    Raises GuidebotError if it can't start.
    """
    from bot.channels.web.admissions import Admissions  # noqa: PLC0415 - as for Telegram
    from bot.channels.web.application import Office, build_page  # noqa: PLC0415
    from bot.channels.web.conversations import Conversations  # noqa: PLC0415
    from bot.channels.web.live import LivePage  # noqa: PLC0415
    from bot.channels.web.server import address_of, bind, is_loopback, serve  # noqa: PLC0415
    from bot.stores.bundle import open_stores  # noqa: PLC0415
    from bot.stores.retention import pruned_daily  # noqa: PLC0415

    async with open_stores(settings.database, settings.data_dir) as stores:
        bound = bind(web.host, web.port)
        local, keeper, conversations = is_loopback(bound), Keeper(stores), Conversations()
        admissions = Admissions(settings.admin_token, local=local)

        def build(renew: Callable[[], None]) -> Page:
            dialogue, matcher = make_dialogue_with(settings)
            knowledge = dialogue.catalogue.knowledge
            desk = make_desk(settings, web.questions, knowledge, matcher, stores)
            office = Office(desk, admissions, renew)
            return build_page(
                dialogue, matcher, keeper, conversations=conversations, office=office, local=local
            )

        page = LivePage(build)
        words = PAGE_IS_AT if local else f"{PAGE_IS_AT}\n{PAGE_IS_OPEN}"
        async with pruned_daily(stores, retention_of(settings)):
            await serve(page, bound, lambda: tell(words.format(address=address_of(bound))))
