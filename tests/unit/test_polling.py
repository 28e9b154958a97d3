"""Long polling: an update counts as taken only when it is safe."""

import asyncio
import json
from contextlib import suppress
from typing import Any

from telegram import Bot
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram.polling import Poller
from bot.errors import StoreError

TOKEN = "4242:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"  # noqa: S105 - opens nothing


class Wire(BaseRequest):
    """Answers with the updates from the offset that is asked for; waits for ever without any."""

    def __init__(self, *ids: int) -> None:
        """Have updates with these ids."""
        self._ids = ids

    @property
    def read_timeout(self) -> float:
        """How long to wait for an answer."""
        return 5.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,  # noqa: ARG002 - the library's own signature
        method: str,  # noqa: ARG002
        request_data: RequestData | None = None,
        *_: object,
        **__: object,
    ) -> tuple[int, bytes]:
        """Answer a request for updates."""
        asked: dict[str, Any] = dict(request_data.parameters) if request_data else {}
        found = [{"update_id": each} for each in self._ids if each >= asked["offset"]]
        if not found:
            await asyncio.Event().wait()
        return 200, json.dumps({"ok": True, "result": found}).encode()


async def test_what_is_not_taken_is_fetched_again() -> None:
    """If updates could be neither kept nor answered, the same ones come again, after a pause."""
    taken: list[list[int]] = []
    pauses: list[float] = []
    twice = asyncio.Event()

    async def take(*updates: dict[str, int]) -> None:
        taken.append([each["update_id"] for each in updates])
        if len(taken) == 1:
            message = "gone"
            raise StoreError(message)
        twice.set()

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    wire = Wire(4, 5)
    poller = Poller(Bot(TOKEN, request=wire, get_updates_request=wire), take, pause)
    polling = asyncio.create_task(poller.run())
    await asyncio.wait({polling, asyncio.create_task(twice.wait())}, return_when="FIRST_COMPLETED")
    polling.cancel()
    with suppress(asyncio.CancelledError):
        await polling
    assert ([[4, 5], [4, 5]], 1) == (taken, len(pauses))
