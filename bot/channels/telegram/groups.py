"""Groups: answers when asked, shortly, to the one who asked; everything else is for private."""

from html import escape

from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.channels.keeper import Keeper
from bot.channels.telegram.addressing import asked, command_in
from bot.channels.telegram.hearing import Heard, hear
from bot.channels.telegram.links import link, one_button
from bot.channels.telegram.reception import Reception
from bot.channels.telegram.sending import write
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
    Reply,
)
from bot.conversation.records import Profile
from bot.knowledge.model import Entry

Context = ContextTypes.DEFAULT_TYPE

_SHORTLY = Profile(reply_length="short")
"""How a group likes its answers."""


class Groups:
    """Answers in groups, in privacy mode too: mentions, replies to the bot, and commands."""

    def __init__(self, dialogue: Dialogue, keeper: Keeper, reception: Reception) -> None:
        """Answer with `dialogue`; `keeper` remembers the last answer, for "why?"."""
        self._dialogue = dialogue
        self._catalogue = dialogue.catalogue
        self._keeper = keeper
        self._reception = reception
        self._private_only = dialogue.catalogue.knowledge.voice.personal.say.private_only
        self._words = dialogue.catalogue.knowledge.voice.telegram
        self._commands = {item.command: target for item, target in self._catalogue.commands()}

    async def message(self, update: Update, context: Context) -> None:
        """Answer a message that is meant for the bot; leave people's talk alone."""
        message = update.effective_message
        if message is None or message.is_automatic_forward:
            return
        username = context.bot.username
        name, addressee = command_in(message)
        text = None if name else asked(message, context.bot.bot)
        if text is None and not self._is_mine(name, addressee, username.lower()):
            return
        async with self._reception.receiving(update) as admitted:
            if admitted and text is not None:
                await self._answer(await hear(self._keeper, update, message), username, text)
            elif admitted and update.edited_message is None:
                await self._command(message, username, name)

    def _is_mine(self, name: str, addressee: str, username: str) -> bool:
        """Say whether a command is the bot's: one that names no bot may be another's.

        So it is answered only if it is known.
        """
        known = addressee == username or name in self._commands
        return bool(name) and addressee in ("", username) and known

    async def _answer(self, heard: Heard, username: str, text: str) -> None:
        """Answer a question, and remember what was answered; what is personal is for private."""
        decision, outcome = self._dialogue.judge(Question(text), *heard.known)
        if outcome.reply.hushed:
            return
        if isinstance(decision, Ask | Conclude | Own | Doubt):
            await self._in_private(heard.message, link(username), self._private_only, heard.answer)
            return
        await self._keeper.settle(heard.speaker, outcome)
        answer = await self._said(heard, decision, outcome.reply, username)
        await self._keeper.keep(heard.speaker, heard.after(outcome.session, answer))
        await self._keeper.count(outcome)

    async def _said(self, heard: Heard, decision: Decision, reply: Reply, username: str) -> int:
        """Say what was decided, with the one way to where there is more; return its id."""
        if isinstance(decision, Menu):
            url, said = link(username, "menu"), self._words.say.in_private
            return await self._in_private(heard.message, url, said, heard.answer)
        html = self._shortly(decision, reply.html, username)
        sure = not isinstance(decision, Clarify | Abstain)
        topic = next(iter(reply.topics), "") if sure else ""
        url = link(username, self._catalogue.public(topic))
        return await self._send(heard.message, html, url, heard.answer)

    async def _command(self, message: Message, username: str, name: str) -> None:
        """Show the answer that a command opens; what needs buttons is for the private chat."""
        target = self._commands.get(name)
        entry = self._catalogue.entry(target.name) if target and not target.action else None
        if entry is None:
            personal = target is not None and target.action in PERSONAL
            said = self._private_only if personal else self._words.say.in_private
            await self._in_private(message, link(username, name if target else ""), said)
            return
        url = link(username, self._catalogue.public(entry.uid))
        await self._send(message, self._dialogue.card(entry, _SHORTLY).html, url)

    async def _in_private(self, message: Message, url: str, said: str, over: int = 0) -> int:
        """Say that this is for the private chat, and link to it."""
        return await self._send(message, escape(said, quote=False), url, over)

    def _shortly(self, decision: Decision, html: str, username: str) -> str:
        """Return what a decision says where there is one button only."""
        match decision:
            case Answer(items=(only,)):
                return self._dialogue.card(only.entry, _SHORTLY).html
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

    async def _send(self, message: Message, html: str, url: str, over: int = 0) -> int:
        """Reply to the one who asked, with the button that leads to the private chat.

        A corrected question has its answer changed, which is the message `over`.
        """
        button = one_button(self._words.labels.private, url)
        return await write(message, html, button, over=over, quote=True)
