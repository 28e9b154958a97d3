"""Profiles in the database: a row of settings, and a row for each checkpoint's answer."""

from collections.abc import Callable, Sequence
from typing import Any, Unpack, cast, get_args

from sqlalchemy import Connection, Row, bindparam, delete, select

from bot.conversation.ports import Clock
from bot.conversation.records import (
    CheckpointAnswer,
    Profile,
    ProfileChanges,
    QuietHours,
    ReplyLength,
)
from bot.stores.database.engine import Database
from bot.stores.database.tables import checkpoint_answers, profiles

_ANSWER = [checkpoint_answers.c[name] for name in ("question", *CheckpointAnswer._fields)]
_ALL = (
    select(profiles, *_ANSWER)
    .select_from(profiles.outerjoin(checkpoint_answers))
    .where(profiles.c.person == bindparam("person"))
)


class DatabaseProfileStore:
    """A ProfileStore; people change settings side by side without undoing each other's."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Keep profiles in `database`."""
        self._database = database
        self._clock = clock

    async def all(self, person: str) -> Profile:
        """Return everything that is known of `person`."""
        one = {"person": person}
        rows = await self._database.read(lambda connection: connection.execute(_ALL, one).all())
        return _profile(rows) if rows else Profile()

    async def set(self, person: str, **changes: Unpack[ProfileChanges]) -> None:
        """Change these settings and leave the others."""
        await self._database.write(self._changing(person, _columns(changes)))

    async def answer(self, person: str, question: str, answer: CheckpointAnswer) -> None:
        """Keep the answer to a checkpoint's question; it replaces the one before."""
        row = {"person": person, "question": question, **answer._asdict()}
        upsert = self._database.upsert(checkpoint_answers, *answer._fields).values(row)
        change = self._changing(person, {})

        def answered(connection: Connection) -> None:
            change(connection)
            connection.execute(upsert)

        await self._database.write(answered)

    async def clear(self, person: str) -> None:
        """Forget all settings and answers of `person`; the answers go with their profile."""
        await self._database.write(
            lambda connection: connection.execute(
                delete(profiles).where(profiles.c.person == person)
            )
        )

    def _changing(self, person: str, changes: dict[str, Any]) -> Callable[[Connection], object]:
        """Return what changes these columns of the person's row, which is used today."""
        kept = {**changes, "used_on": self._clock().date()}
        upsert = self._database.upsert(profiles, *kept).values(person=person, **kept)
        return lambda connection: connection.execute(upsert)


def _columns(changes: ProfileChanges) -> dict[str, Any]:
    """Return the columns for `changes`; quiet hours have two."""
    columns: dict[str, Any] = {**changes}
    if "quiet_hours" in columns:
        quiet = columns.pop("quiet_hours")
        columns |= {"quiet_start": quiet and quiet.start, "quiet_end": quiet and quiet.end}
    return columns


def _profile(rows: Sequence[Row[Any]]) -> Profile:
    """Return a profile: its settings stand in every row, with an answer each if there are any.

    A reply length that only a newer bot knows is ignored.
    """
    row = rows[0]
    known = row.reply_length in get_args(ReplyLength)
    quiet = QuietHours(row.quiet_start, row.quiet_end) if row.quiet_start is not None else None
    return Profile(
        reply_length=cast("ReplyLength", row.reply_length) if known else Profile.reply_length,
        text_only=row.text_only,
        time_zone=row.time_zone,
        quiet_hours=quiet,
        language=row.language,
        answers={
            one.question: CheckpointAnswer(one.option, one.at)
            for one in rows
            if one.question is not None
        },
    )
