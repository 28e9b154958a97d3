"""What the conversation needs from outside; stores implement it."""

from typing import Protocol

from bot.conversation.model import Session


class SessionStore(Protocol):
    """Keeps one Session for each person in each place."""

    async def load(self, key: str) -> Session:
        """Return the session kept under `key`, or a new one."""
        ...

    async def save(self, key: str, session: Session) -> None:
        """Keep `session` under `key`."""
        ...
