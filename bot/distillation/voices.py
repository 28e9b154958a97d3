"""The labelled phrasings of a knowledge folder, and how well a held-out voice is understood."""

from collections import defaultdict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.errors import TrainingError
from bot.knowledge.model import Knowledge
from bot.matching.encoder import Encoder
from bot.matching.labelled import Labelled, reader_of
from bot.matching.reading import Reading
from bot.matching.regression import Features, fit
from bot.matching.sparse import SparseMatrix
from bot.matching.vectors import phrase_vectors
from bot.matching.wording import NO_TERMS

NOBODY = "none"
"""Instead of a voice: none is held out."""


class Said(NamedTuple):
    """Phrasings as they were typed and understood, each with its label and voice, both (n,).

    `outside` (labels,) says which labels are fields that the guide doesn't cover.
    """

    readings: tuple[Reading, ...]
    labels: NDArray[np.intp]
    voices: NDArray[np.str_]
    outside: NDArray[np.bool_]

    @classmethod
    def of(cls, knowledge: Knowledge) -> "Said":
        """Read every phrasing as the matcher does."""
        learned = Labelled.of(knowledge)
        reader = reader_of(knowledge)
        return cls(
            tuple(reader.read(phrase.text) for phrase in learned.phrases),
            learned.label_of,
            np.array([phrase.voice for phrase in learned.phrases]),
            learned.outside_mask,
        )


class Right(NamedTuple):
    """The share of held-out phrasings whose own label comes first.

    `nearest` ranks labels by the cosine to the mean of their other phrasings, `regression` by
    softmax regression on the vectors alone.
    """

    nearest: float
    regression: float

    def __str__(self) -> str:
        """Return both numbers with their names."""
        return f"nearest mean {self.nearest:.4f}, regression {self.regression:.4f}"


def held_voice(said: Said, wanted: str) -> NDArray[np.bool_]:
    """Return which phrasings are held out, (n,): those of the voice `wanted`.

    If it is empty, that is the voice that asks for most labels; if it is "none", nobody's are
    held out. Raises TrainingError if there is no such voice or no other.
    """
    if wanted == NOBODY:
        return np.zeros(len(said.voices), np.bool_)
    asked: dict[str, set[int]] = defaultdict(set)
    for voice, label in zip(said.voices, said.labels, strict=True):
        asked[str(voice)].add(int(label))
    if len(asked) < 2:  # noqa: PLR2004 - one to learn from, one to judge by
        message = "holding out a voice needs two of them; --hold-out none learns from all"
        raise TrainingError(message)
    if wanted and wanted not in asked:
        message = f"there is no voice '{wanted}'; there are: {', '.join(sorted(asked))}"
        raise TrainingError(message)
    chosen = wanted or max(sorted(asked), key=lambda voice: len(asked[voice]))
    held: NDArray[np.bool_] = said.voices == chosen
    return held


def first_right(encoder: Encoder, said: Said, held: NDArray[np.bool_]) -> Right:
    """Return how often `encoder` puts the right label first for the phrasings that are `held`."""
    vectors = phrase_vectors(encoder, said.readings)
    targets = np.eye(said.labels.max() + 1, dtype=np.float32)[said.labels]
    expected = said.labels[held]
    guesses = (_by_means(vectors, targets, held), _by_regression(vectors, targets, held))
    return Right(*(float((guess == expected).mean()) for guess in guesses))


def _by_means(
    vectors: NDArray[np.float32], targets: NDArray[np.float32], held: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """Return the label of the nearest mean for each held phrasing."""
    sums = targets[~held].T @ vectors[~held]
    means = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    nearest: NDArray[np.intp] = (vectors[held] @ means.T).argmax(1)
    return nearest


def _by_regression(
    vectors: NDArray[np.float32], targets: NDArray[np.float32], held: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """Return the label that a regression, fitted to the others, gives each held phrasing."""
    no_terms = SparseMatrix([NO_TERMS] * int((~held).sum()), 0)
    found = fit(Features(no_terms, vectors[~held]), targets[~held])
    first: NDArray[np.intp] = (vectors[held] @ found.vectors + found.bias).argmax(1)
    return first
