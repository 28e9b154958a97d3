"""Vectors of phrasings, kept between fits: after an edit, most phrasings are what they were."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.keeping import UNREADABLE, code_version, drop, write_whole
from bot.matching.encoder import Encoder
from bot.matching.reading import Reading
from bot.matching.vectors import phrase_vectors

Array = NDArray[np.float32]
Halves = NDArray[np.float16]
Keys = NDArray[np.uint64]

_MOST = 200_000
_PART = 32_768
"""How many vectors are in whole precision at once."""
_CODE = ("encoder.py", "transformer.py", "subwords.py", "vectors.py")
_HERE = Path(__file__).parent


class KeptVectors:
    """A file of vectors, in half precision, by what was read.

    A file that can't be read or written only costs the time to encode.
    """

    def __init__(self, encoder: Encoder, folder: Path | None) -> None:
        """Keep the vectors of `encoder` in `folder`; without one, none is kept."""
        self._encoder = encoder
        name = f"vectors-{code_version(_HERE / each for each in _CODE)}-{encoder.name}.npz"
        self._path = folder / name if folder else None

    def of(self, readings: Sequence[Reading]) -> Array:
        """Return one row of length 1 a reading; the same ones whether they were kept or not."""
        keys, vectors = self._load()
        wanted = _keys(readings)
        known = np.isin(wanted, keys)
        missing = np.flatnonzero(~known)
        if len(missing):
            made = self._made([readings[at] for at in missing.tolist()])
            keys = np.concatenate([wanted[missing], keys])
            vectors = np.concatenate([made, vectors.reshape(-1, made.shape[1])])
            if self._path:
                self._save(self._path, keys, vectors)
        order = np.argsort(keys, kind="stable")
        found = vectors[order[np.searchsorted(keys, wanted, sorter=order)]].astype(np.float32)
        for start in range(0, len(found), _PART):
            part = found[start : start + _PART]
            part /= np.linalg.norm(part, axis=1, keepdims=True)
        return found

    def _made(self, readings: Sequence[Reading]) -> Halves:
        """Encode `readings`, some at a time."""
        starts = range(0, len(readings), _PART)
        parts = [readings[start : start + _PART] for start in starts]
        return np.concatenate(
            [phrase_vectors(self._encoder, part).astype(np.float16) for part in parts]
        )

    def _load(self) -> tuple[Keys, Halves]:
        """Return what is kept: keys (n,) and vectors (n, width); nothing if it can't be read."""
        if self._path:
            with (
                suppress(*UNREADABLE),
                self._path.open("rb") as raw,
                np.load(raw, allow_pickle=False) as file,
            ):
                return file["keys"], file["vectors"]
        return np.empty(0, np.uint64), np.empty((0, 0), np.float16)

    def _save(self, path: Path, keys: Keys, vectors: Halves) -> None:
        """Keep vectors, and drop those of other code."""
        if not write_whole(path, partial(np.savez, keys=keys[:_MOST], vectors=vectors[:_MOST])):
            return
        every = path.parent.glob(f"vectors-*-{self._encoder.name}.npz")
        drop(each for each in every if each != path)


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
