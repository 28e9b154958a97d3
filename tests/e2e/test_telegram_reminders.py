"""Reminders over the fake wire: offered, set in a person's own time, listed, sent, survived."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from bot.channels.keeper import Keeper
from bot.channels.telegram.courier import Courier
from bot.conversation.dialogue import Dialogue
from bot.conversation.records import QuietHours, Reminder
from bot.duties import beside
from bot.errors import StoreError
from bot.stores.bundle import Stores, in_memory, open_stores
from bot.stores.memory.reminders import MemoryReminderStore
from bot.stores.memory.tables import Tables
from tests.contract.places import HeldClock
from tests.e2e.wire import FakeWire, Refusal, Sent, Talk, buttons_of, started

ENTRY = "hip-thrust/progression"
OTHER = "hip-thrust/setup-repeatable"
THIRD = "hip-thrust/sets-reps-effort"
PRESS = f"remind:{ENTRY}"
PERSON = "telegram:7"
TOKYO = ZoneInfo("Asia/Tokyo")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON = datetime(2030, 5, 10, 3, tzinfo=UTC)
"""Noon in Tokyo, on a Friday."""


class Desk(NamedTuple):
    """A bot with its courier, its stores and the clock that all look at."""

    talk: Talk
    courier: Courier
    stores: Stores
    clock: HeldClock

    async def after(self, span: timedelta) -> list[Sent]:
        """Return what is sent at the courier's next look, `span` later."""
        self.clock.now += span
        before = len(self.talk.wire.sent)
        await self.courier.deliver()
        return self.talk.wire.sent[before:]

    async def due(self) -> list[datetime]:
        """Return when the person's reminders are due, in Tokyo."""
        pending = await self.stores.reminders.pending(PERSON)
        return [one.due.astimezone(TOKYO) for one in pending]

    async def remind(self, entry: str, due: datetime) -> None:
        """Have the person reminded at a moment."""
        await self.stores.reminders.add(Reminder(PERSON, PERSON, entry, "reminder", due))


async def no_pause(_seconds: float) -> None:
    """Wait for nothing."""


def desk_with(dialogue: Dialogue, wire: FakeWire, stores: Stores, clock: HeldClock) -> Desk:
    """Return a bot on `stores`."""
    application = started(dialogue, wire, stores, clock)
    courier = Courier(application.bot, dialogue, Keeper(stores, clock), no_pause)
    return Desk(Talk(application, wire), courier, stores, clock)


@pytest.fixture
async def desk(dialogue: Dialogue, wire: FakeWire) -> AsyncIterator[Desk]:
    """Return a bot that somebody in Tokyo talks to, at noon there."""
    clock = HeldClock(NOON)
    desk = desk_with(dialogue, wire, in_memory(clock), clock)
    await desk.stores.profiles.set(PERSON, time_zone="Asia/Tokyo")
    async with desk.talk.application:
        yield desk


def text(sent: list[Sent]) -> str:
    """Return the text of the last message."""
    return str(sent[-1].params["text"])


def question(dialogue: Dialogue, uid: str = ENTRY) -> str:
    """Return what an entry's reminder asks."""
    entry = dialogue.catalogue.entry(uid)
    assert entry is not None
    assert entry.remind is not None
    return entry.remind.question


@pytest.mark.parametrize("topic", ["progression", "setup-repeatable"])
async def test_it_is_offered_under_its_answer(desk: Desk, topic: str) -> None:
    """The last button under an answer with something to check reminds of it."""
    sent = await desk.talk.say(f"/start {topic}")
    expected = ("Remind me in a week", f"remind:hip-thrust/{topic}")
    votes = ("up:", "down:")
    others = [one for one in buttons_of(sent[-1].params) if not one[1].startswith(votes)]
    assert expected == others[-1]


@pytest.mark.parametrize("data", ["hip-thrust/vs-squat", f"why:{ENTRY}", f"more:{ENTRY}"])
async def test_it_is_not_offered_elsewhere(desk: Desk, data: str) -> None:
    """Other answers, and further views of an answer, have no such button."""
    labels = [label for label, _ in buttons_of((await desk.talk.press(data))[-1].params)]
    assert "Remind me in a week" not in labels


