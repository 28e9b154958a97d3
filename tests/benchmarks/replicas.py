"""What more processes bring: 1, 2 and 4 with a webhook on one PostgreSQL, beside one on SQLite.

``python tests/benchmarks/replicas.py`` makes an empty database on the server of TEST_POSTGRES_URL
(as the tests do) and has each number of processes asked as fast as they answer, 100 questions at
once, for SECONDS (20) seconds. It prints answers a second, also as a multiple of one process on
PostgreSQL, and the CPU of the bots and of the database an answer. The database's CPU is that of the
connections to it and of the server's own writers; it is 0 if the server is on another machine.
"""

import asyncio
import os
import statistics
import sys
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import NamedTuple

import asyncpg
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from tests.benchmarks.bot_api import HALF  # noqa: E402 - the path comes first
from tests.benchmarks.processes import (  # noqa: E402
    Hooked,
    bot_api,
    cpu_of,
    get,
    shipped_questions,
)
from tests.contract.places import new_database  # noqa: E402

SECONDS = float(os.environ.get("SECONDS_EACH") or 20)
AT_ONCE = 100
PROCESSES = (1, 2, 4)
_SERVERS = (
    "SELECT pid FROM pg_stat_activity WHERE (datname = current_database() AND pid <>"
    " pg_backend_pid()) OR backend_type IN ('walwriter', 'background writer', 'checkpointer')"
)


class Row(NamedTuple):
    """What some processes did: answers a second, and milliseconds of CPU an answer."""

    name: str
    rate: float
    bots: float
    database: float
    p50: float
    p99: float


async def measured(name: str, processes: int, url: str) -> Row:
    """Return what so many processes do on one database; an empty `url` is SQLite."""
    async with AsyncExitStack() as stack:
        bots = [Hooked(at, **({"DATABASE_URL": url} if url else {})) for at in range(processes)]
        for bot in bots:
            stack.callback(bot.end)
        for bot in bots:
            await bot.ready()
        load = f"/ask?hooks={processes}&most={AT_ONCE}"
        await get(f"{load}&s=5")  # words and connections are warm then
        before = await spent(bots, url)
        found = await get(f"{load}&s={SECONDS}")
        after = await spent(bots, url)
    late = found["late"]
    cuts = statistics.quantiles(late, n=100)
    bots_cpu, database = (now - then for now, then in zip(after, before, strict=True))
    rate, each = len(late) / found["seconds"], 1000 / len(late)
    return Row(name, rate, bots_cpu * each, database * each, cuts[49] * 1000, cuts[98] * 1000)


async def spent(bots: list[Hooked], url: str) -> tuple[float, float]:
    """Return the seconds of CPU so far of the bots and of the database."""
    return sum(bot.cpu() for bot in bots), sum(map(cpu_of, await servers(url) if url else ()))


async def servers(url: str) -> list[int]:
    """Return the processes of the database."""
    connection = await asyncpg.connect(url)
    try:
        return [row["pid"] for row in await connection.fetch(_SERVERS)]
    finally:
        await connection.close()


async def table(urls: list[str]) -> None:
    """Measure and print; `urls` are empty databases, one for each number of processes."""
    head = f"{'processes':22}{'answers/s':>10}{'x one':>7}{'bots, ms':>10}{'database, ms':>14}"
    async with bot_api(shipped_questions()):
        rows = [await measured("1 on SQLite", 1, "")]
        for number, url in zip(PROCESSES, urls, strict=True):
            rows.append(await measured(f"{number} on PostgreSQL", number, url))
    print(f"{head}{'its share':>11}{'p50 ms':>9}{'p99 ms':>9}{'round trips':>13}")
    for row in rows:
        share = row.database / (row.bots + row.database)
        print(
            f"{row.name:22}{row.rate:10.1f}{row.rate / rows[1].rate:7.2f}{row.bots:10.2f}"
            f"{row.database:14.2f}{share:11.0%}{row.p50:9.0f}{row.p99:9.0f}"
            f"{row.p99 / (2000 * HALF):13.2f}"
        )


def main() -> int:
    """Measure and print; return the exit status."""
    with ExitStack() as stack:
        try:
            urls = [stack.enter_context(new_database()) for _ in PROCESSES]
        except (pytest.skip.Exception, pytest.fail.Exception) as error:
            print(error, file=sys.stderr)
            return 2
        asyncio.run(table(urls))
    return 0


if __name__ == "__main__":
    sys.exit(main())
