"""How fast people write, counted by all processes together in PostgreSQL."""

import logging
from datetime import datetime

from sqlalchemy import Connection, bindparam, text

from bot.conversation.records import Welcome
from bot.errors import StoreError
from bot.stores.database.engine import Database
from bot.stores.database.tables import Moment, Words
from bot.stores.memory.paces import MINUTE, MemoryPaceStore

log = logging.getLogger(__name__)

_TYPED = (bindparam("person", type_=Words), bindparam("now", type_=Moment))
# `said` has the moments that count; of who was told, only that moment, as nothing counts until a
# minute after it. `beyond` is how many messages came since there were too many, that one included.
# The row stays locked from its reading to its change: of any number of processes, one tells.
_WELCOME = text("""
INSERT INTO paces AS pace (person, said, beyond)
VALUES (:person, ARRAY[CAST(:now AS timestamptz)], 0)
ON CONFLICT (person) DO UPDATE SET (said, beyond) = (
    SELECT
        CASE WHEN pace.beyond > 0 AND n > 0 THEN pace.said
            WHEN n < :most THEN lately || excluded.said
            ELSE excluded.said END,
        CASE WHEN pace.beyond > 0 AND n > 0 THEN pace.beyond + 1
            WHEN n < :most THEN 0
            ELSE 1 END
    FROM (
        SELECT array_agg(at) AS lately, count(*) AS n FROM unnest(pace.said) AS at
        WHERE at > CAST(:now AS timestamptz) - CAST(:minute AS interval)
            AND at < CAST(:now AS timestamptz) + CAST(:minute AS interval)
    ) AS minute
)
RETURNING beyond
""").bindparams(*_TYPED)
# after the statement above, which holds a row, waiting for others could be waiting for each other
_DROP_OLD = text("""
DELETE FROM paces WHERE person IN (
    SELECT person FROM paces
    WHERE said[cardinality(said)] NOT BETWEEN CAST(:now AS timestamptz) - CAST(:minute AS interval)
        AND CAST(:now AS timestamptz) + CAST(:minute AS interval)
    FOR UPDATE SKIP LOCKED
)
""").bindparams(_TYPED[1])


class DatabasePaceStore:
    """A PaceStore for several processes at once; while the database is away, each is alone."""

    def __init__(self, database: Database, alone: MemoryPaceStore) -> None:
        """Count in `database`; `alone` counts what this process lets in, for when that is away."""
        self._database = database
        self._alone = alone
        self._dropped: datetime | None = None

    async def welcome(self, person: str, now: datetime, most: int) -> Welcome:
        """Count a message that `person` writes now; say what it is to be met with."""
        alone = await self._alone.welcome(person, now, most)
        values = {"person": person, "now": now, "most": most, "minute": MINUTE}

        def count(connection: Connection) -> int:
            beyond = connection.scalar(_WELCOME, values)
            if self._dropped is None or abs(now - self._dropped) >= MINUTE:
                self._dropped = now
                connection.execute(_DROP_OLD, values)
            return int(beyond or 0)

        try:
            beyond = await self._database.write(count)
        except StoreError as error:
            log.warning("a message is counted by this process alone: %s", error)
            return alone
        return "in" if beyond == 0 else "told" if beyond == 1 else "out"