async def test_it_is_set_for_the_same_hour_in_a_week(desk: Desk) -> None:
    """Pressed at noon on a Friday, it comes at noon a Friday later."""
    await desk.talk.press(PRESS)
    assert [datetime(2030, 5, 17, 12, tzinfo=TOKYO)] == await desk.due()


async def test_it_is_confirmed_with_its_date(desk: Desk, dialogue: Dialogue) -> None:
    """The person is told what they will be asked, and on which day."""
    said = text(await desk.talk.press(PRESS))
    assert (True, True) == ("Friday 17 May" in said, question(dialogue) in said)


async def test_pressed_twice_it_comes_once(desk: Desk) -> None:
    """The same reminder isn't set again while it waits."""
    await desk.talk.press(PRESS)
    said = text(await desk.talk.press(PRESS))
    assert (1, True) == (len(await desk.due()), "already" in said)


async def test_two_on_one_day_come_on_two(desk: Desk) -> None:
    """At most one reminder a day is set for a person."""
    await desk.talk.press(PRESS)
    await desk.talk.press(f"remind:{OTHER}")
    assert [17, 18] == [due.day for due in await desk.due()]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [(time(23, 30), (18, 8)), (time(21), (18, 8)), (time(2), (17, 8)), (time(8), (17, 8))],
)
async def test_it_waits_for_the_end_of_the_quiet_hours(
    desk: Desk, asked: time, expected: tuple[int, int]
) -> None:
    """What would come between 21 and 8 o'clock there comes at 8."""
    desk.clock.now = datetime.combine(NOON.date(), asked, TOKYO)
    await desk.talk.press(PRESS)
    (due,) = await desk.due()
    assert (*expected, 0) == (due.day, due.hour, due.minute)


async def test_two_that_wait_for_the_morning_come_on_two(desk: Desk) -> None:
    """Asked late at night, the second one comes the morning after the first."""
    desk.clock.now = datetime.combine(NOON.date(), time(23, 30), TOKYO)
    await desk.talk.press(PRESS)
    await desk.talk.press(f"remind:{OTHER}")
    assert [(18, 8), (19, 8)] == [(due.day, due.hour) for due in await desk.due()]


async def test_a_person_s_own_quiet_hours_count(desk: Desk) -> None:
    """Hours that a person has set themselves are kept."""
    await desk.stores.profiles.set(PERSON, quiet_hours=QuietHours(time(9), time(17, 30)))
    await desk.talk.press(PRESS)
    assert [(17, 17, 30)] == [(due.day, due.hour, due.minute) for due in await desk.due()]


async def test_the_time_zone_is_asked_for_first(desk: Desk, dialogue: Dialogue) -> None:
    """Somebody whose time isn't known is asked where they live, with the hours from UTC."""
    sent = await desk.talk.press(PRESS, user=8, chat=8)
    labels = [label for label, _ in buttons_of(sent[-1].params)]
    zones = dialogue.catalogue.knowledge.voice.personal.zones
    assert len(zones) == len(labels)
    assert {"Tokyo +9", "Delhi +5:30", "New York -4", "London +1"} <= set(labels)


async def test_a_chosen_zone_sets_the_reminder(desk: Desk) -> None:
    """The city's button keeps the time zone and then does what was asked for, in place."""
    sent = await desk.talk.press(PRESS, user=8, chat=8)
    (tokyo,) = [data for label, data in buttons_of(sent[-1].params) if label == "Tokyo +9"]
    chosen = await desk.talk.press(tokyo, user=8, chat=8)
    profile = await desk.stores.profiles.all("telegram:8")
    assert ("Asia/Tokyo", "editMessageText") == (profile.time_zone, chosen[-1].method)
    assert 1 == len(await desk.stores.reminders.pending("telegram:8"))


