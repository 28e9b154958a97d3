"""Reminders: offered under an answer, set for a day in the person's own time, listed, cancelled."""

from dataclasses import replace
from datetime import datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.channels.keeper import Keeper
from bot.channels.telegram.callbacks import unpack
from bot.channels.telegram.sending import acknowledge, replace_with, send
from bot.channels.telegram.speakers import language_of, speaker_of, words_of
from bot.conversation.dialogue import Dialogue
from bot.conversation.hours import USUAL, awake, zone_of
from bot.conversation.model import Button, Reply, Session, Target
from bot.conversation.records import Profile, Reminder
from bot.knowledge.model import Entry, Remind
from bot.knowledge.telegram import TelegramLabels

REMIND = "remind"
"""The action of a button that sets a reminder for its entry."""
ZONE = "city"
"""The action of a button that chooses a time zone, by language and number, and then reminds."""
CANCEL = "cancel"
"""The action of a button that cancels the reminder with its id."""
TEXT = "reminder"
"""The key of the sentence in which a reminder asks its question.

A reminder has it with the language that it was set in: reminder.es.
"""

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
    """Sets, lists and cancels reminders, in the language of whoever is to be reminded."""

    def __init__(self, dialogue: Dialogue, keeper: Keeper) -> None:
        """Keep reminders for the entries of `dialogue` where `keeper` keeps things."""
        self._dialogue = dialogue
        self._keeper = keeper

    def offered(self, reply: Reply) -> Reply:
        """Return a reply with a button that reminds, if its answer has something to check."""
        speaker = self._dialogue.speaking(reply.language)
        entry = speaker.catalogue.entry(reply.topics[0]) if len(reply.topics) == 1 else None
        if reply.decision != "answer" or entry is None or entry.remind is None:
            return reply
        if Target("", entry.uid) in (button.opens for button in reply.buttons):
            return reply  # a view of the answer, not the answer
        labels = words_of(self._dialogue, reply.language).labels
        button = remind_button(labels, entry.uid, entry.remind)
        return replace(reply, buttons=(*reply.buttons, button))

    async def remind(self, update: Update, _context: Context) -> None:
        """Set a reminder for the entry of a button; ask for the time zone first, if need be."""
        query = update.callback_query
        if query is not None:
            await acknowledge(query)
            reply = await self._set(update, unpack(query.data or "").name)
            if isinstance(query.message, Message):
                await send(query.message, reply)

    async def zone(self, update: Update, _context: Context) -> None:
        """Keep the time zone of a button, and set the reminder that it was asked for."""
        query = update.callback_query
        if query is not None:
            await acknowledge(query)
            city, _, uid = unpack(query.data or "").name.partition("/")
            zone = self._zones().get(city)
            if zone is not None:
                await self._keeper.memory.profiles.set(speaker_of(update).person, time_zone=zone)
            await replace_with(query, await self._set(update, uid))

    async def cancel(self, update: Update, _context: Context) -> None:
        """Cancel the reminder of a button; show what is left in the place of its message."""
        query = update.callback_query
        if query is not None:
            await acknowledge(query)
            number = unpack(query.data or "").name
            if number.isascii() and number.isdigit():
                person = speaker_of(update).person
                await self._keeper.memory.reminders.cancel(person, int(number))
            await replace_with(query, await self._listed(update))

    async def list(self, update: Update, _context: Context) -> None:
        """Show what the person will be asked, and when."""
        if update.effective_message is not None:
            await send(update.effective_message, await self._listed(update))

    async def _set(self, update: Update, uid: str) -> Reply:
        """Set a reminder for an entry; return what to say of it."""
        person, profile = await self._known(update)
        speaker = self._dialogue.speaking(profile.language)
        entry = reminding(self._dialogue, profile.language, uid)
        if entry is None or entry.remind is None:
            return speaker.open(Target("", uid), _NOBODY).reply
        zone = zone_of(profile)
        if zone is None:
            return self._ask_zone(speaker, uid)
        words = words_of(self._dialogue, profile.language)
        for one in await self._keeper.memory.reminders.pending(person):
            if one.entry == uid:
                day = words.full_date(one.due.astimezone(zone))
                return _said(words.say.reminder_twice.format(day=day))
        local = self._keeper.clock().astimezone(zone)
        first = local + timedelta(days=entry.remind.days)
        due = await moment(self._keeper, person, profile, first)
        text = f"{TEXT}.{speaker.language}"
        # a private chat has its person's name
        await self._keeper.memory.reminders.add(Reminder(person, person, uid, text, due))
        day, question = words.full_date(due), entry.remind.question
        return _said(words.say.reminder_set.format(day=day, question=question))

    def _ask_zone(self, speaker: Dialogue, uid: str) -> Reply:
        """Ask for the time zone, to remind of an entry afterwards."""
        now, voice = self._keeper.clock(), speaker.catalogue.knowledge.voice
        label = voice.telegram.labels.zone
        buttons = tuple(
            Button(
                label.format(city=one.label, offset=_offset(one.zone, now)),
                Target(ZONE, f"{speaker.language}{at}/{uid}"),
            )
            for at, one in enumerate(voice.personal.zones)
        )
        return _said(voice.telegram.say.ask_zone, buttons)

    def _zones(self) -> dict[str, str]:
        """Return the time zones by what their buttons call them: a language and a number.

        Buttons of earlier versions have a number only, which is one of the first language.
        """
        found = {}
        for speaker in (self._dialogue, *self._dialogue.others.values()):
            for at, one in enumerate(speaker.catalogue.knowledge.voice.personal.zones):
                found[f"{speaker.language}{at}"] = one.zone
                if speaker is self._dialogue:
                    found[str(at)] = one.zone
        return found

    async def _listed(self, update: Update) -> Reply:
        """List a person's reminders, each with a button that cancels it."""
        person, profile = await self._known(update)
        words = words_of(self._dialogue, profile.language)
        zone = zone_of(profile) or ZoneInfo("UTC")
        days = [
            (one.due.astimezone(zone), one.id, entry.remind.question)
            for one in await self._keeper.memory.reminders.pending(person)
            if (entry := reminding(self._dialogue, profile.language, one.entry)) is not None
            and entry.remind is not None
        ]
        if not days:
            return _said(words.say.no_reminders)
        lines = [
            words.say.reminder_line.format(day=words.full_date(due), question=question)
            for due, _, question in days
        ]
        buttons = tuple(
            Button(
                words.labels.cancel.format(day=words.short_date(due)), Target(CANCEL, str(number))
            )
            for due, number, _ in days
        )
        return _said("\n".join([words.say.reminders, *lines]), buttons)

    async def _known(self, update: Update) -> tuple[str, Profile]:
        """Return who wants something, and what is known of them, their language included."""
        person = speaker_of(update).person
        return person, await self._keeper.profile(person, language_of(update))


def reminding(dialogue: Dialogue, language: str, uid: str) -> Entry | None:
    """Return the entry to remind of: in a language, else as the first one has it."""
    catalogue = dialogue.speaking(language).catalogue
    return catalogue.entry(uid) or dialogue.catalogue.entry(uid)


def remind_button(labels: TelegramLabels, uid: str, remind: Remind) -> Button:
    """Return the button that sets a reminder for the entry with this uid."""
    label = labels.remind_week
    if remind.days != _WEEK:
        label = labels.remind_days.format(days=remind.days)
    return Button(label, Target(REMIND, uid))


def _said(text: str, buttons: tuple[Button, ...] = ()) -> Reply:
    """Return a reply that says `text`."""
    return Reply("clarify", text, escape(text, quote=False), buttons=buttons)


def _offset(zone: str, now: datetime) -> str:
    """Return how many hours a zone is ahead of UTC now: +1, -3, +5:30."""
    minutes = round(
        (now.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()).total_seconds() / 60
    )
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
