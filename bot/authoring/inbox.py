"""Questions in vain -> clusters with their nearest entries."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.authoring.clustering import groups
from bot.authoring.model import Asked, Cluster, Near
from bot.conversation.ranker import Ranker
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
        self._near: dict[str, Cluster] = {}

    def sorted(self, misses: Sequence[Miss]) -> tuple[Cluster, ...]:
        """Return the clusters, those asked most often first, then the latest.

        What is near to them isn't looked up: with thousands, that would take longer than anybody
        waits.
        """
        latest = [miss for miss in misses[-MOST_MISSES:] if miss.text]
        times = Counter(miss.text for miss in latest)
        texts = list(times)
        if not texts:
            return ()
        found = groups(self._vectors(texts), [times[text] for text in texts])
        number = {texts[row]: at for at, rows in enumerate(found) for row in rows}
        members: list[list[Miss]] = [[] for _ in found]
        for miss in latest:
            members[number[miss.text]].append(miss)
        clusters = map(_cluster, members)
        return tuple(sorted(clusters, key=lambda each: (-each.times, -each.last.toordinal())))

    def near(self, cluster: Cluster) -> Cluster:
        """Return `cluster` with what is near to the question that was asked most often."""
        if cluster.id not in self._near:
            ranking = self._ranker.rank(cluster.asked[0].text)
            nearest = ranking.candidates[:_NEAREST]
            self._near[cluster.id] = replace(
                cluster,
                nearest=tuple(Near(each.entry, each.probability) for each in nearest),
                outside=ranking.outside,
            )
        return self._near[cluster.id]


def _cluster(misses: Sequence[Miss]) -> Cluster:
    """Return the cluster of these questions, the usual ones first."""
    times = Counter(miss.text for miss in misses)
    return Cluster(
        asked=tuple(Asked(text, n) for text, n in times.most_common()),
        kinds=Counter(miss.kind for miss in misses),
        misses=tuple(miss.id for miss in misses),
        last=max(miss.at for miss in misses).date(),
    )
