"""Builds python-telegram-bot's Application: what handles which update."""

from collections.abc import Callable
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
from telegram.request import BaseRequest

from bot.channels.keeper import Keeper
from bot.channels.telegram.buttons import Buttons
from bot.channels.telegram.delivery import Delivery
from bot.channels.telegram.groups import Groups
from bot.channels.telegram.handlers import Handlers
from bot.channels.telegram.inline import Inline
from bot.channels.telegram.markup import TURN
from bot.channels.telegram.menus import PAGE, Menus
from bot.channels.telegram.patience import explained
from bot.channels.telegram.quiz import QUIZ, Quiz
from bot.channels.telegram.reminders import CANCEL, REMIND, ZONE, Reminders
from bot.channels.telegram.transport import AiohttpRequest
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Reply

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


def build_application(  # noqa: PLR0913 - what it is made of, by name
    token: str,
    dialogue: Dialogue,
    keeper: Keeper,
    delivery: Delivery,
    *,
    api_url: str = "",
    request: BaseRequest | None = None,
) -> Bot:
    """Return the Application for `token`, not started.

    What it says goes through `delivery`. `api_url` is another Bot API server; `request` replaces
    the wire (tests).
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
    parts = _parts(dialogue, keeper)
    application.add_handlers([route.make(parts) for route in HANDLERS])
    application.add_error_handler(parts.private.error)
    return application


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
