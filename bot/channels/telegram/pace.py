"""How fast people write: who floods is told so once, and left alone for a minute. Pure."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from typing import Literal

MOST_A_MINUTE = 20

Welcome = Literal["in", "told", "out"]
"""Answer; say that it's too much; say nothing."""

_MINUTE = timedelta(minutes=1)


class Pace:
    """Remembers, for a minute, when people wrote; nothing of what."""

    def __init__(self, most: int = MOST_A_MINUTE) -> None:
        """Let each person write `most` messages a minute; with 0, as many as they like."""
        self._most = most
        self._said: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._shut: dict[str, datetime] = {}

    def welcome(self, person: str, now: datetime) -> Welcome:
        """Say what a message that `person` wrote now is to be met with."""
        if not self._most:
            return "in"
        self._forget(now)
        if person in self._shut:
            return "out"
        said = self._said.setdefault(person, deque(maxlen=self._most))
        self._said.move_to_end(person)
        if len(said) == self._most and now - said[0] < _MINUTE:
            self._shut[person] = now + _MINUTE
            del self._said[person]
            return "told"
        said.append(now)
        return "in"

    def _forget(self, now: datetime) -> None:
        """Drop who wrote nothing for a minute, and let those in whose minute is over."""
        while self._said and now - next(iter(self._said.values()))[-1] >= _MINUTE:
            self._said.popitem(last=False)
        self._shut = {who: until for who, until in self._shut.items() if until > now}
