"""A matcher's rankings, each made once, however often its text is asked for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.conversation.ranker import Ranker
from bot.matching.calibration import Calibration
from bot.matching.matcher import Likeness, Ranking
from bot.matching.reading import Reader, Reading

_Kept = dict[tuple[str, str, frozenset[tuple[str, float]]], Ranking]


class RememberedRankings:
    """A Ranker that remembers, so that other thresholds can be tried on the same rankings."""

    def __init__(self, ranker: Ranker) -> None:
        """Rank with `ranker` what wasn't ranked before."""
        self._ranker = ranker
        self._kept: _Kept = {}
        self.calibration: Calibration = ranker.calibration
        self.reader: Reader = ranker.reader

    def prepare(self, questions: Iterable[str]) -> None:
        """Look at `questions` together."""
        self._ranker.prepare(questions)

    def rank(
        self, question: str, guide: str = "", near: Mapping[str, float] | None = None
    ) -> Ranking:
        """Rank the entries for `question`, as the matcher does."""
        key = question, guide, frozenset((near or {}).items())
        if key not in self._kept:
            self._kept[key] = self._ranker.rank(question, guide, near)
        return self._kept[key]

    def likenesses(self, reading: Reading, phrases: Sequence[str]) -> tuple[Likeness, ...]:
        """Return how like each phrasing is to what was read."""
        return self._ranker.likenesses(reading, phrases)

    def with_floor(self, floor: float) -> "RememberedRankings":
        """Return the same rankings, what they remember shared, to be decided with another floor.

        Confidence and probabilities don't depend on it, so no ranking changes.
        """
        other = RememberedRankings(self._ranker)
        other._kept = self._kept
        other.calibration = replace(self.calibration, floor=floor)
        return other
