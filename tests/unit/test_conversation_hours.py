"""Quiet hours and time zones."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.hours import USUAL, awake, zone_of
from bot.conversation.records import Profile, QuietHours

BERLIN = ZoneInfo("Europe/Berlin")
times = st.times(max_value=time(23, 59))


def _at(hour: int, minute: int = 0, day: int = 10) -> datetime:
    """Return a moment in Berlin."""
    return datetime(2030, 5, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (_at(8), _at(8)),
        (_at(20, 59), _at(20, 59)),
        (_at(21), _at(8, day=11)),
        (_at(23, 59), _at(8, day=11)),
        (_at(0), _at(8)),
        (_at(7, 59), _at(8)),
    ],
)
def test_the_usual_quiet_hours(moment: datetime, expected: datetime) -> None:
    """From 21 to 8 o'clock is quiet, over midnight."""
    assert expected == awake(moment, USUAL)


def test_quiet_hours_within_a_day() -> None:
    """Hours that end after they begin lie in one day."""
    nap = QuietHours(time(13), time(15, 30))
    assert (_at(15, 30), _at(16)) == (awake(_at(14), nap), awake(_at(16), nap))


@settings(derandomize=True, deadline=None)
@given(st.integers(0, 365 * 24 * 60), times, times)
def test_nobody_is_woken(minutes: int, start: time, end: time) -> None:
    """Whatever the hours, the moment that is found isn't quiet, nor earlier, nor far away."""
    moment, quiet = _at(0) + timedelta(minutes=minutes), QuietHours(start, end)
    found = awake(moment, quiet)
    assert found == awake(found, quiet)
    assert moment <= found <= moment + timedelta(days=1)


@pytest.mark.parametrize("name", ["", "Nowhere/Atlantis", "../etc/passwd", "\0", "/etc/localtime"])
def test_a_time_zone_that_is_none(name: str) -> None:
    """A name that is no zone counts as unknown."""
    assert zone_of(Profile(time_zone=name)) is None


def test_a_time_zone() -> None:
    """A known name is that zone."""
    assert BERLIN == zone_of(Profile(time_zone="Europe/Berlin"))
