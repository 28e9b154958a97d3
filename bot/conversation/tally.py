"""What is counted each day, never of whom: the kinds of counters, and how times are grouped."""

from bisect import bisect_left

ASKED = "asked"
"""Typed questions, by the kind of reply."""
TOPIC = "topic"
"""What they were answered with, by the entry's uid."""
VOTE = "vote"
"""Thumbs: ``1`` is up and ``-1`` down."""
TOOK = "took"
"""Typed questions, by how many milliseconds the reply needed at most."""

BUCKETS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
"""Milliseconds; whatever takes longer stands in the last one."""


def bucket(seconds: float) -> str:
    """Return the key of the counter for a reply that took so long."""
    at = bisect_left(BUCKETS, seconds * 1000)
    return str(BUCKETS[min(at, len(BUCKETS) - 1)])
