"""When reminders are due: how long a claim lasts, their order, and which days are free."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo

from bot.conversation.records import Reminder

LEASE = timedelta(minutes=5)
"""How long a reminder stays claimed by somebody who doesn't say that it was sent."""
MOST_LEASE = 2 * LEASE
"""No claim lasts longer than this, with clocks that differ: then a clock has been set back."""


def in_order(reminders: Iterable[Reminder]) -> tuple[Reminder, ...]:
    """Return `reminders`, next first."""
    return tuple(sorted(reminders, key=lambda one: (one.due, one.id)))


def first_free(dues: Iterable[datetime], first: date, zone: tzinfo) -> date:
    """Return the first day from `first` on, in `zone`, on which none of `dues` falls."""
    taken = {due.astimezone(zone).date() for due in dues}
    day = first
    while day in taken:
        day += timedelta(days=1)
    return day
