"""Brings a database up to date."""

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, func, select

from bot.errors import StoreError
from bot.stores.database.engine import Database

_LOCK = func.pg_advisory_xact_lock(func.hashtextextended("guidebot migrations", 0))


async def upgrade(database: Database) -> None:
    """Run the migrations that `database` lacks, in one transaction that no other process shares.

    Raises StoreError if it can't be used, or if a newer bot has made it.
    """

    def alone(connection: Connection) -> None:
        if database.is_postgresql:
            connection.execute(select(_LOCK))
        _upgrade(connection)

    await database.write(alone)


def _upgrade(connection: Connection) -> None:
    """Run Alembic over `connection`."""
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
