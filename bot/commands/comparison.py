"""`check --against`: asks today's questions of today's knowledge and of an earlier revision's."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from bot.app.composition import make_matcher, read_knowledge
from bot.commands.evaluation import tracked
from bot.conversation.catalogue import Catalogue
from bot.errors import EvaluationError, KnowledgeError
from bot.evaluation.asking import Result
from bot.evaluation.comparison import Change, Fate, changes
from bot.evaluation.loader import load_questions
from bot.evaluation.questions import Conversation
from bot.evaluation.report import Evaluation
from bot.evaluation.revision import restore
from bot.knowledge.loader import load
from bot.knowledge.model import Knowledge
from bot.settings import Settings

_FATES: tuple[Fate, ...] = ("won", "lost", "stolen")


def compare(settings: Settings, revision: str, questions: Path, *, as_json: bool) -> None:
    """Print what the questions in the folder `questions` won and lost since `revision`.

    Raises KnowledgeError or EvaluationError if either side can't be asked.
    """
    if not revision:
        message = "--json goes with --against REVISION"
        raise EvaluationError(message)
    knowledge = read_knowledge(settings)
    labelled = load_questions(questions, Catalogue(knowledge))
    conversations = [one for each in labelled for one in each.conversations]
    with TemporaryDirectory() as scratch:
        earlier = _earlier(settings.knowledge_dir, revision, Path(scratch) / "knowledge")
        asked = _asked_earlier(questions, revision, Path(scratch) / "questions", earlier)
    before = _results(earlier, settings, conversations)
    after = _results(knowledge, settings, conversations)
    found = changes(before, after, asked)
    if as_json:
        sys.stdout.write(json.dumps(_as_object(revision, after, found)) + "\n")
        return
    _print(Console(highlight=False, markup=False, emoji=False), revision, after, found)


def _earlier(folder: Path, revision: str, scratch: Path) -> Knowledge:
    """Return the knowledge of `revision`; rules that were made since then don't bind it."""
    restore(folder, revision, scratch)
    try:
        return load(scratch, datetime.now(UTC).date(), rules=())
    except KnowledgeError as error:
        first = str(error.problems[0]).replace(str(scratch), folder.name)
        message = f"the knowledge of '{revision}' can't be read: {first}"
        raise EvaluationError(message) from None


def _asked_earlier(
    folder: Path, revision: str, scratch: Path, knowledge: Knowledge
) -> frozenset[str] | None:
    """Return the questions that judged `revision`; None if it had none that can be read."""
    try:
        restore(folder, revision, scratch)
        labelled = load_questions(scratch, Catalogue(knowledge))
    except (EvaluationError, KnowledgeError):
        return None
    return frozenset(name for each in labelled for name in each.names)


def _results(
    knowledge: Knowledge, settings: Settings, conversations: Sequence[Conversation]
) -> tuple[Result, ...]:
    """Ask every question of one version of the knowledge."""
    matcher = make_matcher(knowledge, settings)
    return Evaluation(knowledge, matcher, tracked).results(conversations)


def _as_object(
    revision: str, after: Sequence[Result], found: Sequence[Change]
) -> dict[str, object]:
    """Return what `--json` prints."""
    listed = {str(fate): [one.as_object() for one in found if one.fate == fate] for fate in _FATES}
    counts = {fate: len(changed) for fate, changed in listed.items()}
    return {"against": revision, "questions": len(after), "counts": counts, **listed}


def _print(
    console: Console, revision: str, after: Sequence[Result], found: Sequence[Change]
) -> None:
    """Print counts, then every change; what was stolen is listed by the thief."""
    counts = ", ".join(f"{sum(each.fate == fate for each in found)} {fate}" for fate in _FATES)
    console.print(f"{len(after)} questions, since {revision}: {counts}")
    for (_, heading), listed in groupby(sorted(found, key=_heading), key=_heading):
        console.print(f"\n{heading}")
        for change in listed:
            _print_change(console, change)


def _heading(change: Change) -> tuple[int, str]:
    """Return the place and the words of the heading under which a change is listed."""
    thief = f" by {change.after.shown[0]}" if change.fate == "stolen" else ""
    return _FATES.index(change.fate), f"{change.fate}{thief}"


def _print_change(console: Console, change: Change) -> None:
    """Print one question, what it expects, and both outcomes."""
    turn = change.after.turn
    expected = "; ".join(" or ".join(part) for part in turn.parts)
    new = " (new)" if change.new else ""
    console.print(
        f"  {turn.name}{new}\n    expected {expected}: "
        f"{_outcome(change.before)} -> {_outcome(change.after)}",
        soft_wrap=True,
    )


def _outcome(result: Result) -> str:
    """Return a verdict, with the entry that was answered, if one was."""
    answered = result.shown[:1] if result.decision in ("answer", "refer") else ()
    return " ".join((result.verdict, *answered))
