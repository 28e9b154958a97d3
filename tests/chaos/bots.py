"""The bot as a process that can be killed, and what its chats should have been told."""

import asyncio
import contextlib
import os
import random
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question, Session
from bot.settings import REPOSITORY

TOKEN = "4242:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"  # noqa: S105 - opens nothing
SMALL = REPOSITORY / "tests" / "small"
QUESTIONS = (
    "How long to steep tea?",
    "Can I microwave the water?",
    "xyzzy",
    "does tea keep me awake",
    "/terms",
)

MOST_OPEN = 200
_PATIENCE = 90.0

_FOREIGN = ("TELEGRAM_", "LOG_", "KNOWLEDGE_", "ENCODER", "SEMANTIC_", "DATABASE_", "DATA_")


class Verdict(NamedTuple):
    """What became of the questions: of `asked`, how many were lost, told twice, or disordered.

    `worst` is how many were told twice in one chat, apart from those whose answer Telegram took and
    never confirmed.
    """

    asked: int
    lost: int
    twice: int
    disordered: int
    worst: int


class Copy:
    """One process of the bot, in a group of its own."""

    def __init__(
        self, url: str, folder: Path, cache: Path, *arguments: str, **settings: str
    ) -> None:
        """Talk to the Bot API at `url`; keep things in `folder`."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
        self._environment = {
            **kept,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": url,
            "KNOWLEDGE_DIR": str(SMALL),
            "CACHE_DIR": str(cache),
            "DATA_DIR": str(folder),
            "NO_PROXY": "127.0.0.1",
            "LOG_LEVEL": "WARNING",
            "FLOOD_LIMIT": "0",
            **settings,
        }
        self._arguments = arguments
        self.process: Process | None = None
        self.errors = folder / f"errors-{os.urandom(3).hex()}.txt"

    async def start(self) -> None:
        """Start it; what it logs goes to a file."""
        with self.errors.open("ab") as errors:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "run_bot.py",
                *self._arguments,
                cwd=REPOSITORY,
                env=self._environment,
                stdin=DEVNULL,
                stdout=DEVNULL,
                stderr=errors,
                start_new_session=True,
            )

    async def end(self, by: signal.Signals, within: float = 20.0) -> int | None:
        """End it and return its status; None if it doesn't end, and then it is killed."""
        if self.process is None:
            return None
        if self.process.returncode is not None:
            return self.process.returncode
        os.killpg(self.process.pid, by)
        try:
            async with asyncio.timeout(within):
                return await self.process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            await self.process.wait()
            return None

    def memory(self) -> float:
        """Return its resident memory in MB."""
        if self.process is None:
            return 0.0
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


async def until(holds: Callable[[], object], within: float = _PATIENCE) -> None:
    """Wait until `holds`, or until the time is up."""
    for _ in range(int(within * 10)):
        if holds():
            break
        await asyncio.sleep(0.1)


def expected(dialogue: Dialogue) -> list[str]:
    """Return what each of QUESTIONS is told; no two are told the same."""
    commands = {item.command: target for item, target in dialogue.catalogue.commands()}
    told = [
        dialogue.open(commands[text[1:]], Session()).reply.html
        if text.startswith("/")
        else dialogue.respond(Question(text), Session()).reply.html
        for text in QUESTIONS
    ]
    assert len(set(told)) == len(QUESTIONS)
    return told


def judge(
    asked: dict[int, int], said: dict[int, list[str]], told: list[str], dropped: Mapping[int, int]
) -> Verdict:
    """Compare what was said in each chat with so many questions asked there, in turn.

    `dropped` says how often each chat's answer was taken and never confirmed.
    """
    lost = twice = disordered = worst = 0
    for chat, number in asked.items():
        at, before = 0, twice
        for text in said.get(chat, []):
            if at < number and text == told[at % len(told)]:
                at += 1
            elif at and text == told[(at - 1) % len(told)]:
                twice += 1
            else:
                disordered += 1
        lost += number - at
        worst = max(worst, twice - before - dropped.get(chat, 0))
    return Verdict(sum(asked.values()), lost, twice, disordered, worst)


class Crowd:
    """People in `chats` chats who ask in turn, at a rate, until told to stop.

    They wait while MOST_OPEN of their questions are with Telegram, so that a bot that is killed
    again and again can catch up.
    """

    def __init__(
        self,
        push: Callable[[int, str], None],
        chats: int,
        rate: float,
        seed: int,
        waiting: Callable[[], int] | None = None,
    ) -> None:
        """Ask with `push`, so many questions a second; `waiting` says how many Telegram has."""
        self._push = push
        self._waiting = waiting or (lambda: 0)
        self._chats = chats
        self._rate = rate
        self._chance = random.Random(seed)
        self.asked: dict[int, int] = {}

    async def ask(self) -> None:
        """Ask until cancelled."""
        while True:
            await asyncio.sleep(self._chance.expovariate(self._rate))
            if self._waiting() >= MOST_OPEN:
                continue
            chat = self._chance.randint(1000, 999 + self._chats)
            number = self.asked.get(chat, 0)
            self._push(chat, QUESTIONS[number % len(QUESTIONS)])
            self.asked[chat] = number + 1
