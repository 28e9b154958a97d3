"""`ask` and `export`: replies and everything that is learned from, printed."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import typer

from bot.app.composition import check_guide, forgetful_keeper, make_dialogue, read_knowledge
from bot.channels.console import shown
from bot.channels.lines import answer_lines, exported, replies
from bot.conversation.catalogue import Catalogue
from bot.conversation.model import Question, Session
from bot.settings import Settings


@dataclass(frozen=True)
class Asked:
    """What was asked for: one question or, without any text, each line of standard input.

    With a `session`, the lines are one conversation.
    """

    text: str | None
    guide: str
    as_json: bool
    session: bool


def print_replies(settings: Settings, asked: Asked) -> None:
    """Print the reply to each question. Raises GuidebotError if there can't be any."""
    dialogue, guide = make_dialogue(settings), asked.guide
    check_guide(dialogue.catalogue.knowledge, guide)
    if asked.text is not None and not asked.as_json:
        typer.echo(shown(dialogue.respond(Question(asked.text, guide), Session()).reply))
        return
    questions = _lines() if asked.text is None else iter([asked.text])
    keeper = forgetful_keeper() if asked.session else None
    if asked.as_json:
        for line in answer_lines(dialogue, questions, guide=guide, keeper=keeper):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
        return
    for _, reply, document in replies(dialogue, questions, guide=guide, keeper=keeper):
        typer.echo("\n".join([shown(reply), *([document, ""] if document else [])]))


def print_export(settings: Settings, guide: str, *, as_json: bool) -> None:
    """Print everything that the matcher learns from. Raises GuidebotError."""
    knowledge = read_knowledge(settings)
    check_guide(knowledge, guide)
    everything = exported(Catalogue(knowledge), guide)
    typer.echo(json.dumps(everything, indent=None if as_json else 2))


def _lines() -> Iterator[str]:
    """Yield the lines of standard input; only a line feed ends one, and bad bytes are replaced."""
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
