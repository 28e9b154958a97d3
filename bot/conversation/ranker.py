"""What the conversation needs to know what is meant: the matcher implements it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from bot.matching.calibration import Calibration
from bot.matching.matcher import Likeness, Ranking
from bot.matching.reading import Reader, Reading


class Ranker(Protocol):
    """Ranks what a question could mean."""

    @property
    def reader(self) -> Reader:
        """How questions are read."""
        ...

    @property
    def calibration(self) -> Calibration:
        """The thresholds for its rankings."""
        ...

    def prepare(self, questions: Iterable[str]) -> None:
        """Look at `questions` together before they are ranked: it costs less than one by one."""
        ...

    def rank(
        self, question: str, guide: str = "", near: Mapping[str, float] | None = None
    ) -> Ranking:
        """Rank the entries for `question`; with `guide`, only that guide's and the shared ones.

        `near` says how much likelier than otherwise some entries are, by uid.
        """
        ...

    def likenesses(self, reading: Reading, phrases: Sequence[str]) -> tuple[Likeness, ...]:
        """Return how like each phrasing is to what was read."""
        ...
