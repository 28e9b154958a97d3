"""A disk that is full: nothing can be kept, and everything is answered all the same.

Once as a small disk of its own, where that can be mounted, and once as a limit to the size of the
process's files; either is a write that fails, as the operating system has it.
"""

import asyncio
import resource
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.conversation.dialogue import Dialogue
from tests.chaos.bots import QUESTIONS, Copy, Crowd, expected, judge, until
from tests.chaos.telegram import Telegram

LATE = 5000
"""The chat of somebody who writes when there is room again."""
RATE = 20.0
CHATS = 15


class Disk(NamedTuple):
    """A folder, and what takes and gives back the room for a process's files there."""

    folder: Path
    fill: Callable[[int], None]
    clear: Callable[[int], None]


@pytest.fixture(params=["a small disk", "no larger files"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """Return a disk that can be full; the small one is skipped where nobody may mount it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if request.param == "no larger files":
        yield Disk(
            folder, lambda pid: limit(pid, 1), lambda pid: limit(pid, resource.RLIM_INFINITY)
        )
        return
    mounting = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(folder)]
    try:
        subprocess.run(mounting, check=True, capture_output=True, timeout=10)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("nobody may mount a disk here")
    ballast = folder / "ballast"
    try:
        yield Disk(folder, lambda _: fill(ballast), lambda _: ballast.unlink())
    finally:
        unmounting = ["umount", "--lazy", str(folder)]
        subprocess.run(unmounting, check=True, timeout=10)


def limit(pid: int, size: int) -> None:
    """Let no file of a process grow beyond so many bytes."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def fill(path: Path) -> None:
    """Write a file until there is no room for another byte."""
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"\0" * 4096):
            pass


async def test_a_full_disk_costs_no_answer(
    telegram: Telegram, tea_dialogue: Dialogue, tea_cache: Path, tmp_path: Path, disk: Disk
) -> None:
    """While nothing can be written every question is answered once; then all is kept again."""
    told = expected(tea_dialogue)
    copy = Copy(telegram.url, tmp_path, tea_cache, DATA_DIR=str(disk.folder))
    crowd = Crowd(telegram.push, CHATS, RATE, seed=3)
    await copy.start()
    await until(lambda: telegram.bot.poll)
    assert copy.process is not None
    asking = asyncio.create_task(crowd.ask())
    await asyncio.sleep(3)
    disk.fill(copy.process.pid)
    await asyncio.sleep(1)
    before = len(telegram.bot.sent)
    await asyncio.sleep(6)
    during = len(telegram.bot.sent) - before
    disk.clear(copy.process.pid)
    await asyncio.sleep(2)
    asking.cancel()
    telegram.push(LATE, QUESTIONS[0])
    await until(lambda: not judge(crowd.asked, telegram.texts(), told, {}).lost)
    await asyncio.sleep(7)  # a sweep would answer again what it finds unmarked
    status = await copy.end(signal.SIGTERM, 12.0)
    found = judge(crowd.asked, telegram.texts(), told, {})
    note = (found, during, copy.errors.read_text("utf-8")[-2000:])
    assert (0, 0, 0, 0) == (found.lost, found.disordered, found.twice, status), note
    assert during > RATE, note
    assert (0, 1) == left_open_and_kept(disk.folder), note


def left_open_and_kept(folder: Path) -> tuple[int, int]:
    """Return how many updates are unanswered, and how many sessions there are of LATE."""
    opened = "SELECT count(*) FROM updates WHERE answered_at IS NULL"
    kept = f"SELECT count(*) FROM sessions WHERE person = 'telegram:{LATE}'"  # noqa: S608
    with closing(sqlite3.connect(folder / "guidebot.db")) as database:
        return database.execute(opened).fetchone()[0], database.execute(kept).fetchone()[0]
