"""One self-contained page about an evaluation: page.html filled in. Needs the extra [report]."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.errors import EvaluationError
from bot.evaluation import pictures
from bot.evaluation.confusion import matrix
from bot.evaluation.figures import ALL
from bot.evaluation.floors import HELD, figure
from bot.evaluation.reliability import guesses_of
from bot.evaluation.report import Report
from bot.evaluation.shares import Share

_DASH = "\N{EN DASH}"


def write_page(reports: Sequence[Report], path: Path) -> None:
    """Write the page about `reports` to `path`. Raises EvaluationError if it can't be written."""
    try:
        path.write_text(page(reports), "utf-8")
    except OSError as error:
        message = f"{path} can't be written: {error.strerror or type(error).__name__}"
        raise EvaluationError(message) from None


def page(reports: Sequence[Report]) -> str:
    """Return the page about `reports`, a part a guide."""
    templates = Environment(
        loader=PackageLoader("bot.evaluation", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {"percent": _percent, "interval": _interval, "number": _number}
    templates.globals |= {"ALL": ALL, "HELD": HELD, "figure": figure}
    guides = [_part(report) for report in reports]
    return templates.get_template("page.html").render(guides=guides)


def _part(report: Report) -> dict[str, Any]:
    """Return what the template says about one guide."""
    curve, confused = report.coverage, matrix(report.results)
    sure = guesses_of(report.results)[0] >= report.floor
    in_use = float(sure.mean()) if len(sure) else 0.0
    return {
        "report": report,
        "everything": report.groups[ALL],
        "failing": {(each.group, each.name) for each in report.shortfalls},
        "limits": report.floors.model_dump(exclude_none=True),
        "guesses": len(sure),
        "in_use": in_use,
        "matrix": confused,
        "reliability": pictures.reliability(report.bins) if len(sure) else "",
        "coverage": pictures.coverage(curve, in_use) if len(sure) else "",
        "confusion": pictures.confusion(confused) if confused.rows else "",
    }


def _percent(share: Share) -> str:
    """Return a share in percent; a dash if nothing was counted."""
    return _DASH if share.value is None else f"{100 * share.value:.1f}"


def _interval(share: Share) -> str:
    """Return the interval of a share in percent."""
    low, high = share.interval
    return f"{100 * low:.0f}{_DASH}{100 * high:.0f}"


def _number(value: float | None) -> str:
    """Return a figure between 0 and 1; a dash if nothing was counted."""
    return _DASH if value is None else f"{value:.3f}"
