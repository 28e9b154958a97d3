"""Sentence vectors. The only module that knows how they are made.

The default, CharEncoder, is a small network that reads characters: it was distilled from
all-MiniLM-L6-v2 (see data/NOTICE) and needs numpy only. MiniLM itself comes with [semantic].
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.errors import EncoderError
from bot.matching.subwords import clipped, encoder_words, table_rows, windows
from bot.matching.transformer import (
    HEADS,
    LAYERS,
    Array,
    Layout,
    Weights,
    centred,
    relu_squared,
    scaled,
)

DATA = Path(__file__).parent / "data" / "encoder.npz"
MINILM = "sentence-transformers/all-MiniLM-L6-v2"
_MOST_CACHED_WORDS = 4096
_MOST_WINDOWS = 12
_BATCH = 16


class Encoder(Protocol):
    """Turns texts into vectors of length 1, so that their products are cosines."""

    @property
    def name(self) -> str:
        """What distinguishes this encoder's vectors from another's, for the index's hash."""
        ...

    def encode(self, texts: Sequence[str]) -> Array:
        """Return one row of length 1 for each text, shape (len(texts), width)."""
        ...


class CharEncoder:
    """Characters -> hashed n-grams -> a vector a word -> three transformer layers -> 384 numbers.

    `encode` reads a text's first 80 characters and 24 words; `encode_long` reads all of it in
    overlapping windows and averages their vectors.
    """

    def __init__(self, path: Path = DATA) -> None:
        """Load the weights from `path`. Raises EncoderError if they can't be read."""
        arrays = read_arrays(path)
        try:
            self._take(arrays)
        except KeyError as error:
            message = f"the encoder's weights lack {error}: {path.name}"
            raise EncoderError(message) from None
        self.name = f"char-{_digest(arrays)[:12]}"

    def _take(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Make the layers of `arrays`. Raises KeyError if one is missing."""
        weights = Weights(arrays)
        self._table = arrays["tab.weight"]
        self._scale = arrays["tab.weight!"].astype(np.float32)[:, 0]
        self._words: dict[str, Array] = {}
        self._hidden = weights.linear("w1", "ln0")
        self._narrow = weights.linear("w2").centred()
        self._skip = weights.linear("sk", "ln0").centred()
        self._position = centred(weights["pos"])
        width = self._position.shape[1]
        self._blocks = [weights.block(index, width) for index in range(LAYERS)]
        self._look = weights.linear("pq", "lnf")
        self._gain, self._shift = weights["lnf.weight"], weights["lnf.bias"]
        self._out = weights.linear("out")

    def encode(self, texts: Sequence[str]) -> Array:
        """Return (n, 384) rows of length 1. An empty text has a vector too ("empty")."""
        return self._encode([clipped(encoder_words(text)) for text in texts])

    def encode_long(self, texts: Sequence[str]) -> Array:
        """Return (n, 384) rows of length 1 that take in the whole of each text.

        Of a very long text, twelve windows are read, spread evenly from its beginning to its end.
        """
        runs = [_spread(windows(encoder_words(text))) for text in texts]
        vectors = self._encode([clipped(run) for each in runs for run in each])
        if len(vectors) == len(texts):
            return vectors
        starts = np.cumsum([0, *(len(each) for each in runs[:-1])])
        total: Array = np.add.reduceat(vectors, starts)
        total /= np.linalg.norm(total, axis=1, keepdims=True)
        return total

    def _encode(self, texts: list[list[str]]) -> Array:
        """Return the vectors of texts of at most 24 words; those of like lengths go together."""
        vectors = np.empty((len(texts), len(self._out.bias)), np.float32)
        order = np.argsort([len(text) for text in texts], kind="stable")
        for start in range(0, len(texts), _BATCH):
            batch = order[start : start + _BATCH]
            vectors[batch] = self._run([texts[at] for at in batch])
        return vectors

    def _run(self, texts: list[list[str]]) -> Array:
        """Return the vectors of texts, shape (texts, 384)."""
        known = self._known({word for text in texts for word in text})
        layout = Layout([len(text) for text in texts])
        x = np.array([known[word] for text in texts for word in text])
        x += self._position[layout.places]
        for block in self._blocks:
            x = block(x, layout)
        x = scaled(x)
        look = layout.shares(layout.padded(self._look(x)).swapaxes(1, 2))
        x = x * self._gain + self._shift
        mean = np.add.reduceat(x, layout.starts) / layout.counts[:, None].astype(np.float32)
        parts = layout.padded(x).reshape(len(texts), layout.longest, HEADS, -1).swapaxes(1, 2)
        seen = (look[:, :, None] @ parts).reshape(len(texts), -1)
        y = self._out(np.concatenate([mean, seen], axis=1))
        y /= np.sqrt(np.einsum("ij,ij->i", y, y))[:, None]
        return y

    def _known(self, words: set[str]) -> dict[str, Array]:
        """Return the vector of each of `words`; new ones are remembered."""
        cache = self._words
        known = {word: cache[word] for word in words if word in cache}
        missing = sorted(words.difference(known))
        if missing:
            known.update(zip(missing, self._word_vectors(missing), strict=True))
            if len(cache) > _MOST_CACHED_WORDS:
                cache = self._words = {}
            cache.update(known)
        return known

    def _word_vectors(self, words: list[str]) -> Array:
        """Return the vectors of single words, shape (len(words), 256)."""
        rows, owners, weight = table_rows(words, len(self._table))
        spread = np.zeros((len(words), len(rows)), np.float32)
        spread[owners, np.arange(len(rows))] = self._scale[rows] * weight
        x = scaled(centred(spread @ self._table[rows].astype(np.float32)))
        return self._narrow(relu_squared(self._hidden(x))) + self._skip(x)


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of an .npz file. Raises EncoderError if it can't be read."""
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (OSError, ValueError, EOFError, BadZipFile, AttributeError) as error:
        message = f"the encoder's weights can't be read: {path.name} ({type(error).__name__})"
        raise EncoderError(message) from None


def _digest(arrays: dict[str, NDArray[Any]]) -> str:
    """Return a hash of all weights: a tuned encoder may share its table with the one before."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        digest.update(name.encode())
        digest.update(arrays[name].tobytes())
    return digest.hexdigest()


def _spread(runs: list[list[str]]) -> list[list[str]]:
    """Return at most twelve of `runs`, evenly spread, the first and the last among them."""
    if len(runs) <= _MOST_WINDOWS:
        return runs
    return [runs[at * (len(runs) - 1) // (_MOST_WINDOWS - 1)] for at in range(_MOST_WINDOWS)]


class MiniLM:
    """all-MiniLM-L6-v2 through fastembed (extra [semantic]): better on clean text, heavier."""

    def __init__(self, folder: str = "") -> None:
        """Load the model from `folder`, or from fastembed's cache, or download it once.

        Raises EncoderError if the extra isn't installed or the model can't be had.
        """
        try:
            from fastembed import TextEmbedding  # noqa: PLC0415 - an optional extra
        except ImportError:
            message = "ENCODER=semantic needs the extra: pip install '.[semantic]'"
            raise EncoderError(message) from None
        options: dict[str, Any] = {"specific_model_path": folder} if folder else {}
        try:
            self._model = TextEmbedding(MINILM, **options)
        except Exception as error:  # noqa: BLE001 - fastembed raises whatever its parts raise
            message = f"MiniLM can't be loaded ({type(error).__name__}): set SEMANTIC_MODEL_DIR"
            raise EncoderError(message) from None
        self.name = "minilm"

    def encode(self, texts: Sequence[str]) -> Array:
        """Return (n, 384) rows of length 1."""
        vectors: Array = np.stack(list(self._model.embed(list(texts)))).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


class Windowed:
    """A CharEncoder that reads long texts to their end: what the matcher uses."""

    def __init__(self, encoder: CharEncoder) -> None:
        """Wrap `encoder`."""
        self._encoder = encoder
        self.name = encoder.name

    def encode(self, texts: Sequence[str]) -> Array:
        """Return (n, 384) rows of length 1."""
        return self._encoder.encode_long(texts)


def make_encoder(kind: str, folder: str = "") -> Encoder:
    """Return the encoder of that `kind`: ``default`` or ``semantic``. Raises EncoderError."""
    return MiniLM(folder) if kind == "semantic" else Windowed(CharEncoder())
