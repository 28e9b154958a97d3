"""The sign that an answer is on its way: "typing", when it takes long, unless many wait."""

import asyncio
from dataclasses import replace

import pytest

from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Session
from bot.conversation.records import Speaker
from bot.stores.bundle import in_memory
from bot.stores.memory.sessions import MemorySessionStore
from bot.stores.memory.tables import Tables
from tests.contract.places import HeldClock
from tests.e2e.wire import FakeWire, Json, Refusal, Sent, Talk, message, pressed, started

QUESTION = "What mistakes should I avoid?"
MANY = 41


class SlowSessions(MemorySessionStore):
    """A store that answers when it is let."""

    def __init__(self) -> None:
        """Wait for `ready`."""
        super().__init__(Tables(), HeldClock())
        self.ready = asyncio.Event()

    async def load(self, speaker: Speaker) -> Session:
        """Wait, then return a session."""
        await self.ready.wait()
        return await super().load(speaker)


class Pauses:
    """A pause that takes no time the first time, and then never ends."""

    def __init__(self) -> None:
        """Note how long each is to be."""
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        """Wait for ever, but not the first time."""
        self.seconds.append(seconds)
        if len(self.seconds) > 1:
            await asyncio.Event().wait()


async def answered_late(
    wire: FakeWire, dialogue: Dialogue, update: Json, pauses: Pauses
) -> list[Sent]:
    """Return what the bot sent because of an update that it can't answer before it has typed."""
    sessions = SlowSessions()
    stores = replace(in_memory(), sessions=sessions)
    async with started(dialogue, wire, stores, pause=pauses) as application:
        giving = asyncio.create_task(Talk(application, wire).give(update))
        async with asyncio.timeout(10):
            await wire.typed.wait()
            sessions.ready.set()
            return await giving


@pytest.mark.parametrize(
    "update",
    [message(text=QUESTION), message(text="/quick"), pressed("hip-thrust/progression")],
    ids=["a question", "a command", "a button"],
)
async def test_a_slow_answer_shows_typing(wire: FakeWire, dialogue: Dialogue, update: Json) -> None:
    """After half a second without an answer the chat shows "typing"; then the answer comes."""
    pauses = Pauses()
    given = await answered_late(wire, dialogue, update, pauses)
    sent = [each for each in given if each.method != "answerCallbackQuery"]
    assert (["sendChatAction", "sendMessage"], 0.5, "typing") == (
        [each.method for each in sent],
        pauses.seconds[0],
        sent[0].params["action"],
    )


async def test_typing_that_is_refused_does_no_harm(wire: FakeWire, dialogue: Dialogue) -> None:
    """The answer comes even if Telegram doesn't take the sign."""
    wire.failures["sendChatAction"] = [Refusal(400, "Bad Request: chat not found")]
    sent = await answered_late(wire, dialogue, message(text=QUESTION), Pauses())
    assert ["sendChatAction", "sendMessage"] == [each.method for each in sent]


async def test_a_quick_answer_shows_no_typing(talk: Talk) -> None:
    """An answer within half a second comes alone."""
    assert ["sendMessage"] == [each.method for each in await talk.say(QUESTION)]


async def test_while_many_wait_nobody_is_told_so(wire: FakeWire, dialogue: Dialogue) -> None:
    """With more than forty answers to give, all of them come sooner without signs."""
    sessions, moment = SlowSessions(), asyncio.Event()
    stores = replace(in_memory(), sessions=sessions)

    async def pause(_seconds: float) -> None:
        await moment.wait()

    async with started(dialogue, wire, stores, pause=pause) as application:
        talk, before = Talk(application, wire), len(wire.sent)
        people = [message(text=QUESTION, user=number, chat=number) for number in range(1, MANY + 1)]
        giving = [asyncio.create_task(talk.give(each)) for each in people]
        for _ in range(20):
            await asyncio.sleep(0)
        moment.set()
        for _ in range(20):
            await asyncio.sleep(0)
        sessions.ready.set()
        await asyncio.gather(*giving)
    assert ["sendMessage"] * MANY == [each.method for each in wire.sent[before:]]
