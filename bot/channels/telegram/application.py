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
from bot.channels.telegram.favourites import Favourites
from bot.channels.telegram.groups import Groups
from bot.channels.telegram.handlers import Handlers
from bot.channels.telegram.inline import Inline
from bot.channels.telegram.introduction import introduce
from bot.channels.telegram.markup import TURN
from bot.channels.telegram.menus import PAGE, Menus
from bot.channels.telegram.order import ChatOrder
from bot.channels.telegram.patience import STRANGE, Pause, explained
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.quiz import QUIZ, Quiz
from bot.channels.telegram.reception import Reception
from bot.channels.telegram.reminders import CANCEL, REMIND, ZONE, Reminders
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Reply

log = logging.getLogger(__name__)

MOST_AT_ONCE = 32

Bot = Application[Any, Any, Any, Any, Any, Any]


class Parts(NamedTuple):
    """What updates are handed to."""

    reception: Reception
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
_SAID = filters.UpdateType.MESSAGES
"""New messages, and those that were corrected."""
_PRIVATE = filters.ChatType.PRIVATE & ~filters.VIA_BOT
_GROUP = filters.ChatType.GROUPS

HANDLERS: tuple[Route, ...] = (
    Route(lambda to: InlineQueryHandler(to.inline.query), "one with each letter that is typed"),
    Route(
        lambda to: CallbackQueryHandler(to.reception.attending(to.buttons.press)),
        "one for all of them",
    ),
    Route(
        lambda to: CommandHandler(QUIZ, to.reception.welcoming(to.quiz.ask), _NEW),
        "groups may play as well",
    ),
    Route(
        lambda to: CommandHandler(
            "reminders", to.reception.welcoming(to.reminders.list), _NEW & _PRIVATE
        ),
        "before the commands that open entries",
    ),
    Route(
        lambda to: MessageHandler(
            _SAID & _GROUP & (filters.TEXT | filters.CAPTION), to.groups.message
        ),
        "groups have rules of their own, for commands too",
    ),
    Route(
        lambda to: MessageHandler(
            _SAID & _PRIVATE & filters.COMMAND, to.reception.welcoming(to.private.command)
        ),
        "before text: / leads",
    ),
    Route(
        lambda to: MessageHandler(
            _SAID & _PRIVATE & filters.TEXT, to.reception.welcoming(to.private.text)
        ),
        "questions",
    ),
    Route(
        lambda to: MessageHandler(
            _NEW & _PRIVATE & ~filters.StatusUpdate.ALL,
            to.reception.welcoming(to.private.other),
        ),
        "last: photos, voice and all else get one kind line",
    ),
)


def build_application(  # noqa: PLR0913 - the last two are for tests
    token: str,
    dialogue: Dialogue,
    keeper: Keeper,
    *,
    api_url: str = "",
    request: BaseRequest | None = None,
    pause: Pause = asyncio.sleep,
) -> Bot:
    """Return the Application for `token`, not started.

    `api_url` is another Bot API server; `request` replaces the wire, and `pause` what waits before
    "typing" (tests).
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
    parts = _parts(dialogue, keeper, pause)
    application.add_handlers([route.make(parts) for route in HANDLERS])
    application.add_error_handler(parts.private.error)
    return application


def _parts(dialogue: Dialogue, keeper: Keeper, pause: Pause) -> Parts:
    """Return what updates are handed to."""
    flood = dialogue.catalogue.knowledge.voice.telegram.say.flood
    reception = Reception(flood, keeper.clock, pause)
    menus = Menus(dialogue, keeper)
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
        reception,
        private,
        Groups(dialogue, keeper, reception),
        Inline(dialogue, Favourites(keeper.memory.counters, keeper.clock)),
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
