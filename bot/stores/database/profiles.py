"""Profiles in the database: a row of settings, and a row for each checkpoint's answer."""

from typing import Any, Unpack, cast, get_args

from sqlalchemy import Row, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

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


class DatabaseProfileStore:
    """A ProfileStore; people change settings side by side without undoing each other's."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Keep profiles in `database`."""
        self._database = database
        self._clock = clock

    async def all(self, person: str) -> Profile:
        """Return everything that is known of `person`."""
        settings = select(profiles).where(profiles.c.person == person)
        said = select(checkpoint_answers).where(checkpoint_answers.c.person == person)
        async with self._database.reading() as connection:
            row = (await connection.execute(settings)).one_or_none()
            answers = (await connection.execute(said)).all() if row else ()
        return _profile(row, {one.question: _answer(one) for one in answers}) if row else Profile()

    async def set(self, person: str, **changes: Unpack[ProfileChanges]) -> None:
        """Change these settings and leave the others."""
        async with self._database.writing() as connection:
            await self._change(connection, person, _columns(changes))

    async def answer(self, person: str, question: str, answer: CheckpointAnswer) -> None:
        """Keep the answer to a checkpoint's question; it replaces the one before."""
        row = self._database.insert(checkpoint_answers)
        upsert = row.values(
            person=person, question=question, **answer._asdict()
        ).on_conflict_do_update(index_elements=["person", "question"], set_=answer._asdict())
        async with self._database.writing() as connection:
            await self._change(connection, person, {})
            await connection.execute(upsert)

    async def clear(self, person: str) -> None:
        """Forget all settings and answers of `person`; the answers go with their profile."""
        async with self._database.writing() as connection:
            await connection.execute(delete(profiles).where(profiles.c.person == person))

    async def _change(
        self, connection: AsyncConnection, person: str, changes: dict[str, Any]
    ) -> None:
        """Change these columns of the person's row, which is used today."""
        kept = {**changes, "used_on": self._clock().date()}
        row = self._database.insert(profiles).values(person=person, **kept)
        await connection.execute(row.on_conflict_do_update(index_elements=["person"], set_=kept))


def _columns(changes: ProfileChanges) -> dict[str, Any]:
    """Return the columns for `changes`; quiet hours have two."""
    columns: dict[str, Any] = {**changes}
    if "quiet_hours" in columns:
        quiet = columns.pop("quiet_hours")
        columns |= {"quiet_start": quiet and quiet.start, "quiet_end": quiet and quiet.end}
    return columns


def _profile(row: Row[Any], answers: dict[str, CheckpointAnswer]) -> Profile:
    """Return the profile in `row`; a reply length that only a newer bot knows is ignored."""
    known = row.reply_length in get_args(ReplyLength)
    quiet = QuietHours(row.quiet_start, row.quiet_end) if row.quiet_start is not None else None
    return Profile(
        reply_length=cast("ReplyLength", row.reply_length) if known else Profile.reply_length,
        text_only=row.text_only,
        time_zone=row.time_zone,
        quiet_hours=quiet,
        language=row.language,
        answers=answers,
    )


def _answer(row: Row[Any]) -> CheckpointAnswer:
    """Return the answer in `row`."""
    return CheckpointAnswer(row.option, row.at)
