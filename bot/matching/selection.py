"""Weights and calibration of knowledge that has no labelled questions, by cross-validation.

Fits that left some phrasings out judge them: whole voices if there are enough, since who asks a
guide is nobody who wrote for it. Each fit leaves some labels out as well: their phrasings stand for
questions that nothing covers, of which the knowledge may have no examples.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.matching.calibration import Calibration, HeldOut, calibrate
from bot.matching.labelled import FOLDS, Labelled
from bot.matching.material import FeatureWeights, Material, Neighbours

Array = NDArray[np.float32]
Indices = NDArray[np.intp]

VECTOR = (2.0, 0.5, 0.05)
NEARNESS = (0.0, 2.0, 5.0)
_MOST = 3000
_SEED = 0
_LABELS_TO_SPARE = 10
"""Of so many labels, some can be left out of a fit."""


class Selected(NamedTuple):
    """The weights that suited phrasings held out, and the calibration fitted to them."""

    weights: FeatureWeights
    calibration: Calibration


class _Judged(NamedTuple):
    """Scores of phrasings held out, without nearness; the nearest of each label; what is right."""

    scores: Array
    nearest: Array
    accepted: NDArray[np.bool_]


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
        return HeldOut(every, found.nearest, found.accepted, learned.outside_mask)

    found = {weights: calibrate(held_out(weights)) for weights in options}
    best = max(options, key=lambda weights: found[weights].worth)
    return Selected(best, found[best].calibration)


def _judged(part: Material, folds: Indices, vector: float) -> _Judged:
    """Judge every phrasing of `part` by a fit without its fold."""
    found = list(_by_fold(part, folds, vector))
    return _Judged(*(np.concatenate(each) for each in zip(*found, strict=True)))


def _by_fold(part: Material, folds: Indices, vector: float) -> Iterator[_Judged]:
    """Yield what each fold's phrasings get from a fit without them, and without some labels."""
    spare = part.label_count >= _LABELS_TO_SPARE
    for fold in np.unique(folds):
        strange = (part.labels % FOLDS == fold) & spare
        held = part.part(np.flatnonzero(folds == fold))
        rest = part.part(np.flatnonzero((folds != fold) & ~strange))
        nearest = Neighbours(rest.labels, rest.label_count).nearest(held.vectors @ rest.vectors.T)
        accepted = held.targets > 0
        accepted[strange[folds == fold]] = False
        yield _Judged(held.scores(rest.teach(vector)), nearest, accepted)