async def test_the_zone_is_asked_for_once(desk: Desk) -> None:
    """The next reminder is set at once."""
    sent = await desk.talk.press(PRESS, user=8, chat=8)
    await desk.talk.press(buttons_of(sent[-1].params)[0][1], user=8, chat=8)
    await desk.talk.press(f"remind:{OTHER}", user=8, chat=8)
    assert 2 == len(await desk.stores.reminders.pending("telegram:8"))


@pytest.mark.parametrize("data", ["city:99/hip-thrust/progression", "city:x/y", "city:"])
async def test_a_zone_that_is_gone_changes_nothing(desk: Desk, data: str) -> None:
    """A button of an older version keeps no time zone."""
    await desk.talk.press(data, user=8, chat=8)
    assert "" == (await desk.stores.profiles.all("telegram:8")).time_zone


@pytest.mark.parametrize("data", ["remind:hip-thrust/no-longer-here", "remind:"])
async def test_a_reminder_of_nothing_is_not_set(desk: Desk, dialogue: Dialogue, data: str) -> None:
    """A button whose entry is gone gets the line for dead buttons."""
    expected = dialogue.catalogue.knowledge.voice.say.stale_button
    assert (expected, []) == (text(await desk.talk.press(data)), await desk.due())


async def test_the_list_shows_what_is_to_come(desk: Desk, dialogue: Dialogue) -> None:
    """``/reminders`` has a line and a button for each."""
    await desk.talk.press(PRESS)
    sent = await desk.talk.say("/reminders")
    assert f"Friday 17 May: {question(dialogue)}" in text(sent)
    assert [("Cancel Fri 17 May", "cancel:1")] == buttons_of(sent[-1].params)


async def test_without_reminders_the_list_says_so(desk: Desk, dialogue: Dialogue) -> None:
    """An empty list is a sentence."""
    expected = dialogue.catalogue.knowledge.voice.telegram.say.no_reminders
    assert expected == text(await desk.talk.say("/reminders"))


async def test_a_reminder_can_be_cancelled(desk: Desk) -> None:
    """The button under the list takes its reminder away and changes the list."""
    await desk.talk.press(PRESS)
    await desk.talk.press(f"remind:{OTHER}")
    sent = await desk.talk.press("cancel:1")
    assert ("editMessageText", [18]) == (sent[-1].method, [due.day for due in await desk.due()])


@pytest.mark.parametrize("data", ["cancel:99", "cancel:", "cancel:x", "cancel:-1"])
async def test_cancelling_nothing_does_no_harm(desk: Desk, data: str) -> None:
    """A button whose reminder is gone leaves the others."""
    await desk.talk.press(PRESS)
    await desk.talk.press(data)
    assert 1 == len(await desk.due())


async def test_nobody_cancels_for_others(desk: Desk) -> None:
    """A button with somebody else's number does nothing."""
    await desk.talk.press(PRESS)
    await desk.talk.press("cancel:1", user=8, chat=8)
    assert 1 == len(await desk.due())


async def test_nothing_is_sent_before_its_time(desk: Desk) -> None:
    """A minute early, the courier has nothing to do."""
    await desk.talk.press(PRESS)
    assert [] == await desk.after(7 * DAY - timedelta(minutes=1))


async def test_it_is_sent_when_it_is_due(desk: Desk, dialogue: Dialogue) -> None:
    """A week later the person is asked, with the way back to the answer."""
    await desk.talk.press(PRESS)
    (sent,) = await desk.after(7 * DAY)
    assert (7, True) == (sent.params["chat_id"], question(dialogue) in sent.params["text"])
    assert [ENTRY, PRESS] == [data for _, data in buttons_of(sent.params)][-2:]


async def test_it_can_be_answered(desk: Desk, dialogue: Dialogue) -> None:
    """Below the question stand the answers to it, each of which opens something."""
    entry = dialogue.catalogue.entry(ENTRY)
    assert entry is not None
    assert entry.remind is not None
    await desk.talk.press(PRESS)
    buttons = buttons_of((await desk.after(7 * DAY))[-1].params)
    expected = [option.label for option in entry.remind.options]
    opened = [(await desk.talk.press(data))[-1].params["text"] for _, data in buttons[:3]]
    assert (expected, 3) == ([label for label, _ in buttons[:3]], len(set(opened)))


