"""Brings a database up to date."""

from sqlalchemy import Connection, column, func, inspect, select, table

from bot.errors import StoreError
from bot.stores.database.engine import Database

NEWEST = "count_the_messages_of_a_minute"
"""The last migration."""
_VERSION = table("alembic_version", column("version_num"))
_LOCK = func.pg_advisory_xact_lock(func.hashtextextended("guidebot migrations", 0))


async def upgrade(database: Database) -> None:
    """Run the migrations that `database` lacks, in one transaction that no other process shares.

    Raises StoreError if it can't be used, or if a newer bot has made it.
    """

    def alone(connection: Connection) -> None:
        if database.is_postgresql:
            connection.execute(select(_LOCK))
        if not _is_up_to_date(connection):
            _upgrade(connection)

    await database.write(alone)


def _is_up_to_date(connection: Connection) -> bool:
    """Say whether the database has had the last migration."""
    made = inspect(connection).has_table(_VERSION.name)
    return made and connection.scalars(select(_VERSION)).all() == [NEWEST]


def _upgrade(connection: Connection) -> None:
    """Run Alembic over `connection`."""
    from alembic import command  # noqa: PLC0415 - few starts have anything to migrate
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "bot.stores:migrations")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        message = (
            "the database was made by a newer bot: update this one, or set another DATABASE_URL"
        )
        raise StoreError(message) from None
