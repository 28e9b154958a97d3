"""Parsed files, remembered from one load to the next and, in a folder, from one start to the next.

YAML is most of what reading the knowledge takes; what was parsed is written as JSON, which is read
ten times as fast, needs a third of the memory of its objects, and can't hold code.
"""

import hashlib
import json
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.keeping import UNREADABLE, code_version, write_whole
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
        self._packed = _kept(self._path) if self._path else {}
        self._new = False

    def read(self, path: Path, shown: str) -> Document:
        """Return the YAML file at `path`; raises KnowledgeError as `read_document` does."""
        text = text_of(path, shown)
        key = hashlib.blake2b(f"{shown}\0{text}".encode(), digest_size=16).hexdigest()
        packed = self._packed.pop(key, "")
        document = _unpacked(packed, shown)
        if document is None:
            document = parsed(text, shown)
            packed = _packed(document)
            self._new = self._new or bool(packed)
        if packed:
            self._packed[key] = packed
        while len(self._packed) > _MOST:
            self._packed.pop(next(iter(self._packed)), None)
        return document

    def keep(self) -> None:
        """Write what is new into the folder, if there is one, and drop what other code wrote."""
        if self._path is None or not self._new:
            return
        lines = "".join(f"{key} {packed}\n" for key, packed in list(self._packed.items()))
        path = self._path
        self._new = not write_whole(path, lambda file: file.write(lines.encode("ascii")))
        for old in path.parent.glob("documents-*.txt"):
            if old != path:
                with suppress(OSError):
                    old.unlink(missing_ok=True)


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
