"""``run_bot.py webhook`` as a process, against a Bot API server that is as strict as Telegram."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession

from bot.conversation.dialogue import Dialogue
from tests.chaos.bots import QUESTIONS, TOKEN, Copy, expected
from tests.chaos.telegram import FAIR, Hooks, Telegram
from tests.conftest import needs_shared
from tests.e2e.test_telegram_process import free_port

LONG = 60.0
PATH = "/guide/hook"


class Hooked:
    """A bot with a webhook, the Telegram that knows it, and its port."""

    def __init__(self, telegram: Telegram, folder: Path, cache: Path, **settings: str) -> None:
        """Prepare a bot whose proxy keeps the path."""
        self.telegram = telegram
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        settings = {"WEBHOOK_URL": f"{self.url}{PATH}", "LOG_LEVEL": "DEBUG", **settings}
        self.copy = Copy(
            telegram.url, folder, cache, "webhook", "--port", str(self.port), **settings
        )
        self.hooks = Hooks(telegram, [f"{self.url}{PATH}"], seed=1)

    async def start(self) -> None:
        """Start it, and wait until Telegram knows where to send updates."""
        await self.copy.start()
        async with asyncio.timeout(LONG):
            while not self.telegram.bot.hook or not await self.get("/healthz"):  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def ask(self) -> list[str]:
        """Have somebody ask everything; return what the bot said, in order."""
        for each in QUESTIONS:
            self.hooks.push(7, each)
        async with asyncio.timeout(LONG):
            while len(self.telegram.texts().get(7, [])) < len(QUESTIONS):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        return self.telegram.texts()[7]

    async def get(self, path: str) -> Any:
        """Return what an operator sees; nothing if nobody listens."""
        try:
            async with ClientSession() as session, session.get(f"{self.url}{path}") as answer:
                return await answer.text()
        except ClientError:
            return ""

    async def end(self) -> int | None:
        """Tell it to stop; return its status, None if that takes longer than ten seconds."""
        await self.hooks.stop()
        return await self.copy.end(signal.SIGTERM, 10.0)


@pytest.fixture
async def hooked(tea_dialogue: Dialogue, tea_cache: Path, tmp_path: Path) -> AsyncIterator[Hooked]:
    """Return a bot on the small guide, running."""
    assert tea_dialogue is not None  # its index is kept
    telegram = Telegram(needs_shared("bot_api"), TOKEN, FAIR, seed=1)
    await telegram.start()
    hooked = Hooked(telegram, tmp_path, tea_cache)
    await hooked.start()
    yield hooked
    await hooked.hooks.stop()
    await hooked.copy.end(signal.SIGKILL)
    await telegram.stop()


async def test_updates_are_answered_and_a_stop_is_quick(
    hooked: Hooked, tea_dialogue: Dialogue
) -> None:
    """What Telegram posts is answered in order; SIGTERM ends it in time and unhooks it."""
    said = await hooked.ask()
    status = await hooked.end()
    assert (expected(tea_dialogue), 0, None) == (said, status, hooked.telegram.bot.hook)


async def test_operators_see_numbers_and_nobody_s_words(hooked: Hooked) -> None:
    """Metrics and readiness hold neither what was asked, nor ids, nor secrets."""
    await hooked.ask()
    page, ready = await hooked.get("/metrics"), await hooked.get("/readyz")
    assert 'guidebot_updates_total{kind="message"} 5.0' in page
    assert '{"store":"ok","index":"ok","telegram":"ok"}' == ready
    secrets = (TOKEN, hooked.telegram.bot.hook["secret_token"], "microwave", "xyzzy", 'chat="')
    assert not any(secret in page + ready for secret in secrets)


async def test_the_token_and_the_secret_are_in_no_output(hooked: Hooked) -> None:
    """At the most talkative level, through faults and garbage, nothing secret is printed."""
    secret = hooked.telegram.bot.hook["secret_token"]
    await hooked.ask()
    async with ClientSession() as session:
        for headers, body in (({}, b"{}"), ({"X-Telegram-Bot-Api-Secret-Token": secret}, b"\xff")):
            async with session.post(f"{hooked.url}{PATH}", data=body, headers=headers) as answer:
                assert answer.status in (400, 403)
    await hooked.end()
    written = b"".join(each.read_bytes() for each in hooked.copy.errors.parent.glob("errors*"))
    planted = (TOKEN, TOKEN.partition(":")[2], secret, "microwave", "xyzzy")
    assert [] == [each for each in planted if each.encode() in written]
    assert not re.search(rb"Traceback", written)


async def test_an_answer_may_go_in_the_body(
    tea_dialogue: Dialogue, tea_cache: Path, tmp_path: Path
) -> None:
    """With WEBHOOK_REPLIES=body a plain answer is the response to the POST."""
    telegram = Telegram(needs_shared("bot_api"), TOKEN, FAIR, seed=1)
    await telegram.start()
    hooked = Hooked(telegram, tmp_path, tea_cache, WEBHOOK_REPLIES="body")
    await hooked.start()
    headers = {"X-Telegram-Bot-Api-Secret-Token": telegram.bot.hook["secret_token"]}
    update = telegram.update(7, QUESTIONS[0])
    posting = hooked.url + PATH
    async with (
        ClientSession() as session,
        session.post(posting, json=update, headers=headers) as answer,
    ):
        body = await answer.json(content_type=None)
    await hooked.end()
    await telegram.stop()
    expected_ = ("sendMessage", 7, expected(tea_dialogue)[0])
    assert expected_ == (body["method"], body["chat_id"], body["text"])
