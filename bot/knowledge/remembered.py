"""Parsed files, remembered from one load to the next and, in a folder, from one start to the next.

YAML is most of what reading the knowledge takes; what was parsed is written as JSON, which is read
ten times as fast, needs a third of the memory of its objects, and can't hold code.
"""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.keeping import UNREADABLE, code_version, drop, write_whole
from bot.knowledge.document import Document, parsed, text_of

_MOST = 1024
_DATE = "\0date"
_HERE = Path(__file__).parent
_CODE = (_HERE / "document.py", _HERE / "remembered.py")


class DocumentMemory:
    """Reads documents; those whose text is as it was are not parsed again.

    A file that can't be read or written only costs the time to parse.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Remember in `folder` too, if there is one."""
        name = f"documents-{code_version(_CODE)}-{yaml.__version__}.txt"
        self._path = folder / name if folder else None
        self._held: dict[str, str] | None = None
        self._new = False

    def read(self, path: Path, shown: str) -> Document:
        """Return the YAML file at `path`; raises KnowledgeError as `read_document` does."""
        text = text_of(path, shown)
        key = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
        known = self._known()
        packed = known.pop(key, "")
        document = _unpacked(packed, shown)
        if document is None:
            document = parsed(text, shown)
            packed = _packed(document)
            self._new = self._new or bool(packed)
        if packed:
            known[key] = packed
        while len(known) > _MOST:
            known.pop(next(iter(known)), None)
        return document

    def keep(self) -> None:
        """Write what is new into the folder, if there is one, and hold it in memory no more.

        What other code wrote is dropped.
        """
        if self._path and self._new:
            self._new = not self._written(self._path)
        if self._path and not self._new:
            self._held = None

    def _known(self) -> dict[str, str]:
        """Return what is remembered, by key, from the folder if it isn't held."""
        if self._held is None:
            self._held = _kept(self._path) if self._path else {}
        return self._held

    def _written(self, path: Path) -> bool:
        """Write everything, and drop the files of other code; say if that could be."""
        lines = "".join(f"{key} {packed}\n" for key, packed in list(self._known().items()))
        if not write_whole(path, lambda file: file.write(lines.encode("ascii"))):
            return False
        drop(each for each in path.parent.glob("documents-*.txt") if each != path)
        return True


def _kept(path: Path) -> dict[str, str]:
    """Return what is kept at `path`, by key; nothing if it can't be read."""
    try:
        lines = path.read_text("ascii").splitlines()
    except UNREADABLE:
        return {}
    return {key: packed for key, _, packed in (line.partition(" ") for line in lines)}


def _packed(document: Document) -> str:
    """Return a document as JSON, of ASCII characters; nothing if JSON can't hold it all."""
    lines = [[*where, line] for where, line in document.lines.items()]
    try:
        packed = json.dumps([document.data, lines], default=_dated, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        return ""
    return packed if _unpacked(packed, document.path) == document else ""


def _unpacked(packed: str, shown: str) -> Document | None:
    """Return the document of which `packed` was made; None if it was made of none."""
    try:
        data, lines = json.loads(packed, object_hook=_undated)
        return Document(shown, data, {tuple(where): line for *where, line in lines})
    except (*UNREADABLE, RecursionError):
        return None


def _dated(value: object) -> dict[str, str]:
    """Return how a date is written. Raises TypeError for what JSON doesn't have."""
    if not isinstance(value, date):
        message = f"no JSON for {type(value).__name__}"
        raise TypeError(message)
    return {_DATE: value.isoformat()}


def _undated(value: dict[str, Any]) -> object:
    """Return the date that was written so, or the mapping as it is."""
    return date.fromisoformat(value[_DATE]) if value.keys() == {_DATE} else value
