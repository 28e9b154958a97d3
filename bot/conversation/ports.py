"""What the conversation needs from outside: stores and the matcher implement it."""

from typing import Protocol

from bot.conversation.model import Session
from bot.matching.calibration import Calibration
from bot.matching.matcher import Ranking
from bot.matching.reading import Reader


class SessionStore(Protocol):
    """Keeps one Session for each person in each place."""

    async def load(self, key: str) -> Session:
        """Return the session kept under `key`, or a new one."""
        ...

    async def save(self, key: str, session: Session) -> None:
        """Keep `session` under `key`."""
        ...


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

    def rank(self, question: str, guide: str = "") -> Ranking:
        """Rank the entries for `question`; with `guide`, only that guide's and the shared ones."""
        ...
