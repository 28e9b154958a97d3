"""Files that only save time: written whole or not at all, missed without harm."""

import hashlib
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile

UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile)
"""What reading a file raises that is missing, broken, or another one than it seems."""


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> bool:
    """Let `write` fill a file beside the final name, then move it there; say if that could be."""
    scratch = path.with_suffix(f".{os.getpid()}.tmp{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with scratch.open("wb") as file:
            write(file)
        scratch.replace(path)
    except OSError:
        drop([scratch])
        return False
    return True


def drop(files: Iterable[Path]) -> None:
    """Delete files, if they are there and that can be."""
    for path in files:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def code_version(files: Iterable[Path]) -> str:
    """Return a hash of the code in `files`: what other code made is not read."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
