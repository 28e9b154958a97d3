"""How long a session takes to be loaded and saved, and how long that keeps everything else waiting.

``python tests/benchmarks/stores.py [DATABASE_URL]`` prints times for memory, for a file of SQLite
and for the database given. "One by one" is what a person waits for; "side by side" is 32 chats at
work at once. The event loop's delay is by how much a pause of 1 ms is late, as any other work
would be.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from bot.conversation.model import Match, Session  # noqa: E402 - the path comes first
from bot.conversation.ports import SessionStore  # noqa: E402
from bot.conversation.records import Speaker  # noqa: E402
from bot.stores.bundle import open_stores  # noqa: E402

TIMES = 1000
CHATS = 32
SESSION = Session("tea/brew", Match("how long to steep it", 0.91, "tea/pour", 0.4, 0.93))


async def one_turn(store: SessionStore, number: int) -> float:
    """Load and save the session of one of many people; return the milliseconds it took."""
    speaker = Speaker(f"telegram:{number % 500}", f"telegram:{number % 500}")
    begun = time.perf_counter()
    await store.load(speaker)
    await store.save(speaker, SESSION)
    return (time.perf_counter() - begun) * 1000


async def side_by_side(store: SessionStore) -> float:
    """Return the milliseconds a turn takes when many chats are at work."""
    numbers = iter(range(TIMES))

    async def work() -> None:
        for number in numbers:
            await one_turn(store, number)

    begun = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(CHATS)))
    return (time.perf_counter() - begun) * 1000 / TIMES


async def delays(late: list[float]) -> None:
    """Note for ever by how many milliseconds a pause of 1 ms is late."""
    for _ in count():
        begun = time.perf_counter()
        await asyncio.sleep(0.001)
        late.append((time.perf_counter() - begun) * 1000 - 1)


async def measure(name: str, url: str) -> None:
    """Print one row."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_stores(url, Path(folder)) as stores:
            alone = [await one_turn(stores.sessions, number) for number in range(TIMES)]
            late: list[float] = []
            watching = asyncio.create_task(delays(late))
            together = await side_by_side(stores.sessions)
            watching.cancel()
    median, slow = statistics.median(alone), statistics.quantiles(alone, n=100)[98]
    usual, worst = statistics.median(late or [0]), max(late or [0])
    print(
        f"{name:8} one by one {median:5.2f} ms, one in 100 over {slow:5.2f} ms;"
        f" side by side {together:5.2f} ms each,"
        f" the loop late by {usual:4.2f} ms, at most {worst:4.1f} ms"
    )


async def main() -> None:
    """Measure and print."""
    places = {"memory": "memory:", "SQLite": ""}
    places |= {"given": sys.argv[1]} if len(sys.argv) > 1 else {}
    for name, url in places.items():
        await measure(name, url)


if __name__ == "__main__":
    asyncio.run(main())
