"""The whole schema, with what only its makers need: indexes of some rows, in each database's terms.

Such an index makes SQLAlchemy import the dialects that it has terms of, which takes a start a tenth
of a second; who only uses the tables does without.
"""

from functools import cache

from sqlalchemy import Index, MetaData

from bot.stores.database.tables import metadata, updates


@cache
def schema() -> MetaData:
    """Return all tables and indexes."""
    waiting = updates.c.answered_at.is_(None)
    Index(
        "ix_updates_waiting",
        updates.c.chat,
        updates.c.id,
        postgresql_where=waiting,
        sqlite_where=waiting,
    )
    return metadata
