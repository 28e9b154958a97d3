"""Writes accepted changes to the knowledge folder, after a copy of what was there."""

import os
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.authoring.model import FileChange
from bot.authoring.proposals import read
from bot.errors import AuthoringError


def write(changes: Sequence[FileChange], folder: Path, backups: Path, now: datetime) -> Path:
    """Write `changes` to `folder`; return where the files as they were are kept.

    Raises AuthoringError if a file has changed since the change was made, or can't be written;
    then every file is as it was.
    """
    for change in changes:
        if read(folder / change.path) != change.before:
            message = f"{change.path} has changed meanwhile; nothing was written, try it again"
            raise AuthoringError(message)
    kept = backups / now.strftime("%Y%m%dT%H%M%S%f")
    written: list[FileChange] = []
    try:
        for change in changes:
            _keep(folder / change.path, kept / change.path)
        for change in changes:
            put(folder / change.path, change.after)
            written.append(change)
    except OSError as error:
        for change in written:
            _restore(folder / change.path, kept / change.path)
        message = f"{folder.name} can't be written: {error.strerror or type(error).__name__}"
        raise AuthoringError(message) from None
    return kept


def _keep(path: Path, copy: Path) -> None:
    """Copy a file to `copy`; there is nothing to copy of a new one."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        shutil.copy2(path, copy)


def put(path: Path, text: str) -> None:
    """Put `text` in the place of a file, whole or not at all; its line ends stay of one kind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ends = "\r\n" if path.exists() and b"\r\n" in path.read_bytes() else "\n"
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.write_text(text, "utf-8", newline=ends)
    if path.exists():
        shutil.copymode(path, scratch)
    scratch.replace(path)


def _restore(path: Path, copy: Path) -> None:
    """Put a file back as it was."""
    if copy.exists():
        shutil.copy2(copy, path)
    else:
        path.unlink(missing_ok=True)
