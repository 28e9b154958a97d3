"""Pictures of a report, as SVG to stand inside a page. The only module that draws (matplotlib)."""

import re
from io import StringIO
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from bot.evaluation.confusion import Matrix
from bot.evaluation.reliability import Bin, Coverage
from bot.evaluation.shares import Share

_INK, _QUIET, _GRID = "#1f2933", "#616e7c", "#e4e7eb"
_BLUE, _RED = "#2563a8", "#c2410c"
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "guidebot",
    "font.family": "sans-serif",
    "font.sans-serif": ["Helvetica", "Arial", "DejaVu Sans", "sans-serif"],
    "font.size": 11,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _QUIET,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": _QUIET,
    "ytick.color": _QUIET,
}
_NAMED_PART = re.compile(r' id="[A-Za-z0-9.]+_\d+"')
_SLANTED: dict[str, Any] = {"rotation": 60, "ha": "right", "rotation_mode": "anchor"}
_HALF = 0.5


def reliability(bins: tuple[Bin, ...]) -> str:
    """Draw how often guesses are right beside how sure they were, and how many there are."""
    with rc_context(_STYLE):
        figure = Figure(figsize=(5.6, 5.2), layout="constrained")
        upper, lower = figure.subplots(2, 1, height_ratios=(4, 1), sharex=True)
        _compare(upper, bins)
        middles = [(each.low + each.high) / 2 for each in bins]
        lower.bar(middles, [each.guesses for each in bins], width=0.09, color=_BLUE, alpha=0.35)
        lower.set(xlim=(0, 1), xlabel="confidence", ylabel="questions")
        figure.align_ylabels()
        return _svg(figure)


def coverage(curve: Coverage, floor_at: float) -> str:
    """Draw the error among what is answered, as more is; `floor_at` is the coverage in use."""
    with rc_context(_STYLE):
        figure = Figure(figsize=(5.6, 5.2), layout="constrained")
        axes = figure.subplots()
        answered, error = 100 * np.array(curve.answered), 100 * np.array(curve.error)
        axes.fill_between(answered, error, color=_BLUE, alpha=0.12, linewidth=0)
        axes.plot(answered, error, color=_BLUE, linewidth=2)
        in_use = 100 * floor_at
        axes.plot(in_use, np.interp(in_use, answered, error), "o", color=_RED, markersize=8)
        _mark(axes, in_use, "floor in use")
        axes.grid(color=_GRID)
        axes.set_axisbelow(True)
        axes.set(xlim=(0, 100), xlabel="% of questions answered", ylabel="% of answers wrong")
        axes.set_ylim(bottom=0)
        return _svg(figure)


def confusion(found: Matrix) -> str:
    """Draw what was expected (rows) against what was shown (columns), with counts."""
    rows, columns = len(found.rows), len(found.columns)
    with rc_context(_STYLE):
        figure = Figure(figsize=(2.4 + 0.34 * columns, 2.3 + 0.32 * rows), layout="constrained")
        axes = figure.subplots()
        axes.pcolormesh(_shades(found), edgecolor=_GRID, linewidth=0.8)
        axes.invert_yaxis()
        _write_counts(axes, found)
        axes.set_xticks(np.arange(columns) + _HALF, found.columns, **_SLANTED)
        axes.set_yticks(np.arange(rows) + _HALF, found.rows)
        axes.tick_params(length=0, labelcolor=_INK, labelsize=11)
        axes.set(xlabel="shown", ylabel="expected")
        axes.spines[:].set_visible(False)
        return _svg(figure)


def _compare(axes: Axes, bins: tuple[Bin, ...]) -> None:
    """Draw the share that is right in each bin, with its interval, on the line of honesty."""
    shares = [Share(round(each.right * each.guesses), each.guesses) for each in bins]
    right = np.array([each.right for each in bins])
    low, high = np.array([share.interval for share in shares]).T.reshape(2, -1)
    axes.plot([0, 1], [0, 1], color=_QUIET, linestyle="--", linewidth=1)
    axes.errorbar(
        [each.confidence for each in bins],
        right,
        np.maximum([right - low, high - right], 0),
        fmt="o",
        color=_BLUE,
        markersize=7,
        capsize=3,
        linewidth=1.2,
    )
    axes.grid(color=_GRID)
    axes.set_axisbelow(True)
    axes.set(ylim=(-0.02, 1.02), ylabel="share that is right")


def _mark(axes: Axes, at: float, label: str) -> None:
    """Draw a dotted line with a label to the left of its top."""
    axes.axvline(at, color=_RED, linewidth=1, linestyle=":")
    place: dict[str, Any] = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
    axes.annotate(label, (at, 0.97), (-6, 0), color=_RED, ha="right", va="top", **place)


def _write_counts(axes: Axes, found: Matrix) -> None:
    """Write the counts into their cells; those of confusions stand out."""
    rows = len(found.rows)
    for row, column in zip(*np.nonzero(found.counts), strict=True):
        bold = "bold" if row != column and column < rows else "normal"
        place = (column + _HALF, row + _HALF)
        count = str(found.counts[row, column])
        axes.annotate(count, place, ha="center", va="center", fontsize=10, fontweight=bold)


def _shades(found: Matrix) -> NDArray[np.float64]:
    """Return the picture's cells (rows, columns, rgba): what is right in blue, all else in red."""
    blues = LinearSegmentedColormap.from_list("", ["#ffffff", "#a9c8ea"])
    reds = LinearSegmentedColormap.from_list("", ["#ffffff", "#f4a582"])
    counts = found.counts
    own = np.eye(*counts.shape) > 0
    greys = LinearSegmentedColormap.from_list("", ["#ffffff", "#d5d9de"])
    unsure = np.broadcast_to(np.arange(counts.shape[1]) >= counts.shape[0], counts.shape)
    cells: NDArray[np.float64] = reds(np.minimum(counts / 3, 1))
    cells[own] = blues(np.minimum(counts[own] / 10, 1))
    cells[unsure] = greys(np.minimum(counts[unsure] / 3, 1))
    return cells


def _svg(figure: Figure) -> str:
    """Return a figure as an SVG element that can stand in a page with others."""
    page = StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    figure.savefig(page, format="svg", metadata=nothing)
    svg = page.getvalue()
    return _NAMED_PART.sub("", svg[svg.index("<svg") :])
