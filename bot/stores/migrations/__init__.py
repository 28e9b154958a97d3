"""Alembic's environment. Each file in `versions` is one change, named by what it does."""
