"""What the desk has, as the object that `review --json` prints."""

from collections.abc import Sequence
from typing import Any

from bot.authoring.model import Cluster, Trends
from bot.conversation.catalogue import Catalogue


def review_object(
    catalogue: Catalogue, clusters: Sequence[Cluster], trends: Trends
) -> dict[str, Any]:
    """Return the questions in vain, and how the bot fares; entries by their public names."""
    return {
        "clusters": [_cluster(catalogue, each) for each in clusters],
        **_trends(catalogue, trends),
    }


def _cluster(catalogue: Catalogue, cluster: Cluster) -> dict[str, Any]:
    """Return a cluster as an object."""
    return {
        "id": cluster.id,
        "times": cluster.times,
        "kinds": dict(cluster.kinds),
        "last": cluster.last.isoformat(),
        "asked": [each._asdict() for each in cluster.asked],
        "nearest": [
            {"entry": catalogue.public(near.entry.uid), "probability": round(near.probability, 4)}
            for near in cluster.nearest
        ],
        "outside": cluster.outside.id if cluster.outside else None,
    }


def _trends(catalogue: Catalogue, trends: Trends) -> dict[str, Any]:
    """Return how the bot fares as objects."""
    return {
        "days": [{**day._asdict(), "day": day.day.isoformat()} for day in trends.days],
        "topics": {catalogue.public(entry.uid): n for entry, n in trends.topics},
        "feedback": [
            {
                "entry": catalogue.public(each.entry.uid),
                "up": each.up,
                "down": each.down,
                "reasons": dict(each.reasons),
            }
            for each in trends.opinions
        ],
        "stale": {
            catalogue.public(entry.uid): entry.reviewed.isoformat() for entry in trends.stale
        },
    }
