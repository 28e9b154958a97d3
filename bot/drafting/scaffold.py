"""A new guide from templates: files by their path, as text."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bot.drafting.names import LONGEST

TEMPLATES = Path(__file__).parent / "templates"
QUESTIONS = "questions.yaml"
"""The template that goes beside the other guides' labelled questions."""


def scaffold(guide: str, title: str, today: date) -> dict[str, str]:
    """Return the files of a new guide by their path in its folder, and its labelled questions."""
    topic = title[:1].lower() + title[1:]
    values = {
        "guide": guide,
        "title": title,
        "topic": topic,
        "label": title[:LONGEST],
        "ask": _short(f"How do I begin with {topic}?", f"How do I begin: {guide}?"),
        "second_ask": _short(f"What is the first step in {topic}?", f"The first step: {guide}?"),
        "day": today.isoformat(),
    }
    return {
        path.relative_to(TEMPLATES).as_posix(): filled(path, values)
        for path in sorted(TEMPLATES.rglob("*.yaml"))
    }


def filled(path: Path, values: Mapping[str, str]) -> str:
    """Return a template with `values` filled in for ``<<name>>``."""
    text = path.read_text("utf-8")
    for name, value in values.items():
        text = text.replace(f"<<{name}>>", value)
    return text


def headed(where: str, text: str, to_schemas: str) -> str:
    """Return a file's text below the line that names its schema to editors.

    `where` is its path in the guide's folder, `to_schemas` the way from there to the schemas.
    """
    path = Path(where)
    kind = path.parent.name or path.stem
    return f"# yaml-language-server: $schema={to_schemas}/{kind}.json\n{text}"


def _short(text: str, otherwise: str) -> str:
    """Return `text` if a button has room for it, else the other."""
    return text if len(text) <= LONGEST else otherwise[:LONGEST]
