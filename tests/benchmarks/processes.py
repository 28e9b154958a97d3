"""Bots as processes, what they cost, and the Bot API beside them."""

import asyncio
import contextlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import yaml
from aiohttp import ClientError, ClientSession, ClientTimeout, web

from bot.settings import REPOSITORY, Settings
from tests.benchmarks.bot_api import HOOK, PORT, TOKEN

_BOT_API = Path(__file__).with_name("bot_api.py")


class Measured:
    """A bot as a process, and what it cost."""

    def __init__(self, *command: str, **more: str) -> None:
        """Start it."""
        self._folder = tempfile.TemporaryDirectory()
        more = {"TELEGRAM_BOT_TOKEN": TOKEN, "DATA_DIR": self._folder.name, **more}
        more |= {"TELEGRAM_API_URL": f"http://127.0.0.1:{PORT}", "LOG_LEVEL": "WARNING"}
        self._process = subprocess.Popen(
            [sys.executable, *command], cwd=REPOSITORY, env={**os.environ, **more}
        )

    def cpu(self) -> float:
        """Return the seconds of CPU so far."""
        return cpu_of(self._process.pid)

    def memory(self) -> float:
        """Return the resident memory in MB; 0 if it has ended."""
        status = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
        return int(status.split("VmRSS:")[1].split()[0]) / 1024 if "VmRSS:" in status else 0.0

    def end(self) -> None:
        """End it."""
        self._process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(15)
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()


class Hooked(Measured):
    """The bot itself with a webhook: the first, or another one beside it."""

    def __init__(self, at: int = 0, **more: str) -> None:
        """Start it."""
        self._port = str(HOOK + at)
        hook = {"WEBHOOK_URL": "http://127.0.0.1:1/hook", "FLOOD_LIMIT": "0"}
        super().__init__("run_bot.py", "webhook", "--port", self._port, **hook, **more)

    async def ready(self, within: float = 300.0) -> None:
        """Return when it answers. Raises TimeoutError if it doesn't in so many seconds."""
        async with asyncio.timeout(within), ClientSession() as session:
            while True:
                with contextlib.suppress(ClientError, OSError):
                    async with session.get(f"http://127.0.0.1:{self._port}/readyz") as answer:
                        if answer.status == web.HTTPOk.status_code:
                            return
                await asyncio.sleep(0.1)

    async def waiting(self) -> int:
        """Return how many updates it has taken and not answered; -1 if it doesn't say."""
        with contextlib.suppress(ClientError, OSError, TimeoutError):
            page = f"http://127.0.0.1:{self._port}/metrics"
            async with ClientSession(timeout=ClientTimeout(5)) as session, session.get(page) as got:
                found = re.search(r"^guidebot_queue (\S+)", await got.text(), re.MULTILINE)
                return int(float(found[1])) if found else -1
        return -1


def cpu_of(process: int) -> float:
    """Return the seconds of CPU of a process so far; 0 if it has ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def get(path: str) -> Any:
    """Return what the server says, however long it takes."""
    url = f"http://127.0.0.1:{PORT}{path}"
    async with ClientSession(timeout=ClientTimeout(None)) as session, session.get(url) as answer:
        return await answer.json()


@asynccontextmanager
async def bot_api(questions: list[str]) -> AsyncIterator[None]:
    """Run the server for people who ask `questions`."""
    secret = Settings.read({"TELEGRAM_BOT_TOKEN": TOKEN}).webhook_secret
    environment = {**os.environ, "QUESTIONS": json.dumps(questions), "HOOK_SECRET": secret}
    server = subprocess.Popen([sys.executable, str(_BOT_API)], env=environment)  # noqa: ASYNC220
    try:
        while not await _up():  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait()


async def _up() -> bool:
    """Say whether the server listens."""
    with contextlib.suppress(OSError):
        _, writer = await asyncio.open_connection("127.0.0.1", PORT)
        writer.close()
        return True
    return False


def shipped_questions() -> list[str]:
    """Return labelled questions of the guide that ships, in disorder."""
    labelled = yaml.safe_load((REPOSITORY / "tests/guides/hip-thrust.yaml").read_text("utf-8"))
    asked = [item["q"] for item in labelled["questions"] if item["q"][:1] != "/"]
    random.Random(1).shuffle(asked)
    return asked[:500]
