"""Counters, votes and review dates -> how the bot fares: pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from bot.authoring.model import Day
from bot.conversation.records import Count
from bot.conversation.tally import ASKED, TOOK, TOPIC, VOTE
from bot.knowledge.model import Entry, Knowledge

STALE_AFTER = timedelta(days=180)
"""An entry that nobody has reviewed for so long may be out of date."""

_HALF, _MOST = 0.5, 0.95


def days_of(counts: Iterable[Count], first: date, last: date) -> tuple[Day, ...]:
    """Return every day from `first` to `last`, also those on which nothing happened."""
    found: dict[date, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for count in counts:
        found[count.day][count.kind][count.key] += count.n
    span = range((last - first).days + 1)
    return tuple(_day(first + timedelta(at), found[first + timedelta(at)]) for at in span)


def topics_of(counts: Iterable[Count]) -> list[tuple[str, int]]:
    """Return the uids of what was answered, most often first."""
    found: Counter[str] = Counter()
    for count in counts:
        if count.kind == TOPIC:
            found[count.key] += count.n
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))


def stale(knowledge: Knowledge, today: date) -> tuple[Entry, ...]:
    """Return the entries that were not reviewed for long, the longest first."""
    old = (entry for entry in knowledge.entries if today - entry.reviewed > STALE_AFTER)
    return tuple(sorted(old, key=lambda entry: (entry.reviewed, entry.uid)))


def _day(day: date, kinds: Mapping[str, Counter[str]]) -> Day:
    """Return what happened on one day."""
    asked, votes, took = (kinds.get(kind, Counter()) for kind in (ASKED, VOTE, TOOK))
    return Day(
        day,
        **{kind: asked[kind] for kind in ("answer", "clarify", "abstain", "refer")},
        up=votes["1"],
        down=votes["-1"],
        half=_quantile(took, _HALF),
        most=_quantile(took, _MOST),
    )


def _quantile(took: Mapping[str, int], share: float) -> int:
    """Return how many milliseconds a share of the replies needed at most; 0 if there were none."""
    total, seen = sum(took.values()), 0
    for most, n in sorted((int(key), n) for key, n in took.items() if key.isdigit()):
        seen += n
        if seen >= share * total:
            return most
    return 0
