"""A YAML file of sentence frames and the words to fill them with: what an author writes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bot.errors import KnowledgeError, Problem
from bot.knowledge.base import Frozen, Id, Text
from bot.knowledge.document import Document, read_document
from bot.knowledge.schema import build
from bot.knowledge.templates import TemplateError, expand

DATA = Path(__file__).parent / "data"
LIFTING = DATA / "lifting.yaml"
GENERAL = DATA / "general.yaml"
"""Frames for any field, to be filled with the phrases of a corpus."""

MINED = ("noun", "verb")
"""The lists of GENERAL that the corpus gives (see `phrases`)."""

Words = Annotated[tuple[Text, ...], Field(min_length=1)]


class Lexicon(Frozen):
    """How people of a field ask: frames such as ``is {lift} good for {muscle}``, and lists.

    Frames are written like the phrasings of a guide: ``(a|b)`` are alternatives, ``[x]`` may be
    left out, ``{name}`` is one word or phrase of the list `name`. Openers and closers are what
    people say before and after a question ("hey", "please", "??").
    """

    frames: Words
    lists: dict[Id, Words] = Field(default_factory=dict)
    openers: tuple[Text, ...] = ()
    closers: tuple[Text, ...] = ()

    def with_lists(self, lists: Mapping[str, tuple[str, ...]]) -> "Lexicon":
        """Return this lexicon with more lists, or with others of the same name."""
        return self.model_copy(update={"lists": {**self.lists, **lists}})

    def alternatives(self) -> list[list[str]]:
        """Return each frame's alternatives, their ``{name}`` slots still to be filled.

        Raises TemplateError for unbalanced brackets, an unknown list, or too many alternatives.
        """
        return [expand(frame, _slots(self.lists)) for frame in self.frames]


def read_lexicon(path: Path, given: tuple[str, ...] = ()) -> Lexicon:
    """Read a lexicon; `given` are lists that the program fills in later.

    Raises KnowledgeError with every problem and its line.
    """
    document = read_document(path, str(path))
    problems: list[Problem] = []
    lexicon = build(Lexicon, document, problems.append)
    if lexicon is not None:
        problems += _frame_problems(lexicon, document, given)
    if problems or lexicon is None:
        raise KnowledgeError(problems)
    return lexicon


def _frame_problems(lexicon: Lexicon, document: Document, given: tuple[str, ...]) -> list[Problem]:
    """Return a problem for each frame that can't be expanded."""
    names = _slots({**lexicon.lists, **dict.fromkeys(given, ())})
    problems = []
    for at, frame in enumerate(lexicon.frames):
        try:
            expand(frame, names)
        except TemplateError as error:
            told = str(error).replace("template", "frame").replace("words.yaml", "the lexicon")
            problems.append(document.problem(("frames", at), told))
    return problems


def _slots(lists: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return each list as its own slot, so that expanding a frame leaves its slots in place."""
    return {name: (f"{{{name}}}",) for name in lists}
