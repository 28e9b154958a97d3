"""The webhook's server over real sockets: how it ends."""

import asyncio
import logging

import pytest
from aiohttp import ClientSession

from bot.channels.webhook.application import Desk, build_webhook
from bot.channels.webhook.server import serve
from tests.e2e.test_telegram_process import free_port

SECRET = "s" * 64
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


class Waiting:
    """Takes updates and never returns."""

    def __init__(self) -> None:
        """Begin with none."""
        self.begun = asyncio.Event()

    async def take(self, _update: object) -> bytes:
        """Take one, for ever."""
        self.begun.set()
        await asyncio.Event().wait()
        return b""


async def post(url: str) -> int:
    """Post an update as Telegram does; return the status."""
    async with ClientSession() as session, session.post(url, json={}, headers=HEADERS) as answer:
        return answer.status


async def test_a_request_that_is_cut_off_is_to_come_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What isn't taken when the server stops is answered with 503, and nothing is printed."""
    caplog.set_level(logging.WARNING)
    waiting, stop, port = Waiting(), asyncio.Event(), free_port()
    page = build_webhook(Desk(waiting.take, {}, lambda: (b"", "")), SECRET, "/hook")
    serving = asyncio.create_task(serve(page, "127.0.0.1", port, stop, to_finish=0))
    posting = asyncio.create_task(post(f"http://127.0.0.1:{port}/hook"))
    await waiting.begun.wait()
    stop.set()
    await serving
    assert (503, []) == (await posting, caplog.messages)
