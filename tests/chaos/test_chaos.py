"""Chaos: kills, faults and outages under load. Nothing is lost, little comes twice, order holds.

A kill may make the reply that is in flight in a chat come twice, no more: Telegram has
no way to ask whether a message arrived.

CHAOS_KILLS says how often the bot is killed (3; a long run 50), and CHAOS_SEED (0) chooses other
moments and another weather. Everything is on loopback and ends by itself.
"""

import asyncio
import os
import random
import signal
from pathlib import Path

import pytest

from bot.conversation.dialogue import Dialogue
from tests.chaos.bots import Copy, Crowd, Verdict, expected, judge
from tests.chaos.telegram import STORM, Telegram, Weather

KILLS = int(os.environ.get("CHAOS_KILLS") or 3)
SEED = int(os.environ.get("CHAOS_SEED") or 0)
RATE = 60.0
CHATS = 25
LONG = 180.0


@pytest.fixture
def weather() -> Weather:
    """Return the weather between the bot and Telegram."""
    return STORM


@pytest.fixture
def seed() -> int:
    """Return what the weather's chances begin with."""
    return 7 + SEED


async def settled(
    telegram: Telegram, crowd: Crowd, told: list[str], within: float = LONG
) -> Verdict:
    """Wait until nothing is lost any more, or the time is up; return the verdict."""
    verdict = judge(crowd.asked, telegram.texts(), told, telegram.dropped)
    for _ in range(int(within / 0.25)):
        verdict = judge(crowd.asked, telegram.texts(), told, telegram.dropped)
        if not verdict.lost:
            break
        await asyncio.sleep(0.25)
    await asyncio.sleep(1.0)  # what comes twice comes now
    return judge(crowd.asked, telegram.texts(), told, telegram.dropped)


async def test_killed_at_any_moment_nothing_is_lost(
    telegram: Telegram, tea_dialogue: Dialogue, tea_cache: Path, tmp_path: Path
) -> None:
    """Kill -9 under load, in a storm: every question is answered, in order, hardly any twice."""
    told, chance = expected(tea_dialogue), random.Random(11 + SEED)
    crowd = Crowd(telegram.push, CHATS, RATE, 3 + SEED, lambda: len(telegram.bot.q))
    copy = Copy(telegram.url, tmp_path, tea_cache)
    asking = asyncio.create_task(crowd.ask())
    memory = []
    for _ in range(KILLS):
        before = len(telegram.bot.sent)
        await copy.start()
        for _ in range(600):
            if len(telegram.bot.sent) > before + 20:
                break
            await asyncio.sleep(0.1)
        await asyncio.sleep(chance.random() * 1.5)
        memory.append(copy.memory())
        await copy.end(signal.SIGKILL)
    asking.cancel()
    await copy.start()
    verdict = await settled(telegram, crowd, told)
    status = await copy.end(signal.SIGTERM)
    note = (verdict, telegram.dropped.total(), dict(telegram.faults), f"{max(memory):.0f} MB")
    (tmp_path / "verdict.txt").write_text(f"{KILLS} kills: {note}\n", "utf-8")
    assert (0, 0, 0) == (verdict.lost, verdict.disordered, status), note
    assert verdict.worst <= KILLS
    assert telegram.errors() == []
