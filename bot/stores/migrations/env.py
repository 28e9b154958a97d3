"""Run by Alembic: migrates over the connection that it is given."""

from alembic import context

from bot.stores.database.schema import schema

context.configure(connection=context.config.attributes["connection"], target_metadata=schema())
with context.begin_transaction():
    context.run_migrations()
