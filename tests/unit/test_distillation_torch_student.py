"""The network on tensors: it reads, computes, and is saved as the bot's own numpy has it."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import EncoderError
from bot.matching.encoder import DATA, CharEncoder, read_arrays
from bot.matching.subwords import clipped, encoder_words, table_rows
from tests.conftest import needs_torch

needs_torch()

import torch

from bot.distillation.archive import read_student, write_student
from bot.distillation.characters import characters, texts_of
from bot.distillation.corpus import as_read
from bot.distillation.features import features
from bot.distillation.recipe import Shape
from bot.distillation.slips import with_slips
from bot.distillation.student import Student

TINY = Shape(rows=512, features=16, width=32, hidden=24, out=12)
TEXTS = ["how many sets", "", "a", "Should I squat, too?", "ü", "x" * 90, "word " * 30,
         "hip thrust or squat for glutes"]  # fmt: skip
ROWS = 40_960


def _rows_on_tensors(text: str) -> list[tuple[int, int]]:
    """Return (word, row) of all features of one text, sorted."""
    read = features(characters([text]), ROWS)
    pairs = [
        (int(word), int(row))
        for word, rows in zip(read.owner[0], read.grams[0], strict=True)
        for row in rows
    ]
    pairs += [(word, int(row)) for word, rows in enumerate(read.whole[0]) for row in rows]
    return sorted(pair for pair in pairs if pair[1] < ROWS)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.text(alphabet="abz09 '-\u00e9\u0447", max_size=120))
def test_tensors_read_what_numpy_reads(text: str) -> None:
    """The features of any text are the same rows for the same words, on tensors and in numpy."""
    words = clipped(encoder_words(text))
    rows, owners, _ = table_rows(words, ROWS)
    assert sorted(zip(owners.tolist(), rows.tolist(), strict=True)) == _rows_on_tensors(text)
    assert len(words) == int(features(characters([text]), ROWS).number[0])


def test_characters_are_what_the_encoder_reads() -> None:
    """Turned into tensors and back, a text is as the encoder reads it."""
    assert [as_read(text) for text in TEXTS] == texts_of(characters(TEXTS))


def test_the_shipped_weights_give_the_same_vectors_in_torch() -> None:
    """The network with the weights of encoder.npz equals CharEncoder."""
    with torch.no_grad():
        vectors = read_student(DATA)(characters(TEXTS)).numpy()
    assert CharEncoder().encode(TEXTS) == pytest.approx(vectors, abs=1e-5)


def test_the_shipped_weights_are_saved_as_they_were(tmp_path: Path) -> None:
    """Reading encoder.npz and writing it again changes no number and no type."""
    write_student(read_student(DATA), tmp_path / "again.npz")
    expected, found = read_arrays(DATA), read_arrays(tmp_path / "again.npz")
    assert {name: (array.dtype, array.tolist()) for name, array in expected.items()} == {
        name: (array.dtype, array.tolist()) for name, array in found.items()
    }


def test_a_new_network_is_saved_but_for_rounding(tmp_path: Path) -> None:
    """CharEncoder agrees to 1e-3 with the network that was saved, its weights rounded to int8."""
    write_student(Student(TINY, seed=5), tmp_path / "tiny.npz")
    with torch.no_grad():
        vectors = read_student(tmp_path / "tiny.npz")(characters(TEXTS)).numpy()
    assert CharEncoder(tmp_path / "tiny.npz").encode(TEXTS) == pytest.approx(vectors, abs=1e-3)


def test_rounding_turns_vectors_but_little(tmp_path: Path) -> None:
    """A network and its saved form point the same way: all cosines are over 0.999."""
    student = Student(TINY, seed=5)
    write_student(student, tmp_path / "tiny.npz")
    with torch.no_grad():
        vectors = student(characters(TEXTS)).numpy()
    cosines = (CharEncoder(tmp_path / "tiny.npz").encode(TEXTS) * vectors).sum(1)
    assert min(cosines) > 0.999


def test_a_text_has_one_vector_in_every_batch() -> None:
    """Longer neighbours change nothing, in whatever order the texts come."""
    student = Student(TINY)
    with torch.no_grad():
        alone = np.concatenate([student(characters([text])).numpy() for text in TEXTS])
        assert alone == pytest.approx(student(characters(TEXTS)).numpy(), abs=1e-6)


def test_the_seed_decides_the_first_weights() -> None:
    """Two networks of one seed are equal, those of two seeds are not."""
    first, same, other = (Student(TINY, seed).pos for seed in (1, 1, 2))
    assert torch.equal(first, same)
    assert not torch.equal(first, other)


def test_what_is_no_encoder_is_an_encoder_error(tmp_path: Path) -> None:
    """An archive with other arrays is refused by name."""
    np.savez(tmp_path / "other.npz", allow_pickle=False, **{"tab.weight": np.zeros((2, 2))})
    with pytest.raises(EncoderError, match=r"other\.npz"):
        read_student(tmp_path / "other.npz")


LINES = ["how many sets should i do per week", "tea", "a b c d e f g h", "w" * 80] * 50


def _slipped(clean: float, seed: int = 0) -> list[str]:
    """Return LINES with slips."""
    return texts_of(with_slips(characters(LINES), clean, torch.Generator().manual_seed(seed)))


def test_slips_depend_on_the_seed_alone() -> None:
    """One seed, one set of slips."""
    assert _slipped(0.4) == _slipped(0.4)
    assert _slipped(0.4) != _slipped(0.4, seed=1)


def test_no_slips_are_made_where_none_are_wanted() -> None:
    """With the share 1 of clean texts, every text stays as it is."""
    assert LINES == _slipped(1)


def test_short_texts_stay_as_they_are() -> None:
    """A text of fewer than six characters has no slips: nothing would be left of it."""
    assert {"tea"} == set(_slipped(0)[1::4])


def test_slips_change_at_most_three_letters_in_length() -> None:
    """Up to three letters come or go, and only letters take the place of others."""
    pairs = list(zip(LINES, _slipped(0), strict=True))
    assert {-3, -2, -1, 0, 1, 2, 3} >= {len(after) - len(before) for before, after in pairs}
    assert all(set(after) <= set("abcdefghijklmnopqrstuvwxyz ") for _, after in pairs)


def test_nearly_every_long_text_slips_if_it_shall() -> None:
    """With the share 0 of clean texts, nine of ten long ones are changed at least."""
    pairs = [pair for pair in zip(LINES, _slipped(0), strict=True) if len(pair[0]) > 5]
    assert sum(before != after for before, after in pairs) > 0.9 * len(pairs)
