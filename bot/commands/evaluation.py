"""`evaluate`: asks the labelled questions and prints how good the answers are."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track

from bot.app.composition import make_matcher, read_knowledge
from bot.commands.tables import print_report
from bot.conversation.catalogue import Catalogue
from bot.errors import EvaluationError
from bot.evaluation.choice import Choice
from bot.evaluation.loader import load_questions
from bot.evaluation.objects import report_object
from bot.evaluation.report import Evaluation, Report, Step
from bot.settings import Settings


@dataclass(frozen=True)
class Wanted:
    """What was asked for: which questions, and how to show what became of them."""

    questions: Path
    guide: str
    choice: Choice
    html: Path | None
    as_json: bool
    failures: bool


def evaluate(settings: Settings, wanted: Wanted) -> bool:
    """Evaluate and print; return whether every figure keeps to its floor.

    Raises KnowledgeError or EvaluationError if there is nothing to ask.
    """
    write = _page_writer() if wanted.html else None  # fails before anything is asked
    reports = _reports(settings, wanted)
    passed = not any(report.shortfalls for report in reports)
    if write and wanted.html:
        write(reports, wanted.html)
    if wanted.as_json:
        guides = {report.guide: report_object(report) for report in reports}
        sys.stdout.write(json.dumps({"passed": passed, "guides": guides}) + "\n")
    else:
        console = Console(highlight=False, markup=False, emoji=False)
        for report in reports:
            print_report(console, report, failures=wanted.failures)
    return passed


def tracked(steps: Sequence[Step], doing: str) -> Iterable[Step]:
    """Pass `steps` on, with a progress bar on stderr if that is a terminal."""
    console = Console(stderr=True)
    return track(
        steps,
        doing,
        total=len(steps),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _page_writer() -> Callable[[Sequence[Report], Path], None]:
    """Return what writes the page. Raises EvaluationError if the extra is not installed."""
    try:
        # half a second of imports that no other command should wait for
        from bot.evaluation.page import write_page  # noqa: PLC0415
    except ImportError as error:
        message = f"--html needs '{error.name}'; install the extra: pip install '.[report]'"
        raise EvaluationError(message) from None
    return write_page


def _reports(settings: Settings, wanted: Wanted) -> list[Report]:
    """Return a report on each guide that has chosen questions. Raises EvaluationError if none."""
    knowledge = read_knowledge(settings)
    labelled = load_questions(wanted.questions, Catalogue(knowledge), wanted.guide)
    chosen = [each for each in labelled if wanted.choice.of(each.conversations)]
    if not chosen:
        tags = sorted({tag for each in labelled for tag in each.tags})
        message = f"no labelled question is of this part and tag; the tags are: {', '.join(tags)}"
        raise EvaluationError(message)
    evaluation = Evaluation(knowledge, make_matcher(knowledge, settings), tracked)
    return [evaluation.report(each, wanted.choice) for each in chosen]
