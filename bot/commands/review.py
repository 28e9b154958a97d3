"""`review`: the desk in the terminal."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.app.composition import open_desk
from bot.authoring.desk import Desk
from bot.authoring.forms import ENTRY, FIELDS, proposal_of
from bot.authoring.model import Cluster, NewPhrasings, Proposal, Trends, Trial
from bot.authoring.objects import review_object
from bot.commands.evaluation import tracked
from bot.commands.tables import empty_table
from bot.errors import AuthoringError
from bot.settings import Settings

Read = Callable[[str], str]
"""Asks a person for a line; raises EOFError if there is none."""

_BARS = " ▁▂▃▄▅▆▇█"
_SHOWN = 5
_MOST_ROWS = 10
_KINDS = {
    "abstain": "not covered",
    "none_of_these": "none of these",
    "thumbs_down": "thumbs down",
}
_CHOICES = (
    "1-3 a phrasing of that entry · a ENTRY of another · n a new entry · o outside the guide · "
    "d dismiss · Enter later · q quit: "
)


async def print_review(settings: Settings, questions: Path, days: int) -> None:
    """Print everything that the desk has as one JSON object."""
    async with open_desk(settings, questions) as desk:
        clusters = [desk.near(each) for each in await desk.clusters()]
        found = review_object(desk.catalogue, clusters, await desk.trends(days))
    sys.stdout.write(json.dumps(found) + "\n")


async def review_questions(
    settings: Settings, questions: Path, days: int, read: Read, console: Console | None = None
) -> None:
    """Print how the bot fares, then go through what was asked in vain, one cluster at a time."""
    console = console or Console(highlight=False, markup=False, emoji=False)
    async with open_desk(settings, questions) as desk:
        _print_trends(console, await desk.trends(days))
        clusters = await desk.clusters()
        if not clusters:
            console.print("Nothing was asked in vain.")
        try:
            for number, cluster in enumerate(map(desk.near, clusters), start=1):
                _print_cluster(console, cluster, f"{number} of {len(clusters)}")
                if not await _settled(desk, cluster, read, console):
                    return
        except (EOFError, KeyboardInterrupt):
            console.print()


async def _settled(desk: Desk, cluster: Cluster, read: Read, console: Console) -> bool:
    """Do with a cluster what the person says; return whether they want to go on."""
    while True:
        said, _, more = read(_CHOICES).strip().partition(" ")
        match said.lower():
            case "q":
                return False
            case "":
                return True
            case "d":
                await desk.dismiss(cluster)
                return True
            case choice:
                if await _changed(desk, cluster, (choice, more.strip()), read, console):
                    return True


async def _changed(
    desk: Desk, cluster: Cluster, said: tuple[str, str], read: Read, console: Console
) -> bool:
    """Try what was said and write it; return whether that settled the cluster."""
    try:
        entry = said[0] == "n"
        proposal = _written(desk, cluster, read) if entry else _proposal(desk, cluster, *said)
        if proposal is None:
            console.print("That is none of the choices.")
            return False
        return await _tried(desk, cluster, proposal, read, console)
    except AuthoringError as error:
        console.print(str(error), soft_wrap=True)
        return False


def _proposal(desk: Desk, cluster: Cluster, said: str, more: str) -> Proposal | None:
    """Return what a choice means; None if it means nothing."""
    texts = tuple(each.text for each in cluster.asked)
    numbers = {str(at): near.entry.uid for at, near in enumerate(cluster.nearest, start=1)}
    if said in numbers:
        return NewPhrasings(numbers[said], texts)
    entry = desk.catalogue.find(more) if said == "a" and more else None
    if entry is not None:
        return NewPhrasings(entry.uid, texts)
    if said == "o" and cluster.outside is not None:
        fields = {each.id: each.uid for each in desk.catalogue.knowledge.outside}
        uid = fields.get(more) if more else cluster.outside.uid
        return NewPhrasings(uid, texts) if uid else None
    return None


def _written(desk: Desk, cluster: Cluster, read: Read) -> Proposal:
    """Return a new entry, asked for part by part; the readers' texts are among its phrasings.

    Raises AuthoringError if a part is missing or can't be used.
    """
    form = {"what": ENTRY}
    for field in (each for each in FIELDS if each != "texts"):
        form[field] = read(f"{field.replace('_', ' ')}: ").strip()
    if "/" not in form["topic"]:
        form["topic"] = f"{desk.catalogue.knowledge.primary.id}/{form['topic']}"
    texts = [each.text for each in cluster.asked]
    while line := read("another way of asking (Enter: no more): ").strip():
        texts.append(line)
    return proposal_of({**form, "texts": "\n".join(texts)})


async def _tried(
    desk: Desk, cluster: Cluster, proposal: Proposal, read: Read, console: Console
) -> bool:
    """Try a proposal, show what came of it, and write it if the person says so.

    Raises AuthoringError if that can't be done.
    """
    trial = desk.trial(proposal, tracked)
    _print_trial(console, trial)
    if trial.problems or read("Write it? [y/N] ").strip().lower() not in ("y", "yes"):
        return False
    kept = await desk.accept(trial, cluster)
    desk.reread()
    console.print(f"Written. As it was before: {kept}\n", soft_wrap=True)
    return True


def _print_cluster(console: Console, cluster: Cluster, place: str) -> None:
    """Print one cluster with its nearest entries."""
    kinds = ", ".join(f"{n} {_KINDS[kind]}" for kind, n in cluster.kinds.items())
    console.print(f"\n{place}: asked {cluster.times} times ({kinds})", style="bold")
    for asked in cluster.asked[:_SHOWN]:
        console.print(f"  {asked.times} x {asked.text}", soft_wrap=True)
    if len(cluster.asked) > _SHOWN:
        console.print(f"  and {len(cluster.asked) - _SHOWN} more like it")
    for number, near in enumerate(cluster.nearest, start=1):
        console.print(f"  [{number}] {near.entry.ask} {_percent(near.probability)}")
    if cluster.outside:
        console.print(f"  [o] outside: {cluster.outside.about} ({cluster.outside.id})")


def _print_trial(console: Console, trial: Trial) -> None:
    """Print the diff, what check complains of, and what would be won and lost."""
    for file in trial.files:
        for line in file.diff:
            style = {"+": "green", "-": "red"}.get(line[:1], "")
            console.print(line, style=style, soft_wrap=True)
    for problem in trial.problems:
        console.print(str(problem), style="bold red", soft_wrap=True)
    if trial.problems:
        return
    for one in trial.again:
        shown = f": {one.entry.ask}" if one.entry else ""
        sure = _percent(one.confidence)
        console.print(f'"{one.text}" -> {one.decision}{shown} ({sure} sure)', soft_wrap=True)
    counts = ", ".join(f"{len(trial.fate(fate))} {fate}" for fate in ("won", "lost", "stolen"))
    console.print(f"{trial.asked} labelled questions: {counts}", style="bold")
    for change in trial.changes:
        before, after = change.before, change.after
        shown = " ".join((after.verdict, *after.shown[:1]))
        line = f"  {change.fate}: {after.turn.name}: {before.verdict} -> {shown}"
        console.print(line, soft_wrap=True)


def _print_trends(console: Console, trends: Trends) -> None:
    """Print the days as rows of bars, then topics, feedback and what is to be reviewed."""
    days, whole = trends.days, trends.whole
    rate = "-" if whole.rate is None else _percent(whole.rate)
    console.print(f"{days[0].day} to {days[-1].day}: {whole.asked} asked, {rate} answered")
    rows: dict[str, list[float]] = {
        "asked": [day.asked for day in days],
        "answered": [day.rate or 0.0 for day in days],
        "helpful": [day.up for day in days],
        "not helpful": [day.down for day in days],
        "95% within (ms)": [day.most for day in days],
    }
    for name, values in rows.items():
        console.print(f"  {name:16}|{_spark(values)}| at most {_figure(max(values))}")
    for table in _tables(trends):
        console.print("")
        console.print(table)


def _tables(trends: Trends) -> Iterator[Table]:
    """Yield the tables that have rows."""
    topics = _table("Top topics", "entry", "answered")
    for entry, n in trends.topics[:_MOST_ROWS]:
        topics.add_row(entry.title, str(n))
    opinions = _table("Feedback", "entry", "votes", "reasons")
    for each in trends.opinions[:_MOST_ROWS]:
        reasons = ", ".join(f"{reason} {n}" for reason, n in each.reasons.items())
        opinions.add_row(each.entry.title, f"+{each.up} -{each.down}", reasons)
    stale = _table("Not reviewed for six months", "entry", "reviewed")
    for entry in trends.stale[:_MOST_ROWS]:
        stale.add_row(entry.title, entry.reviewed.isoformat())
    yield from (table for table in (topics, opinions, stale) if table.row_count)


def _table(title: str, *columns: str) -> Table:
    """Return an empty table."""
    table = empty_table(title)
    for name in columns:
        table.add_column(name)
    return table


def _spark(values: Sequence[float]) -> str:
    """Return values as a row of bars."""
    top = max([*values, 0]) or 1
    return "".join(_BARS[round((len(_BARS) - 1) * value / top)] for value in values)


def _figure(value: float) -> str:
    """Return a count as it is, a share in percent."""
    return _percent(value) if isinstance(value, float) else str(value)


def _percent(share: float) -> str:
    """Return a share in percent."""
    return f"{100 * share:.0f}%"
