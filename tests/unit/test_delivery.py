"""Delivery: what is sent again, how long it waits, what is given up, and who is left alone."""

from typing import Any

import pytest
from telegram.error import (
    BadRequest,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram.delivery import Delivery
from bot.metrics import Metrics

LOST = [TimedOut(), NetworkError("reset"), TelegramError("Invalid server response")]


class Way:
    """A way to Telegram that fails as told; waits are noted and not waited."""

    def __init__(self, *errors: Exception) -> None:
        """Raise `errors`, one a call, then deliver."""
        self._errors = list(errors)
        self.calls = 0
        self.waits: list[float] = []
        self.records: list[str] = []
        self.metrics = Metrics()
        self.delivery = Delivery(self.metrics, self.record, self.pause)

    async def send(self, endpoint: str = "sendMessage", chat: int = 7, **more: Any) -> Any:
        """Send something."""
        return await self.delivery.process_request(
            self._callback, (), {}, endpoint, {"chat_id": chat}, more.get("patience")
        )

    async def pause(self, seconds: float) -> None:
        """Note a wait."""
        self.waits.append(seconds)

    async def record(self, reason: str) -> None:
        """Note what was given up."""
        self.records.append(reason)

    async def _callback(self) -> str:
        """Fail or deliver."""
        self.calls += 1
        if self._errors:
            raise self._errors.pop(0)
        return "delivered"


@pytest.mark.parametrize("error", LOST, ids=lambda error: type(error).__name__)
async def test_what_was_lost_is_sent_again(error: Exception) -> None:
    """After timeouts, resets, 5xx and garbage the same is sent until it is answered."""
    way = Way(*[error] * 5)
    assert ("delivered", 6) == (await way.send(), way.calls)


async def test_a_limit_is_waited_out_as_long_as_telegram_says() -> None:
    """After "retry after 7" and "retry after 400" exactly so long is waited."""
    way = Way(RetryAfter(7), RetryAfter(400))
    await way.send()
    assert [7.0, 400.0] == way.waits


async def test_pauses_grow_and_have_jitter() -> None:
    """Each pause is between half and the whole of twice the one before, up to half a minute."""
    way = Way(*[NetworkError("gone")] * 9)
    await way.send()
    wholes = [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert all(whole / 2 <= wait <= whole for wait, whole in zip(way.waits, wholes, strict=True))


async def test_after_an_hour_of_waiting_it_is_given_up_and_recorded() -> None:
    """What can't be delivered for an hour is an error, and is recorded once."""
    way = Way(*[NetworkError("gone")] * 1000)
    with pytest.raises(NetworkError):
        await way.send()
    assert (True, ["NetworkError"]) == (3600 < sum(way.waits) < 3700, way.records)


async def test_a_request_may_be_less_patient() -> None:
    """What says how long it may wait is given up then."""
    way = Way(*[RetryAfter(50)] * 9)
    with pytest.raises(RetryAfter):
        await way.send(patience=120.0)
    assert [50.0] * 3 == way.waits


@pytest.mark.parametrize("error", [BadRequest("no"), Forbidden("blocked")])
async def test_a_refusal_is_not_tried_again(error: Exception) -> None:
    """What Telegram refuses is recorded at once."""
    way = Way(error)
    with pytest.raises(type(error)):
        await way.send()
    assert (1, [type(error).__name__]) == (way.calls, way.records)


async def test_who_blocked_the_bot_is_not_written_to() -> None:
    """After a 403 nothing is sent to that chat any more, and others are written to."""
    way = Way(Forbidden("blocked"))
    for _ in range(3):
        with pytest.raises(Forbidden):
            await way.send()
    assert ("delivered", 2) == (await way.send(chat=8), way.calls)


async def test_who_writes_again_is_written_to() -> None:
    """Somebody who blocked the bot and writes again gets answers."""
    way = Way(Forbidden("blocked"))
    with pytest.raises(Forbidden):
        await way.send()
    way.delivery.welcome(7)
    assert await way.send() == "delivered"


@pytest.mark.parametrize("endpoint", ["getMe", "setMyCommands", "setWebhook"])
async def test_what_says_nothing_is_asked_once(endpoint: str) -> None:
    """A start that can't reach Telegram says so at once."""
    way = Way(NetworkError("gone"))
    with pytest.raises(NetworkError):
        await way.send(endpoint)
    assert ([], 1) == (way.waits, way.calls)


async def test_it_is_counted() -> None:
    """Retries, limits and what was given up can be seen, without words or ids."""
    way = Way(RetryAfter(7), TimedOut(), BadRequest("the words"))
    with pytest.raises(BadRequest):
        await way.send(chat=987654)
    page = way.metrics.page().decode()
    expected = (
        'guidebot_retries_total{why="limited"} 1.0',
        'guidebot_retries_total{why="timeout"} 1.0',
        "guidebot_too_many_requests_total 1.0",
        'guidebot_undelivered_total{why="BadRequest"} 1.0',
        'guidebot_request_seconds_count{method="sendMessage"} 3.0',
    )
    assert all(line in page for line in expected)
    assert not any(secret in page for secret in ("the words", "987654"))
