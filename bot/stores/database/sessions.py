"""Sessions in the database."""

from sqlalchemy import ColumnElement, delete, select

from bot.conversation.model import Session
from bot.conversation.ports import Clock
from bot.conversation.records import Speaker
from bot.stores import content
from bot.stores.database.engine import Database
from bot.stores.database.tables import sessions


class DatabaseSessionStore:
    """A SessionStore whose sessions outlive the process."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Keep sessions in `database`."""
        self._database = database
        self._clock = clock

    async def load(self, speaker: Speaker) -> Session:
        """Return the session of `speaker`; a new one if there is none that can be read."""
        query = select(sessions.c.content).where(*_is(speaker))
        text = await self._database.read(lambda connection: connection.scalar(query))
        return content.from_text(text) if text else Session()

    async def save(self, speaker: Speaker, session: Session) -> None:
        """Keep `session`; it replaces the one before."""
        kept = {"content": content.as_text(session), "used_on": self._clock().date()}
        row = self._database.insert(sessions).values(**speaker._asdict(), **kept)
        upsert = row.on_conflict_do_update(index_elements=["chat", "person"], set_=kept)
        await self._database.write(lambda connection: connection.execute(upsert))

    async def forget(self, speaker: Speaker) -> None:
        """Begin anew with `speaker`."""
        await self._database.write(
            lambda connection: connection.execute(delete(sessions).where(*_is(speaker)))
        )


def _is(speaker: Speaker) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for the row of `speaker`."""
    return (sessions.c.chat == speaker.chat, sessions.c.person == speaker.person)
