"""`check`: prints what is wrong with the knowledge, and what an author should look at."""

from datetime import UTC, datetime

import typer

from bot.app.composition import read_all, read_languages
from bot.checking import problems_of, quick_problems_of, warnings_of
from bot.errors import KnowledgeError, Problem
from bot.settings import Settings


def check_guides(settings: Settings) -> bool:
    """Print every problem as path:line: message, and warnings on stderr; say if it is sound."""
    problems: list[Problem] = []
    summary = ""
    try:
        knowledge = read_all(settings)
        problems = problems_of(knowledge)
        for other in read_languages(settings, knowledge):
            problems += [] if problems else quick_problems_of(other)
        for warning in warnings_of(knowledge, datetime.now(UTC).date()):
            typer.echo(str(warning._replace(message=f"warning: {warning.message}")), err=True)
        phrasings = sum(len(entry.phrases) for entry in knowledge.entries)
        drafts = f", {len(knowledge.drafts)} drafts" if knowledge.drafts else ""
        summary = f"{len(knowledge.entries)} entries, {phrasings} phrasings{drafts}: no problems"
    except KnowledgeError as error:
        problems = list(error.problems)
    for problem in problems:
        typer.echo(str(problem))
    if not problems:
        typer.echo(summary)
    return not problems
