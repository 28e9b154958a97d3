"""Telegram's errors: what is waited for, how long, and how the hopeless ones are explained."""

import pytest
from telegram.error import (
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram.patience import explained, obeying_limits, seconds_to_wait


class Sender:
    """Fails with the given errors, one a call, then succeeds."""

    def __init__(self, *errors: Exception) -> None:
        """Take the errors in order."""
        self._errors = list(errors)
        self.calls = 0

    async def __call__(self) -> None:
        """Fail or succeed."""
        self.calls += 1
        if self._errors:
            raise self._errors.pop(0)


class Clock:
    """Notes how long somebody wanted to wait, and doesn't."""

    def __init__(self) -> None:
        """Begin with no waits."""
        self.waits: list[float] = []

    async def __call__(self, seconds: float) -> None:
        """Note one wait."""
        self.waits.append(seconds)


async def test_a_limit_is_waited_out_as_long_as_telegram_says() -> None:
    """After "retry after 7" the same is sent again 7 seconds later."""
    sender, clock = Sender(RetryAfter(7)), Clock()
    await obeying_limits(sender, clock)
    assert (2, [7.0]) == (sender.calls, clock.waits)


async def test_a_limit_that_stays_is_given_up_after_three_tries() -> None:
    """Three refusals in a row are passed on."""
    sender, clock = Sender(*[RetryAfter(1)] * 3), Clock()
    with pytest.raises(RetryAfter):
        await obeying_limits(sender, clock)
    assert (3, [1.0, 1.0]) == (sender.calls, clock.waits)


async def test_another_error_is_not_waited_for() -> None:
    """What isn't a limit is passed on at once."""
    sender, clock = Sender(TimedOut()), Clock()
    with pytest.raises(TimedOut):
        await obeying_limits(sender, clock)
    assert [] == clock.waits


def test_the_pause_after_a_lost_connection_has_jitter() -> None:
    """Between half and the whole of the given pause is waited."""
    assert 2.0 <= seconds_to_wait(NetworkError("gone"), 4.0) <= 4.0


@pytest.mark.parametrize(
    ("error", "start"),
    [
        (InvalidToken(), "Telegram refuses the token"),
        (Forbidden("no"), "Telegram refuses the token"),
        (Conflict("no"), "another copy of this bot is running"),
        (NetworkError("no"), "Telegram can't be reached (NetworkError)"),
        (TelegramError("no"), "Telegram doesn't answer as it should (TelegramError)"),
        (TypeError("no"), "Telegram doesn't answer as it should (TypeError)"),
    ],
)
def test_an_error_is_explained_in_one_line(error: Exception, start: str) -> None:
    """The operator reads what is wrong, never what the other side wrote."""
    line = str(explained(error))
    assert (True, False) == (line.startswith(start), "\n" in line)
