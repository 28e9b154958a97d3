"""Builds python-telegram-bot's Application and runs it by long polling."""

import asyncio
import logging
import signal
from collections.abc import Callable
from typing import Any, NamedTuple

from telegram import BotCommand, Update
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    MessageHandler,
    filters,
)
from telegram.request import BaseRequest, HTTPXRequest

from bot.channels.telegram.handlers import Handlers
from bot.channels.telegram.order import ChatOrder
from bot.conversation.dialogue import Dialogue
from bot.conversation.ports import SessionStore
from bot.errors import ChannelError

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
    sessions: SessionStore,
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
        .request(request or HTTPXRequest(connection_pool_size=MOST_AT_ONCE))
        .get_updates_request(request or HTTPXRequest(connection_pool_size=1, read_timeout=20))
    )
    if api_url:
        builder = builder.base_url(f"{api_url.rstrip('/')}/bot")
        builder = builder.base_file_url(f"{api_url.rstrip('/')}/file/bot")
    try:
        application: Bot = builder.build()
    except InvalidToken:
        message = "Telegram refuses the token: check TELEGRAM_BOT_TOKEN"
        raise ChannelError(message) from None
    handlers = Handlers(dialogue, sessions)
    application.add_handlers([route.make(handlers) for route in HANDLERS])
    application.add_error_handler(handlers.error)
    return application


async def run_polling(application: Bot, dialogue: Dialogue) -> None:
    """Answer until the process is told to stop.

    Raises ChannelError if the token is refused, Telegram can't be reached at the start, or
    another copy polls with the same token. A connection lost later is retried for ever.
    """
    stop: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    _stop_on_signals(stop)
    await _start(application)
    try:
        await _set_commands(application, dialogue)
        await application.start()
        updater = application.updater
        assert updater is not None  # noqa: S101 - build_application always makes one
        await updater.start_polling(
            allowed_updates=[Update.MESSAGE, Update.CALLBACK_QUERY],
            error_callback=lambda error: _on_polling_error(error, stop),
        )
        log.info("answering as @%s", application.bot.username)
        await stop
    finally:
        await _shut_down(application)


async def _start(application: Bot) -> None:
    """Connect to Telegram once, or raise ChannelError with one line that says why not."""
    try:
        await application.initialize()
    except InvalidToken:
        message = "Telegram refuses the token: check TELEGRAM_BOT_TOKEN"
        raise ChannelError(message) from None
    except NetworkError as error:
        await application.shutdown()
        message = f"Telegram can't be reached ({type(error).__name__}): check the network"
        raise ChannelError(message) from None


async def _shut_down(application: Bot) -> None:
    """Finish what was begun, then disconnect."""
    if application.updater is not None and application.updater.running:
        await application.updater.stop()
    if application.running:
        await application.stop()
    await application.shutdown()


def _on_polling_error(error: TelegramError, stop: asyncio.Future[None]) -> None:
    """Give up if another copy polls; otherwise say so once and let the retry go on."""
    if isinstance(error, Conflict) and not stop.done():
        message = "another copy of this bot is running with the same token"
        stop.set_exception(ChannelError(message))
    else:
        log.warning("polling failed, trying again: %s", type(error).__name__)


async def _set_commands(application: Bot, dialogue: Dialogue) -> None:
    """Tell Telegram the commands for its menu, if they changed."""
    wanted = [
        BotCommand(item.command, item.description) for item, _ in dialogue.catalogue.commands()
    ]
    try:
        if list(await application.bot.get_my_commands()) != wanted:
            await application.bot.set_my_commands(wanted)
    except TelegramError as error:
        log.warning("the command menu was not set: %s", type(error).__name__)


def _stop_on_signals(stop: asyncio.Future[None]) -> None:
    """Let SIGINT and SIGTERM end the run."""

    def finish() -> None:
        if not stop.done():
            stop.set_result(None)

    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, finish)
