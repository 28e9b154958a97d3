"""Groups: answers when asked, shortly, to the one who asked; everything else is for private."""

from html import escape
from typing import NamedTuple

from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.channels.keeper import Keeper
from bot.channels.telegram.addressing import asked, command_in
from bot.channels.telegram.hearing import Heard, hear
from bot.channels.telegram.links import link, one_button
from bot.channels.telegram.reception import Reception
from bot.channels.telegram.sending import write
from bot.channels.telegram.speakers import language_of
from bot.channels.together import Together
from bot.conversation.catalogue import Catalogue
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
from bot.conversation.records import NOBODY, Profile
from bot.knowledge.model import Entry
from bot.knowledge.telegram import TelegramWords
from bot.knowledge.voice import VoiceFile

Context = ContextTypes.DEFAULT_TYPE

_SHORTLY = Profile(reply_length="short")
"""How a group likes its answers."""


class Groups:
    """Answers in groups, in privacy mode too: mentions, replies to the bot, and commands."""

    def __init__(self, dialogue: Dialogue, keeper: Keeper, reception: Reception) -> None:
        """Answer with `dialogue`; `keeper` remembers the last answer, for "why?"."""
        self._dialogue = dialogue
        self._together = Together(dialogue)
        self._keeper = keeper
        self._reception = reception
        self._commands = {item.command: target for item, target in dialogue.catalogue.commands()}

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
                await self._command(update, message, username, name)

    def _is_mine(self, name: str, addressee: str, username: str) -> bool:
        """Say whether a command is the bot's: one that names no bot may be another's.

        So it is answered only if it is known.
        """
        known = addressee == username or name in self._commands
        return bool(name) and addressee in ("", username) and known

    async def _answer(self, heard: Heard, username: str, text: str) -> None:
        """Answer a question, and remember what was answered; what is personal is for private."""
        decision, outcome = await self._together.judge(Question(text), heard.known)
        if outcome.reply.hushed:
            return
        place = Place(heard.message, self._dialogue.speaking(outcome.reply.language), username)
        if isinstance(decision, Ask | Conclude | Own | Doubt):
            await place.in_private(place.voice.personal.say.private_only, over=heard.answer)
            return
        await self._keeper.settle(heard.speaker, outcome)
        answer = await place.answer(decision, outcome.reply, over=heard.answer)
        await self._keeper.keep(heard.speaker, heard.after(outcome.session, answer))
        await self._keeper.count(outcome)

    async def _command(self, update: Update, message: Message, username: str, name: str) -> None:
        """Show the answer that a command opens; what needs buttons is for the private chat."""
        place = Place(message, self._dialogue.speaking(language_of(update)), username)
        target = self._commands.get(name)
        entry = place.catalogue.entry(target.name) if target and not target.action else None
        if entry is not None:
            await place.send(place.card(entry, _SHORTLY), entry.uid)
            return
        personal = target is not None and target.action in PERSONAL
        say = place.voice.personal.say.private_only if personal else place.words.say.in_private
        await place.in_private(say, name if target else "")


class Place(NamedTuple):
    """A message in a group, and who answers it: the one who speaks the language of its sender."""

    message: Message
    speaker: Dialogue
    username: str

    @property
    def catalogue(self) -> Catalogue:
        """What it answers from."""
        return self.speaker.catalogue

    @property
    def voice(self) -> VoiceFile:
        """Its words."""
        return self.catalogue.knowledge.voice

    @property
    def words(self) -> TelegramWords:
        """Its words for Telegram alone."""
        return self.voice.telegram

    def card(self, entry: Entry, profile: Profile = NOBODY) -> str:
        """Return an entry as it is shown without buttons."""
        return self.speaker.card(entry, profile).html

    async def answer(self, decision: Decision, reply: Reply, over: int) -> int:
        """Say what was decided, with the one way to where there is more; return its id."""
        if isinstance(decision, Menu):
            return await self.in_private(self.words.say.in_private, "menu", over)
        sure = not isinstance(decision, Clarify | Abstain)
        topic = next(iter(reply.topics), "") if sure else ""
        return await self.send(self._shortly(decision, reply.html), topic, over)

    async def in_private(self, said: str, name: str = "", over: int = 0) -> int:
        """Say that this is for the private chat, and link to it."""
        return await self.send(escape(said, quote=False), name, over)

    async def send(self, html: str, name: str, over: int = 0) -> int:
        """Reply to the one who asked, with the button that leads to the private chat.

        There, `name` opens. A corrected question has its answer changed, the message `over`.
        """
        button = one_button(self.words.labels.private, self._link(name))
        return await write(self.message, html, button, over=over, quote=True)

    def _shortly(self, decision: Decision, html: str) -> str:
        """Return what a decision says where there is one button only."""
        match decision:
            case Answer(items=(only,)):
                return self.card(only.entry, _SHORTLY)
            case Refer(entry=entry):
                return self.card(entry)
            case Clarify(options=options) | Abstain(nearest=options):
                return "\n".join([html, *(self._option(entry) for entry in options)])
            case _:
                return html

    def _option(self, entry: Entry) -> str:
        """Return a line with an entry's question, which opens it in the private chat."""
        url = escape(self._link(entry.uid))
        question = f'<a href="{url}">{escape(entry.ask, quote=False)}</a>'
        return self.words.say.option.format(link=question)

    def _link(self, name: str) -> str:
        """Return the link to what `name` opens in the private chat."""
        return link(self.username, self.catalogue.public(name))
