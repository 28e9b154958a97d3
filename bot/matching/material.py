"""What a fit learns from, and what it makes of a question: terms, a vector, and neighbours."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.matching.regression import Beginning, Coefficients, Features, fit
from bot.matching.sparse import SparseMatrix
from bot.matching.wording import Row

Array = NDArray[np.float32]
Indices = NDArray[np.intp]

_NO_COSINE = np.float32(-1)


class FeatureWeights(NamedTuple):
    """How much a text's vector counts beside its terms, and its likeness to the nearest phrasing.

    `vector` weighs the squared length of the vectors in the regression, where terms have 1;
    `nearness` is what a cosine of 1 to a phrasing of an entry adds to the entry's score.
    """

    vector: float
    nearness: float


class Neighbours:
    """Phrasings in the order of their labels, to find the nearest one of each label."""

    def __init__(self, labels: Indices, count: int) -> None:
        """Know the label (n,) of each phrasing, which never falls, of `count` labels."""
        self._present, self._starts = np.unique(labels, return_index=True)
        self._count = count

    def nearest(self, cosines: Array) -> Array:
        """Return the highest of the `cosines` (..., n) of each label, (..., labels).

        A label without phrasings has -1.
        """
        found = np.full((*cosines.shape[:-1], self._count), _NO_COSINE)
        found[..., self._present] = np.maximum.reduceat(cosines, self._starts, axis=-1)
        return found


class Material(NamedTuple):
    """Phrasings to learn from, in the order of their labels.

    `rows` are their terms, numbers below `terms`; `vectors` (n, width) and `labels` (n,) belong to
    them; `label_count` is the number of labels.
    """

    rows: Sequence[Row]
    terms: int
    vectors: Array
    labels: Indices
    label_count: int

    def part(self, chosen: Indices) -> "Material":
        """Return some of the phrasings, by number in rising order."""
        rows = [self.rows[at] for at in chosen]
        return self._replace(rows=rows, vectors=self.vectors[chosen], labels=self.labels[chosen])

    @property
    def targets(self) -> Array:
        """One row for each phrasing with 1 at its label, (n, labels)."""
        return np.eye(self.label_count, dtype=np.float32)[self.labels]

    def teach(self, vector: float) -> Coefficients:
        """Return the coefficients of a fit in which vectors have the weight `vector`."""
        features = Features(SparseMatrix(self.rows, self.terms), self.vectors)
        return weighed_fit(features, self.targets * shares(self.labels), vector)

    def scores(self, coefficients: Coefficients) -> Array:
        """Return the scores of every phrasing by `coefficients`, (n, labels)."""
        return np.stack(
            [
                scores(coefficients, row, vector)
                for row, vector in zip(self.rows, self.vectors, strict=True)
            ]
        )


def weighed_fit(
    features: Features, targets: Array, vector: float, beginning: Beginning | None = None
) -> Coefficients:
    """Return what `fit` does with vectors of the weight `vector`, for vectors as they are."""
    root = np.float32(vector**0.5)
    if beginning:
        parts = beginning.coefficients
        beginning = beginning._replace(coefficients=parts._replace(vectors=parts.vectors / root))
    scaled = features._replace(vectors=features.vectors * root)
    found = fit(scaled, targets, beginning=beginning)
    return found._replace(vectors=found.vectors * root)


def shares(labels: Indices) -> Array:
    """Return how much each phrasing counts, by the label (n,) of each: (n, 1), 1 on average.

    A label counts as the square root of its number of phrasings, so that a guide with few of them
    is heard beside one with many.
    """
    counts = np.bincount(labels)[labels] ** -0.5
    found: Array = (counts / counts.sum() * len(counts)).astype(np.float32)
    return found[:, None]


def scores(coefficients: Coefficients, row: Row, vector: Array) -> Array:
    """Return the score of each label for a text with the terms `row` and `vector` (width,)."""
    found: Array = row.weights @ coefficients.terms[row.terms]
    found += vector @ coefficients.vectors
    found += coefficients.bias
    return found