async def test_it_is_sent_once(desk: Desk) -> None:
    """What was sent is neither sent again nor listed."""
    await desk.talk.press(PRESS)
    await desk.after(7 * DAY)
    assert ([], []) == (await desk.after(DAY), await desk.due())


async def test_asked_in_a_group_it_comes_in_private(desk: Desk) -> None:
    """A reminder is nobody else's business."""
    await desk.talk.press(PRESS, chat=-5)
    assert [7] == [each.params["chat_id"] for each in await desk.after(7 * DAY)]


async def test_late_ones_come_on_different_days(desk: Desk) -> None:
    """After days without the bot, one reminder a day is sent, and none is lost."""
    for number, entry in enumerate((ENTRY, OTHER, THIRD)):
        await desk.remind(entry, NOON + number * DAY)
    sizes = [len(await desk.after(span)) for span in (5 * DAY, DAY, DAY, DAY)]
    assert [1, 1, 1, 0] == sizes


async def test_a_late_one_is_not_sent_at_night(desk: Desk) -> None:
    """Back at night, the bot waits with what is due until 8 o'clock."""
    await desk.remind(ENTRY, NOON)
    late = timedelta(hours=11)
    assert ([], 1) == (await desk.after(late), len(await desk.after(timedelta(hours=9))))


async def test_who_blocked_the_bot_is_left_alone(desk: Desk) -> None:
    """After a refusal, all of that person's reminders are gone."""
    await desk.talk.press(PRESS)
    await desk.talk.press(f"remind:{OTHER}")
    blocked = Refusal(403, "Forbidden: bot was blocked by the user")
    desk.talk.wire.failures["sendMessage"] = [blocked]
    await desk.after(7 * DAY)
    assert [] == await desk.due()


async def test_what_failed_is_tried_again(desk: Desk) -> None:
    """A reminder that Telegram couldn't take comes a little later, once."""
    await desk.talk.press(PRESS)
    desk.talk.wire.failures["sendMessage"] = [Refusal(502, "Bad Gateway")]
    sent = len(await desk.after(7 * DAY))
    assert (2, []) == (sent, await desk.after(timedelta(minutes=6)))


async def test_one_that_cannot_be_sent_holds_up_no_other(desk: Desk) -> None:
    """A reminder for a place that isn't Telegram's is passed over; the next one is sent."""
    await desk.stores.reminders.add(Reminder("web:a", "web:a", ENTRY, "reminder", NOON - DAY))
    await desk.remind(ENTRY, NOON)
    assert [7] == [each.params["chat_id"] for each in await desk.after(timedelta())]


async def test_too_many_requests_are_waited_for(desk: Desk) -> None:
    """Told to wait, the courier waits and sends."""
    await desk.talk.press(PRESS)
    limited = Refusal(429, "Too Many Requests: retry after 3", retry_after=3)
    desk.talk.wire.failures["sendMessage"] = [limited]
    sent = await desk.after(7 * DAY)
    assert 2 == len(sent)


async def test_a_reminder_whose_entry_is_gone_is_dropped(desk: Desk) -> None:
    """A guide that lost an entry asks nothing about it."""
    await desk.remind("hip-thrust/no-longer-here", NOON)
    assert ([], []) == (await desk.after(DAY), await desk.due())


async def test_reminders_outlive_the_process(
    dialogue: Dialogue, wire: FakeWire, tmp_path: Path
) -> None:
    """What was set before a restart is sent after it, by a new bot on the same file."""
    clock = HeldClock(NOON)
    async with open_stores("", tmp_path, clock) as stores:
        before = desk_with(dialogue, wire, stores, clock)
        await stores.profiles.set(PERSON, time_zone="Asia/Tokyo")
        async with before.talk.application:
            await before.talk.press(PRESS)
    async with open_stores("", tmp_path, clock) as stores:
        after = desk_with(dialogue, wire, stores, clock)
        async with after.talk.application:
            assert 1 == len(await after.after(7 * DAY))


