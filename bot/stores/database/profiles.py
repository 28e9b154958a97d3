"""Profiles in the database: a row of settings, and a row for each checkpoint's answer."""

from collections.abc import Callable
from typing import Any, Unpack, cast, get_args

from sqlalchemy import Connection, Row, delete, select

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

        def found(connection: Connection) -> Profile:
            row = connection.execute(settings).one_or_none()
            if row is None:
                return Profile()
            answers = {one.question: _answer(one) for one in connection.execute(said)}
            return _profile(row, answers)

        return await self._database.read(found)

    async def set(self, person: str, **changes: Unpack[ProfileChanges]) -> None:
        """Change these settings and leave the others."""
        await self._database.write(self._changing(person, _columns(changes)))

    async def answer(self, person: str, question: str, answer: CheckpointAnswer) -> None:
        """Keep the answer to a checkpoint's question; it replaces the one before."""
        row = self._database.insert(checkpoint_answers)
        upsert = row.values(
            person=person, question=question, **answer._asdict()
        ).on_conflict_do_update(index_elements=["person", "question"], set_=answer._asdict())
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
        row = self._database.insert(profiles).values(person=person, **kept)
        upsert = row.on_conflict_do_update(index_elements=["person"], set_=kept)
        return lambda connection: connection.execute(upsert)


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
