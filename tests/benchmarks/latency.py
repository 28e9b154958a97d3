"""How long the bot takes: to fit, to start, and for a question, beside the encoder alone.

``python tests/benchmarks/latency.py`` prints times and, since machines differ, each as a ratio to
the time of one encoder run in the same process.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from bot.app.composition import make_dialogue  # noqa: E402 - the path comes first
from bot.channels.telegram.inline import entries_for  # noqa: E402
from bot.conversation.model import Question, Session  # noqa: E402
from bot.matching.encoder import make_encoder  # noqa: E402
from bot.settings import Settings  # noqa: E402


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes once."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    """Measure and print."""
    labelled = yaml.safe_load((REPOSITORY / "tests/guides/hip-thrust.yaml").read_text("utf-8"))
    questions = [item["q"] for item in labelled["questions"]]
    with tempfile.TemporaryDirectory() as cache:
        settings = Settings.read({"CACHE_DIR": cache})
        fitted = seconds(lambda: make_dialogue(settings))
        started = seconds(lambda: make_dialogue(settings))
        dialogue = make_dialogue(settings)
    encoder = make_encoder("default")
    for text in questions:  # both have seen every word before they are timed
        encoder.encode([text])
        dialogue.respond(Question(text), Session())
    alone = statistics.median(
        seconds(lambda text=text: encoder.encode([text]))  # type: ignore[misc]
        for text in questions
    )
    whole = statistics.median(
        seconds(lambda text=text: dialogue.respond(Question(text), Session()))  # type: ignore[misc]
        for text in questions
    )
    cards = [seconds(lambda text=text: entries_for(dialogue, text)) for text in questions]  # type: ignore[misc]
    rows = {
        "fit anew and start": fitted,
        "start with the kept index": started,
        "one question, median": whole,
        "cards for inline, median": statistics.median(cards),
        "cards for inline, slowest": max(cards),
        "the encoder alone, median": alone,
    }
    for name, took in rows.items():
        print(f"{name:28} {took * 1000:10.2f} ms {took / alone:10.1f} x encoder")


if __name__ == "__main__":
    main()
