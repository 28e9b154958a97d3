"""Sends a reply as one message, or puts it in the place of an older one."""

import logging
from functools import partial

from telegram import (
    CallbackQuery,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.channels.telegram.markup import keyboard
from bot.channels.telegram.patience import obeying_limits
from bot.conversation.model import Reply

log = logging.getLogger(__name__)

EXPORT_NAME = "guidebot.json"
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

_SAME = "not modified"


async def send(message: Message, reply: Reply, *, over: int = 0) -> int:
    """Answer `message` with a reply, `over` an older answer; return the answer's id."""
    return await write(message, reply.html, keyboard(reply), over=over)


async def write(
    message: Message,
    html: str,
    markup: InlineKeyboardMarkup | None,
    *,
    over: int = 0,
    quote: bool = False,
) -> int:
    """Answer `message`, in the place of the bot's message `over` if that can be changed.

    Else the answer is a message of its own, which quotes the question if it is to `quote` it or
    comes late. Returns the answer's id.
    """
    if over and await _rewritten(message, html, markup, over):
        return over
    answering = ReplyParameters(message.message_id, allow_sending_without_reply=True)
    sending = partial(
        message.reply_text,
        html,
        parse_mode=ParseMode.HTML,
        reply_markup=markup,
        reply_parameters=answering if quote or over else None,
        link_preview_options=NO_PREVIEW,
    )
    return (await obeying_limits(sending)).message_id


async def replace_with(query: CallbackQuery, reply: Reply) -> None:
    """Put a reply in the place of the message whose button was pressed, or below it.

    Pressed twice, the message is already what it should be, and that is no harm. What can't be
    edited any more, because it is too old, stays as it is.
    """
    editing = partial(
        query.edit_message_text,
        reply.html,
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard(reply),
        link_preview_options=NO_PREVIEW,
    )
    try:
        await obeying_limits(editing)
    except BadRequest as error:
        if _SAME not in error.message and isinstance(query.message, Message):
            await send(query.message, reply)


async def send_document(message: Message, text: str) -> None:
    """Send a person's data as a file."""
    sending = partial(message.reply_document, text.encode(), filename=EXPORT_NAME)
    await obeying_limits(sending)


async def acknowledge(query: CallbackQuery, text: str = "") -> None:
    """Stop the button's spinner, with a notice if there is a `text`.

    An old query can't be answered any more, which is no harm.
    """
    try:
        await query.answer(text or None)
    except BadRequest as error:
        log.info("a button was pressed too long ago: %s", type(error).__name__)


async def _rewritten(
    message: Message, html: str, markup: InlineKeyboardMarkup | None, over: int
) -> bool:
    """Change the bot's message `over` in the chat of `message`; say whether it is as it should be.

    A picture's caption, and what was deleted, can't be made such a message.
    """
    editing = partial(
        message.get_bot().edit_message_text,
        html,
        message.chat_id,
        over,
        parse_mode=ParseMode.HTML,
        reply_markup=markup,
        link_preview_options=NO_PREVIEW,
    )
    try:
        await obeying_limits(editing)
    except BadRequest as error:
        return _SAME in error.message
    return True
