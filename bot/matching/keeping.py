"""Files of arrays that only save time: written whole or not at all, missed without harm."""

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile)
"""What reading a file raises that is missing, broken, or another one than it seems."""


def write_whole(path: Path, arrays: dict[str, NDArray[Any]]) -> bool:
    """Write `arrays` beside the final name, then move them there; say whether that could be."""
    scratch = path.with_suffix(f".{os.getpid()}.tmp.npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(scratch, **arrays)  # type: ignore[arg-type] # numpy's stub takes the names for flags
        scratch.replace(path)
    except OSError:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)
        return False
    return True


def code_version(files: Iterable[Path]) -> str:
    """Return a hash of the code in `files`: what other code made is not read."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
