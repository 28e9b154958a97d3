"""Pictures for answers: what ``figures.yaml`` says of each, whatever its kind, as frozen values.

Every word and number of a picture stands in the file; the drawing code only places them.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, ClassVar, NamedTuple

from pydantic import BaseModel, Field, StringConstraints

from bot.knowledge.base import Frozen, Grade, Id, Label, Origin, Text
from bot.knowledge.citations import cited_keys


class Saying(NamedTuple):
    """A text that a reader of the picture sees: its field, and the sources behind it."""

    field: str
    text: str
    keys: tuple[str, ...]


class Figure(Frozen):
    """A picture and the entries that it belongs to; `caption` says the same in words."""

    id: Id
    kind: str
    title: Label
    caption: Text
    alt: Text
    note: Text
    grade: Grade
    entries: Annotated[tuple[Id, ...], Field(min_length=1)]
    file: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\.png$")]

    guide: str = ""
    origin: Origin = Origin("", 1, {})
    path: Path = Path()

    apart: ClassVar = frozenset({"guide", "origin", "path"})
    """Fields that don't come from the file."""

    @property
    def cited(self) -> dict[str, str]:
        """The keys of all sources, in order, each with the first field that names it."""
        named: dict[str, str] = {}
        for saying in (self._caption, *self._data()):
            for key in saying.keys:
                named.setdefault(key, saying.field)
        return named

    def sayings(self) -> Iterator[Saying]:
        """Yield every text that a reader sees; what names no source of its own has them all."""
        rest = (Saying(field, getattr(self, field), ()) for field in ("title", "alt", "note"))
        for saying in (self._caption, *rest, *self._data()):
            yield saying if saying.keys else saying._replace(keys=tuple(self.cited))

    @property
    def _caption(self) -> Saying:
        """The caption, with the sources that it cites."""
        return Saying("caption", self.caption, tuple(cited_keys(self.caption)))

    def _data(self) -> Iterator[Saying]:
        """Yield every text of the data; no keys: it names no source of its own."""
        return _texts(getattr(self, "data", None), (), "data")


def _texts(value: object, keys: tuple[str, ...], field: str) -> Iterator[Saying]:
    """Yield the texts in `value`, with the sources of the nearest value around that names any."""
    if isinstance(value, str):
        yield Saying(field, value, keys)
        return
    inner: Iterator[tuple[object, object]] = iter(())
    if isinstance(value, BaseModel):
        keys = getattr(value, "sources", keys)
        inner = ((name, one) for name, one in value if name != "sources")
    elif isinstance(value, Mapping):
        inner = iter(value.items())
    elif isinstance(value, tuple):
        inner = iter(enumerate(value))
    for name, one in inner:
        yield from _texts(one, keys, f"{field}.{name}")
