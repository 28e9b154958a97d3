"""A Telegram in fair weather, unless a module or a test says otherwise."""

from collections.abc import AsyncIterator

import pytest

from tests.chaos.bots import TOKEN
from tests.chaos.telegram import FAIR, Telegram, Weather
from tests.conftest import needs_shared


@pytest.fixture
def weather() -> Weather:
    """Return the weather between the bot and Telegram."""
    return FAIR


@pytest.fixture
def seed() -> int:
    """Return what the weather's chances begin with."""
    return 5


@pytest.fixture
async def telegram(weather: Weather, seed: int) -> AsyncIterator[Telegram]:
    """Return a Telegram in that weather."""
    telegram = Telegram(needs_shared("bot_api"), TOKEN, weather, seed=seed)
    await telegram.start()
    yield telegram
    await telegram.stop()
