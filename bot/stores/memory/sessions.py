"""Sessions in memory: the least recently used are forgotten first."""

from datetime import UTC, datetime

from bot.conversation.model import Session
from bot.conversation.ports import Clock
from bot.conversation.records import Speaker
from bot.stores.memory.tables import SessionRow, Tables

MOST_SESSIONS = 10_000


class MemorySessionStore:
    """A SessionStore that forgets when the process ends."""

    def __init__(
        self,
        tables: Tables | None = None,
        clock: Clock = lambda: datetime.now(UTC),
        *,
        most: int = MOST_SESSIONS,
    ) -> None:
        """Keep at most `most` sessions in `tables`."""
        self._sessions = (tables or Tables()).sessions
        self._clock = clock
        self._most = most

    async def load(self, speaker: Speaker) -> Session:
        """Return the session of `speaker`, or a new one."""
        if speaker not in self._sessions:
            return Session()
        self._sessions.move_to_end(speaker)
        return self._sessions[speaker].session

    async def save(self, speaker: Speaker, session: Session) -> None:
        """Keep `session`; forget the one unused for longest if there are too many."""
        self._sessions[speaker] = SessionRow(session, self._clock().date())
        self._sessions.move_to_end(speaker)
        if len(self._sessions) > self._most:
            self._sessions.popitem(last=False)

    async def forget(self, speaker: Speaker) -> None:
        """Begin anew with `speaker`."""
        self._sessions.pop(speaker, None)