async def test_one_a_day_holds_across_a_restart(
    dialogue: Dialogue, wire: FakeWire, tmp_path: Path
) -> None:
    """Of two that are late, a restart between them doesn't send the second on the same day."""
    clock, sent = HeldClock(NOON), list[int]()
    async with open_stores("", tmp_path, clock) as stores:
        await stores.profiles.set(PERSON, time_zone="Asia/Tokyo")
        before = desk_with(dialogue, wire, stores, clock)
        await before.remind(ENTRY, NOON - DAY)
        async with before.talk.application:
            sent.append(len(await before.after(timedelta())))
        await before.remind(OTHER, NOON - 2 * DAY)
    async with open_stores("", tmp_path, clock) as stores:
        after = desk_with(dialogue, wire, stores, clock)
        async with after.talk.application:
            sent += [len(await after.after(span)) for span in (timedelta(hours=1), DAY)]
    assert [1, 0, 1] == sent


class OutOnce(MemoryReminderStore):
    """A store that can't be used when it is first asked what is due."""

    out = True

    async def due(self, now: datetime, most: int = 100) -> tuple[Reminder, ...]:
        """Fail the first time."""
        if self.out:
            self.out = False
            message = "the database can't be used"
            raise StoreError(message)
        return await super().due(now, most)


class Waits:
    """A pause that takes no time, and after some pauses never ends."""

    def __init__(self, most: int) -> None:
        """Let `most` pauses pass."""
        self.seconds: list[float] = []
        self.over = asyncio.Event()
        self._most = most

    async def pause(self, seconds: float) -> None:
        """Note how long somebody wants to wait."""
        self.seconds.append(seconds)
        if len(self.seconds) > self._most:
            self.over.set()
            await asyncio.Event().wait()


async def test_the_courier_looks_every_minute(desk: Desk, dialogue: Dialogue) -> None:
    """A look at a database that is away for once isn't the last; no task is left at the end."""
    stores = replace(desk.stores, reminders=OutOnce(Tables(), desk.clock))
    await stores.reminders.add(Reminder(PERSON, PERSON, ENTRY, "reminder", NOON))
    waits = Waits(1)
    keeper = Keeper(stores, desk.clock)
    courier = Courier(desk.talk.application.bot, dialogue, keeper, waits.pause)
    before = len(asyncio.all_tasks())
    async with beside(courier.run), asyncio.timeout(10):
        await waits.over.wait()
    assert ([60.0, 60.0], before) == (waits.seconds, len(asyncio.all_tasks()))
    assert ["sendMessage"] == [each.method for each in desk.talk.wire.sent if each.method[0] == "s"]


jumps = pytest.mark.parametrize("jump", [HOUR, -DAY], ids=["an hour ahead", "a day back"])


@jumps
async def test_a_clock_that_jumps_repeats_none(desk: Desk, jump: timedelta) -> None:
    """Sent before the clock jumped, it isn't sent again, whatever day it is then."""
    await desk.remind(ENTRY, NOON)
    assert 1 == len(await desk.after(timedelta()))
    assert [] == [sent for span in (jump, HOUR, DAY, DAY) for sent in await desk.after(span)]


@jumps
async def test_a_clock_that_jumps_loses_none(desk: Desk, jump: timedelta) -> None:
    """Not yet due when the clock jumps, it comes when the clock says so, and never again."""
    await desk.remind(ENTRY, NOON + HOUR / 2)
    spans = (timedelta(), jump, DAY, HOUR, DAY)
    expected = [0, 1, 0, 0, 0] if jump > timedelta() else [0, 0, 0, 1, 0]
    assert expected == [len(await desk.after(span)) for span in spans]


async def test_a_claim_by_a_wrong_clock_holds_none_up(desk: Desk) -> None:
    """Claimed by who died before the clock jumped back, what is overdue comes at the next look."""
    await desk.remind(ENTRY, NOON - 3 * DAY)
    await desk.stores.reminders.due(NOON)
    assert 1 == len(await desk.after(-DAY))
