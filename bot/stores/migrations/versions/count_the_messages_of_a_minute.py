"""Count what people write in a minute, for all processes together.

What is counted is of no worth a minute later: on PostgreSQL it needs no log that survives a crash.
"""

import sqlalchemy as sa
from alembic import op

revision = "count_the_messages_of_a_minute"
down_revision = "keep_what_is_not_answered_yet"


def upgrade() -> None:
    """Create the table."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "paces",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column(
            "said",
            sa.ARRAY(sa.DateTime(timezone=True)).with_variant(sa.Text, "sqlite"),
            nullable=False,
        ),
        sa.Column("beyond", sa.Integer, nullable=False),
        prefixes=["UNLOGGED"] if postgresql else [],
    )
