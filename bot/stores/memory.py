"""Sessions in this process's memory: the least recently used are forgotten first."""

from collections import OrderedDict

from bot.conversation.model import Session

MOST_SESSIONS = 10_000


class MemorySessionStore:
    """A SessionStore that forgets when the process ends."""

    def __init__(self, most: int = MOST_SESSIONS) -> None:
        """Keep at most `most` sessions."""
        self._most = most
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    async def load(self, key: str) -> Session:
        """Return the session kept under `key`, or a new one."""
        if key not in self._sessions:
            return Session()
        self._sessions.move_to_end(key)
        return self._sessions[key]

    async def save(self, key: str, session: Session) -> None:
        """Keep `session` under `key`; forget the one unused for longest if there are too many."""
        self._sessions[key] = session
        self._sessions.move_to_end(key)
        if len(self._sessions) > self._most:
            self._sessions.popitem(last=False)
