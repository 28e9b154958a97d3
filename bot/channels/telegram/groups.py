"""Groups: answers when asked, shortly, to the one who asked; everything else is for private."""

from dataclasses import replace
from functools import partial
from html import escape

from telegram import Message, ReplyParameters, Update
from telegram.constants import ParseMode
from telegram.ext import ContextTypes

from bot.channels.keeper import Keeper
from bot.channels.telegram.addressing import asked, command_in
from bot.channels.telegram.links import link, one_button
from bot.channels.telegram.patience import obeying_limits
from bot.channels.telegram.sending import NO_PREVIEW
from bot.channels.telegram.speakers import language_of, speaker_of
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import (
    PERSONAL,
    Abstain,
    Answer,
    Ask,
    Clarify,
    Conclude,
    Decision,
    Doubt,
    Menu,
    Own,
    Question,
    Refer,
)
from bot.knowledge.model import Entry

Context = ContextTypes.DEFAULT_TYPE


class Groups:
    """Answers in groups, in privacy mode too: mentions, replies to the bot, and commands."""

    def __init__(self, dialogue: Dialogue, keeper: Keeper) -> None:
        """Answer with `dialogue`; `keeper` remembers the last answer, for "why?"."""
        self._dialogue = dialogue
        self._catalogue = dialogue.catalogue
        self._keeper = keeper
        self._private_only = dialogue.catalogue.knowledge.voice.personal.say.private_only
        self._words = dialogue.catalogue.knowledge.voice.telegram
        self._commands = {item.command: target for item, target in self._catalogue.commands()}

    async def message(self, update: Update, context: Context) -> None:
        """Answer a message that is meant for the bot; leave people's talk alone."""
        message = update.effective_message
        if message is None or message.is_automatic_forward:
            return
        name, addressee = command_in(message)
        if name:
            await self._command(message, context, name, addressee)
            return
        text = asked(message, context.bot.bot)
        if text is not None:
            await self._answer(update, message, context, text)

    async def _answer(self, update: Update, message: Message, context: Context, text: str) -> None:
        """Answer a question, and remember what was answered; what is personal is for private."""
        username, speaker = context.bot.username, speaker_of(update)
        known = await self._keeper.recall(speaker, language_of(update))
        decision = self._dialogue.decide(Question(text), *known)
        outcome = self._dialogue.say(decision, *known)
        if isinstance(decision, Ask | Conclude | Own | Doubt):
            await self._in_private(message, link(username), self._private_only)
            return
        if isinstance(decision, Menu):
            await self._in_private(message, link(username, "menu"), self._words.say.in_private)
        else:
            html = self._shortly(decision, outcome.reply.html, username)
            sure = not isinstance(decision, Clarify | Abstain)
            topic = next(iter(outcome.reply.topics), "") if sure else ""
            await self._send(message, html, link(username, self._catalogue.public(topic)))
        await self._keeper.keep(speaker, replace(outcome.session, step=""))

    async def _command(self, message: Message, context: Context, name: str, addressee: str) -> None:
        """Show the answer that a command opens; what needs buttons is for the private chat.

        A command that names no bot may be another's: it is answered only if it is known.
        """
        username = context.bot.username
        if addressee not in ("", username.lower()) or not (addressee or name in self._commands):
            return
        target = self._commands.get(name)
        entry = self._catalogue.entry(target.name) if target and not target.action else None
        if entry is None:
            personal = target is not None and target.action in PERSONAL
            said = self._private_only if personal else self._words.say.in_private
            await self._in_private(message, link(username, name if target else ""), said)
            return
        url = link(username, self._catalogue.public(entry.uid))
        await self._send(message, self._dialogue.card(entry).html, url)

    async def _in_private(self, message: Message, url: str, said: str) -> None:
        """Say that this is for the private chat, and link to it."""
        await self._send(message, escape(said, quote=False), url)

    def _shortly(self, decision: Decision, html: str, username: str) -> str:
        """Return what a decision says where there is one button only."""
        match decision:
            case Answer(items=(only,)):
                return self._dialogue.card(only.entry).html
            case Refer(entry=entry):
                return self._dialogue.card(entry).html
            case Clarify(options=options) | Abstain(nearest=options):
                lines = [self._option(entry, username) for entry in options]
                return "\n".join([html, *lines])
            case _:
                return html

    def _option(self, entry: Entry, username: str) -> str:
        """Return a line with an entry's question, which opens it in the private chat."""
        url = escape(link(username, self._catalogue.public(entry.uid)))
        question = f'<a href="{url}">{escape(entry.ask, quote=False)}</a>'
        return self._words.say.option.format(link=question)

    async def _send(self, message: Message, html: str, url: str) -> None:
        """Reply to the one who asked, with the button that leads to the private chat."""
        sending = partial(
            message.reply_text,
            html,
            parse_mode=ParseMode.HTML,
            reply_markup=one_button(self._words.labels.private, url),
            reply_parameters=ReplyParameters(message.message_id, allow_sending_without_reply=True),
            link_preview_options=NO_PREVIEW,
        )
        await obeying_limits(sending)
