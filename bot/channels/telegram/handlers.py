"""Turns Telegram's updates into questions for Dialogue, and its replies into messages."""

import logging
import traceback
from functools import partial
from pathlib import Path

from telegram import CallbackQuery, LinkPreviewOptions, Message, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError
from telegram.ext import ContextTypes

from bot.channels.telegram.callbacks import unpack
from bot.channels.telegram.markup import keyboard
from bot.channels.telegram.patience import obeying_limits
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question, Reply, Session, Target
from bot.conversation.ports import SessionStore

log = logging.getLogger(__name__)

Context = ContextTypes.DEFAULT_TYPE


class Handlers:
    """One method for each kind of update. All of them end in one message sent."""

    def __init__(self, dialogue: Dialogue, sessions: SessionStore) -> None:
        """Answer with `dialogue`; keep sessions in `sessions`."""
        self._dialogue = dialogue
        self._sessions = sessions
        self._say = dialogue.catalogue.knowledge.voice.say
        self._commands = {item.command: target for item, target in dialogue.catalogue.commands()}

    async def text(self, update: Update, _context: Context) -> None:
        """Answer a question."""
        message = update.effective_message
        if message is None or message.text is None:
            return
        session = await self._sessions.load(_key(update))
        question = Question(message.text)
        outcome = self._dialogue.respond(question, session)
        await self._finish(update, message, outcome.reply, outcome.session)

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
        """Open what a button stands for, as a new message below it."""
        query = update.callback_query
        if query is None:
            return
        await _acknowledge(query)
        message = query.message
        if isinstance(message, Message):
            await self._open(update, message, unpack(query.data or ""))

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
        """Open a target and send what it shows."""
        session = await self._sessions.load(_key(update))
        outcome = self._dialogue.open(target, session)
        await self._finish(update, message, outcome.reply, outcome.session)

    async def _finish(
        self, update: Update, message: Message, reply: Reply, session: Session
    ) -> None:
        """Send a reply, then keep the session."""
        if not await _sent_as_photo(message, reply):
            send = partial(
                message.reply_text,
                reply.html,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard(reply),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
            await obeying_limits(send)
        await self._sessions.save(_key(update), session)

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


async def _acknowledge(query: CallbackQuery) -> None:
    """Stop the button's spinner; an old query can't be answered any more, which is no harm."""
    try:
        await query.answer()
    except BadRequest as error:
        log.info("a button was pressed too long ago: %s", type(error).__name__)


def _key(update: Update) -> str:
    """Return the session's key: this person in this chat."""
    chat, user = update.effective_chat, update.effective_user
    return f"telegram:{chat.id if chat else 0}:{user.id if user else 0}"


def _place(error: BaseException | None) -> str:
    """Return where an error was raised, without its message, which may hold a person's words."""
    frames = traceback.extract_tb(error.__traceback__) if error else []
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown place"
