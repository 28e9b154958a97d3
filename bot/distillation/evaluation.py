"""How near an encoder is to its teacher, on texts that it did not learn from."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from bot.distillation.characters import characters, texts_of
from bot.distillation.slips import with_slips
from bot.distillation.teacher import Teacher
from bot.errors import TrainingError

Array = NDArray[np.float32]


class Agreement(NamedTuple):
    """How alike two encoders' vectors are; 1 is the best of each.

    `cosine` is the mean cosine between a text's two vectors, `pairs` the correlation of all
    pairs' cosines, `nearest` the share of texts whose nearest other text is the same in both.
    """

    cosine: float
    pairs: float
    nearest: float

    def __str__(self) -> str:
        """Return the three numbers with their names."""
        return f"cosine {self.cosine:.4f}, pairs {self.pairs:.4f}, nearest {self.nearest:.4f}"


class Judgement(NamedTuple):
    """Agreement with the teacher on texts as they are, and with one to three slips in each.

    The teacher always reads the texts as they are.
    """

    clean: Agreement
    noisy: Agreement


def judgement(encoder: Teacher, teacher: Teacher, texts: Sequence[str], seed: int) -> Judgement:
    """Hold `encoder` against `teacher`. Raises TrainingError if there is nothing to compare."""
    if len(texts) < 3:  # noqa: PLR2004 - two texts make one pair: no correlation
        message = f"at least 3 texts are needed to judge an encoder, found {len(texts)}"
        raise TrainingError(message)
    target = teacher.encode(texts)
    slipped = with_slips(characters(texts), 0, torch.Generator().manual_seed(seed))
    clean, noisy = encoder.encode(texts), encoder.encode(texts_of(slipped))
    same_width(clean.shape[1], target.shape[1])
    return Judgement(agreement(clean, target), agreement(noisy, target))


def agreement(vectors: Array, target: Array) -> Agreement:
    """Return how alike two encoders' vectors of the same texts are, both (texts, width)."""
    ours, theirs = vectors @ vectors.T, target @ target.T
    pairs = np.triu_indices(len(ours), 1)
    correlation = np.corrcoef(ours[pairs], theirs[pairs])[0, 1]
    np.fill_diagonal(ours, -np.inf)
    np.fill_diagonal(theirs, -np.inf)
    nearest = (ours.argmax(1) == theirs.argmax(1)).mean()
    cosine = np.einsum("ij,ij->i", vectors, target).mean()
    return Agreement(float(cosine), float(correlation), float(nearest))


def same_width(encoder: int, teacher: int) -> None:
    """Raise TrainingError if an encoder's vectors can't be held against a teacher's."""
    if encoder != teacher:
        message = f"the encoder's vectors have {encoder} numbers, the teacher's {teacher}"
        raise TrainingError(message)
