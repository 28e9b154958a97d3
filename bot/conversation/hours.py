"""When a person wants to hear something: quiet hours and days in their own time. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.conversation.records import Profile, QuietHours

USUAL = QuietHours(time(21), time(8))
"""Quiet hours of those who set none."""

_DAY = timedelta(days=1)


def zone_of(profile: Profile) -> ZoneInfo | None:
    """Return a person's time zone; None if it isn't known, or no longer exists."""
    try:
        return ZoneInfo(profile.time_zone) if profile.time_zone else None
    except (KeyError, ValueError, OSError):
        return None


def awake(moment: datetime, quiet: QuietHours) -> datetime:
    """Return the first moment from `moment` on, in its own zone, that isn't quiet."""
    if not _is_quiet(moment.time(), quiet):
        return moment
    until = moment.replace(
        hour=quiet.end.hour, minute=quiet.end.minute, second=0, microsecond=0, fold=0
    )
    return until if moment.time() < quiet.end else until + _DAY


def _is_quiet(now: time, quiet: QuietHours) -> bool:
    """Say whether `now` is quiet; hours that end before they begin reach into the next day."""
    if quiet.start <= quiet.end:
        return quiet.start <= now < quiet.end
    return now >= quiet.start or now < quiet.end
