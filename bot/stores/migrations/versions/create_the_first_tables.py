"""Create the tables for sessions, profiles, votes, misses, reminders, updates, files, counters."""

import sqlalchemy as sa
from alembic import op

revision = "create_the_first_tables"
down_revision = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    _create_what_belongs_to_a_person()
    _create_what_belongs_to_nobody()


def _create_what_belongs_to_a_person() -> None:
    """Create the tables that know people, directly or by their private chat's name."""
    op.create_table(
        "sessions",
        sa.Column("chat", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("used_on", sa.Date, nullable=False),
    )
    op.create_table(
        "profiles",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("used_on", sa.Date, nullable=False),
        sa.Column("reply_length", sa.Text, nullable=False, server_default="normal"),
        sa.Column("text_only", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("time_zone", sa.Text, nullable=False, server_default=""),
        sa.Column("quiet_start", sa.Time),
        sa.Column("quiet_end", sa.Time),
        sa.Column("language", sa.Text, nullable=False, server_default=""),
    )
    op.create_table(
        "checkpoint_answers",
        sa.Column(
            "person",
            sa.Text,
            sa.ForeignKey("profiles.person", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("question", sa.Text, primary_key=True),
        sa.Column("option", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_table(
        "votes",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("entry", sa.Text, primary_key=True),
        sa.Column("value", sa.SmallInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("given_on", sa.Date, nullable=False),
    )
    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("due", _MOMENT, nullable=False),
        sa.Column("claimed_until", _MOMENT),
        sa.Column("done_at", _MOMENT),
        sqlite_autoincrement=True,
    )
    for table, column in (
        ("sessions", "person"),
        ("sessions", "used_on"),
        ("votes", "entry"),
        ("reminders", "person"),
        ("reminders", "due"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])


def _create_what_belongs_to_nobody() -> None:
    """Create the tables that know nobody; a claimed update knows its chat for two days."""
    op.create_table(
        "misses",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("nearest", sa.Text, nullable=False),
        sa.Column("guide", sa.Text, nullable=False),
    )
    op.create_table(
        "updates",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("claimed_at", _MOMENT, nullable=False),
        sa.Column("answered_at", _MOMENT),
    )
    op.create_table(
        "file_ids",
        sa.Column("figure", sa.Text, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("file_id", sa.Text, nullable=False),
    )
    op.create_table(
        "counters",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("n", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_misses_at", "misses", ["at"])
    op.create_index("ix_updates_claimed_at", "updates", ["claimed_at"])
