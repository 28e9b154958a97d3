"""How the matcher grows: 1,000, 10,000 and 100,000 phrasings of 227 intents.

``python tests/benchmarks/growth.py --data FOLDER`` builds the bot's own matcher (its reader, index,
calibration and ranking) for each size in a process of its own, and prints

- the seconds of the build, and its seconds of CPU on all cores, these also as a multiple of what
  encoding as many texts takes
- the memory of the process in MB: before the build, at its peak, and after it
- milliseconds of CPU a question (p50 and p99 after each was asked once), also as multiples of the
  encoder alone on the same questions: ranking has one thread, so that this is the time it takes on
  a machine that has nothing else to do
- on questions that nobody learned: the share whose intent came first, and the share answered right
  at the calibrated limits; of questions of no intent, the share turned away

Above 25,000, phrasings are made by recombination and slips: see growing.py. Above 40,000, the
matcher's coefficients are fitted to a sample. ``--most N`` has that done from N phrasings on, or
never if N is 0: what two such runs differ by, at one size, is what the sample costs.
"""

import argparse
import gc
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from threadpoolctl import threadpool_limits  # noqa: E402 - the path comes first

from bot.matching.encoder import make_encoder  # noqa: E402
from bot.matching.sampling import ROOM, Room  # noqa: E402
from tests.benchmarks.datasets import MissingDataError, data_sets, sampled  # noqa: E402
from tests.benchmarks.growing import judged, learned  # noqa: E402
from tests.benchmarks.intents import SEED, figures, resident  # noqa: E402
from tests.benchmarks.rankers import MatcherRanker  # noqa: E402

SIZES = (1000, 10_000, 100_000)
JUDGED, OUTSIDE = 1000, 500
_ROUNDS = 3
_ENCODED = 1000
_HEAD = (
    f"{'phrasings':>9}{'build s':>9}{'CPU s':>8}{'x encode':>10}"
    f"{'MB before':>11}{'peak':>7}{'after':>7}"
    f"{'p50 ms':>8}{'p99 ms':>8}{'p50 x':>7}{'p99 x':>7}"
    f"{'right':>7}{'answered right':>16}{'declined':>10}"
)


def main() -> int:
    """Measure and print; return the exit status."""
    options = _options()
    if options.one:
        print(json.dumps(measured(options.one, options.data, _room(options.most))))
        return 0
    try:
        data_sets(options.data)
    except MissingDataError as error:
        print(error, file=sys.stderr)
        return 2
    print(_HEAD)
    for size in options.sizes:
        command = [sys.executable, __file__, "--data", str(options.data), "--one", str(size)]
        command += [] if options.most is None else ["--most", str(options.most)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
        if done.returncode:
            print(f"{size:9} ended with {done.returncode}: no memory, perhaps", flush=True)
        else:
            print(_line(size, json.loads(done.stdout)), flush=True)
    return 0


def measured(size: int, folder: Path, room: Room) -> dict[str, float]:
    """Build a matcher of `size` phrasings in this process, ask it, and return the figures."""
    every = data_sets(folder)
    asked, inside = learned(every, size, SEED), judged(every, JUDGED, SEED)
    strange = sampled([one for data in every for one in data.outside], OUTSIDE, SEED)
    encoder = make_encoder("default")
    with threadpool_limits(1):
        sample = [one.text for one in sampled(asked, _ENCODED, SEED)]
        encoding = _seconds(lambda: encoder.encode(sample)) / len(sample) * size
    gc.collect()
    before, begun, idle = resident(), time.perf_counter(), time.process_time()
    ranker = MatcherRanker(asked, encoder, room)
    build, busy = time.perf_counter() - begun, time.process_time() - idle
    gc.collect()
    after, peak = resident(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    threadpool_limits(1)  # as the bot does: one question's matrices are small
    found = figures(ranker, inside, strange)  # which is the warm-up as well
    texts = [one.text for one in inside]
    half, most = _cuts(ranker.matcher.rank, texts)
    alone, slow = _cuts(lambda text: encoder.encode([text]), texts)
    return {
        "build": build,
        "cpu": busy,
        "of_encoding": busy / encoding,
        "before": before,
        "peak": peak,
        "after": after,
        "p50": half,
        "p99": most,
        "p50_ratio": half / alone,
        "p99_ratio": most / slow,
        "right": found.right,
        "answered_right": found.answered_right,
        "declined": found.declined,
    }


def _room(most: int | None) -> Room:
    """Return the room for a sample of `most` phrasings; 0 is room for all, None the bot's own."""
    if most is None:
        return ROOM
    return Room(many=most or sys.maxsize, most=most)


def _cuts(work: Callable[[str], object], texts: Sequence[str]) -> tuple[float, float]:
    """Return the milliseconds that `work` takes on one text: the median, and one in a hundred."""
    times = [1000 * _seconds(lambda text=text: work(text)) for text in [*texts] * _ROUNDS]  # type: ignore[misc]
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


def _seconds(work: Callable[[], object]) -> float:
    """Return the seconds of CPU that `work` takes once."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _line(size: int, of: dict[str, float]) -> str:
    """Return a row of the table."""
    return (
        f"{size:9}{of['build']:9.1f}{of['cpu']:8.1f}{of['of_encoding']:10.1f}"
        f"{of['before']:11.0f}{of['peak']:7.0f}{of['after']:7.0f}"
        f"{of['p50']:8.2f}{of['p99']:8.2f}{of['p50_ratio']:7.1f}{of['p99_ratio']:7.1f}"
        f"{of['right']:7.1f}{of['answered_right']:16.1f}{of['declined']:10.1f}"
    )


def _options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Measure the matcher at growing sizes.")
    parser.add_argument("--data", type=Path, default=REPOSITORY.parent / "shared" / "benchmarks")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--most", type=int, help="fit to a sample of so many; 0: always to all")
    parser.add_argument("--one", type=int, help="measure this size here, print one object")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
