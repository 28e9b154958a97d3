"""Reminders in the database, claimed by one process each."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sqlalchemy import delete, insert, or_, select, update

from bot.conversation.ports import Clock
from bot.conversation.records import Reminder
from bot.stores.database.engine import Database
from bot.stores.database.tables import reminders
from bot.stores.schedule import LEASE, MOST_LEASE, first_free, in_order

_REMINDER = [reminders.c[name] for name in Reminder._fields]


class DatabaseReminderStore:
    """A ReminderStore for several processes at once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Keep reminders in `database`."""
        self._database = database
        self._clock = clock

    async def add(self, reminder: Reminder) -> Reminder:
        """Keep `reminder`; return it with its id."""
        row = reminder._asdict()
        del row["id"]
        statement = insert(reminders).values(**row).returning(*_REMINDER)
        return Reminder(
            *await self._database.write(lambda connection: connection.execute(statement).one())
        )

    async def pending(self, person: str) -> tuple[Reminder, ...]:
        """Return the reminders of `person` that were not sent yet, next first."""
        waiting = (reminders.c.person == person, reminders.c.done_at.is_(None))
        query = select(*_REMINDER).where(*waiting)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return in_order(Reminder(*row) for row in rows)

    async def cancel(self, person: str, reminder: int) -> bool:
        """Delete a reminder of `person` that was not sent yet; say whether there was one."""
        waiting = (reminders.c.person == person, reminders.c.done_at.is_(None))
        statement = delete(reminders).where(reminders.c.id == reminder, *waiting)
        gone = await self._database.write(lambda connection: connection.execute(statement).rowcount)
        return gone > 0

    async def due(self, now: datetime, most: int = 100) -> tuple[Reminder, ...]:
        """Claim and return what is due and claimed by nobody, in this or another process.

        Rows that another transaction is claiming are left to it: on PostgreSQL they are skipped;
        SQLite, which ignores FOR UPDATE, lets only one transaction write.
        """
        until = reminders.c.claimed_until
        free = or_(until.is_(None), until <= now, until > now + MOST_LEASE)
        chosen = (
            select(reminders.c.id)
            .where(reminders.c.due <= now, reminders.c.done_at.is_(None), free)
            .order_by(reminders.c.due, reminders.c.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        claim = update(reminders).where(reminders.c.id.in_(chosen))
        claimed = claim.values(claimed_until=now + LEASE).returning(*_REMINDER)
        rows = await self._database.write(lambda connection: connection.execute(claimed).all())
        return in_order(Reminder(*row) for row in rows)

    async def done(self, reminder: int) -> None:
        """Say that a reminder was sent, so that nobody sends it again."""
        sent = update(reminders).where(reminders.c.id == reminder)
        await self._database.write(
            lambda connection: connection.execute(sent.values(done_at=self._clock()))
        )

    async def put_off(self, reminder: int, due: datetime) -> None:
        """Make a reminder that was claimed due at another moment, claimed by nobody."""
        moved = update(reminders).where(reminders.c.id == reminder)
        await self._database.write(
            lambda connection: connection.execute(moved.values(due=due, claimed_until=None))
        )

    async def last_sent(self, person: str) -> datetime | None:
        """Return when `person` was last sent a reminder; None if never."""
        sent = (reminders.c.person == person, reminders.c.done_at.is_not(None))
        latest = select(reminders.c.done_at).where(*sent).order_by(reminders.c.done_at.desc())
        return await self._database.read(lambda connection: connection.scalar(latest.limit(1)))

    async def next_free_day(self, person: str, first: date, zone: tzinfo = UTC) -> date:
        """Return the first day from `first` on, in `zone`, without a reminder sent or to send."""
        since = datetime.combine(first, time(), UTC) - timedelta(days=1)  # zones differ by less
        query = select(reminders.c.due).where(reminders.c.person == person, reminders.c.due > since)
        dues = await self._database.read(lambda connection: connection.scalars(query).all())
        return first_free(dues, first, zone)
