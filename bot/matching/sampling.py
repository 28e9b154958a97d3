"""Of more phrasings than a fit has time for: a part with as many of each label as can be.

The time and memory of a fit grow with its phrasings, and what one more of a label brings falls. So
above a size the coefficients are fitted to a stratified sample (Cochran 1977, 5.5): every label
gives all it has, up to one cap for all. Phrasings that are left out are still found as the nearest.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]

_SEED = 0


class Room(NamedTuple):
    """Up to `many` phrasings all are fitted to; of more, `most`, or one a label if that is more."""

    many: int
    most: int


ROOM = Room(many=40_000, most=30_000)


def sampled(labels: Indices, room: Room = ROOM) -> Indices:
    """Return which phrasings to fit to, by number in rising order.

    `labels` (n,) is the label of each phrasing and never falls. Those of a sample are chosen by
    chance, which is the same each time.
    """
    if len(labels) <= max(room):
        return np.arange(len(labels))
    order = np.lexsort((np.random.default_rng(_SEED).random(len(labels)), labels))
    place = np.arange(len(labels)) - np.searchsorted(labels, labels)
    cap = max(int(np.sort(place)[room.most]), 1)
    return np.sort(order[place < cap])
