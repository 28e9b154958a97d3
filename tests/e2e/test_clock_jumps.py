"""A wall clock that jumps while the bot runs, an hour ahead or a day back: nobody notices.

Over the fake wire, with a file of SQLite. What becomes of reminders stands with the others of them.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.channels.telegram.arrivals import arrival_of
from bot.channels.telegram.favourites import Favourites
from bot.channels.telegram.reception import MOST_A_MINUTE
from bot.channels.telegram.service import Service
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question, Session
from bot.conversation.records import Arrival
from bot.conversation.tally import TOPIC
from bot.stores.bundle import Stores, in_memory, open_stores
from tests.contract.places import HeldClock
from tests.e2e.wire import FakeWire, Json, Talk, message, serving, started

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUESTION = "How long to steep tea?"

jumps = pytest.mark.parametrize("jump", [HOUR, -DAY], ids=["an hour ahead", "a day back"])


class Bot(NamedTuple):
    """A bot whose clock can jump, and what it works with."""

    service: Service
    stores: Stores
    wire: FakeWire
    clock: HeldClock

    async def take(self, *updates: Json) -> None:
        """Take updates, and finish with them."""
        await self.service.intake.take(*updates)
        assert await self.service.intake.stop(20)

    async def take_up(self, left_alone: timedelta) -> None:
        """Take up what others left so long ago, and finish with it."""
        await self.service.intake.take_up(left_alone)
        assert await self.service.intake.stop(20)

    def said(self) -> list[str]:
        """Return what was said, in order."""
        return [each["text"] for each in self.wire.messages()]


@pytest.fixture
async def bot(wire: FakeWire, tea_dialogue: Dialogue, tmp_path: Path) -> AsyncIterator[Bot]:
    """Return a bot on the small guide, at noon."""
    clock = HeldClock()
    async with open_stores("", tmp_path, clock) as stores:
        application = started(tea_dialogue, wire, stores, clock)
        service = serving(application, tea_dialogue, stores, clock)
        async with application:
            yield Bot(service, stores, wire, clock)


def answer(dialogue: Dialogue) -> str:
    """Return the answer to QUESTION."""
    return dialogue.respond(Question(QUESTION), Session()).reply.html


def asked(number: int = 1) -> list[Json]:
    """Return so many times the question, each in a chat of its own."""
    return [message(text=QUESTION, user=each, chat=each) for each in range(100, 100 + number)]


async def claimed(bot: Bot, update: Json) -> Arrival:
    """Have another process claim an update, and die."""
    arrival = arrival_of(update)
    await bot.stores.updates.claim([arrival])
    return arrival


@jumps
async def test_each_message_is_answered_once(
    bot: Bot, tea_dialogue: Dialogue, jump: timedelta
) -> None:
    """What comes before and after the jump, and what comes again, has one answer each."""
    before, after = asked(5), asked(5)
    await bot.take(*before)
    bot.clock.now += jump
    await bot.take(*before, *after)
    bot.clock.now -= jump
    await bot.take(*before, *after)
    assert [answer(tea_dialogue)] * 10 == bot.said()


@jumps
@pytest.mark.parametrize("left_alone", [timedelta(), timedelta(seconds=5)])
async def test_what_a_crash_left_is_taken_up(
    bot: Bot, tea_dialogue: Dialogue, jump: timedelta, left_alone: timedelta
) -> None:
    """What was claimed before the jump and left is answered at the next look, and once."""
    (update,) = asked()
    await claimed(bot, update)
    bot.clock.now += jump
    for _ in range(3):
        await bot.take_up(left_alone)
    assert [answer(tea_dialogue)] == bot.said()


async def test_what_another_process_has_just_claimed_is_its_own(bot: Bot) -> None:
    """After a jump, too, what was claimed a moment ago is left alone."""
    bot.clock.now -= DAY
    (update,) = asked()
    arrival = await claimed(bot, update)
    await bot.take_up(timedelta(seconds=5))
    assert ([], (arrival,)) == (bot.said(), await bot.stores.updates.waiting(arrival.chat))


@jumps
async def test_nobody_is_shut_out(bot: Bot, tea_dialogue: Dialogue, jump: timedelta) -> None:
    """Who was told that it's too much is answered after the jump, at the latest in a minute."""
    for _ in range(MOST_A_MINUTE + 2):
        await bot.take(message(text=QUESTION))
    flood = tea_dialogue.catalogue.knowledge.voice.telegram.say.flood
    bot.clock.now += jump
    await bot.take(message(text=QUESTION))
    assert [flood, answer(tea_dialogue)] == bot.said()[MOST_A_MINUTE:]


async def test_a_talk_goes_on(bot: Bot, tea_dialogue: Dialogue) -> None:
    """After a day back, a conversation goes on from what was said last."""
    talk = Talk(bot.service.application, bot.wire)
    await talk.say(QUESTION)
    bot.clock.now -= DAY
    session = tea_dialogue.respond(Question(QUESTION), Session()).session
    expected = tea_dialogue.respond(Question("why?"), session).reply.html
    assert expected == (await talk.say("why?"))[-1].params["text"]


@jumps
async def test_what_is_asked_most_is_read_anew(jump: timedelta) -> None:
    """After the jump the list of what is asked most isn't kept for a day: it is read at once."""
    clock, counters = HeldClock(), in_memory().counters
    favourites = Favourites(counters, clock)
    before = await favourites.uids()
    clock.now += jump
    await counters.add(clock.now.date(), TOPIC, "tea/brew")
    assert ([], ["tea/brew"]) == (before, await favourites.uids())
