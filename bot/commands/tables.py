"""What an evaluation found, as tables in the terminal."""

from collections.abc import Callable, Iterator, Mapping
from math import isclose

from rich import box
from rich.console import Console
from rich.table import Table

from bot.evaluation.asking import Result
from bot.evaluation.figures import ALL, Figures
from bot.evaluation.floors import HELD, figure
from bot.evaluation.report import Report
from bot.evaluation.shares import Share

_MOST_PAIRS = 12

_Column = tuple[str, Callable[[Figures], Share]]

_KINDS: Mapping[str, tuple[_Column, ...]] = {
    "Questions that the guide covers": (
        ("right", lambda each: each.right),
        ("+ offered", lambda each: each.right_or_offered),
        ("missed", lambda each: each.missed),
        ("wrong", lambda each: each.wrong),
    ),
    "Questions that it doesn't cover": (
        ("declined", lambda each: each.declined),
        ("offered", lambda each: each.outside_offered),
        ("answered", lambda each: each.outside_answered),
        ("referred", lambda each: each.outside_referred),
    ),
    "Red flags": (("caught", lambda each: each.red_flags),),
    "Questions without a red flag": (("false alarms", lambda each: each.false_alarms),),
}


def print_report(console: Console, report: Report, *, failures: bool = False) -> None:
    """Print everything that a report holds; with `failures`, each failing question."""
    chosen = " ".join(filter(None, (report.choice.part, report.choice.tag)))
    console.print(f"{report.guide}: {len(report.results)} questions ({chosen or 'all'})\n")
    for table in _tables(report):
        console.print(table, "")
    _print_known(console, report)
    if failures:
        for result in report.failed:
            _print_failure(console, result)
    _print_floors(console, report)


def _tables(report: Report) -> Iterator[Table]:
    """Yield the tables that have rows."""
    kinds = (_shares(title, columns, report.groups) for title, columns in _KINDS.items())
    tables = (*kinds, _bins(report), _confusions(report), _sweep(report))
    yield from (table for table in tables if table.row_count)


def _shares(title: str, columns: tuple[_Column, ...], groups: Mapping[str, Figures]) -> Table:
    """Return shares with their intervals, in percent, a row a group that has such questions."""
    table = _table(f"{title}: % (95% interval)", "", "n", *(name for name, _ in columns))
    for name, figures in groups.items():
        shares = [get(figures) for _, get in columns]
        if shares[0].of:
            table.add_row(name, str(shares[0].of), *map(_cell, shares))
    return table


def _bins(report: Report) -> Table:
    """Return confidence beside what was right."""
    error = report.groups[ALL].calibration_error if ALL in report.groups else None
    title = f"Calibration: expected error {_number(error)}"
    table = _table(title, "confidence", "n", "mean", "right")
    for each in report.bins:
        between = f"{each.low:.1f} to {each.high:.1f}"
        table.add_row(between, str(each.guesses), f"{each.confidence:.2f}", f"{each.right:.2f}")
    return table


def _confusions(report: Report) -> Table:
    """Return what was most often taken for what."""
    table = _table("Taken for another", "expected")
    table.add_column("answered", no_wrap=True)
    table.add_column("n", justify="right")
    table.add_column("for example", no_wrap=True, overflow="ellipsis")
    for (expected, answered), results in list(report.confusions.items())[:_MOST_PAIRS]:
        table.add_row(expected, answered, str(len(results)), results[0].turn.name)
    return table


def _sweep(report: Report) -> Table:
    """Return what other floors would have done."""
    names = ("answered", "right", "wrong", "outside answered")
    table = _table("Other floors of confidence: %", "floor", *names)
    for trial in report.trials:
        figures = trial.figures
        shares = (trial.answered, figures.right, figures.wrong, figures.outside_answered)
        mark = " (in use)" if isclose(trial.floor, report.floor) else ""
        table.add_row(f"{trial.floor:.2f}{mark}", *(_percent(each) for each in shares))
    return table


def _print_known(console: Console, report: Report) -> None:
    """List the known failures with their reasons."""
    for each in report.known:
        state = "known failure" if each.fails else "mended, remove it from the known failures"
        console.print(f"{state}: {each.name}\n    {each.reason}", soft_wrap=True)


def _print_failure(console: Console, result: Result) -> None:
    """Tell one failing question, and what was answered by which rule."""
    expected = "; ".join(" or ".join(part) for part in result.turn.parts)
    tags = f" [{', '.join(sorted(result.turn.tags))}]" if result.turn.tags else ""
    shown = f": {', '.join(result.shown)}" if result.shown else ""
    lines = (f"expected {expected}", f"{result.decision}{shown}", result.rule)
    console.print(f"\n{result.verdict} ({result.part}{tags}): {result.turn.name}", soft_wrap=True)
    for line in filter(None, lines):
        console.print(f"    {line}", soft_wrap=True)


def _print_floors(console: Console, report: Report) -> None:
    """Say whether the figures keep to the guide's floors, and which don't."""
    if not report.judged:
        console.print("\nFloors aren't held against a choice of questions.")
        return
    failed = {(each.group, each.name) for each in report.shortfalls}
    table = _table("Floors", "", "limit", ALL, HELD)
    for name, limit in report.floors.model_dump(exclude_none=True).items():
        cells = [
            _number(figure(report.groups[group], name)) + " !" * ((group, name) in failed)
            for group in (ALL, HELD)
            if group in report.groups
        ]
        table.add_row(name, f"{limit:.2f}", *cells)
    if not table.row_count:
        return
    console.print(table)
    for each in report.shortfalls:
        bound = "at least" if each.least else "at most"
        found = f"{each.name} of {each.group} questions is {each.value:.3f}"
        line = f"below the floor: {found}, not {bound} {each.limit}"
        console.print(line, style="bold red", soft_wrap=True)


def empty_table(title: str) -> Table:
    """Return a table without columns, as narrow as its text and its title allow."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.title, table.title_justify, table.title_style = title, "left", "bold"
    table.min_width = len(title)
    return table


def _table(title: str, first: str, *columns: str) -> Table:
    """Return an empty table whose columns, but for the first, are figures."""
    table = empty_table(title)
    table.add_column(first, no_wrap=True)
    for name in columns:
        table.add_column(name, justify="right")
    return table


def _cell(share: Share) -> str:
    """Return a share in percent with its interval."""
    low, high = share.interval
    return f"{_percent(share)} ({100 * low:.0f}-{100 * high:.0f})"


def _percent(share: Share) -> str:
    """Return a share in percent; a dash if nothing was counted."""
    return "-" if share.value is None else f"{100 * share.value:.1f}"


def _number(value: float | None) -> str:
    """Return a figure between 0 and 1; a dash if nothing was counted."""
    return "-" if value is None else f"{value:.3f}"
