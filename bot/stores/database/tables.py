"""The tables, as they are after all migrations.

What belongs to a person stands in tables with a column ``person``; `updates` has only the chat,
which in private is the person. Counters, file ids and misses belong to nobody.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Time,
    TypeDecorator,
    false,
)


class Words(TypeDecorator[str]):
    """Text without the few characters that PostgreSQL refuses: NUL and halves of pairs."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return `value` with a question mark for each such character."""
        return value and value.encode("utf-8", "replace").decode().replace("\0", "?")


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; SQLite would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return `value` in UTC. Raises ValueError if it has no zone."""
        if value is not None and value.tzinfo is None:
            message = "a moment needs a time zone"
            raise ValueError(message)
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return a kept moment in UTC."""
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


metadata = MetaData(naming_convention={"ix": "ix_%(column_0_N_label)s"})

sessions = Table(
    "sessions",
    metadata,
    Column("chat", Words, primary_key=True),
    Column("person", Words, primary_key=True, index=True),
    Column("content", Text, nullable=False),
    Column("used_on", Date, nullable=False, index=True),
)

profiles = Table(
    "profiles",
    metadata,
    Column("person", Words, primary_key=True),
    Column("used_on", Date, nullable=False),
    Column("reply_length", Words, nullable=False, server_default="normal"),
    Column("text_only", Boolean, nullable=False, server_default=false()),
    Column("time_zone", Words, nullable=False, server_default=""),
    Column("quiet_start", Time),
    Column("quiet_end", Time),
    Column("language", Words, nullable=False, server_default=""),
)

checkpoint_answers = Table(
    "checkpoint_answers",
    metadata,
    Column("person", Words, ForeignKey(profiles.c.person, ondelete="CASCADE"), primary_key=True),
    Column("question", Words, primary_key=True),
    Column("option", Words, nullable=False),
    Column("at", Moment, nullable=False),
)

votes = Table(
    "votes",
    metadata,
    Column("person", Words, primary_key=True),
    Column("entry", Words, primary_key=True, index=True),
    Column("value", SmallInteger, nullable=False),
    Column("reason", Words, nullable=False),
    Column("given_on", Date, nullable=False),
)

misses = Table(
    "misses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("text", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("nearest", Text, nullable=False),
    Column("guide", Words, nullable=False),
)

reminders = Table(
    "reminders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", Words, nullable=False, index=True),
    Column("chat", Words, nullable=False),
    Column("entry", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("due", Moment, nullable=False, index=True),
    Column("claimed_until", Moment),
    Column("done_at", Moment),
    sqlite_autoincrement=True,  # an id that was cancelled is never another reminder's
)

updates = Table(
    "updates",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat", Words, nullable=False),
    Column("claimed_at", Moment, nullable=False, index=True),
    Column("answered_at", Moment),
    Column("content", Words, nullable=False, server_default=""),
)

paces = Table(  # for several processes together: in a file of SQLite nothing stands here
    "paces",
    metadata,
    Column("person", Words, primary_key=True),
    Column("said", ARRAY(DateTime(timezone=True)).with_variant(Text, "sqlite"), nullable=False),
    Column("beyond", Integer, nullable=False),
)

file_ids = Table(
    "file_ids",
    metadata,
    Column("figure", Words, primary_key=True),
    Column("digest", Words, nullable=False),
    Column("file_id", Words, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("day", Date, primary_key=True),
    Column("kind", Words, primary_key=True),
    Column("key", Words, primary_key=True),
    Column("n", BigInteger, nullable=False),
)
