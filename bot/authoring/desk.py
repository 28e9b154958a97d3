"""Desk: the one use case behind the page and the command that authors work with."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from bot.authoring.inbox import Inbox, Vectors
from bot.authoring.model import Cluster, Opinion, Proposal, Trends, Trial
from bot.authoring.trends import days_of, stale, topics_of
from bot.authoring.workshop import Tools, Workshop
from bot.authoring.writing import write
from bot.conversation.catalogue import Catalogue
from bot.conversation.ports import Clock, CounterStore, MissStore, VoteStore
from bot.conversation.records import Miss
from bot.errors import AuthoringError
from bot.evaluation.report import Track
from bot.knowledge.model import Knowledge
from bot.matching.matcher import Matcher

DAYS = 30
LONGEST_BACK = timedelta(days=36500)

_MOST_TOPICS = 10


class Records(Protocol):
    """The stores that a desk needs."""

    @property
    def misses(self) -> MissStore:
        """Questions in vain."""
        ...

    @property
    def votes(self) -> VoteStore:
        """Thumbs up and down."""
        ...

    @property
    def counters(self) -> CounterStore:
        """How often things happened."""
        ...


class Desk:
    """Shows what was asked in vain, tries what could be done about it, and does it."""

    def __init__(  # noqa: PLR0913 - all that is needed to try, write and tell
        self,
        knowledge: Knowledge,
        matcher: Matcher,
        *,
        records: Records,
        tools: Tools,
        vectors: Vectors,
        backups: Path,
        clock: Clock,
    ) -> None:
        """Work on `knowledge`; files as they were before a change are kept in `backups`."""
        self._tools, self._vectors = tools, vectors
        self._records, self._backups, self._clock = records, backups, clock
        self._know(knowledge, matcher)

    def reread(self) -> None:
        """Work on the knowledge as it stands in its folder now. Raises KnowledgeError."""
        knowledge = self._tools.read(self._tools.folder)
        self._know(knowledge, self._tools.fit(knowledge))

    def _know(self, knowledge: Knowledge, matcher: Matcher) -> None:
        """Work on `knowledge`."""
        self.catalogue = Catalogue(knowledge)
        self._inbox = Inbox(matcher, self._vectors)
        self._sorted: tuple[tuple[Miss, ...], tuple[Cluster, ...]] | None = None
        self._workshop = Workshop(self._tools, knowledge, matcher)

    async def clusters(self) -> tuple[Cluster, ...]:
        """Return the questions in vain, by meaning; `near` tells the rest. Raises StoreError."""
        misses = await self._records.misses.since(self._clock() - LONGEST_BACK)
        if self._sorted is None or self._sorted[0] != misses:
            self._sorted = misses, await asyncio.to_thread(self._inbox.sorted, misses)
        return self._sorted[1]

    async def cluster(self, name: str) -> Cluster | None:
        """Return the cluster with this id, if it still holds the same questions."""
        found = (each for each in await self.clusters() if each.id == name)
        return next((self.near(each) for each in found), None)

    def near(self, cluster: Cluster) -> Cluster:
        """Return `cluster` with the entries and the field outside that are nearest to it."""
        return self._inbox.near(cluster)

    async def trends(self, days: int = DAYS) -> Trends:
        """Return how the bot fared in the last days. Raises StoreError."""
        today = self._clock().date()
        first = today - timedelta(days=days - 1)
        counts = await self._records.counters.between(first, today)
        named = ((self.catalogue.entry(uid), n) for uid, n in topics_of(counts))
        topics = tuple((entry, n) for entry, n in named if entry is not None)
        return Trends(
            days_of(counts, first, today),
            topics[:_MOST_TOPICS],
            await self._opinions(),
            stale(self.catalogue.knowledge, today),
        )

    def trial(self, proposal: Proposal, track: Track) -> Trial:
        """Try `proposal` on a copy; that may take long. Raises AuthoringError."""
        return self._workshop.trial(proposal, self._clock().date(), track)

    async def accept(self, trial: Trial, cluster: Cluster) -> Path:
        """Write what was tried, settle its cluster, and return where the backup lies.

        Raises AuthoringError if it can't be written, StoreError if its questions can't be deleted.
        """
        if trial.problems:
            message = "what check complains of can't be written"
            raise AuthoringError(message)
        kept = write(trial.files, self._tools.folder, self._backups, self._clock())
        await self.dismiss(cluster)
        return kept

    async def dismiss(self, cluster: Cluster) -> None:
        """Delete the questions of a cluster. Raises StoreError."""
        for miss in cluster.misses:
            await self._records.misses.delete(miss)

    async def _opinions(self) -> tuple[Opinion, ...]:
        """Return what readers think of answers, those with most thumbs down first."""
        votes = self._records.votes
        found = []
        for each in await votes.sums():
            entry = self.catalogue.entry(each.entry)
            if entry is not None:
                reasons = await votes.reasons(each.entry) if each.down else {}
                found.append(Opinion(entry, each.up, each.down, reasons))
        return tuple(sorted(found, key=lambda one: (-one.down, one.up, one.entry.uid)))
