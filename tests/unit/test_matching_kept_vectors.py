"""Vectors that are kept between fits."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.matching import kept_vectors
from bot.matching.encoder import CharEncoder
from bot.matching.kept_vectors import KeptVectors
from bot.matching.reading import Reading

TEXTS = ("how many sets", "which bench height", "how often a week")


class Counting:
    """An encoder that remembers what it was asked to encode."""

    name = "counting"

    def __init__(self) -> None:
        """Have encoded nothing."""
        self.encoded: list[str] = []
        self._encoder = CharEncoder()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of `texts`."""
        self.encoded += texts
        return self._encoder.encode(texts)


def readings(*texts: str) -> list[Reading]:
    """Return texts as they are read when nothing in them changes."""
    return [Reading(text, text) for text in texts]


@pytest.fixture
def encoder() -> Counting:
    """Return an encoder that counts."""
    return Counting()


def test_only_what_is_new_is_encoded(encoder: Counting, tmp_path: Path) -> None:
    """A second fit encodes the phrasings that the first one didn't have."""
    KeptVectors(encoder, tmp_path).of(readings(*TEXTS[:2]))
    encoder.encoded.clear()
    KeptVectors(encoder, tmp_path).of(readings(*TEXTS))
    assert encoder.encoded == [TEXTS[2]]


def test_kept_vectors_are_those_of_a_first_fit(encoder: Counting, tmp_path: Path) -> None:
    """Whether a vector was kept doesn't show in it."""
    KeptVectors(encoder, tmp_path).of(readings(*reversed(TEXTS)))
    kept = KeptVectors(encoder, tmp_path).of(readings(*TEXTS))
    made = [KeptVectors(encoder, None).of(readings(text))[0] for text in TEXTS]
    assert np.allclose(np.stack(made), kept, atol=1e-3)


def test_what_is_understood_counts_too(encoder: Counting, tmp_path: Path) -> None:
    """Two readings of one text have vectors of their own."""
    typed, changed = Reading("hmny sets", "hmny sets"), Reading("hmny sets", "how many sets")
    one, other = KeptVectors(encoder, tmp_path).of([typed, changed])
    assert not np.allclose(one, other)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off"])
def test_a_broken_file_only_costs_time(encoder: Counting, tmp_path: Path, content: bytes) -> None:
    """A file that can't be read is made again."""
    first = KeptVectors(encoder, tmp_path).of(readings(*TEXTS))
    (path,) = tmp_path.iterdir()
    path.write_bytes(content)
    assert np.array_equal(first, KeptVectors(encoder, tmp_path).of(readings(*TEXTS)))


def test_a_folder_that_cannot_be_made_is_no_error(encoder: Counting, tmp_path: Path) -> None:
    """Where nothing can be written, vectors are made each time."""
    (tmp_path / "file").write_text("in the way")
    assert len(KeptVectors(encoder, tmp_path / "file").of(readings(*TEXTS))) == len(TEXTS)


def test_more_than_is_kept_is_right_all_the_same(
    encoder: Counting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the file has no room for all, every reading still gets its own vector."""
    monkeypatch.setattr(kept_vectors, "_MOST", 1)
    KeptVectors(encoder, tmp_path).of(readings(TEXTS[0]))
    found = KeptVectors(encoder, tmp_path).of(readings(*TEXTS))
    assert np.allclose(KeptVectors(encoder, None).of(readings(*TEXTS)), found, atol=1e-3)
