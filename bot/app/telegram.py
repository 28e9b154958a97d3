"""Opens Telegram: by long polling, or by a webhook."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.app.composition import load_all, make_reloader, retention_of
from bot.channels.keeper import Keeper
from bot.conversation.model import Question
from bot.conversation.ports import CounterStore
from bot.errors import SettingsError, StoreError
from bot.reloading import Loaded, keep_reloading
from bot.settings import Settings

if TYPE_CHECKING:  # their rooms are imported when they are needed
    from bot.channels.telegram.service import Service
    from bot.duties import Work
    from bot.metrics import Metrics
    from bot.stores.bundle import Stores


@dataclass
class _Telegram:
    """What answers on Telegram, opened; `loaded` is the newest knowledge that it answers from."""

    service: Service
    duties: tuple[Work, ...]
    stores: Stores
    metrics: Metrics
    loaded: Loaded


async def run_telegram(settings: Settings) -> None:
    """Answer on Telegram until told to stop. Raises GuidebotError if it can't start."""
    # half a second of imports that no other command should wait for
    from bot.channels.telegram.service import until_told  # noqa: PLC0415

    stop = until_told()
    async with _telegram(settings) as telegram:
        await telegram.service.poll(stop, *telegram.duties)


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
                "index": partial(_rank, telegram),
                "telegram": service.greet,
            },
            lambda: (telegram.metrics.page(), FORMAT),
        )
        hook = Hook(settings.webhook, settings.webhook_secret, removed=not stores.updates.shared)
        page = build_webhook(desk, hook.secret, settings.webhook_route)
        async with service.hooked(hook, *telegram.duties):
            await serve(page, host, port, stop)


async def remove_webhook(settings: Settings) -> None:
    """Have Telegram keep updates. Raises GuidebotError if it can't be told."""
    async with _telegram(settings) as telegram:
        await telegram.service.unhook()


async def _look_into(stores: Stores) -> None:
    """Raise StoreError if the database can't be used."""
    await stores.updates.waiting("")


async def _rank(telegram: _Telegram) -> None:
    """Raise whatever keeps the index from being used."""
    telegram.loaded.dialogue.rank(Question("?"))


@asynccontextmanager
async def _telegram(settings: Settings) -> AsyncIterator[_Telegram]:
    """Open what answers on Telegram. Raises GuidebotError if it can't be."""
    from bot.channels.counting import CountedDialogue  # noqa: PLC0415
    from bot.channels.telegram.application import build_application, take_over  # noqa: PLC0415
    from bot.channels.telegram.bodies import BodyRequest  # noqa: PLC0415
    from bot.channels.telegram.courier import Courier  # noqa: PLC0415
    from bot.channels.telegram.delivery import Delivery  # noqa: PLC0415
    from bot.channels.telegram.introduction import introduce  # noqa: PLC0415
    from bot.channels.telegram.service import Service  # noqa: PLC0415
    from bot.metrics import Metrics  # noqa: PLC0415
    from bot.stores.bundle import open_stores, utc_now  # noqa: PLC0415
    from bot.stores.retention import pruned_daily  # noqa: PLC0415

    metrics, flood_limit = Metrics(), settings.flood_limit
    make = partial(CountedDialogue, count=metrics.decided)
    async with open_stores(settings.database, settings.data_dir) as stores:
        loaded, keeper = load_all(settings, make), Keeper(stores)
        delivery = Delivery(metrics, partial(_note_undelivered, stores.counters))
        application = build_application(
            settings.bot_token,
            loaded.dialogue,
            keeper,
            delivery,
            api_url=settings.api_url,
            request=BodyRequest(),
            flood_limit=flood_limit,
        )
        service = Service(
            application, loaded.dialogue, delivery, stores.updates, clock=utc_now, metrics=metrics
        )
        alone = partial(stores.updates.lock, "telegram reminders")
        courier = Courier(application.bot, loaded.dialogue, keeper, alone=alone)

        async def swap(new: Loaded) -> None:
            take_over(application, new.dialogue, keeper, flood_limit)
            courier.take(new.dialogue)
            telegram.loaded = new
            await introduce(application.bot, new.dialogue)

        reloader = make_reloader(settings, loaded, swap, make)
        duties = (courier.run, partial(keep_reloading, reloader))
        telegram = _Telegram(service, duties, stores, metrics, loaded)
        async with pruned_daily(stores, retention_of(settings)):
            yield telegram


async def _note_undelivered(counters: CounterStore, reason: str) -> None:
    """Count what was given up for good, if it can be kept."""
    with suppress(StoreError):
        await counters.add(datetime.now(UTC).date(), "undelivered", reason)
