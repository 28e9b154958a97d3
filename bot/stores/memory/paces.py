"""How fast people write, counted by this process alone."""

from datetime import datetime, timedelta

from bot.conversation.records import Welcome
from bot.stores.memory.tables import PaceRow, Tables

MINUTE = timedelta(minutes=1)
"""How long a message counts, and how long who floods is left alone."""


class MemoryPaceStore:
    """A PaceStore that remembers times for a minute, and nothing of what was written."""

    def __init__(self, tables: Tables) -> None:
        """Count in `tables`."""
        self._rows = tables.paces

    async def welcome(self, person: str, now: datetime, most: int) -> Welcome:
        """Count a message that `person` writes now; say what it is to be met with."""
        self._drop_old(now)
        row = self._rows.get(person, PaceRow())
        lately = tuple(at for at in row.said if _is_recent(at, now))
        if row.told and lately:
            return "out"
        told = len(lately) >= most
        self._rows[person] = PaceRow((now,) if told else (*lately, now), told)
        self._rows.move_to_end(person)
        return "told" if told else "in"

    def forget(self, person: str) -> None:
        """Count `person` anew."""
        self._rows.pop(person, None)

    def _drop_old(self, now: datetime) -> None:
        """Drop who wrote nothing for a minute; they stand in the order of their last message."""
        while self._rows and not _is_recent(next(iter(self._rows.values())).said[-1], now):
            self._rows.popitem(last=False)


def _is_recent(at: datetime, now: datetime) -> bool:
    """Say whether a message still counts; one from later than in a minute is from a wrong clock."""
    return abs(now - at) < MINUTE
