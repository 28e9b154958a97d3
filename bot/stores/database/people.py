"""Everything that the database holds of people."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, delete, select

from bot.stores.database.engine import Database
from bot.stores.database.tables import (
    checkpoint_answers,
    paces,
    profiles,
    reminders,
    sessions,
    updates,
    votes,
)

_PERSONAL = (sessions, profiles, checkpoint_answers, votes, reminders, updates)
_ERASED = (*_PERSONAL, paces)
"""Whose message counts for a minute is erased as well, and is nothing to tell."""
_NOT_TOLD = {"person", "claimed_until"}
"""Columns that an export leaves out: the same everywhere, or of no meaning to a person."""


class DatabasePeopleStore:
    """A PeopleStore; each of its methods is one transaction."""

    def __init__(self, database: Database, erase: Callable[[str], None]) -> None:
        """Look after the people in `database`; `erase` what this process alone knows of one."""
        self._database = database
        self._erase = erase

    async def forget(self, person: str) -> None:
        """Erase everything of `person`: all of it or, with StoreError, nothing."""

        def erase(connection: Connection) -> None:
            for table in _ERASED:
                connection.execute(delete(table).where(_belongs(table, person)))

        await self._database.write(erase)
        self._erase(person)

    async def export(self, person: str) -> dict[str, Any]:
        """Return everything of `person` as plain JSON data: a list of objects for each table."""

        def mine(connection: Connection, table: Table) -> list[dict[str, Any]]:
            query = select(table).where(_belongs(table, person))
            rows = connection.execute(query).mappings().all()
            return [_told(row) for row in _in_order(table, rows)]

        return await self._database.read(
            lambda connection: {table.name: mine(connection, table) for table in _PERSONAL}
        )

    async def prune(self, before: date) -> int:
        """Delete what people last used before a day; return how many things."""
        moment = datetime.combine(before, time(), UTC)
        present = select(sessions.c.person)
        unused = (profiles.c.used_on < before, profiles.c.person.not_in(present))
        old = (
            delete(sessions).where(sessions.c.used_on < before),
            delete(profiles).where(*unused),
            delete(votes).where(votes.c.given_on < before),
            delete(reminders).where(reminders.c.due < moment),
        )
        return await self._database.write(
            lambda connection: sum(connection.execute(each).rowcount for each in old)
        )


def _belongs(table: Table, person: str) -> ColumnElement[bool]:
    """Return the condition for the rows of `person`; their private chat has their name."""
    return (table.c.chat if table is updates else table.c.person) == person


def _in_order(table: Table, rows: Sequence[RowMapping]) -> list[RowMapping]:
    """Return rows by their key, in the same order whatever the database sorts like."""
    key = [column.name for column in table.primary_key]
    return sorted(rows, key=lambda row: tuple(row[name] for name in key))


def _told(row: RowMapping) -> dict[str, Any]:
    """Return a row as a JSON object."""
    told = {name: value for name, value in row.items() if name not in _NOT_TOLD}
    return {name: _plain(name, value) for name, value in told.items()}


def _plain(name: str, value: object) -> object:
    """Return a column's value as JSON has it; dates, times and moments are ISO 8601."""
    if name == "content":
        return json.loads(str(value) or "null")
    return value.isoformat() if isinstance(value, (date, time)) else value
