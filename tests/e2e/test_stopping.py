"""The end: what was taken is answered before the way to Telegram is closed, or stays open."""

import asyncio
from typing import Any

import pytest
from telegram.error import NetworkError

from bot.channels.telegram.service import Hook
from bot.conversation.dialogue import Dialogue
from bot.errors import ChannelError
from tests.e2e.wire import FakeWire, Json, Validate, message, serving, started

HOOK = Hook("https://guide.example/hook", "s" * 64, removed=True)


class Unhooking(FakeWire):
    """A wire that lets messages through only after it was asked to unhook, which fails."""

    def __init__(self, validate: Validate) -> None:
        """Judge requests with `validate`."""
        super().__init__(validate)
        self.asked = asyncio.Event()

    async def _answer(self, name: str, params: Json) -> object:
        """Hold a message; refuse to unhook."""
        if name == "deleteWebhook":
            self.asked.set()
            message = "gone"
            raise NetworkError(message)
        if name == "sendMessage":
            await self.asked.wait()
        return await super()._answer(name, params)


@pytest.fixture
async def wire(validate: Validate) -> Unhooking:
    """Return a wire on which unhooking fails."""
    return Unhooking(validate)


async def test_if_unhooking_fails_what_was_taken_is_answered(
    wire: Unhooking, tea_dialogue: Dialogue
) -> None:
    """Telegram can't be told where to send nothing any more: that costs nobody their answer."""
    service = serving(started(tea_dialogue, wire), tea_dialogue)
    with pytest.raises(ChannelError):
        await _serve(service)
    assert 2 == len(wire.messages())


async def _serve(service: Any) -> None:
    """Take two updates of one chat, and stop."""
    async with asyncio.timeout(30), service.hooked(HOOK):
        await service.intake.take(message(text="How long to steep tea?"), message(text="xyzzy"))
