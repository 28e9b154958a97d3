"""What drafts are made with: the words of words.yaml, read once."""

from functools import cache
from pathlib import Path
from typing import Literal

from bot.knowledge.base import Frozen, Text
from bot.knowledge.document import read_document

Form = Literal["asking", "doing", "naming"]
"""The form of a heading: a question, something to do, or a name."""


class Headings(Frozen):
    """Words by which headings are known for what they are."""

    references: tuple[Text, ...]
    left_out: tuple[Text, ...]
    mistakes: tuple[Text, ...]
    caveats: tuple[Text, ...]
    asking: tuple[Text, ...]
    doing: tuple[Text, ...]


class Todo(Frozen):
    """What a person has to decide, each as a sentence."""

    ask: Text
    title: Text
    answer: Text
    shortened: Text
    split: Text
    caveat: Text
    no_caveat: Text
    grade: Text
    basis: Text
    checkpoint: Text
    phrasings: Text
    review: Text


class Wording(Frozen):
    """``words.yaml`` of this room."""

    headings: Headings
    doubts: tuple[Text, ...]
    asks: dict[Form, tuple[Text, ...]]
    phrasings: dict[Form, tuple[Text, ...]]
    todo: Todo
    source_limits: Text
    guide_limits: Text


@cache
def wording() -> Wording:
    """Return the words."""
    path = Path(__file__).parent / "words.yaml"
    return Wording.model_validate(read_document(path, path.name).data)
