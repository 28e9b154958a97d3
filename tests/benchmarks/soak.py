"""Half an hour of questions at a steady rate: whether memory stays flat and answers quick.

``MINUTES=30 RATE=100 python tests/benchmarks/soak.py [PLOT.svg]`` runs this bot (KNOWLEDGE_DIR or
the guide that ships) with a webhook and SQLite against a Bot API 50 ms away, has RATE questions a
second asked for so long, and prints for each minute how many were answered, how late (p50 and p99,
the latter in round trips too), the memory, and the longest queue in the bot. Memory and p99 over
time are drawn as SVG (soak.svg where it was started). Of a bot that can't keep up, less is asked,
and the last lines say so: exit status 1.
"""

import asyncio
import os
import statistics
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from matplotlib.figure import Figure

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from tests.benchmarks.bot_api import HALF  # noqa: E402 - the path comes first
from tests.benchmarks.processes import Hooked, bot_api, get, shipped_questions  # noqa: E402

MINUTES = float(os.environ.get("MINUTES") or 30)
RATE = float(os.environ.get("RATE") or 100)
_PARTS = 6
"""Points of the plot a minute."""
_KEPT_UP = 0.98
_FLAT = 1.05
_HEAD = (
    f"{'minute':>6}{'asked/s':>9}{'answers':>9}{'p50 ms':>8}{'p99 ms':>8}{'round trips':>13}"
    f"{'MB':>7}{'queue':>7}{'unanswered':>12}{'refused':>9}"
)


class Part(NamedTuple):
    """Ten seconds: questions asked a second, how late answers came, and what the bot held then."""

    asked: float
    late: list[float]
    memory: float
    queue: int
    unanswered: int
    refused: int


def main() -> int:
    """Measure, print and draw; return the exit status."""
    plot = Path(sys.argv[1] if len(sys.argv) > 1 else "soak.svg")
    parts = asyncio.run(measured())
    draw(parts, plot)
    return verdict(parts)


async def measured() -> list[Part]:
    """Run everything; print a row a minute."""
    parts: list[Part] = []
    async with bot_api(shipped_questions()):
        bot = Hooked()
        try:
            await bot.ready()
            await get(f"/ask?hooks=1&rate={RATE}&s=5")  # words and connections are warm then
            print(_HEAD)
            while len(parts) < MINUTES * _PARTS:
                parts.append(await part(bot))
                if len(parts) % _PARTS == 0:
                    print(line(len(parts) // _PARTS, parts[-_PARTS:]), flush=True)
        finally:
            bot.end()
    return parts


async def part(bot: Hooked) -> Part:
    """Have questions asked for ten seconds, and look at the bot every second."""
    queues: list[int] = []

    async def watch() -> None:
        while True:
            queues.append(await bot.waiting())
            await asyncio.sleep(1)

    watching = asyncio.create_task(watch())
    found = await get(f"/ask?hooks=1&rate={RATE}&s={60 / _PARTS}")
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    rate = found["asked"] / found["seconds"]
    lost = (found["unanswered"], found["refused"])
    return Part(rate, found["late"], bot.memory(), max(queues), *lost)


def line(minute: int, parts: list[Part]) -> str:
    """Return the row of one minute."""
    late = [each for part in parts for each in part.late]
    half, most = cuts(late)
    return (
        f"{minute:6}{statistics.fmean(part.asked for part in parts):9.1f}{len(late):9}"
        f"{half * 1000:8.1f}{most * 1000:8.1f}{most / (2 * HALF):13.2f}"
        f"{max(part.memory for part in parts):7.0f}{max(part.queue for part in parts):7}"
        f"{sum(part.unanswered for part in parts):12}{sum(part.refused for part in parts):9}"
    )


def cuts(late: list[float]) -> tuple[float, float]:
    """Return the median and the 99th percentile; NaN if there is next to nothing."""
    if len(late) < 2:
        return float("nan"), float("nan")
    return statistics.median(late), statistics.quantiles(late, n=100)[98]


def draw(parts: list[Part], plot: Path) -> None:
    """Draw memory, p99 and the rate over time."""
    minutes = [(at + 1) / _PARTS for at in range(len(parts))]
    rows = {
        "memory, MB": [part.memory for part in parts],
        "p99, ms": [1000 * cuts(part.late)[1] for part in parts],
        "asked a second": [part.asked for part in parts],
    }
    figure = Figure(figsize=(8, 7), layout="constrained")
    panels = figure.subplots(len(rows), 1, sharex=True)
    for panel, (name, values) in zip(panels, rows.items(), strict=True):
        panel.plot(minutes, values)
        panel.set_ylabel(name)
        panel.set_ylim(bottom=0)
    panels[-1].set_xlabel("minutes")
    figure.savefig(plot, format="svg")


def verdict(parts: list[Part]) -> int:
    """Say whether the rate was kept and memory flat; return the exit status."""
    answered = sum(len(part.late) for part in parts)
    reached = answered * _PARTS / (60 * len(parts))
    rest = parts[len(parts) // 4 :]
    grown = rest[-1].memory / rest[0].memory if rest[0].memory else float("nan")
    print(
        f"{answered} answers; memory at the end is {grown:.2f} of what it was after the first"
        f" quarter: {'flat' if grown <= _FLAT else 'it grows'}"
    )
    if reached >= _KEPT_UP * RATE:
        return 0
    asked, queue = statistics.fmean(part.asked for part in parts), max(part.queue for part in parts)
    print(
        f"this machine can't keep {RATE:g} a second: {asked:.1f} a second were asked and"
        f" {reached:.1f} answered, the longest queue was {queue}"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
