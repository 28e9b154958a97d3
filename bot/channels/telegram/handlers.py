"""Turns Telegram's updates into questions for Dialogue, and its replies into messages."""

import logging
import traceback
from functools import partial
from pathlib import Path

from telegram import CallbackQuery, LinkPreviewOptions, Message, Update
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest, TelegramError
from telegram.ext import ContextTypes

from bot.channels.keeper import Keeper
from bot.channels.telegram.callbacks import unpack
from bot.channels.telegram.markup import keyboard
from bot.channels.telegram.patience import obeying_limits
from bot.conversation.dialogue import Dialogue, Outcome
from bot.conversation.model import PERSONAL, VOTES, Question, Reply, Target
from bot.conversation.records import Speaker
from bot.errors import StoreError

log = logging.getLogger(__name__)

EXPORT_NAME = "guidebot.json"

Context = ContextTypes.DEFAULT_TYPE


class Handlers:
    """One method for each kind of update. All of them end in one message sent."""

    def __init__(self, dialogue: Dialogue, keeper: Keeper) -> None:
        """Answer with `dialogue`; `keeper` remembers."""
        self._dialogue = dialogue
        self._keeper = keeper
        voice = dialogue.catalogue.knowledge.voice
        self._say, self._personal = voice.say, voice.personal.say
        self._commands = {item.command: target for item, target in dialogue.catalogue.commands()}

    async def text(self, update: Update, _context: Context) -> None:
        """Answer a question."""
        message = update.effective_message
        if message is None or message.text is None:
            return
        known = await self._keeper.recall(_speaker(update))
        outcome = self._dialogue.respond(Question(message.text), *known)
        await self._finish(update, message, outcome)

    async def command(self, update: Update, context: Context) -> None:
        """Open what a command stands for; an unknown one gets the help."""
        message = update.effective_message
        if message is None or message.text is None:
            return
        said, *arguments = message.text[1:].split()[:2] or ["help"]
        name, _, addressee = said.lower().partition("@")
        if addressee not in ("", context.bot.username.lower()):
            return
        target = self._commands.get(name, self._commands["help"])
        if name == "start" and arguments:
            target = self._deep_link(arguments[0]) or target
        await self._open(update, message, target)

    async def button(self, update: Update, _context: Context) -> None:
        """Open what a button stands for, as a new message below it; a vote is just noted."""
        query = update.callback_query
        if query is None:
            return
        target = unpack(query.data or "")
        if target.action in VOTES:
            await self._vote(update, query, target)
            return
        await _acknowledge(query)
        if isinstance(query.message, Message):
            await self._open(update, query.message, target)

    async def other(self, update: Update, _context: Context) -> None:
        """Say kindly that only text can be read."""
        if update.effective_message is not None:
            await update.effective_message.reply_text(self._say.not_text)

    async def error(self, update: object, context: Context) -> None:
        """Log what went wrong, without the person's words, and say so to them."""
        log.error("an update failed: %s at %s", type(context.error).__name__, _place(context.error))
        if isinstance(update, Update) and update.effective_message is not None:
            try:
                await update.effective_message.reply_text(self._say.failure)
            except TelegramError as failure:
                log.warning("the apology could not be sent: %s", type(failure).__name__)

    async def _open(self, update: Update, message: Message, target: Target) -> None:
        """Open a target and send what it shows; what is personal, only in private."""
        if target.action in PERSONAL and message.chat.type != ChatType.PRIVATE:
            await message.reply_text(self._personal.private_only)
            return
        known = await self._keeper.recall(_speaker(update))
        await self._finish(update, message, self._dialogue.open(target, *known))

    async def _vote(self, update: Update, query: CallbackQuery, target: Target) -> None:
        """Keep a vote; thanks for it stand in the button's own notice."""
        known = await self._keeper.recall(_speaker(update))
        outcome = self._dialogue.open(target, *known)
        if not outcome.reply.notice:
            await _acknowledge(query)
            if isinstance(query.message, Message):
                await self._finish(update, query.message, outcome)
            return
        try:
            await self._keeper.settle(_speaker(update), outcome)
        except StoreError as error:
            log.warning("a vote is not kept: %s", error)
            await _acknowledge(query, self._personal.not_kept)
            return
        await _acknowledge(query, outcome.reply.text)

    async def _finish(self, update: Update, message: Message, outcome: Outcome) -> None:
        """Do what a reply promises, send it, then keep the session."""
        speaker = _speaker(update)
        try:
            document = await self._keeper.settle(speaker, outcome)
        except StoreError as error:
            log.warning("a wish can't be fulfilled: %s", error)
            await message.reply_text(self._personal.not_kept)
            return
        await self._send(message, outcome.reply)
        if document:
            await _send_document(message, document)
        await self._keeper.keep(speaker, outcome.session)

    @staticmethod
    async def _send(message: Message, reply: Reply) -> None:
        """Send a reply."""
        if not await _sent_as_photo(message, reply):
            send = partial(
                message.reply_text,
                reply.html,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard(reply),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
            await obeying_limits(send)

    def _deep_link(self, payload: str) -> Target | None:
        """Return the entry that ``/start <topic>`` names, if it exists."""
        entry = self._dialogue.catalogue.find(payload)
        return Target("", entry.uid) if entry else None


async def _sent_as_photo(message: Message, reply: Reply) -> bool:
    """Send a reply as the caption of its picture; say whether it has one and that worked."""
    if reply.picture is None:
        return False
    try:
        send = partial(
            message.reply_photo,
            reply.picture.path.read_bytes(),
            reply.html,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard(reply),
            filename=reply.picture.path.name,
        )
        await obeying_limits(send)
    except (OSError, TelegramError) as error:
        log.warning("%s was not sent: %s", reply.picture.path.name, type(error).__name__)
        return False
    return True


async def _send_document(message: Message, text: str) -> None:
    """Send a person's data as a file."""
    send = partial(message.reply_document, text.encode(), filename=EXPORT_NAME)
    await obeying_limits(send)


async def _acknowledge(query: CallbackQuery, text: str = "") -> None:
    """Stop the button's spinner, with a notice if there is a `text`.

    An old query can't be answered any more, which is no harm.
    """
    try:
        await query.answer(text or None)
    except BadRequest as error:
        log.info("a button was pressed too long ago: %s", type(error).__name__)


def _speaker(update: Update) -> Speaker:
    """Return who speaks, and where."""
    chat, user = update.effective_chat, update.effective_user
    person = f"telegram:{user.id if user else 0}"
    return Speaker(person, f"telegram:{chat.id if chat else 0}")


def _place(error: BaseException | None) -> str:
    """Return where an error was raised, without its message, which may hold a person's words."""
    frames = traceback.extract_tb(error.__traceback__) if error else []
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown place"
