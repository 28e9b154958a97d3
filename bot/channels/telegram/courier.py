"""Sends reminders when they are due: one a day to a person, and not in their quiet hours."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime, timedelta
from functools import partial
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden
from telegram.ext import ExtBot

from bot.channels.keeper import Keeper
from bot.channels.telegram.markup import keyboard
from bot.channels.telegram.patience import STRANGE, Pause, obeying_limits
from bot.channels.telegram.reminders import moment, remind_button, reminding
from bot.channels.telegram.speakers import words_of
from bot.conversation.dialogue import Dialogue
from bot.conversation.hours import USUAL, awake, zone_of
from bot.conversation.model import Button, Reply, Target
from bot.conversation.records import Profile, Reminder
from bot.errors import StoreError
from bot.knowledge.model import Entry, Remind

Alone = Callable[[], AbstractAsyncContextManager[None]]

log = logging.getLogger(__name__)

_BETWEEN = 0.04
"""Seconds between two reminders: Telegram wants at most about 30 messages in bulk a second."""
_EVERY = 60.0
"""Seconds between two looks at what is due."""
_PATIENCE = 120.0
"""Seconds after which a reminder waits for the next look; others may look after its claim ends."""
_DAY = timedelta(days=1)


class Courier:
    """Looks for reminders that are due, and sends them."""

    def __init__(
        self,
        bot: ExtBot[Any],
        dialogue: Dialogue,
        keeper: Keeper,
        pause: Pause = asyncio.sleep,
        alone: Alone = nullcontext,
    ) -> None:
        """Send with `bot` what `keeper` keeps; `pause` waits between two looks.

        `alone` keeps other processes from sending meanwhile, so that limits hold for all together.
        """
        self._alone = alone
        self._bot = bot
        self._dialogue = dialogue
        self._keeper = keeper
        self._pause = pause

    def take(self, dialogue: Dialogue) -> None:
        """Send with the entries and words of `dialogue` from now on."""
        self._dialogue = dialogue

    async def run(self) -> None:
        """Deliver until cancelled; if the database can't be used, the next time may do."""
        while True:
            try:
                async with self._alone():
                    await self.deliver()
            except StoreError as error:
                log.warning("no reminders could be looked up: %s", error)
            await self._pause(_EVERY)

    async def deliver(self) -> None:
        """Send what is due, or put it off to a day and an hour at which it may be sent."""
        now = self._keeper.clock()
        for number, one in enumerate(await self._keeper.memory.reminders.due(now)):
            if number:
                await self._pause(_BETWEEN)
            try:
                await self._handle(one, now)
            except STRANGE as error:  # it stays claimed for a while, then it is due again
                log.warning("a reminder was not sent: %s", type(error).__name__)

    async def _handle(self, one: Reminder, now: datetime) -> None:
        """Send, put off or drop one reminder.

        It speaks as its person has set since, else as they did when they set it.
        """
        profile = await self._keeper.profile(one.person, one.text.partition(".")[2])
        entry = reminding(self._dialogue, profile.language, one.entry)
        if entry is None or entry.remind is None:
            await self._keeper.memory.reminders.done(one.id)
        elif not await self._put_off(one, profile, now):
            await self._send(one, self._reply(entry, entry.remind, profile.language))

    async def _put_off(self, one: Reminder, profile: Profile, now: datetime) -> bool:
        """Move a reminder to a later moment, if this one doesn't suit its person; say whether."""
        local = now.astimezone(zone_of(profile) or ZoneInfo("UTC"))
        last = await self._keeper.memory.reminders.last_sent(one.person)
        served = last is not None and last.astimezone(local.tzinfo).date() == local.date()
        if not served and awake(local, profile.quiet_hours or USUAL) == local:
            return False
        later = await moment(self._keeper, one.person, profile, local + _DAY if served else local)
        await self._keeper.memory.reminders.put_off(one.id, later)
        return True

    async def _send(self, one: Reminder, reply: Reply) -> None:
        """Send a reminder. Who has blocked the bot gets no more."""
        sending = partial(
            self._bot.send_message,
            int(one.chat.rpartition(":")[2]),
            reply.html,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard(reply),
            rate_limit_args=_PATIENCE,
        )
        try:
            await obeying_limits(sending, self._pause)
        except (Forbidden, BadRequest) as error:
            log.info("a reminder has nobody to go to: %s", type(error).__name__)
            for other in await self._keeper.memory.reminders.pending(one.person):
                await self._keeper.memory.reminders.cancel(one.person, other.id)
        else:
            await self._keeper.memory.reminders.done(one.id)

    def _reply(self, entry: Entry, remind: Remind, language: str) -> Reply:
        """Return what a reminder says: its question, what can be said, and the answer it is of."""
        words = words_of(self._dialogue, language)
        catalogue = self._dialogue.speaking(language).catalogue
        text = words.say.reminder.format(question=remind.question)
        again = remind_button(words.labels, entry.uid, remind)
        options = [
            Button(option.label, catalogue.target(option.opens, entry.guide))
            for option in remind.options
        ]
        buttons = (*options, Button(entry.ask, Target("", entry.uid)), again)
        return Reply("clarify", text, escape(text, quote=False), buttons=buttons)
