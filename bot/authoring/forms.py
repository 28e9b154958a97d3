"""What an author fills in, at the page or in the terminal -> a proposal."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from bot.authoring.model import (
    LONGEST_TEXT,
    MOST_TEXTS,
    NewEntry,
    NewOption,
    NewPhrasings,
    Proposal,
)
from bot.errors import AuthoringError
from bot.knowledge.base import Grade, Id, Label, Text

Form = Mapping[str, str]
Uid = Annotated[str, StringConstraints(min_length=1, max_length=130)]
Paragraph = Annotated[Text, StringConstraints(max_length=1000)]
Sentence = Annotated[Text, StringConstraints(max_length=300)]


class _Shape(BaseModel):
    """A form; other fields, such as the seal, are left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Phrasings(_Shape):
    uid: Uid
    texts: str


class _Entry(_Shape):
    topic: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$", max_length=81)]
    id: Id
    ask: Label
    title: Label
    answer: Paragraph
    caveat: Sentence
    grade: Grade
    basis: Sentence
    would_change: Sentence
    question: Sentence
    label_1: Label
    opens_1: Id
    label_2: Label
    opens_2: Id
    texts: str


ENTRY = "entry"
"""What a form of a new entry has in its field ``what``."""
FIELDS = tuple(_Entry.model_fields)
"""The fields of such a form, in the order in which one fills them in."""


def proposal_of(form: Form) -> Proposal:
    """Return what a form proposes. Raises AuthoringError that says which fields to mend."""
    try:
        if form.get("what") == ENTRY:
            return _entry(_Entry.model_validate(form))
        given = _Phrasings.model_validate(form)
        return NewPhrasings(given.uid, texts_of(given.texts))
    except ValidationError as error:
        wrong = (
            f"{str(each['loc'][0]).replace('_', ' ')}: {each['msg'].lower()}"
            for each in error.errors()
        )
        raise AuthoringError("; ".join(wrong)) from None


def texts_of(text: str) -> tuple[str, ...]:
    """Return the lines of a text, each once. Raises AuthoringError at none, or too many."""
    found = tuple(dict.fromkeys(filter(None, (" ".join(one.split()) for one in text.split("\n")))))
    if not 0 < len(found) <= MOST_TEXTS:
        message = f"the questions: one a line, at least 1 and at most {MOST_TEXTS}"
        raise AuthoringError(message)
    if any(len(one) > LONGEST_TEXT for one in found):
        message = f"the questions: at most {LONGEST_TEXT} characters each"
        raise AuthoringError(message)
    return found


def _entry(given: _Entry) -> NewEntry:
    """Return the entry that a form describes."""
    guide, topic = given.topic.split("/")
    options = (
        NewOption(given.label_1, given.opens_1),
        NewOption(given.label_2, given.opens_2),
    )
    same = set(NewEntry._fields) & set(_Entry.model_fields)
    made = {"guide": guide, "topic": topic, "options": options, "texts": texts_of(given.texts)}
    return NewEntry(**{**{name: getattr(given, name) for name in same}, **made})
