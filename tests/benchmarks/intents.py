"""How well the matcher learns from few phrasings, on data that it wasn't made for.

``python tests/benchmarks/intents.py --data FOLDER`` has the bot's own matcher learn CLINC150 and
BANKING77 from a few phrasings an intent and prints, beside simpler ways:

- right: the share of questions whose intent came first (no threshold)
- AUROC: how well the score tells questions that have an intent from those that have none
- answered right, declined: the same share, and the share of questions of no intent that are turned
  away, at the floor and margin that the matcher calibrated for itself
- ms, and as a multiple of the encoder alone on the same questions; the process's memory

``--json`` prints one object instead: for each data set and ranker the accuracy at ten phrasings an
intent, clean and with two slips, the AUROC and the milliseconds a question. The matcher stands
there under the name of its encoder.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from bot.matching.encoder import Encoder, make_encoder  # noqa: E402 - the path comes first
from tests.benchmarks.datasets import (  # noqa: E402
    Asked,
    DataSet,
    MissingDataError,
    data_sets,
    few,
    sampled,
    slipped,
)
from tests.benchmarks.rankers import MatcherRanker, Ranker, baselines  # noqa: E402

SHOTS = (1, 3, 5, 10)
SEED = 2026
_TIMED = 50
_HEAD = (
    f"{'data':10}{'shots':>6} {'questions':9} {'ranker':20}{'right':>7}{'AUROC':>7}"
    f"{'answered right':>16}{'declined':>10}{'ms':>8}{'x encoder':>11}{'MB':>6}"
)


_AS_JSON = 10
_KEYS = {
    "RapidFuzz WRatio": "wratio",
    "RapidFuzz token_set": "token_set",
    "TF-IDF": "tf_idf",
    "nearest vector": "nearest_vector",
}


class Figures(NamedTuple):
    """What came of one ranker on one set of questions; shares in per cent, NaN if undefined."""

    right: float
    auroc: float
    answered_right: float
    declined: float


def main() -> int:
    """Measure and print; return the exit status."""
    options = _options()
    try:
        every = data_sets(options.data)
    except MissingDataError as error:
        print(error, file=sys.stderr)
        return 2
    encoder = make_encoder(options.encoder, options.model)
    threadpool_limits(1)  # as the bot does: one question's matrices are small
    if options.json:
        found = {data.name.lower(): _object(data, encoder, options) for data in every}
        print(json.dumps(found))
        return 0
    print(_HEAD)
    for data in every:
        for shots in options.shots:
            for line in _lines(data, shots, encoder, options):
                print(line, flush=True)
    return 0


def figures(ranker: Ranker, inside: Sequence[Asked], outside: Sequence[Asked]) -> Figures:
    """Ask `ranker` everything and count."""
    guesses = ranker.guesses([one.text for one in inside])
    right = np.array(
        [guess.intent == one.intent for guess, one in zip(guesses, inside, strict=True)]
    )
    sure = np.array([guess.sure for guess in guesses])
    strange = ranker.guesses([one.text for one in outside])
    scores = [np.array([guess.score for guess in some]) for some in (guesses, strange)]
    return Figures(
        100 * float(right.mean()),
        100 * auroc(*scores) if strange else float("nan"),
        100 * float((right & sure).mean()),
        100 * float(np.mean([not guess.sure for guess in strange])) if strange else float("nan"),
    )


def auroc(high: np.ndarray, low: np.ndarray) -> float:
    """Return the chance that one of `high` is above one of `low`; a tie counts half."""
    ordered = np.sort(low)
    below, to = np.searchsorted(ordered, high, "left"), np.searchsorted(ordered, high, "right")
    return float((below + to).mean() / 2 / len(low))


def _object(
    data: DataSet, encoder: Encoder, options: argparse.Namespace
) -> dict[str, dict[str, float | None]]:
    """Return the figures of every ranker at ten phrasings an intent, by its key."""
    learned = few(data, _AS_JSON)
    matcher = MatcherRanker(learned, encoder)
    rankers: list[Ranker] = [matcher]
    rankers += [] if options.only else baselines(learned, encoder)
    inside = sampled(data.inside, options.sample, SEED)
    outside = sampled(data.outside, options.sample, SEED)
    return {
        _KEYS.get(ranker.name, options.encoder): _figures_of(ranker, inside, outside)
        for ranker in rankers
    }


def _figures_of(
    ranker: Ranker, inside: Sequence[Asked], outside: Sequence[Asked]
) -> dict[str, float | None]:
    """Return what the object says of one ranker: shares in per cent."""
    clean, slips = figures(ranker, inside, outside), figures(ranker, slipped(inside, SEED), [])
    return {
        "accuracy": round(clean.right, 2),
        "typo_accuracy": round(slips.right, 2),
        "oos_auroc": round(clean.auroc, 2) if outside else None,
        "ms_per_question": round(
            _milliseconds(ranker.guesses, [one.text for one in inside[:_TIMED]]), 3
        ),
    }


def _lines(
    data: DataSet, shots: int, encoder: Encoder, options: argparse.Namespace
) -> Iterator[str]:
    """Yield a row of the table for every ranker, clean and with slips."""
    learned = few(data, shots)
    matcher = MatcherRanker(learned, encoder)
    memory = resident()
    rankers = [matcher] if options.only else [matcher, *baselines(learned, encoder)]
    inside = sampled(data.inside, options.sample, SEED)
    outside = sampled(data.outside, options.sample, SEED)
    for kind, slips in (("clean", False), ("2 slips", True)):
        asked, strange = (slipped(some, SEED) if slips else some for some in (inside, outside))
        timed = [one.text for one in asked[:_TIMED]]
        alone = _milliseconds(encoder.encode, timed)
        for ranker in rankers:
            found = figures(ranker, asked, strange)
            took = _milliseconds(ranker.guesses, timed)
            yield (
                f"{data.name:10}{shots:6} {kind:9} {ranker.name:20}"
                f"{_shares(found, calibrated=ranker is matcher)}"
                f"{took:8.2f}{took / alone:11.1f}{_shown(memory, 6) if ranker is matcher else ''}"
            )


def _shares(found: Figures, *, calibrated: bool) -> str:
    """Return the shares of a row; what needs a threshold only if there is one."""
    limited = (found.answered_right, found.declined) if calibrated else (np.nan, np.nan)
    widths = (7, 7, 16, 10)
    return "".join(map(_shown, (found.right, found.auroc, *limited), widths))


def _shown(share: float, width: int) -> str:
    """Return a share to print; nothing if it is undefined."""
    return " " * width if np.isnan(share) else f"{share:{width}.1f}"


def _milliseconds(work: Callable[[list[str]], object], texts: Sequence[str]) -> float:
    """Return the median time of `work` on each text alone."""
    times = []
    for text in texts:
        begun = time.perf_counter()
        work([text])
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


def resident() -> float:
    """Return the megabytes of memory that this process holds now; NaN where Linux isn't."""
    status = Path("/proc/self/status")
    lines = status.read_text("utf-8").splitlines() if status.is_file() else []
    return next(
        (int(line.split()[1]) / 1024 for line in lines if line[:6] == "VmRSS:"), float("nan")
    )


def _options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Measure the matcher on CLINC150 and BANKING77.")
    parser.add_argument("--data", type=Path, default=REPOSITORY.parent / "shared" / "benchmarks")
    parser.add_argument("--encoder", choices=("default", "semantic"), default="default")
    parser.add_argument("--model", default="", help="a local folder with MiniLM's ONNX model")
    parser.add_argument("--shots", type=int, nargs="+", default=SHOTS)
    parser.add_argument("--sample", type=int, default=0, help="so many questions only; 0 is all")
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument("--only", choices=("matcher",), help="leave the baselines out")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
