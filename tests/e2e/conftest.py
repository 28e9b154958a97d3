"""A bot on a fake wire, on which no request may have a problem."""

from collections.abc import AsyncIterator

import pytest

from bot.conversation.dialogue import Dialogue
from tests.conftest import needs_shared
from tests.e2e.wire import FakeWire, Talk, Validate, load_validator, started


@pytest.fixture(scope="module")
def validate() -> Validate:
    """Return the independent judge of requests."""
    return load_validator(needs_shared("bot_api"))


@pytest.fixture
async def wire(validate: Validate) -> AsyncIterator[FakeWire]:
    """Return a wire on which no request may have a problem."""
    wire = FakeWire(validate)
    yield wire
    assert wire.problems == []


@pytest.fixture
async def talk(wire: FakeWire, dialogue: Dialogue) -> AsyncIterator[Talk]:
    """Return a talk with a bot that has just started."""
    application = started(dialogue, wire)
    async with application:
        yield Talk(application, wire)
