"""Reminders: offered under an answer, set for a day in the person's own time, listed, cancelled."""

from dataclasses import replace
from datetime import datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

from telegram import CallbackQuery, Message, Update
from telegram.ext import ContextTypes

from bot.channels.keeper import Keeper
from bot.channels.telegram.callbacks import unpack
from bot.channels.telegram.sending import acknowledge, replace_with, send
from bot.channels.telegram.speakers import speaker_of
from bot.conversation.dialogue import Dialogue
from bot.conversation.hours import USUAL, awake, zone_of
from bot.conversation.model import Button, Reply, Session, Target
from bot.conversation.records import Profile, Reminder
from bot.knowledge.model import Remind
from bot.knowledge.telegram import TelegramLabels

REMIND = "remind"
"""The action of a button that sets a reminder for its entry."""
ZONE = "city"
"""The action of a button that chooses a time zone, by its number, and then reminds."""
CANCEL = "cancel"
"""The action of a button that cancels the reminder with its id."""
TEXT = "reminder"
"""The key of the sentence in which a reminder asks its question."""

_WEEK = 7
_NOBODY = Session()

Context = ContextTypes.DEFAULT_TYPE


async def moment(keeper: Keeper, person: str, profile: Profile, first: datetime) -> datetime:
    """Return when to write to `person`: the first day from `first` on that has no reminder.

    `first` is in their time zone, whose quiet hours are left out.
    """
    start = awake(first, profile.quiet_hours or USUAL)
    zone = start.tzinfo or ZoneInfo("UTC")
    day = await keeper.memory.reminders.next_free_day(person, start.date(), zone)
    return datetime.combine(day, start.timetz())


class Reminders:
    """Sets, lists and cancels reminders."""

    def __init__(self, dialogue: Dialogue, keeper: Keeper) -> None:
        """Keep reminders for the entries of `dialogue` where `keeper` keeps things."""
        self._dialogue = dialogue
        self._catalogue = dialogue.catalogue
        self._keeper = keeper
        self._zones = dialogue.catalogue.knowledge.voice.personal.zones
        self._words = dialogue.catalogue.knowledge.voice.telegram

    def offered(self, reply: Reply) -> Reply:
        """Return a reply with a button that reminds, if its answer has something to check."""
        entry = self._catalogue.entry(reply.topics[0]) if len(reply.topics) == 1 else None
        if reply.decision != "answer" or entry is None or entry.remind is None:
            return reply
        if Target("", entry.uid) in (button.opens for button in reply.buttons):
            return reply  # a view of the answer, not the answer
        button = remind_button(self._words.labels, entry.uid, entry.remind)
        return replace(reply, buttons=(*reply.buttons, button))

    async def remind(self, update: Update, _context: Context) -> None:
        """Set a reminder for the entry of a button; ask for the time zone first, if need be."""
        query = update.callback_query
        if query is not None:
            await acknowledge(query)
            reply = await self._set(_person(query), unpack(query.data or "").name)
            if isinstance(query.message, Message):
                await send(query.message, reply)

    async def zone(self, update: Update, _context: Context) -> None:
        """Keep the time zone of a button, and set the reminder that it was asked for."""
        query = update.callback_query
        if query is not None:
            await acknowledge(query)
            number, _, uid = unpack(query.data or "").name.partition("/")
            zones = {str(at): one.zone for at, one in enumerate(self._zones)}
            if number in zones:
                await self._keeper.memory.profiles.set(_person(query), time_zone=zones[number])
            await replace_with(query, await self._set(_person(query), uid))

    async def cancel(self, update: Update, _context: Context) -> None:
        """Cancel the reminder of a button; show what is left in the place of its message."""
        query = update.callback_query
        if query is not None:
            await acknowledge(query)
            number = unpack(query.data or "").name
            if number.isascii() and number.isdigit():
                await self._keeper.memory.reminders.cancel(_person(query), int(number))
            await replace_with(query, await self._listed(_person(query)))

    async def list(self, update: Update, _context: Context) -> None:
        """Show what the person will be asked, and when."""
        if update.effective_message is not None:
            await send(update.effective_message, await self._listed(speaker_of(update).person))

    async def _set(self, person: str, uid: str) -> Reply:
        """Set a reminder for an entry; return what to say of it."""
        entry = self._catalogue.entry(uid)
        if entry is None or entry.remind is None:
            return self._dialogue.open(Target("", uid), _NOBODY).reply
        profile = await self._keeper.memory.profiles.all(person)
        zone = zone_of(profile)
        if zone is None:
            return self._ask_zone(uid)
        for one in await self._keeper.memory.reminders.pending(person):
            if one.entry == uid:
                day = _day(one.due.astimezone(zone))
                return _said(self._words.say.reminder_twice.format(day=day))
        local = self._keeper.clock().astimezone(zone)
        first = local + timedelta(days=entry.remind.days)
        due = await moment(self._keeper, person, profile, first)
        await self._keeper.memory.reminders.add(Reminder(person, person, uid, TEXT, due))
        question = entry.remind.question
        return _said(self._words.say.reminder_set.format(day=_day(due), question=question))

    def _ask_zone(self, uid: str) -> Reply:
        """Ask for the time zone, to remind of an entry afterwards."""
        now = self._keeper.clock()
        buttons = tuple(
            Button(
                self._words.labels.zone.format(city=one.label, offset=_offset(one.zone, now)),
                Target(ZONE, f"{at}/{uid}"),
            )
            for at, one in enumerate(self._zones)
        )
        return _said(self._words.say.ask_zone, buttons)

    async def _listed(self, person: str) -> Reply:
        """List a person's reminders, each with a button that cancels it."""
        kept = [
            (one, entry.remind)
            for one in await self._keeper.memory.reminders.pending(person)
            if (entry := self._catalogue.entry(one.entry)) is not None and entry.remind is not None
        ]
        if not kept:
            return _said(self._words.say.no_reminders)
        zone = zone_of(await self._keeper.memory.profiles.all(person)) or ZoneInfo("UTC")
        days = [(one.due.astimezone(zone), one.id, what.question) for one, what in kept]
        lines = [
            self._words.say.reminder_line.format(day=_day(due), question=question)
            for due, _, question in days
        ]
        buttons = tuple(
            Button(self._words.labels.cancel.format(day=_short(due)), Target(CANCEL, str(number)))
            for due, number, _ in days
        )
        return _said("\n".join([self._words.say.reminders, *lines]), buttons)


def remind_button(labels: TelegramLabels, uid: str, remind: Remind) -> Button:
    """Return the button that sets a reminder for the entry with this uid."""
    label = labels.remind_week
    if remind.days != _WEEK:
        label = labels.remind_days.format(days=remind.days)
    return Button(label, Target(REMIND, uid))


def _said(text: str, buttons: tuple[Button, ...] = ()) -> Reply:
    """Return a reply that says `text`."""
    return Reply("clarify", text, escape(text, quote=False), buttons=buttons)


def _person(query: CallbackQuery) -> str:
    """Return who pressed a button; their private chat with the bot has the same name."""
    return f"telegram:{query.from_user.id}"


def _day(moment: datetime) -> str:
    """Return the day of a moment, such as Monday 30 November."""
    return f"{moment:%A} {moment.day} {moment:%B}"


def _short(moment: datetime) -> str:
    """Return the day of a moment, such as Mon 30 Nov."""
    return f"{moment:%a} {moment.day} {moment:%b}"


def _offset(zone: str, now: datetime) -> str:
    """Return how many hours a zone is ahead of UTC now: +1, -3, +5:30."""
    minutes = round(
        (now.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()).total_seconds() / 60
    )
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
