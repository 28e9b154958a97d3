"""Several processes behind one webhook and over one PostgreSQL, and a database that goes away."""

import asyncio
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.conversation.dialogue import Dialogue
from tests.chaos.bots import QUESTIONS, Copy, Crowd, expected, judge
from tests.chaos.telegram import FAIR, STORM, Hooks, Telegram, Weather
from tests.contract.places import Gate, new_database
from tests.e2e.test_telegram_process import free_port

RATE = 40.0
CHATS = 15
SECONDS = 12.0


@pytest.fixture
def database_url() -> Iterator[str]:
    """Return the address of a database for one test."""
    with new_database() as url:
        yield url


@pytest.fixture
def weather() -> Weather:
    """Return the weather between the bot and Telegram."""
    return STORM


class Replicas:
    """Two processes with a webhook each, and a crowd that writes to them."""

    def __init__(self, telegram: Telegram, folder: Path, cache: Path, **settings: str) -> None:
        """Prepare; nothing runs yet."""
        self.telegram = telegram
        settings["WEBHOOK_URL"] = "http://127.0.0.1:1/hook"
        ports = [free_port(), free_port()]
        self.urls = [f"http://127.0.0.1:{port}" for port in ports]
        self.copies = [
            Copy(telegram.url, folder, cache, "webhook", "--port", str(port), **settings)
            for port in ports
        ]
        self.hooks = Hooks(telegram, [f"{url}/hook" for url in self.urls], seed=9)
        self.crowd = Crowd(self.hooks.push, CHATS, RATE, seed=3)

    async def start(self) -> None:
        """Start both, and return when they are ready."""
        for copy in self.copies:
            await copy.start()
        for url in self.urls:
            await ready(url)

    async def rest(self, told: list[str], within: float = 90.0) -> None:
        """Wait until every question has its answer, or the time is up."""
        for _ in range(int(within * 4)):
            found = judge(self.crowd.asked, self.telegram.texts(), told, self.telegram.dropped)
            if not found.lost:
                break
            await asyncio.sleep(0.25)
        await asyncio.sleep(1.0)

    async def end(self) -> list[int | None]:
        """Stop everything; return how the processes ended."""
        await self.hooks.stop()
        return [await copy.end(signal.SIGTERM, 12.0) for copy in self.copies]


async def ready(url: str, within: float = 60.0) -> None:
    """Wait until a process is ready."""
    async with ClientSession() as session:
        for _ in range(int(within * 10)):
            try:
                async with session.get(f"{url}/readyz") as answer:
                    if answer.status == 200:
                        return
            except OSError:
                pass
            await asyncio.sleep(0.1)
    pytest.fail(f"{url} is not ready")


async def test_two_processes_answer_once_and_in_order(
    telegram: Telegram, tea_dialogue: Dialogue, tea_cache: Path, tmp_path: Path, database_url: str
) -> None:
    """Of two replicas one is killed and comes back; updates go to either, some to both."""
    told = expected(tea_dialogue)
    both = Replicas(
        telegram,
        tmp_path,
        tea_cache,
        DATABASE_URL=database_url,
    )
    await both.start()
    asking = asyncio.create_task(both.crowd.ask())
    await asyncio.sleep(SECONDS / 2)
    await both.copies[0].end(signal.SIGKILL)
    await both.copies[0].start()
    await asyncio.sleep(SECONDS / 2)
    asking.cancel()
    await both.rest(told)
    statuses = await both.end()
    found = judge(both.crowd.asked, telegram.texts(), told, telegram.dropped)
    note = (found, both.hooks.posts, both.hooks.repeats, telegram.dropped.total(), statuses)
    (tmp_path / "verdict.txt").write_text(f"{note}\n", "utf-8")
    assert (0, 0, [0, 0]) == (found.lost, found.disordered, statuses), note
    assert found.worst <= 1, note
    assert telegram.errors() == []


@pytest.mark.parametrize("weather", [FAIR])
async def test_a_flood_is_one_flood_for_all_processes(
    telegram: Telegram, tea_dialogue: Dialogue, tea_cache: Path, tmp_path: Path, database_url: str
) -> None:
    """Of 14 messages, 7 to each of two processes, 8 a minute are answered, and one line says so."""
    both = Replicas(
        telegram,
        tmp_path,
        tea_cache,
        DATABASE_URL=database_url,
        FLOOD_LIMIT="8",
    )
    await both.start()
    ways = [Hooks(telegram, [f"{url}/hook"], seed=9) for url in both.urls]
    for number, way in enumerate(ways * 7, 1):
        way.push(7, QUESTIONS[0])
        for _ in range(300):  # who comes first would answer for the other, too
            if len(telegram.texts().get(7, [])) >= min(number, 9) and way.posts >= number / 2:
                break
            await asyncio.sleep(0.1)
    await asyncio.sleep(1.0)  # what comes too often comes now
    await asyncio.gather(*(way.stop() for way in ways))
    statuses, found = await both.end(), Counter(telegram.texts()[7])
    flood = tea_dialogue.catalogue.knowledge.voice.telegram.say.flood
    assert ({expected(tea_dialogue)[0]: 8, flood: 1}, [0, 0]) == (found, statuses)


@pytest.mark.parametrize("weather", [FAIR])
async def test_a_database_that_goes_away_costs_no_answer(
    telegram: Telegram, tea_dialogue: Dialogue, tea_cache: Path, tmp_path: Path, database_url: str
) -> None:
    """While the database is gone for 20 seconds, and after it, every question is answered once."""
    told, gate = expected(tea_dialogue), Gate()
    await gate.open()
    copy = Copy(telegram.url, tmp_path, tea_cache, DATABASE_URL=gate.through(database_url))
    crowd = Crowd(telegram.push, CHATS, 20.0, seed=3)
    await copy.start()
    for _ in range(600):
        if telegram.bot.poll:
            break
        await asyncio.sleep(0.1)
    asking = asyncio.create_task(crowd.ask())
    await asyncio.sleep(2)
    await gate.shut()
    await asyncio.sleep(20)
    during = len(telegram.texts())
    await gate.open()
    await asyncio.sleep(3)
    asking.cancel()
    for _ in range(240):
        found = judge(crowd.asked, telegram.texts(), told, {})
        if not found.lost:
            break
        await asyncio.sleep(0.25)
    await asyncio.sleep(7)  # a sweep would answer again what it finds unmarked
    status = await copy.end(signal.SIGTERM, 12.0)
    await gate.shut()
    found = judge(crowd.asked, telegram.texts(), told, {})
    note = (found, during, copy.errors.read_text("utf-8")[-2000:])
    assert (0, 0, 0, 0) == (found.lost, found.disordered, found.worst, status), note
