"""Reminders in memory."""

from datetime import UTC, date, datetime, tzinfo
from itertools import count

from bot.conversation.ports import Clock
from bot.conversation.records import Reminder
from bot.stores.memory.tables import ReminderRow, Tables
from bot.stores.schedule import LEASE, MOST_LEASE, first_free, in_order


class MemoryReminderStore:
    """A ReminderStore that forgets when the process ends."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        """Keep reminders in `tables`."""
        self._rows = tables.reminders
        self._clock = clock
        self._ids = count(1)

    async def add(self, reminder: Reminder) -> Reminder:
        """Keep `reminder`; return it with its id."""
        kept = reminder._replace(id=next(self._ids), due=reminder.due.astimezone(UTC))
        self._rows[kept.id] = ReminderRow(kept)
        return kept

    async def pending(self, person: str) -> tuple[Reminder, ...]:
        """Return the reminders of `person` that were not sent yet, next first."""
        mine = [row for row in self._rows.values() if row.reminder.person == person]
        return in_order(row.reminder for row in mine if row.done_at is None)

    async def cancel(self, person: str, reminder: int) -> bool:
        """Delete a reminder of `person` that was not sent yet; say whether there was one."""
        found = any(one.id == reminder for one in await self.pending(person))
        if found:
            del self._rows[reminder]
        return found

    async def due(self, now: datetime, most: int = 100) -> tuple[Reminder, ...]:
        """Claim and return what is due and claimed by nobody."""
        free = [row.reminder for row in self._rows.values() if _is_free(row, now)]
        claimed = in_order(free)[:most]
        for one in claimed:
            self._rows[one.id] = ReminderRow(one, claimed_until=now + LEASE)
        return claimed

    async def done(self, reminder: int) -> None:
        """Say that a reminder was sent."""
        if reminder in self._rows:
            self._rows[reminder] = self._rows[reminder]._replace(done_at=self._clock())

    async def put_off(self, reminder: int, due: datetime) -> None:
        """Make a reminder due at another moment, claimed by nobody."""
        if reminder in self._rows:
            moved = self._rows[reminder].reminder._replace(due=due.astimezone(UTC))
            self._rows[reminder] = ReminderRow(moved)

    async def last_sent(self, person: str) -> datetime | None:
        """Return when `person` was last sent a reminder."""
        mine = [row for row in self._rows.values() if row.reminder.person == person]
        return max((row.done_at for row in mine if row.done_at is not None), default=None)

    async def next_free_day(self, person: str, first: date, zone: tzinfo = UTC) -> date:
        """Return the first day from `first` on, in `zone`, without a reminder."""
        mine = [row.reminder for row in self._rows.values() if row.reminder.person == person]
        return first_free((one.due for one in mine), first, zone)


def _is_free(row: ReminderRow, now: datetime) -> bool:
    """Say whether a reminder is due and nobody sends it."""
    until = row.claimed_until
    claimed = until is not None and now < until <= now + MOST_LEASE
    return row.reminder.due <= now and row.done_at is None and not claimed
