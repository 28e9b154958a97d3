"""Turns Telegram's updates into questions for Dialogue, and its replies into messages."""

import logging
import traceback
from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.channels.keeper import Keeper
from bot.channels.telegram.callbacks import unpack
from bot.channels.telegram.links import named
from bot.channels.telegram.sending import acknowledge, send, send_document
from bot.channels.telegram.speakers import language_of, speaker_of
from bot.conversation.dialogue import Dialogue, Outcome
from bot.conversation.model import PERSONAL, VOTES, Question, Reply, Target
from bot.errors import StoreError
from bot.knowledge.voice import VoiceFile

log = logging.getLogger(__name__)

Context = ContextTypes.DEFAULT_TYPE
Dress = Callable[[Reply], Reply]
"""Fits a reply to Telegram: adds buttons that only Telegram has, divides menus into pages."""


class Handlers:
    """One method for each kind of update. All of them end in one message sent."""

    def __init__(self, dialogue: Dialogue, keeper: Keeper, dress: Dress) -> None:
        """Answer with `dialogue`; `keeper` remembers; `dress` every reply."""
        self._dialogue = dialogue
        self._keeper = keeper
        self._dress = dress
        self._commands = {item.command: target for item, target in dialogue.catalogue.commands()}

    async def text(self, update: Update, _context: Context) -> None:
        """Answer a question."""
        message = update.effective_message
        if message is None or message.text is None:
            return
        known = await self._keeper.recall(speaker_of(update), language_of(update))
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
        if name == "start" and arguments:
            await self._follow(update, message, arguments[0])
            return
        target = self._commands.get(name, self._commands["help"])
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
        await acknowledge(query)
        if isinstance(query.message, Message):
            await self._open(update, query.message, target)

    async def other(self, update: Update, _context: Context) -> None:
        """Say kindly that only text can be read."""
        if update.effective_message is not None:
            await update.effective_message.reply_text(self._voice(update).say.not_text)

    async def error(self, update: object, context: Context) -> None:
        """Log what went wrong, without the person's words, and say so to them."""
        log.error("an update failed: %s at %s", type(context.error).__name__, _place(context.error))
        if isinstance(update, Update) and update.effective_message is not None:
            try:
                await update.effective_message.reply_text(self._voice(update).say.failure)
            except TelegramError as failure:
                log.warning("the apology could not be sent: %s", type(failure).__name__)

    def _voice(self, update: Update) -> VoiceFile:
        """Return the bot's words in the language of whoever sent `update`."""
        return self._dialogue.speaking(language_of(update)).catalogue.knowledge.voice

    async def _open(self, update: Update, message: Message, target: Target) -> None:
        """Open a target and send what it shows; what is personal, only in private."""
        if target.action in PERSONAL and message.chat.type != ChatType.PRIVATE:
            await message.reply_text(self._voice(update).personal.say.private_only)
            return
        known = await self._keeper.recall(speaker_of(update), language_of(update))
        await self._finish(update, message, self._dialogue.open(target, *known))

    async def _vote(self, update: Update, query: CallbackQuery, target: Target) -> None:
        """Keep a vote; thanks for it stand in the button's own notice."""
        known = await self._keeper.recall(speaker_of(update), language_of(update))
        outcome = self._dialogue.open(target, *known)
        if not outcome.reply.notice:
            await acknowledge(query)
            if isinstance(query.message, Message):
                await self._finish(update, query.message, outcome)
            return
        try:
            await self._keeper.settle(speaker_of(update), outcome)
        except StoreError as error:
            log.warning("a vote is not kept: %s", error)
            await acknowledge(query, self._voice(update).personal.say.not_kept)
            return
        await acknowledge(query, outcome.reply.text)

    async def _finish(self, update: Update, message: Message, outcome: Outcome) -> None:
        """Do what a reply promises, send it, then keep the session."""
        speaker = speaker_of(update)
        try:
            document = await self._keeper.settle(speaker, outcome)
        except StoreError as error:
            log.warning("a wish can't be fulfilled: %s", error)
            await message.reply_text(self._voice(update).personal.say.not_kept)
            return
        await send(message, self._dress(outcome.reply))
        if document:
            await send_document(message, document)
        await self._keeper.keep(speaker, outcome.session)

    async def _follow(self, update: Update, message: Message, payload: str) -> None:
        """Open the topic or command that a link ``/start <name>`` names, or say that it's gone."""
        name = named(payload)
        entry = self._dialogue.catalogue.find(name)
        target = Target("", entry.uid) if entry else self._commands.get(name)
        if target is not None:
            await self._open(update, message, target)
            return
        known = await self._keeper.recall(speaker_of(update), language_of(update))
        text = self._dialogue.catalogue.knowledge.voice.telegram.say.unknown_link
        outcome = self._dialogue.open(Target("", name), *known)
        reply = replace(outcome.reply, text=text, html=escape(text, quote=False))
        await self._finish(update, message, outcome._replace(reply=reply))


def _place(error: BaseException | None) -> str:
    """Return where an error was raised, without its message, which may hold a person's words."""
    frames = traceback.extract_tb(error.__traceback__) if error else []
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown place"
