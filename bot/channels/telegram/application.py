"""Builds python-telegram-bot's Application: what handles which update."""

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple

from telegram import Update
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
from telegram.request import BaseRequest

from bot.channels.keeper import Keeper
from bot.channels.telegram.buttons import Buttons
from bot.channels.telegram.delivery import Delivery
from bot.channels.telegram.favourites import Favourites
from bot.channels.telegram.groups import Groups
from bot.channels.telegram.handlers import Handlers
from bot.channels.telegram.inline import Inline
from bot.channels.telegram.markup import TURN
from bot.channels.telegram.menus import PAGE, Menus
from bot.channels.telegram.patience import Pause, explained
from bot.channels.telegram.quiz import QUIZ, Quiz
from bot.channels.telegram.reception import MOST_A_MINUTE, Reception
from bot.channels.telegram.reminders import CANCEL, REMIND, ZONE, Reminders
from bot.channels.telegram.speakers import language_of, words_of
from bot.channels.telegram.transport import AiohttpRequest
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Reply

DEFAULT_GROUP = 0
"""The only group of handlers: the library asks the groups one after the other."""

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


def build_application(  # noqa: PLR0913 - what it is made of, by name
    token: str,
    dialogue: Dialogue,
    keeper: Keeper,
    delivery: Delivery,
    *,
    api_url: str = "",
    request: BaseRequest | None = None,
    pause: Pause = asyncio.sleep,
    flood_limit: int = MOST_A_MINUTE,
) -> Bot:
    """Return the Application for `token`, not started.

    What it says goes through `delivery`. `api_url` is another Bot API server; `request` replaces
    the wire, and `pause` what waits before "typing" (tests). `flood_limit` is how many messages of
    one person are answered in a minute; 0 answers all.
    Raises ChannelError if the token can't be one.
    """
    transport = request or AiohttpRequest()
    builder = (
        Application.builder()
        .token(token)
        .job_queue(None)
        .updater(None)
        .rate_limiter(delivery)
        .request(transport)
        .get_updates_request(transport)
    )
    if api_url:
        builder = builder.base_url(f"{api_url.rstrip('/')}/bot")
        builder = builder.base_file_url(f"{api_url.rstrip('/')}/file/bot")
    try:
        application: Bot = builder.build()
    except InvalidToken as error:
        raise explained(error) from None
    take_over(application, dialogue, keeper, flood_limit, pause)
    return application


def take_over(
    application: Bot,
    dialogue: Dialogue,
    keeper: Keeper,
    flood_limit: int = MOST_A_MINUTE,
    pause: Pause = asyncio.sleep,
) -> None:
    """Answer what comes from now on with `dialogue`; what has begun ends with the one before."""
    parts = _parts(dialogue, keeper, flood_limit, pause)
    application.handlers[DEFAULT_GROUP] = [route.make(parts) for route in HANDLERS]
    application.error_handlers.clear()
    application.add_error_handler(parts.private.error)


def _parts(dialogue: Dialogue, keeper: Keeper, flood_limit: int, pause: Pause) -> Parts:
    """Return what updates are handed to."""

    def flood(update: Update) -> str:
        return words_of(dialogue, language_of(update)).say.flood

    reception = Reception(keeper, flood_limit, flood, pause)
    menus = Menus(dialogue, keeper)
    reminders = Reminders(dialogue, keeper)

    def dress(reply: Reply) -> Reply:
        return reminders.offered(menus.page(reply))

    private = Handlers(dialogue, keeper, dress)
    quiz = Quiz(dialogue, keeper)
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
