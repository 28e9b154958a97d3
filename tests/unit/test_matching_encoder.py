"""The sentence encoder: equal to its specification, unit length, and not fooled by batches."""

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import EncoderError
from bot.matching.encoder import DATA, CharEncoder, Windowed, make_encoder, read_arrays
from bot.matching.subwords import clipped, encoder_words, windows
from tests.conftest import needs_shared

TEXTS = ["how many sets", "", "a", "Should I squat, too?", "hip thrust or squat for glutes", "ü"]


@pytest.fixture(scope="module")
def encoder() -> CharEncoder:
    """Return the encoder with its own weights."""
    return CharEncoder()


def test_vectors_equal_the_reference(encoder: CharEncoder) -> None:
    """Every vector is within 1e-4 of the one that the encoder's specification gives."""
    with np.load(needs_shared("encoder") / "vectors.npz") as file:
        texts, expected = [str(text) for text in file["texts"]], file["vectors"]
    assert expected == pytest.approx(encoder.encode(texts), abs=1e-4)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.text(max_size=300))
def test_every_vector_has_length_one(encoder: CharEncoder, text: str) -> None:
    """Whatever is typed, its vector has length 1, read short or long."""
    rows = np.concatenate([encoder.encode([text]), encoder.encode_long([text])])
    assert np.ones(2) == pytest.approx(np.linalg.norm(rows, axis=1), abs=1e-5)


def test_a_batch_equals_single_texts(encoder: CharEncoder) -> None:
    """A text has the same vector alone and among texts of other lengths."""
    single = np.concatenate([encoder.encode([text]) for text in TEXTS])
    assert single == pytest.approx(encoder.encode(TEXTS), abs=1e-5)


def test_a_long_batch_equals_single_long_texts(encoder: CharEncoder) -> None:
    """Windows of one text never leak into its neighbours' vectors."""
    texts = [*TEXTS, " ".join(TEXTS * 3), "word " * 60]
    single = np.concatenate([encoder.encode_long([text]) for text in texts])
    assert single == pytest.approx(encoder.encode_long(texts), abs=1e-5)


def test_a_short_text_reads_the_same_long(encoder: CharEncoder) -> None:
    """A text that fits one window has one vector, read either way."""
    assert encoder.encode(TEXTS) == pytest.approx(encoder.encode_long(TEXTS), abs=1e-6)


def test_the_end_of_a_long_text_counts(encoder: CharEncoder) -> None:
    """Two long texts that differ at the end only have different vectors, read long."""
    start = "so I have been training for a while now and my coach told me a thing or two " * 3
    left, right = encoder.encode_long([start + "how many sets?", start + "where do feet go?"])
    assert float(left @ right) < 0.99


def test_plain_encoding_reads_only_the_beginning(encoder: CharEncoder) -> None:
    """`encode` reads 80 characters: what follows changes nothing."""
    start = "word " * 20
    left, right = encoder.encode([start + "how many sets", start + "where do feet go"])
    assert left.tolist() == right.tolist()


def test_ten_thousand_characters_are_fast(encoder: CharEncoder) -> None:
    """A text of 10,000 characters takes no more than two seconds."""
    begun = time.perf_counter()
    encoder.encode_long(["how many sets " * 715, "x" * 10_000, "\N{PEACH}" * 10_000])
    assert time.perf_counter() - begun < 2


def test_nothing_to_encode_gives_no_rows(encoder: CharEncoder) -> None:
    """No texts give an array without rows."""
    assert encoder.encode([]).shape == (0, 384)


def test_the_name_is_that_of_the_weights(encoder: CharEncoder) -> None:
    """Two encoders with the same weights have the same name, so their indexes are shared."""
    assert encoder.name == make_encoder("default").name


def test_other_weights_have_another_name(encoder: CharEncoder, tmp_path: Path) -> None:
    """Encoders that differ in one bias have different names, so no index is taken for another's."""
    arrays = read_arrays(DATA)
    arrays["out.bias"] = arrays["out.bias"] + 1
    np.savez(tmp_path / "other.npz", allow_pickle=False, **arrays)
    assert encoder.name != CharEncoder(tmp_path / "other.npz").name


def test_the_matcher_reads_long_texts(encoder: CharEncoder) -> None:
    """`Windowed` is `encode_long` behind the name that the matcher calls."""
    texts = ["how many sets should I do " * 8]
    assert encoder.encode_long(texts).tolist() == Windowed(encoder).encode(texts).tolist()


def test_missing_weights_are_an_encoder_error(tmp_path: Path) -> None:
    """A weights file that isn't there is an EncoderError that names it."""
    with pytest.raises(EncoderError, match=r"absent\.npz"):
        CharEncoder(tmp_path / "absent.npz")


BROKEN = {"empty": b"", "garbage": b"not an archive", "cut off": b"PK\x03\x04 and then nothing"}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_broken_weights_are_an_encoder_error(tmp_path: Path, content: bytes) -> None:
    """A weights file that can't be read is an EncoderError, whatever is wrong with it."""
    path = tmp_path / "encoder.npz"
    path.write_bytes(content)
    with pytest.raises(EncoderError, match=r"encoder\.npz"):
        CharEncoder(path)


def test_weights_without_an_array_are_an_encoder_error(tmp_path: Path) -> None:
    """An archive that lacks one of the arrays is an EncoderError, too."""
    path = tmp_path / "encoder.npz"
    np.savez(path, other=np.zeros(1))
    with pytest.raises(EncoderError, match=r"encoder\.npz"):
        CharEncoder(path)


def test_words_are_lower_case_letters_and_digits() -> None:
    """The encoder reads a-z and 0-9 only; quotes join, other marks part, accents fall."""
    assert encoder_words("Don't résumé -- RPE 7-9!") == ["dont", "resume", "rpe", "7", "9"]


def test_other_scripts_leave_the_word_empty() -> None:
    """A text without any letter that the encoder knows reads as "empty"."""
    assert clipped(encoder_words("сколько подходов")) == ["empty"]


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(st.from_regex(r"\A[a-z]{1,30}\Z"), max_size=90))
def test_windows_cover_every_word_in_order(words: list[str]) -> None:
    """The windows of a text overlap, fit the encoder, and leave no word out."""
    runs = windows(words)
    seen = {word for run in runs for word in run}
    assert set(words or ["empty"]) == seen
    assert all(run == clipped(run) for run in runs)
    assert runs[-1][-1:] == (words or ["empty"])[-1:]
