"""How people are received: floods are met with one line, slow answers with "typing"."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from telegram import Chat, ReplyParameters, Update
from telegram.constants import ChatAction
from telegram.ext import ContextTypes

from bot.channels.keeper import Keeper
from bot.channels.telegram.buttons import Does
from bot.channels.telegram.patience import STRANGE, Pause
from bot.channels.telegram.speakers import speaker_of
from bot.conversation.records import Welcome

MOST_A_MINUTE = 20
"""How many messages of one person are answered in a minute, unless the settings say otherwise."""

_SOON = 0.5
"""Seconds after which a person sees that an answer is on its way."""
_SHOWN = 4.5
"""Seconds between two such signs: Telegram shows one for five."""
_MOST_SIGNS = 12
_MANY = 40
"""While more than so many wait for an answer, none is told that it is on its way: that is more to
send, so that all would wait longer."""


Words = Callable[[Update], str]
"""What is said to whoever sent an update, in their language."""


class Reception:
    """Stands before everything that answers messages."""

    def __init__(self, keeper: Keeper, most: int, flood: Words, pause: Pause) -> None:
        """Let each person write `most` messages a minute; with 0, as many as they like.

        Who writes more is said `flood`; `keeper` counts, and `pause` waits before "typing".
        """
        self._keeper = keeper
        self._most = most
        self._flood = flood
        self._pause = pause
        self._waiting = 0

    def welcoming(self, does: Does) -> Does:
        """Return what does the same for messages of people who don't flood."""

        async def welcomed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
            async with self.receiving(update) as admitted:
                if admitted:
                    await does(update, context)

        return welcomed

    def attending(self, does: Does) -> Does:
        """Return what does the same, and shows "typing" if it takes long."""

        async def attended(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
            async with self._typing(update):
                await does(update, context)

        return attended

    @asynccontextmanager
    async def receiving(self, update: Update) -> AsyncIterator[bool]:
        """Yield whether to answer a message; "typing" shows if that takes long."""
        async with self._typing(update):
            welcome = await self._welcome(speaker_of(update).person)
            if welcome == "told":
                await self._tell(update)
            yield welcome == "in"

    async def _welcome(self, person: str) -> Welcome:
        """Say what a message that `person` writes now is to be met with."""
        if not self._most:
            return "in"
        return await self._keeper.memory.paces.welcome(person, self._keeper.clock(), self._most)

    async def _tell(self, update: Update) -> None:
        """Say once that it's too much."""
        message = update.effective_message
        if message is not None:
            answering = ReplyParameters(message.message_id, allow_sending_without_reply=True)
            await message.reply_text(self._flood(update), reply_parameters=answering)

    @asynccontextmanager
    async def _typing(self, update: Update) -> AsyncIterator[None]:
        """Show "typing" as long as what happens inside takes, but not at once."""
        chat, message = update.effective_chat, update.effective_message
        if chat is None:
            yield
            return
        thread = message.message_thread_id if message and message.is_topic_message else None
        signs = asyncio.create_task(self._sign(chat, thread))
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
            signs.cancel()  # if this is cancelled meanwhile, that must not get lost
            await asyncio.gather(signs, return_exceptions=True)

    async def _sign(self, chat: Chat, thread: int | None) -> None:
        """Send "typing" again and again, if it can be sent."""
        await self._pause(_SOON)
        with suppress(*STRANGE):
            for _ in range(_MOST_SIGNS if self._waiting <= _MANY else 0):
                await chat.send_action(ChatAction.TYPING, message_thread_id=thread)
                await self._pause(_SHOWN)
