"""Keep an update's content until it is answered, and find a chat's unanswered ones."""

import sqlalchemy as sa
from alembic import op

revision = "keep_what_is_not_answered_yet"
down_revision = "create_the_first_tables"

_OPEN = sa.text("answered_at IS NULL")


def upgrade() -> None:
    """Add the content and an index."""
    op.add_column("updates", sa.Column("content", sa.Text, nullable=False, server_default=""))
    op.create_index(
        "ix_updates_waiting",
        "updates",
        ["chat", "id"],
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    )
