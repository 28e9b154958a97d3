"""Vectors of phrasings, kept between fits: after an edit, most phrasings are what they were."""

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.matching.encoder import Encoder
from bot.matching.reading import Reading
from bot.matching.vectors import phrase_vectors

Array = NDArray[np.float32]
Halves = NDArray[np.float16]
Keys = NDArray[np.uint64]

_MOST = 200_000
_CODE = ("encoder.py", "transformer.py", "subwords.py", "vectors.py")


class KeptVectors:
    """A file of vectors, in half precision, by what was read.

    A file that can't be read or written only costs the time to encode.
    """

    def __init__(self, encoder: Encoder, folder: Path | None) -> None:
        """Keep the vectors of `encoder` in `folder`; without one, none is kept."""
        self._encoder = encoder
        name = f"vectors-{_code_version()}-{encoder.name}.npz"
        self._path = folder / name if folder else None

    def of(self, readings: Sequence[Reading]) -> Array:
        """Return one row of length 1 a reading; the same ones whether they were kept or not."""
        keys, vectors = self._load()
        wanted = _keys(readings)
        known = np.isin(wanted, keys)
        missing = np.flatnonzero(~known)
        if len(missing):
            made = phrase_vectors(self._encoder, [readings[at] for at in missing.tolist()])
            keys = np.concatenate([wanted[missing], keys])[:_MOST]
            vectors = np.concatenate([made.astype(np.float16), vectors.reshape(-1, made.shape[1])])
            vectors = vectors[:_MOST]
            if self._path:
                self._save(self._path, keys, vectors)
        order = np.argsort(keys, kind="stable")
        found = vectors[order[np.searchsorted(keys, wanted, sorter=order)]].astype(np.float32)
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        return found

    def _load(self) -> tuple[Keys, Halves]:
        """Return what is kept: keys (n,) and vectors (n, width); nothing if it can't be read."""
        if self._path:
            with (
                suppress(OSError, ValueError, KeyError, EOFError, BadZipFile),
                self._path.open("rb") as raw,
                np.load(raw, allow_pickle=False) as file,
            ):
                return file["keys"], file["vectors"]
        return np.empty(0, np.uint64), np.empty((0, 0), np.float16)

    def _save(self, path: Path, keys: Keys, vectors: Halves) -> None:
        """Write the file beside its final name, then move it there; never half a file."""
        scratch = path.with_suffix(f".{os.getpid()}.tmp.npz")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            np.savez(scratch, keys=keys, vectors=vectors)
            scratch.replace(path)
            for old in path.parent.glob(f"vectors-*-{self._encoder.name}.npz"):
                if old != path:
                    old.unlink(missing_ok=True)
        except OSError:
            with suppress(OSError):
                scratch.unlink(missing_ok=True)


def _keys(readings: Sequence[Reading]) -> Keys:
    """Return a number for each reading that no other one has, but by an odd chance, (n,)."""
    return np.array(
        [
            int.from_bytes(
                hashlib.blake2b(
                    f"{reading.typed}\0{reading.understood}".encode(), digest_size=8
                ).digest()
            )
            for reading in readings
        ],
        np.uint64,
    )


def _code_version() -> str:
    """Return a hash of the code that makes vectors."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for name in _CODE:
        digest.update((here / name).read_bytes())
    return digest.hexdigest()[:8]
