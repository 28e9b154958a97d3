"""How long the stores take for what a reply needs, and how long they keep everything else waiting.

``python tests/benchmarks/stores.py [DATABASE_URL]`` prints times for memory, for a file of SQLite
and for the database given. Each operation has the time that a person waits for it, one by one, and
this process's time on a CPU. A kept reply recalls, saves and counts. "Side by side" is 32 chats at
work at once. The event loop's delay is by how much a pause of 1 ms is late, as any other work
would be.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from bot.conversation.model import Match, Session  # noqa: E402 - the path comes first
from bot.conversation.records import CheckpointAnswer, Count, Speaker  # noqa: E402
from bot.stores.bundle import Stores, open_stores  # noqa: E402

TIMES = 1000
CHATS = 32
PEOPLE = [Speaker(f"telegram:{number}", f"telegram:{number}") for number in range(500)]
SESSION = Session("tea/brew", Match("how long to steep it", 0.91, "tea/pour", 0.4, 0.93))
NOW = datetime(2030, 5, 10, 12, tzinfo=UTC)
COUNTS = [
    Count(NOW.date(), *one, 1) for one in (("asked", "answer"), ("took", "5"), ("topic", "tea"))
]

Operation = Callable[[Speaker], Awaitable[object]]


def operations(stores: Stores) -> dict[str, Operation]:
    """Return what a reply needs: each by itself, and all together."""

    async def reply(speaker: Speaker) -> None:
        await stores.sessions.load(speaker)
        await stores.profiles.all(speaker.person)
        await stores.sessions.save(speaker, SESSION)
        await stores.counters.add_all(COUNTS)

    return {
        "load a session": stores.sessions.load,
        "all of a profile": lambda speaker: stores.profiles.all(speaker.person),
        "save a session": lambda speaker: stores.sessions.save(speaker, SESSION),
        "add to counters": lambda _: stores.counters.add_all(COUNTS),
        "a kept reply": reply,
    }


async def one_by_one(name: str, operation: Operation) -> None:
    """Print the times of one operation."""
    took = []
    cpu = time.process_time()
    for number in range(TIMES):
        begun = time.perf_counter()
        await operation(PEOPLE[number % len(PEOPLE)])
        took.append((time.perf_counter() - begun) * 1000)
    cpu = (time.process_time() - cpu) * 1000 / TIMES
    median, slow = statistics.median(took), statistics.quantiles(took, n=100)[98]
    print(f"  {name:16} {median:5.2f} ms, one in 100 over {slow:5.2f} ms; CPU {cpu:5.2f} ms")


async def side_by_side(operation: Operation) -> None:
    """Print the times of an operation when many chats are at work."""
    numbers = iter(range(TIMES))
    late: list[float] = []

    async def work() -> None:
        for number in numbers:
            await operation(PEOPLE[number % len(PEOPLE)])

    watching = asyncio.create_task(delays(late))
    begun, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work() for _ in range(CHATS)))
    each = (time.perf_counter() - begun) * 1000 / TIMES
    cpu = (time.process_time() - cpu) * 1000 / TIMES
    watching.cancel()
    usual, worst = statistics.median(late or [0]), max(late or [0])
    print(
        f"  {'side by side':16} {each:5.2f} ms each; CPU {cpu:5.2f} ms;"
        f" the loop late by {usual:4.2f} ms, at most {worst:4.1f} ms"
    )


async def delays(late: list[float]) -> None:
    """Note for ever by how many milliseconds a pause of 1 ms is late."""
    for _ in count():
        begun = time.perf_counter()
        await asyncio.sleep(0.001)
        late.append((time.perf_counter() - begun) * 1000 - 1)


async def measure(name: str, url: str) -> None:
    """Print the times of one place, where everybody has a session and has told something."""
    print(name)
    with tempfile.TemporaryDirectory() as folder:
        async with open_stores(url, Path(folder)) as stores:
            for speaker in PEOPLE:
                await stores.sessions.save(speaker, SESSION)
                await stores.profiles.answer(speaker.person, "tea/q", CheckpointAnswer("yes", NOW))
            found = operations(stores)
            for title, operation in found.items():
                await one_by_one(title, operation)
            await side_by_side(found["a kept reply"])


async def main() -> None:
    """Measure and print."""
    places = {"memory": "memory:", "SQLite": ""}
    places |= {"given": sys.argv[1]} if len(sys.argv) > 1 else {}
    for name, url in places.items():
        await measure(name, url)


if __name__ == "__main__":
    asyncio.run(main())
