"""Weights and calibration of knowledge that has no labelled questions, by cross-validation.

Fits that left some phrasings out judge them: whole voices if there are enough, since who asks a
guide is nobody who wrote for it.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.matching.calibration import Calibration, HeldOut, calibrate, log_likelihood
from bot.matching.labelled import Labelled
from bot.matching.material import FeatureWeights, Material, Neighbours

Array = NDArray[np.float32]
Indices = NDArray[np.intp]

VECTOR = (2.0, 0.5, 0.05)
NEARNESS = (0.0, 2.0, 5.0)
_MOST = 3000
_SEED = 0


class Selected(NamedTuple):
    """The weights that suited phrasings held out, and the calibration fitted to them."""

    weights: FeatureWeights
    calibration: Calibration


class _Judged(NamedTuple):
    """Scores of phrasings held out, without nearness, and the nearest of each label."""

    scores: Array
    nearest: Array
    labels: Indices


def select(material: Material, learned: Labelled) -> Selected:
    """Return weights and calibration, judged on at most 3,000 phrasings chosen by chance."""
    order = np.random.default_rng(_SEED).permutation(len(material.labels))
    chosen = np.sort(order[:_MOST])
    part, folds = material.part(chosen), learned.folds[chosen]
    judged = {vector: _judged(part, folds, vector) for vector in VECTOR}
    options = [FeatureWeights(*pair) for pair in product(VECTOR, NEARNESS)]

    def held_out(weights: FeatureWeights) -> HeldOut:
        found = judged[weights.vector]
        every = found.scores + np.float32(weights.nearness) * found.nearest
        accepted = np.eye(material.label_count, dtype=np.bool_)[found.labels]
        return HeldOut(every, found.nearest, accepted, learned.outside_mask)

    best = max(options, key=lambda weights: log_likelihood(held_out(weights)))
    return Selected(best, calibrate(held_out(best)))


def _judged(part: Material, folds: Indices, vector: float) -> _Judged:
    """Judge every phrasing of `part` by a fit without its fold."""
    found = list(_by_fold(part, folds, vector))
    return _Judged(*(np.concatenate(each) for each in zip(*found, strict=True)))


def _by_fold(part: Material, folds: Indices, vector: float) -> Iterator[_Judged]:
    """Yield what each fold's phrasings get from a fit without them."""
    for fold in np.unique(folds):
        held, rest = (
            part.part(np.flatnonzero(folds == fold)),
            part.part(np.flatnonzero(folds != fold)),
        )
        neighbours = Neighbours(rest.labels, rest.label_count)
        nearest = neighbours.nearest(held.vectors @ rest.vectors.T)
        yield _Judged(held.scores(rest.teach(vector)), nearest, held.labels)
