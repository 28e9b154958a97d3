"""Turns Telegram's updates into questions for Dialogue, and its replies into messages."""

import logging
import traceback
from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path

from telegram import Message, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.channels.telegram.callbacks import unpack
from bot.channels.telegram.conversations import Conversations
from bot.channels.telegram.links import named
from bot.channels.telegram.sending import acknowledge, send
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question, Reply, Session, Target

log = logging.getLogger(__name__)

Context = ContextTypes.DEFAULT_TYPE
Dress = Callable[[Reply], Reply]
"""Fits a reply to Telegram: adds buttons that only Telegram has, divides menus into pages."""


class Handlers:
    """One method for each kind of update. All of them end in one message sent."""

    def __init__(self, dialogue: Dialogue, conversations: Conversations, dress: Dress) -> None:
        """Answer with `dialogue`; remember in `conversations`; `dress` every reply."""
        self._dialogue = dialogue
        self._conversations = conversations
        self._dress = dress
        self._say = dialogue.catalogue.knowledge.voice.say
        self._commands = {item.command: target for item, target in dialogue.catalogue.commands()}

    async def text(self, update: Update, _context: Context) -> None:
        """Answer a question."""
        message = update.effective_message
        if message is None or message.text is None:
            return
        session = await self._conversations.load(update)
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
        if name == "start" and arguments:
            await self._follow(update, message, arguments[0])
            return
        target = self._commands.get(name, self._commands["help"])
        await self._open(update, message, target)

    async def button(self, update: Update, _context: Context) -> None:
        """Open what a button stands for, as a new message below it."""
        query = update.callback_query
        if query is None:
            return
        await acknowledge(query)
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
        session = await self._conversations.load(update)
        outcome = self._dialogue.open(target, session)
        await self._finish(update, message, outcome.reply, outcome.session)

    async def _finish(
        self, update: Update, message: Message, reply: Reply, session: Session
    ) -> None:
        """Send a reply, then keep the session."""
        await send(message, self._dress(reply))
        await self._conversations.save(update, session)

    async def _follow(self, update: Update, message: Message, payload: str) -> None:
        """Open the topic or command that a link ``/start <name>`` names, or say that it's gone."""
        name = named(payload)
        entry = self._dialogue.catalogue.find(name)
        target = Target("", entry.uid) if entry else self._commands.get(name)
        if target is not None:
            await self._open(update, message, target)
            return
        session = await self._conversations.load(update)
        text = self._dialogue.catalogue.knowledge.voice.telegram.say.unknown_link
        offers = self._dialogue.open(Target("", name), session).reply
        reply = replace(offers, text=text, html=escape(text, quote=False))
        await self._finish(update, message, reply, session)


def _place(error: BaseException | None) -> str:
    """Return where an error was raised, without its message, which may hold a person's words."""
    frames = traceback.extract_tb(error.__traceback__) if error else []
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown place"
