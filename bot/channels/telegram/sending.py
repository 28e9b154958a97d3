"""Sends a reply as one message, or puts it in the place of an older one."""

import logging
from functools import partial

from telegram import CallbackQuery, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.markup import keyboard
from bot.channels.telegram.patience import obeying_limits
from bot.conversation.model import Reply

log = logging.getLogger(__name__)

EXPORT_NAME = "guidebot.json"
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

_SAME = "not modified"


async def send(message: Message, reply: Reply) -> None:
    """Answer `message` with a reply, as the caption of its picture if it has one."""
    if await _sent_as_photo(message, reply):
        return
    sending = partial(
        message.reply_text,
        reply.html,
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard(reply),
        link_preview_options=NO_PREVIEW,
    )
    await obeying_limits(sending)


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


async def _sent_as_photo(message: Message, reply: Reply) -> bool:
    """Send a reply as the caption of its picture; say whether it has one and that worked."""
    if reply.picture is None:
        return False
    try:
        sending = partial(
            message.reply_photo,
            reply.picture.path.read_bytes(),
            reply.html,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard(reply),
            filename=reply.picture.path.name,
        )
        await obeying_limits(sending)
    except (OSError, TelegramError) as error:
        log.warning("%s was not sent: %s", reply.picture.path.name, type(error).__name__)
        return False
    return True
