"""Builds python-telegram-bot's Application and runs it by long polling."""

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from telegram.error import InvalidToken
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)
from telegram.request import BaseRequest, HTTPXRequest

from bot.channels.keeper import Keeper
from bot.channels.telegram.buttons import Buttons
from bot.channels.telegram.courier import Courier, on_duty
from bot.channels.telegram.groups import Groups
from bot.channels.telegram.handlers import Handlers
from bot.channels.telegram.inline import Inline
from bot.channels.telegram.introduction import introduce
from bot.channels.telegram.markup import TURN
from bot.channels.telegram.menus import PAGE, Menus
from bot.channels.telegram.order import ChatOrder
from bot.channels.telegram.patience import STRANGE, explained
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.quiz import QUIZ, Quiz
from bot.channels.telegram.reminders import CANCEL, REMIND, ZONE, Reminders
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Reply

log = logging.getLogger(__name__)

DEFAULT_GROUP = 0
"""The only group of handlers: the library asks the groups one after the other."""

MOST_AT_ONCE = 32

Bot = Application[Any, Any, Any, Any, Any, Any]


class Parts(NamedTuple):
    """What updates are handed to."""

    private: Handlers
    groups: Groups
    inline: Inline
    buttons: Buttons
    quiz: Quiz
    reminders: Reminders


class Route(NamedTuple):
    """A handler: how to make it, and why it stands where it stands. The first that fits wins."""

    make: Callable[[Parts], BaseHandler[Any, Any, Any]]
    reason: str


_NEW = filters.UpdateType.MESSAGE
_PRIVATE = filters.ChatType.PRIVATE & ~filters.VIA_BOT
_GROUP = filters.ChatType.GROUPS

HANDLERS: tuple[Route, ...] = (
    Route(lambda to: InlineQueryHandler(to.inline.query), "one with each letter that is typed"),
    Route(lambda to: CallbackQueryHandler(to.buttons.press), "one for all of them"),
    Route(lambda to: CommandHandler(QUIZ, to.quiz.ask, _NEW), "groups may play as well"),
    Route(
        lambda to: CommandHandler("reminders", to.reminders.list, _NEW & _PRIVATE),
        "before the commands that open entries",
    ),
    Route(
        lambda to: MessageHandler(
            _NEW & _GROUP & (filters.TEXT | filters.CAPTION), to.groups.message
        ),
        "groups have rules of their own, for commands too",
    ),
    Route(
        lambda to: MessageHandler(_NEW & _PRIVATE & filters.COMMAND, to.private.command),
        "before text: / leads",
    ),
    Route(lambda to: MessageHandler(_NEW & _PRIVATE & filters.TEXT, to.private.text), "questions"),
    Route(
        lambda to: MessageHandler(_NEW & _PRIVATE & ~filters.StatusUpdate.ALL, to.private.other),
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
    take_over(application, dialogue, keeper)
    return application


def take_over(application: Bot, dialogue: Dialogue, keeper: Keeper) -> None:
    """Answer what comes from now on with `dialogue`; what has begun ends with the one before."""
    parts = _parts(dialogue, keeper)
    application.handlers[DEFAULT_GROUP] = [route.make(parts) for route in HANDLERS]
    application.error_handlers.clear()
    application.add_error_handler(parts.private.error)


def _parts(dialogue: Dialogue, keeper: Keeper) -> Parts:
    """Return what updates are handed to."""
    menus = Menus(dialogue)
    reminders = Reminders(dialogue, keeper)

    def dress(reply: Reply) -> Reply:
        return reminders.offered(menus.page(reply))

    private = Handlers(dialogue, keeper, dress)
    quiz = Quiz(dialogue.catalogue, keeper)
    actions = {
        PAGE: menus.turn,
        TURN: menus.turn,
        QUIZ: quiz.again,
        REMIND: reminders.remind,
        ZONE: reminders.zone,
        CANCEL: reminders.cancel,
    }
    return Parts(
        private,
        Groups(dialogue, keeper),
        Inline(dialogue),
        Buttons(actions, private.button),
        quiz,
        reminders,
    )


async def run_polling(application: Bot, dialogue: Dialogue, courier: Courier | None = None) -> None:
    """Answer until the process is told to stop; `courier` sends reminders meanwhile.

    Raises ChannelError if Telegram can't be used at the start, if the token is refused later, or
    if another copy polls with it. A connection lost later is retried for ever.
    """
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await _connect(application)
    await introduce(application.bot, dialogue.catalogue)
    poller = Poller(application.bot, application.update_queue)
    await application.start()
    log.info("answering as @%s", application.bot.username)
    try:
        async with on_duty(courier):
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
