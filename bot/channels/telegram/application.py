"""Builds python-telegram-bot's Application and runs it by long polling."""

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from telegram import BotCommand
from telegram.error import InvalidToken
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    MessageHandler,
    filters,
)
from telegram.request import BaseRequest, HTTPXRequest

from bot.channels.keeper import Keeper
from bot.channels.telegram.handlers import Handlers
from bot.channels.telegram.order import ChatOrder
from bot.channels.telegram.patience import STRANGE, explained
from bot.channels.telegram.polling import Poller
from bot.conversation.dialogue import Dialogue

log = logging.getLogger(__name__)

MOST_AT_ONCE = 32

Bot = Application[Any, Any, Any, Any, Any, Any]


class Route(NamedTuple):
    """A handler: how to make it, and why it stands where it stands. The first that fits wins."""

    make: Callable[[Handlers], BaseHandler[Any, Any, Any]]
    reason: str


_NEW = filters.UpdateType.MESSAGE
_PRIVATE = filters.ChatType.PRIVATE

HANDLERS: tuple[Route, ...] = (
    Route(lambda to: CallbackQueryHandler(to.button), "buttons are the most frequent update"),
    Route(lambda to: MessageHandler(_NEW & filters.COMMAND, to.command), "before text: / leads"),
    Route(lambda to: MessageHandler(_NEW & _PRIVATE & filters.TEXT, to.text), "questions"),
    Route(
        lambda to: MessageHandler(_NEW & _PRIVATE & ~filters.StatusUpdate.ALL, to.other),
        "last: photos, voice and all else get one kind line",
    ),
)


def build_application(
    token: str,
    dialogue: Dialogue,
    keeper: Keeper,
    *,
    api_url: str = "",
    request: BaseRequest | None = None,
) -> Bot:
    """Return the Application for `token`, not started.

    `api_url` is another Bot API server; `request` replaces the wire (tests).
    Raises ChannelError if the token can't be one.
    """
    builder = (
        Application.builder()
        .token(token)
        .concurrent_updates(ChatOrder(MOST_AT_ONCE))
        .job_queue(None)
        .updater(None)
        .request(request or HTTPXRequest(connection_pool_size=MOST_AT_ONCE))
        .get_updates_request(request or HTTPXRequest(connection_pool_size=1, read_timeout=10))
    )
    if api_url:
        builder = builder.base_url(f"{api_url.rstrip('/')}/bot")
        builder = builder.base_file_url(f"{api_url.rstrip('/')}/file/bot")
    try:
        application: Bot = builder.build()
    except InvalidToken as error:
        raise explained(error) from None
    handlers = Handlers(dialogue, keeper)
    application.add_handlers([route.make(handlers) for route in HANDLERS])
    application.add_error_handler(handlers.error)
    return application


async def run_polling(application: Bot, dialogue: Dialogue) -> None:
    """Answer until the process is told to stop.

    Raises ChannelError if Telegram can't be used at the start, if the token is refused later, or
    if another copy polls with it. A connection lost later is retried for ever.
    """
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await _connect(application)
    await _set_commands(application, dialogue)
    poller = Poller(application.bot, application.update_queue)
    await application.start()
    log.info("answering as @%s", application.bot.username)
    try:
        await _until_stopped(poller, stop)
    finally:
        await application.stop()
        await application.shutdown()


async def _until_stopped(poller: Poller, stop: asyncio.Event) -> None:
    """Poll until `stop` is set or polling fails for good; what was fetched then counts as taken."""
    polling = asyncio.create_task(poller.run())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({polling, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if polling.done():
        await polling
    polling.cancel()
    with suppress(asyncio.CancelledError):
        await polling
    await poller.confirm()


async def _connect(application: Bot) -> None:
    """Say hello to Telegram, or raise ChannelError with one line that says why not."""
    try:
        await application.initialize()
        await application.bot.delete_webhook()
    except STRANGE as error:
        with suppress(*STRANGE, RuntimeError):
            await application.shutdown()
        raise explained(error) from None


async def _set_commands(application: Bot, dialogue: Dialogue) -> None:
    """Tell Telegram the commands for its menu, if they changed. No harm if it can't be told."""
    wanted = tuple(
        BotCommand(item.command, item.description) for item, _ in dialogue.catalogue.commands()
    )
    current: tuple[BotCommand, ...] = ()
    with suppress(*STRANGE):
        current = await application.bot.get_my_commands()
    if current == wanted:
        return
    try:
        await application.bot.set_my_commands(wanted)
    except STRANGE as error:
        log.warning("the command menu was not set: %s", type(error).__name__)
