"""How long the page takes: first paint in a real browser, and replies over loopback.

``python tests/benchmarks/web.py`` starts the bot as a process of its own with a database of SQLite,
prints times and, since machines differ, each as a ratio to the same questions asked of Dialogue
without a network; paints have an empty page beside them. The desk's overview has a thousand
questions in vain to sort when it is first opened.
"""

import asyncio
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
import yaml
from playwright.sync_api import sync_playwright

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from bot.app.composition import make_matcher, read_knowledge  # noqa: E402 - the path comes first
from bot.conversation.dialogue import Dialogue  # noqa: E402
from bot.conversation.model import Question, Session  # noqa: E402
from bot.conversation.records import Miss  # noqa: E402
from bot.settings import Settings  # noqa: E402
from bot.stores.bundle import open_stores, utc_now  # noqa: E402
from bot.text import normalise  # noqa: E402

PAINTS = 15
EMPTY = "data:text/html,<title>empty</title><p>nothing"
PAINTED = """() => new Promise((resolve) => {
  const note = (entries) => entries.getEntriesByName("first-contentful-paint")
    .forEach((entry) => resolve(entry.startTime));
  new PerformanceObserver(note).observe({ type: "paint", buffered: true });
})"""
TYPED = """async (question) => {
  const begun = performance.now();
  const turns = document.querySelectorAll(".turn").length;
  const seen = new Promise((resolve) => {
    const watch = new MutationObserver(() => {
      if (document.querySelectorAll(".turn:not(.waiting)").length > turns) {
        watch.disconnect();
        resolve();
      }
    });
    watch.observe(document.getElementById("turns"), { childList: true });
  });
  document.getElementById("question").value = question;
  document.getElementById("composer").requestSubmit();
  await seen;
  return performance.now() - begun;
}"""


@contextmanager
def running(data: Path) -> Iterator[str]:
    """Run the page as a process over a database in `data`; yield its address."""
    command = [sys.executable, str(REPOSITORY / "run_bot.py"), "web", "--port", "0"]
    environment = {**os.environ, "DATA_DIR": str(data), "DATABASE_URL": "", "LOG_LEVEL": "WARNING"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            found = re.search("http://[^ ]+", process.stdout.readline() if process.stdout else "")
            yield found[0] if found else ""
        finally:
            process.terminate()


async def ask_in_vain(data: Path, questions: list[str]) -> None:
    """Keep questions in vain in a database in `data`."""
    async with open_stores("", data) as stores:
        for text in questions:
            await stores.misses.add(Miss(normalise(text), "abstain", utc_now()))


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes once."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def in_browser(address: str, questions: list[str]) -> tuple[list[float], ...]:
    """Return first paints of nothing, chat, guide and desk, and times from Enter to the reply."""
    empty: list[float] = []
    chat: list[float] = []
    guide: list[float] = []
    desk: list[float] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for _ in range(PAINTS):
            pages = {"": chat, "guide": guide, "desk": desk}
            for url, paints in [(EMPTY, empty), *((address + at, of) for at, of in pages.items())]:
                context = browser.new_context(viewport={"width": 390, "height": 844})
                page = context.new_page()
                page.goto(url)
                paints.append(page.evaluate(PAINTED))
                context.close()
        page = browser.new_page(reduced_motion="reduce")
        page.goto(address)
        replies = [page.evaluate(TYPED, question) for question in questions]
        browser.close()
    return empty, chat, guide, desk, replies


def over_loopback(address: str, questions: list[str]) -> list[float]:
    """Return how long each question takes over HTTP."""
    with httpx2.Client(base_url=address, headers={"X-Guidebot": "1"}) as client:
        return [
            milliseconds(lambda text=text: client.post("/ask", json={"question": text}))  # type: ignore[misc]
            for text in questions
        ]


def main() -> None:
    """Measure and print."""
    labelled = yaml.safe_load((REPOSITORY / "tests/guides/hip-thrust.yaml").read_text("utf-8"))
    everything = [item["q"] for item in labelled["questions"]]
    questions = everything[:400]
    settings = Settings.read()
    knowledge = read_knowledge(settings)
    matcher = make_matcher(knowledge, settings)
    dialogue = Dialogue(knowledge, matcher)
    for text in questions:  # every word has been seen before it is timed
        dialogue.respond(Question(text), Session())
    alone = [
        milliseconds(lambda text=text: dialogue.respond(Question(text), Session()))  # type: ignore[misc]
        for text in questions
    ]
    with TemporaryDirectory() as scratch:
        asyncio.run(ask_in_vain(Path(scratch), everything[400:1400]))
        with running(Path(scratch)) as address:
            over_loopback(address, questions[:50])
            loopback = over_loopback(address, questions)
            sorting = milliseconds(lambda: httpx2.get(f"{address}desk", timeout=120))
            empty, chat, guide, desk, replies = in_browser(address, questions[:60])
    usual = statistics.median(alone)
    rows = {
        "Dialogue alone": alone,
        "a reply over HTTP": loopback,
        "from Enter to the reply": replies,
        "first paint, empty page": empty,
        "first paint, chat": chat,
        "first paint, guide": guide,
        "first paint, desk": desk,
    }
    for name, took in rows.items():
        half, most = statistics.median(took), statistics.quantiles(took, n=20)[-1]
        print(
            f"{name:24} median {half:7.1f} ms, 95% under {most:7.1f} ms,"
            f" {half / usual:6.1f} x Dialogue alone"
        )
    print(f"sorting 1000 questions in vain, once: {sorting / 1000:.1f} s")


if __name__ == "__main__":
    main()
