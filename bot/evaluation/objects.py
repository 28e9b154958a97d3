"""What an evaluation found, as the objects that `--json` prints."""

from dataclasses import fields
from typing import Any

from bot.evaluation.asking import Result
from bot.evaluation.figures import Figures
from bot.evaluation.floors import Shortfall
from bot.evaluation.report import Report
from bot.evaluation.shares import Share

_DIGITS = 4


def report_object(report: Report) -> dict[str, Any]:
    """Return everything that a report holds."""
    return {
        "guide": report.guide,
        "part": report.choice.part or "all",
        "tag": report.choice.tag,
        "passed": not report.shortfalls,
        "judged": report.judged,
        "floors": report.floors.model_dump(exclude_none=True),
        "below_floors": [_shortfall(each) for each in report.shortfalls],
        "figures": {name: _figures(each) for name, each in report.groups.items()},
        "calibration": [_rounded(each._asdict()) for each in report.bins],
        "coverage": _rounded(report.coverage._asdict()),
        "confusions": [
            {
                "expected": expected,
                "answered": answered,
                "count": len(results),
                "questions": [result.turn.name for result in results],
            }
            for (expected, answered), results in report.confusions.items()
        ],
        "floor": report.floor,
        "sweep": [
            {
                "floor": trial.floor,
                "answered": _share(trial.answered),
                "right": _share(trial.figures.right),
                "wrong": _share(trial.figures.wrong),
                "outside_answered": _share(trial.figures.outside_answered),
            }
            for trial in report.trials
        ],
        "known_failures": [each._asdict() for each in report.known],
        "questions": [result_object(result) for result in report.results],
    }


def result_object(result: Result) -> dict[str, Any]:
    """Return what became of one question."""
    turn, guess = result.turn, result.guess
    return {
        "question": turn.name,
        "part": result.part,
        "tags": sorted(turn.tags),
        "kind": turn.kind,
        "expected": [list(part) for part in turn.parts],
        "verdict": result.verdict,
        "decision": result.decision,
        "shown": list(result.shown),
        "rule": result.rule,
        "confidence": round(guess.confidence, _DIGITS) if guess else None,
        "guess": guess.name if guess else None,
        "guess_right": guess.right if guess else None,
    }


def _shortfall(found: Shortfall) -> dict[str, Any]:
    """Return a figure that doesn't keep to its floor."""
    return {
        "questions": found.group,
        "figure": found.name,
        "value": round(found.value, _DIGITS),
        "least" if found.least else "most": found.limit,
    }


def _figures(figures: Figures) -> dict[str, Any]:
    """Return shares as objects, and the calibration error as a number."""
    found = {each.name: getattr(figures, each.name) for each in fields(figures)}
    return {
        name: _share(value) if isinstance(value, Share) else _round(value)
        for name, value in found.items()
    }


def _share(share: Share) -> dict[str, Any]:
    """Return a share with its counts and its 95% interval."""
    return {
        "hits": share.hits,
        "of": share.of,
        "share": _round(share.value),
        "interval": [round(end, _DIGITS) for end in share.interval],
    }


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    """Return `values` with fewer digits, inside tuples too."""
    return {
        name: [_round(each) for each in value] if isinstance(value, tuple) else _round(value)
        for name, value in values.items()
    }


def _round(value: float | None) -> float | None:
    """Return a number with fewer digits."""
    return value if value is None else round(value, _DIGITS)
