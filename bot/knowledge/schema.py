"""One YAML document -> model values, with shape rules and line numbers."""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.errors import Problem
from bot.knowledge.base import Origin
from bot.knowledge.document import Document, Location

Model = TypeVar("Model", bound=BaseModel)
Report = Callable[[Problem], None]

INTERNAL = frozenset({"guide", "section", "origin", "path", "phrases"})
"""Fields that come from elsewhere than the file."""


def build(
    model: type[Model],
    document: Document,
    report: Report,
    location: Location = (),
    *,
    data: object = ...,
    **extra: object,
) -> Model | None:
    """Return the value of `model` that stands at `location`, or report why not and return None.

    `data` is the raw value there (default: the document's own); `extra` are fields that come
    from elsewhere than the file, such as the guide's id.
    """
    raw = document.data if data is ... else data
    if not isinstance(raw, Mapping):
        report(document.problem(location, f"expected keys and values, found {_kind(raw)}"))
        return None
    hidden = INTERNAL.intersection(raw)
    for key in sorted(hidden):
        report(document.problem((*location, key), f"unknown key '{key}'"))
    if "origin" in model.model_fields:
        extra["origin"] = Origin(document.path, document.line(location), document.below(location))
    try:
        return model.model_validate({**raw, **extra})
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            report(_problem(detail, document, location, model))
        return None


def items(document: Document, key: str, report: Report) -> Iterator[tuple[Location, object]]:
    """Yield (location, raw value) of each item of the list under `key`."""
    raw = document.data
    listed = raw.get(key) if isinstance(raw, Mapping) else None
    if not isinstance(listed, list):
        report(document.problem((key,), f"expected a list under '{key}', found {_kind(listed)}"))
        return
    for index, item in enumerate(listed):
        yield (key, index), item


def _problem(
    detail: ErrorDetails, document: Document, location: Location, model: type[BaseModel]
) -> Problem:
    """Turn one of pydantic's errors into a Problem in an author's words."""
    where = (*location, *detail["loc"])
    name = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "missing":
        return document.problem(where, f"'{name}' is missing")
    if detail["type"] == "extra_forbidden":
        known = [field.alias or key for key, field in model.model_fields.items()]
        near = get_close_matches(str(detail["loc"][-1]), sorted(set(known) - INTERNAL), n=1)
        hint = f" (did you mean '{near[0]}'?)" if near else ""
        return document.problem(where, f"unknown key '{name}'{hint}")
    found = detail.get("input")
    shown = f" (found {_kind(found)})" if detail["type"].endswith("_type") else ""
    return document.problem(where, f"'{name}': {detail['msg'].lower()}{shown}")


def _kind(value: object) -> str:
    """Name a raw value's type in an author's words."""
    names = {
        "NoneType": "nothing",
        "dict": "keys and values",
        "list": "a list",
        "str": "text",
        "bool": "true or false (put quotes around yes, no, on, off)",
        "int": "a number (put quotes around it)",
        "float": "a number (put quotes around it)",
        "date": "a date (put quotes around it)",
    }
    return names.get(type(value).__name__, type(value).__name__)
