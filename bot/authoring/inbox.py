"""Questions in vain -> clusters with their nearest entries."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.authoring.clustering import groups
from bot.authoring.model import Asked, Cluster, Near
from bot.conversation.ports import Ranker
from bot.conversation.records import Miss

MOST_MISSES = 5000
"""The latest of them; more than an author can read."""

_NEAREST = 3

Vectors = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts -> rows of length 1 that are alike if the texts mean the same."""


class Inbox:
    """Sorts questions in vain by what they mean."""

    def __init__(self, ranker: Ranker, vectors: Vectors) -> None:
        """Compare texts by their `vectors`; `ranker` knows what is near."""
        self._ranker = ranker
        self._vectors = vectors

    def sorted(self, misses: Sequence[Miss]) -> tuple[Cluster, ...]:
        """Return the clusters, those asked most often first, then the latest."""
        times = Counter(miss.text for miss in misses[-MOST_MISSES:] if miss.text)
        texts = list(times)
        if not texts:
            return ()
        found = groups(self._vectors(texts), [times[text] for text in texts])
        clusters = [self._cluster([texts[row] for row in rows], misses, times) for rows in found]
        return tuple(sorted(clusters, key=lambda each: (-each.times, -each.last.toordinal())))

    def _cluster(
        self, texts: Sequence[str], misses: Sequence[Miss], times: Counter[str]
    ) -> Cluster:
        """Return the cluster of `texts`; what is near to the first of them is near to it."""
        asked = sorted((Asked(text, times[text]) for text in texts), key=lambda one: -one.times)
        own = [miss for miss in misses if miss.text in set(texts)]
        ranking = self._ranker.rank(asked[0].text)
        return Cluster(
            asked=tuple(asked),
            kinds=Counter(miss.kind for miss in own),
            misses=tuple(miss.id for miss in own),
            last=max(miss.at for miss in own).date(),
            nearest=tuple(
                Near(each.entry, each.probability) for each in ranking.candidates[:_NEAREST]
            ),
            outside=ranking.outside,
        )
