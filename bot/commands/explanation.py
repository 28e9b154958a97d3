"""`explain`: prints the way of one question."""

import json
import sys
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from bot.app.composition import check_guide, make_matcher, read_knowledge
from bot.commands.tables import empty_table
from bot.conversation.dialogue import Dialogue
from bot.conversation.explanation import Explanation, explain
from bot.conversation.model import Question, Session
from bot.settings import Settings


def print_explanation(settings: Settings, question: Question, *, as_json: bool) -> None:
    """Explain a question. Raises GuidebotError if there is no such guide, or nothing to ask."""
    knowledge = read_knowledge(settings)
    check_guide(knowledge, question.guide)
    # bytes that are no text come from a shell as half characters, which can't be printed
    text = question.text.encode("utf-8", "replace").decode()
    matcher = make_matcher(knowledge, settings)
    explanation = explain(
        Dialogue(knowledge, matcher), matcher, question._replace(text=text), Session()
    )
    if as_json:
        sys.stdout.write(json.dumps(explanation.as_object()) + "\n")
        return
    console = Console(highlight=False, markup=False, emoji=False)
    for part in (_reading(explanation), _candidates(explanation), _decision(explanation)):
        console.print(part, "")


def _reading(found: Explanation) -> Table:
    """Return how the question was read."""
    reading = found.ranking.reading
    rows = {
        "asked": found.question,
        "normalised": found.normalised,
        "fillers dropped": ", ".join(reading.dropped),
        "words repaired": _changes(reading.repaired),
        "synonyms": _changes(reading.replaced),
        "typed": reading.typed,
        "understood": reading.understood,
        "red flags": ", ".join(f"{each.id} (opens {each.opens})" for each in found.screens),
        "several questions": "\n".join(
            f"{each.text}: {each.entry} {each.confidence:.2f}" for each in found.pieces
        ),
    }
    return _listed("How it is read", rows.items())


def _candidates(found: Explanation) -> Table:
    """Return what it was likened to."""
    table = empty_table("What it is like")
    table.add_column("entry", no_wrap=True)
    table.add_column("nearest phrasing")
    for name in ("cosine", "spelling", "chance"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("words and letters that tell")
    for each in found.candidates:
        figures = (each.cosine, each.spelling, each.probability)
        telling = ", ".join(f"{term} {gain:.1f}" for term, gain in each.telling)
        table.add_row(each.entry, each.phrase, *(f"{value:.2f}" for value in figures), telling)
    return table


def _decision(found: Explanation) -> Table:
    """Return what was decided, and why."""
    ranking = found.ranking
    field = f" (most likely {ranking.outside.id})" if ranking.outside else ""
    rows = {
        "confidence": f"{ranking.confidence:.2f}",
        "covered": f"{ranking.covered:.2f}",
        "margin": f"{ranking.margin:.2f}",
        "outside": f"{ranking.outside_mass:.2f}{field}",
        "safety": f"{ranking.safety_mass:.2f}",
        "decision": found.decision,
        "shown": ", ".join(found.shown),
        "rule": found.rule,
    }
    return _listed("What is decided", rows.items())


def _listed(title: str, rows: Iterable[tuple[str, str]]) -> Table:
    """Return rows of a name and a text; those without a text are left out."""
    table = empty_table(title)
    table.show_header = False
    table.add_column("", no_wrap=True)
    table.add_column("", overflow="fold")
    for name, text in rows:
        if text:
            table.add_row(name, text)
    return table


def _changes(pairs: Iterable[tuple[str, str]]) -> str:
    """Return what became what."""
    return ", ".join(f"{before} -> {after or '(the subject)'}" for before, after in pairs)
