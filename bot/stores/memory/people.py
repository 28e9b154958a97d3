"""Everything that memory holds of people."""

import json
from collections.abc import Callable, Hashable, MutableMapping
from datetime import date, datetime
from typing import Any, TypeVar

from bot.stores import content
from bot.stores.memory.tables import ProfileRow, Tables

Rows = list[dict[str, Any]]
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class MemoryPeopleStore:
    """A PeopleStore over the tables in memory."""

    def __init__(self, tables: Tables) -> None:
        """Look after the people in `tables`."""
        self._tables = tables

    async def forget(self, person: str) -> None:
        """Erase everything of `person`."""
        tables = self._tables
        _drop(tables.sessions, lambda key, _: key.person == person)
        _drop(tables.profiles, lambda key, _: key == person)
        _drop(tables.votes, lambda key, _: key[0] == person)
        _drop(tables.reminders, lambda _, row: row.reminder.person == person)
        _drop(tables.updates, lambda _, row: row.arrival.chat == person)
        _drop(tables.paces, lambda key, _: key == person)

    async def export(self, person: str) -> dict[str, Any]:
        """Return everything of `person` as plain JSON data: a list of objects for each table."""
        profile = self._tables.profiles.get(person)
        return {
            "sessions": self._sessions(person),
            "profiles": [_profile(profile)] if profile else [],
            "checkpoint_answers": _answers(profile) if profile else [],
            "votes": self._votes(person),
            "reminders": self._reminders(person),
            "updates": self._updates(person),
        }

    async def prune(self, before: date) -> int:
        """Delete what people last used before a day; return how many things."""
        tables = self._tables
        dropped = _drop(tables.sessions, lambda _, row: row.used_on < before)
        present = {speaker.person for speaker in tables.sessions}
        return (
            dropped
            + _drop(tables.profiles, lambda key, row: row.used_on < before and key not in present)
            + _drop(tables.votes, lambda _, row: row.given_on < before)
            + _drop(tables.reminders, lambda _, row: row.reminder.due.date() < before)
        )

    def _sessions(self, person: str) -> Rows:
        """Return the person's sessions, by chat."""
        return [
            {
                "chat": speaker.chat,
                "content": json.loads(content.as_text(row.session)),
                "used_on": row.used_on.isoformat(),
            }
            for speaker, row in sorted(self._tables.sessions.items(), key=lambda item: item[0])
            if speaker.person == person
        ]

    def _votes(self, person: str) -> Rows:
        """Return the person's votes, by entry."""
        return [
            {"entry": entry, **row.vote._asdict(), "given_on": row.given_on.isoformat()}
            for (voter, entry), row in sorted(self._tables.votes.items(), key=lambda item: item[0])
            if voter == person
        ]

    def _reminders(self, person: str) -> Rows:
        """Return the person's reminders, by id."""
        return [
            {
                "id": row.reminder.id,
                "chat": row.reminder.chat,
                "entry": row.reminder.entry,
                "text": row.reminder.text,
                "due": row.reminder.due.isoformat(),
                "done_at": _iso(row.done_at),
            }
            for row in self._tables.reminders.values()
            if row.reminder.person == person
        ]

    def _updates(self, person: str) -> Rows:
        """Return the updates of the person's private chat, by id."""
        return [
            {
                "id": update,
                "chat": row.arrival.chat,
                "claimed_at": row.claimed_at.isoformat(),
                "answered_at": _iso(row.answered_at),
                "content": json.loads(row.arrival.content or "null"),
            }
            for update, row in sorted(self._tables.updates.items())
            if row.arrival.chat == person
        ]


def _profile(row: ProfileRow) -> dict[str, Any]:
    """Return a profile without its answers."""
    profile, quiet = row.profile, row.profile.quiet_hours
    return {
        "used_on": row.used_on.isoformat(),
        "reply_length": profile.reply_length,
        "text_only": profile.text_only,
        "time_zone": profile.time_zone,
        "quiet_start": quiet.start.isoformat() if quiet else None,
        "quiet_end": quiet.end.isoformat() if quiet else None,
        "language": profile.language,
    }


def _answers(row: ProfileRow) -> Rows:
    """Return a profile's answers, by question."""
    return [
        {"question": question, "option": answer.option, "at": answer.at.isoformat()}
        for question, answer in sorted(row.profile.answers.items())
    ]


def _iso(moment: datetime | None) -> str | None:
    """Return a moment as text, if there is one."""
    return moment.isoformat() if moment else None


def _drop(table: MutableMapping[K, V], drops: Callable[[K, V], bool]) -> int:
    """Delete the rows that `drops` says; return how many."""
    keys = [key for key, row in table.items() if drops(key, row)]
    for key in keys:
        del table[key]
    return len(keys)
