"""Two copies that poll with one token: Telegram cuts off the one that was there first.

Each is started again by its supervisor two seconds after it gives up, as the systemd unit has it.
"""

import asyncio
import signal
from contextlib import suppress
from pathlib import Path

from bot.conversation.dialogue import Dialogue
from tests.chaos.bots import Copy, Crowd, expected, judge, until
from tests.chaos.telegram import Telegram

CUT_OFF = "another copy of this bot is running with the same token"
RATE = 15.0
CHATS = 10


class Supervised:
    """A copy that is started again whenever it ends, until it is to stop."""

    def __init__(self, copy: Copy) -> None:
        """Nothing runs yet; `ends` are the statuses with which it ended by itself."""
        self.copy = copy
        self.ends: list[int] = []
        self._stop = asyncio.Event()

    async def keep(self) -> None:
        """Start it again and again."""
        while not self._stop.is_set():
            await self.copy.start()
            assert self.copy.process is not None
            status = await self.copy.process.wait()
            if not self._stop.is_set():
                self.ends.append(status)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), 2)

    async def stop(self, keeping: "asyncio.Task[None]") -> int | None:
        """Have it end for good; return its status."""
        self._stop.set()
        status = None
        while not keeping.done():
            status = await self.copy.end(signal.SIGTERM)
            await asyncio.sleep(0.1)
        return status

    def said(self) -> str:
        """Return what it wrote to its log."""
        return self.copy.errors.read_text("utf-8")


async def test_two_pollers_answer_each_question_once(
    telegram: Telegram, tea_dialogue: Dialogue, tea_cache: Path, tmp_path: Path
) -> None:
    """While two copies push each other out, and when one is gone, each question has one answer."""
    told = expected(tea_dialogue)
    first, second = (Supervised(Copy(telegram.url, tmp_path, tea_cache)) for _ in range(2))
    crowd = Crowd(telegram.push, CHATS, RATE, seed=3)
    keeping_first = asyncio.create_task(first.keep())
    await until(lambda: telegram.bot.poll)
    asking = asyncio.create_task(crowd.ask())
    keeping_second = asyncio.create_task(second.keep())
    await until(lambda: first.ends and second.ends)
    await first.stop(keeping_first)
    polls = telegram.bot.poll
    await until(lambda: telegram.bot.poll > polls + 20)
    asking.cancel()
    await until(lambda: not judge(crowd.asked, telegram.texts(), told, {}).lost)
    before = len(second.ends)
    await asyncio.sleep(7)  # a sweep would answer again what it finds unmarked
    ends = [*first.ends, *second.ends[:before]]
    again, status = len(second.ends) - before, await second.stop(keeping_second)
    found = judge(crowd.asked, telegram.texts(), told, {})
    note = (found, ends, first.said()[-1000:], second.said()[-1000:])
    assert (0, 0, 0, 0) == (found.lost, found.disordered, found.twice, status), note
    assert ({2}, 0) == (set(ends), again), note
    said = first.said() + second.said()
    assert (len(ends), 0) == (said.count(CUT_OFF), said.count("Traceback")), note
