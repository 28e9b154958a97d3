"""How many updates a second, how late, and at what cost: the bot beside an echo bot and beside PTB.

``python tests/benchmarks/throughput.py`` runs a Bot API 50 ms away in a process of its own and, one
after the other, an echo bot on the same transport and intake, this bot (KNOWLEDGE_DIR or the guide
that ships, with SQLite), and python-telegram-bot as it comes with concurrent updates. It prints
rates as ratios. Then this bot, with a webhook, gets a burst of 300 and 200 questions a second.
"""

import asyncio
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from tests.benchmarks.bot_api import HALF, PORT, TOKEN  # noqa: E402 - the path comes first
from tests.benchmarks.processes import (  # noqa: E402
    Hooked,
    Measured,
    bot_api,
    get,
    shipped_questions,
)

UPDATES = int(os.environ.get("UPDATES") or 2000)
STEADY = 200


async def echo() -> None:
    """Run an echo bot on our transport and intake."""
    from telegram import Update  # noqa: PLC0415
    from telegram.ext import Application, MessageHandler, filters  # noqa: PLC0415

    from bot.channels.telegram.intake import Intake  # noqa: PLC0415
    from bot.channels.telegram.polling import Poller  # noqa: PLC0415
    from bot.channels.telegram.transport import AiohttpRequest  # noqa: PLC0415
    from bot.metrics import Metrics  # noqa: PLC0415
    from bot.stores.bundle import in_memory, utc_now  # noqa: PLC0415

    wire = AiohttpRequest()
    url = f"http://127.0.0.1:{PORT}/bot"
    builder = Application.builder().token(TOKEN).base_url(url).updater(None).job_queue(None)
    application: Any = builder.request(wire).get_updates_request(wire).build()
    application.add_handler(MessageHandler(filters.TEXT, _echoed))

    async def answer(update: dict[str, Any]) -> None:
        await application.process_update(Update.de_json(update, application.bot))

    async with application:
        intake = Intake(in_memory().updates, answer, clock=utc_now, metrics=Metrics())
        await Poller(application.bot, intake.take).run()


def as_it_comes() -> None:
    """Run an echo bot on python-telegram-bot as it comes, with concurrent updates."""
    from telegram.ext import Application, MessageHandler, filters  # noqa: PLC0415

    url = f"http://127.0.0.1:{PORT}/bot"
    application: Any = (
        Application.builder().token(TOKEN).base_url(url).concurrent_updates(True).build()  # noqa: FBT003
    )
    application.add_handler(MessageHandler(filters.TEXT, _echoed))
    application.run_polling()


async def _echoed(update: Any, _context: Any) -> None:
    """Send back what was said."""
    await update.message.reply_text(update.message.text)


async def rate(name: str, number: int, *command: str) -> float:
    """Print one row; return the updates a second."""
    begun = time.perf_counter()
    bot = Measured(*command)
    try:
        await get("/load?n=1")
        started = time.perf_counter() - begun
        await get(f"/load?n={min(number, 200)}")
        before = bot.cpu()
        done, seconds = await get(f"/load?n={number}")
        spent = (bot.cpu() - before) / max(done, 1)
        print(
            f"{name:34} {done / seconds:7.0f}/s  {spent * 1000:5.2f} ms of CPU each,"
            f" {bot.memory():4.0f} MB, first answer after {started:4.1f} s"
        )
        return float(done / seconds)
    finally:
        bot.end()


async def main() -> None:
    """Measure and print."""
    async with bot_api(sys.argv[2:] or shipped_questions()):
        this = str(Path(__file__))
        echoes = await rate("echo bot, same transport", UPDATES, this, "echo")
        whole = await rate("this bot: matching, store, words", UPDATES, "run_bot.py")
        plain = await rate("PTB as it comes, concurrent", UPDATES // 4, this, "plain")
        print(f"this bot: {whole / echoes:.2f} of the echo bot, {whole / plain:.1f} times PTB")
        bot = Hooked()
        try:
            await bot.ready()
            late = await steady(float(os.environ.get("SECONDS_STEADY") or 10))
        finally:
            bot.end()
        cuts = statistics.quantiles(late, n=100)
        print(
            f"after a burst of 300, at {STEADY} a second, {len(late)} answers:"
            f" p50 {cuts[49] * 1000:.1f} ms,"
            f" p99 {cuts[98] * 1000:.1f} ms: {cuts[98] / (2 * HALF):.2f} round trips"
        )


async def steady(seconds: float) -> list[float]:
    """Have a burst of 300 asked, then 200 a second; return how late the answers to these came."""
    await get("/burst?n=300")
    await asyncio.sleep(2)
    found = await get(f"/ask?hooks=1&rate={STEADY}&s={seconds}&rest=1")
    return [float(late) for late in found["late"]]


if __name__ == "__main__":
    match sys.argv[1:2]:
        case ["echo"]:
            asyncio.run(echo())
        case ["plain"]:
            as_it_comes()
        case _:
            asyncio.run(main())
