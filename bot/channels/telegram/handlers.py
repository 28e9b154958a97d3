"""Turns Telegram's updates into questions for Dialogue, and its replies into messages."""

import logging
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.channels.keeper import Keeper
from bot.channels.telegram.callbacks import unpack
from bot.channels.telegram.hearing import Heard, hear
from bot.channels.telegram.links import named
from bot.channels.telegram.pictures import Pictures
from bot.channels.telegram.sending import (
    acknowledge,
    replace_with,
    send,
    send_document,
)
from bot.channels.telegram.speakers import language_of
from bot.channels.together import Together
from bot.conversation.dialogue import Dialogue, Outcome
from bot.conversation.model import PERSONAL, VOTES, Question, Reply, Target
from bot.errors import StoreError
from bot.knowledge.voice import VoiceFile

log = logging.getLogger(__name__)

Context = ContextTypes.DEFAULT_TYPE
Dress = Callable[[Reply], Reply]
"""Fits a reply to Telegram: adds buttons that only Telegram has, divides menus into pages."""

_SETTLED = frozenset({"clear", "forget-now", "kept"})
"""The pages that take the place of the one whose button asked for them, as changed settings do."""
_ALBUMS = 1000


class Handlers:
    """One method for each kind of update. All of them end in one message sent."""

    def __init__(self, dialogue: Dialogue, keeper: Keeper, dress: Dress) -> None:
        """Answer with `dialogue`; `keeper` remembers; `dress` every reply."""
        self._dialogue = dialogue
        self._together = Together(dialogue)
        self._keeper = keeper
        self._dress = dress
        self._pictures = Pictures(keeper.memory.files)
        self._albums: deque[str] = deque(maxlen=_ALBUMS)
        self._commands = {item.command: target for item, target in dialogue.catalogue.commands()}

    async def text(self, update: Update, _context: Context) -> None:
        """Answer a question, or change the answer to one that was corrected."""
        message = update.effective_message
        if message is not None and message.text is not None:
            await self._answer(update, message, message.text)

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
            await self._follow(await hear(self._keeper, update, message), arguments[0])
            return
        target = self._commands.get(name, self._commands["help"])
        await self._open(update, message, target)

    async def button(self, update: Update, _context: Context) -> None:
        """Open what a button stands for, as a new message below it; a vote is just noted."""
        query = update.callback_query
        if query is None:
            return
        target = unpack(query.data or "")
        if not isinstance(query.message, Message):
            await acknowledge(query)
        elif target.action in VOTES:
            await self._vote(await hear(self._keeper, update, query.message), target)
        else:
            await acknowledge(query)
            await self._open(update, query.message, target)

    async def other(self, update: Update, _context: Context) -> None:
        """Say kindly that only text can be read, once for an album; a red flag is never missed."""
        message = update.effective_message
        if message is None or message.media_group_id in self._albums:
            return
        if message.caption and self._is_flagged(update, message.caption):
            await self._answer(update, message, message.caption)
            return
        await message.reply_text(self._voice(update).say.not_text)
        if message.media_group_id is not None:
            self._albums.append(message.media_group_id)

    async def error(self, update: object, context: Context) -> None:
        """Log what went wrong, without the person's words, and say so to them."""
        log.error("an update failed: %s at %s", type(context.error).__name__, _place(context.error))
        if isinstance(update, Update) and update.effective_message is not None:
            try:
                await update.effective_message.reply_text(self._voice(update).say.failure)
            except TelegramError as failure:
                log.warning("the apology could not be sent: %s", type(failure).__name__)

    def _is_flagged(self, update: Update, text: str) -> bool:
        """Say whether a red flag is in `text`, in whichever language."""
        return any(self._dialogue.speaking(language_of(update), text).screens(text))

    def _voice(self, update: Update) -> VoiceFile:
        """Return the bot's words in the language of whoever sent `update`."""
        return self._dialogue.speaking(language_of(update)).catalogue.knowledge.voice

    def _voice_for(self, heard: Heard) -> VoiceFile:
        """Return the bot's words in the language of whoever was heard."""
        return self._dialogue.speaking(heard.known.profile.language).catalogue.knowledge.voice

    async def _answer(self, update: Update, message: Message, text: str) -> None:
        """Answer what a person wrote."""
        heard = await hear(self._keeper, update, message)
        await self._finish(heard, await self._together.respond(Question(text), heard.known))

    async def _open(self, update: Update, message: Message, target: Target) -> None:
        """Open a target and send what it shows; what is personal, only in private."""
        if target.action in PERSONAL and message.chat.type != ChatType.PRIVATE:
            await message.reply_text(self._voice(update).personal.say.private_only)
            return
        heard = await hear(self._keeper, update, message)
        outcome = self._dialogue.open(target, *heard.known)
        await self._finish(heard, outcome, in_place=_takes_its_place(target))

    async def _vote(self, heard: Heard, target: Target) -> None:
        """Keep a vote; thanks for it stand in the button's own notice."""
        assert heard.query is not None  # noqa: S101 - votes are pressed
        outcome = self._dialogue.open(target, *heard.known)
        if not outcome.reply.notice:
            await acknowledge(heard.query)
            await self._finish(heard, outcome)
            return
        try:
            await self._keeper.settle(heard.speaker, outcome)
        except StoreError as error:
            log.warning("a vote is not kept: %s", error)
            await acknowledge(heard.query, self._voice_for(heard).personal.say.not_kept)
            return
        await acknowledge(heard.query, outcome.reply.text)

    async def _finish(self, heard: Heard, outcome: Outcome, *, in_place: bool = False) -> None:
        """Do what a reply promises, send it, then keep the session."""
        if outcome.reply.hushed:
            return
        try:
            document = await self._keeper.settle(heard.speaker, outcome)
        except StoreError as error:
            log.warning("a wish can't be fulfilled: %s", error)
            await heard.message.reply_text(self._voice_for(heard).personal.say.not_kept)
            return
        answer = await self._deliver(heard, self._dress(outcome.reply), in_place=in_place)
        if document:
            await send_document(heard.message, document)
        await self._keeper.keep(heard.speaker, heard.after(outcome.session, answer))
        await self._keeper.count(outcome)

    async def _deliver(self, heard: Heard, reply: Reply, *, in_place: bool) -> int:
        """Send a reply, in the place of what it changes; return the message's id, if it has one."""
        if in_place and heard.query is not None:
            await replace_with(heard.query, reply)
            return 0
        sent = await self._pictures.send(heard.message, reply)
        return sent or await send(heard.message, reply, over=heard.answer)

    async def _follow(self, heard: Heard, payload: str) -> None:
        """Open the topic or command that a link ``/start <name>`` names, or say that it's gone."""
        name = named(payload)
        entry = self._dialogue.catalogue.find(name)
        target = Target("", entry.uid) if entry else self._commands.get(name)
        outcome = self._dialogue.open(target or Target("", name), *heard.known)
        if target is None:
            text = self._voice_for(heard).telegram.say.unknown_link
            reply = replace(outcome.reply, text=text, html=escape(text, quote=False))
            outcome = outcome._replace(reply=reply)
        await self._finish(heard, outcome)


def _takes_its_place(target: Target) -> bool:
    """Say whether what a button opens takes the place of the message with the button."""
    return target.action == "set" or (target.action == "mine" and target.name in _SETTLED)


def _place(error: BaseException | None) -> str:
    """Return where an error was raised, without its message, which may hold a person's words."""
    frames = traceback.extract_tb(error.__traceback__) if error else []
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown place"
