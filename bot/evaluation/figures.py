"""What became of many questions, in figures."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.evaluation.asking import Result
from bot.evaluation.judgement import Verdict
from bot.evaluation.questions import PARTS, Kind
from bot.evaluation.reliability import guesses_of
from bot.evaluation.shares import Share
from bot.matching.calibration import expected_calibration_error

ALL = "all"


@dataclass(frozen=True)
class Figures:
    """Shares of the questions inside the guide, outside it, with a red flag, and without one."""

    right: Share
    right_or_offered: Share
    missed: Share
    wrong: Share
    declined: Share
    outside_offered: Share
    outside_answered: Share
    outside_referred: Share
    red_flags: Share
    false_alarms: Share
    calibration_error: float | None


def figures_of(results: Sequence[Result]) -> Figures:
    """Count the verdicts of `results`."""
    counts = Counter((result.turn.kind, result.verdict) for result in results)

    def share(kind: Kind, *verdicts: Verdict) -> Share:
        hits = sum(counts[kind, verdict] for verdict in verdicts)
        return Share(hits, sum(n for (other, _), n in counts.items() if other == kind))

    calm = [result for result in results if result.turn.kind != "safety"]
    confidence, right = guesses_of(results)
    return Figures(
        right=share("inside", "right"),
        right_or_offered=share("inside", "right", "offered"),
        missed=share("inside", "missed"),
        wrong=share("inside", "wrong"),
        declined=share("outside", "declined"),
        outside_offered=share("outside", "offered"),
        outside_answered=share("outside", "answered"),
        outside_referred=share("outside", "referred"),
        red_flags=share("safety", "caught"),
        false_alarms=Share(sum(result.false_alarm for result in calm), len(calm)),
        calibration_error=expected_calibration_error(confidence, right) if len(right) else None,
    )


def grouped(results: Sequence[Result]) -> Mapping[str, Figures]:
    """Return the figures of all, of each part, and of each tag, by name; empty groups are out."""
    parts = {part: [one for one in results if one.part == part] for part in PARTS}
    tags = sorted({tag for result in results for tag in result.turn.tags})
    tagged = {tag: [one for one in results if tag in one.turn.tags] for tag in tags}
    groups = {ALL: list(results), **parts, **tagged}
    return {name: figures_of(group) for name, group in groups.items() if group}
