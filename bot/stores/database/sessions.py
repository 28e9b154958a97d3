"""Sessions in the database."""

from sqlalchemy import bindparam, delete, select

from bot.conversation.model import Session
from bot.conversation.ports import Clock
from bot.conversation.records import Speaker
from bot.stores import content
from bot.stores.database.engine import Database
from bot.stores.database.tables import sessions

_ONE = (sessions.c.chat == bindparam("chat"), sessions.c.person == bindparam("person"))
_LOAD = select(sessions.c.content).where(*_ONE)
_FORGET = delete(sessions).where(*_ONE)


class DatabaseSessionStore:
    """A SessionStore whose sessions outlive the process."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Keep sessions in `database`."""
        self._database = database
        self._clock = clock
        self._save = database.upsert(sessions, "content", "used_on")

    async def load(self, speaker: Speaker) -> Session:
        """Return the session of `speaker`; a new one if there is none that can be read."""
        one = speaker._asdict()
        text = await self._database.read(lambda connection: connection.scalar(_LOAD, one))
        return content.from_text(text) if text else Session()

    async def save(self, speaker: Speaker, session: Session) -> None:
        """Keep `session`; it replaces the one before."""
        kept = {"content": content.as_text(session), "used_on": self._clock().date()}
        row = {**speaker._asdict(), **kept}
        await self._database.write(lambda connection: connection.execute(self._save, row))

    async def forget(self, speaker: Speaker) -> None:
        """Begin anew with `speaker`."""
        one = speaker._asdict()
        await self._database.write(lambda connection: connection.execute(_FORGET, one))
