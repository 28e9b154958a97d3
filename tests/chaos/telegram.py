"""A strict Bot API server in this process that fails in every way that a network can."""

import asyncio
import random
import sys
from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from aiohttp import ClientError, ClientSession, ClientTimeout, web

Json = dict[str, Any]


@dataclass(frozen=True)
class Weather:
    """How often a request meets each fault: shares of one."""

    reset: float = 0.0
    limited: float = 0.0
    broken: float = 0.0
    garbage: float = 0.0
    delayed: float = 0.0
    dropped: float = 0.0
    repeated: float = 0.0
    shuffled: float = 0.0


FAIR = Weather()
STORM = Weather(0.03, 0.03, 0.03, 0.02, 0.2, 0.01, 0.3, 0.5)


class Telegram:
    """One bot's Telegram. `dropped` counts, by chat, what was done although nobody was told."""

    def __init__(self, folder: Path, token: str, weather: Weather, seed: int) -> None:
        """Judge requests with the strict server that lies in `folder`."""
        if str(folder) not in sys.path:
            sys.path.append(str(folder))
        self._strict: Any = import_module("strict_server")
        self._strict.bots.pop(token, None)
        self.bot: Any = self._strict.bot(token)
        self.token = token
        self.weather = weather
        self.dropped: Counter[int] = Counter()
        self.faults: Counter[str] = Counter()
        self.url = ""
        self._chance = random.Random(seed)
        self._runner: web.AppRunner | None = None
        self._confirmed: list[Json] = []

    async def start(self) -> None:
        """Listen on a port of loopback."""
        application = web.Application(client_max_size=60 << 20)
        application.router.add_route("*", "/bot{t}/{m}", self._visit)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Listen no more."""
        if self._runner is not None:
            await self._runner.cleanup()

    def push(self, chat: int, text: str) -> None:
        """Have somebody write in their chat with the bot."""
        self.bot.q.append(self.update(chat, text))
        self.bot.ev.set()

    def update(self, chat: int, text: str) -> Json:
        """Return an update with the next id."""
        number = self.bot.next
        self.bot.next += 1
        body: Json = {
            "message_id": number,
            "date": 1_800_000_000,
            "chat": {"id": chat, "type": "private", "first_name": "A"},
            "from": {"id": chat, "is_bot": False, "first_name": "A"},
            "text": text,
        }
        return {"update_id": number, "message": body}

    def texts(self) -> dict[int, list[str]]:
        """Return what the bot said in each chat, in order."""
        said: dict[int, list[str]] = {}
        for each in self.bot.sent:
            if each["method"] == "sendMessage" and not each["errors"]:
                said.setdefault(int(each["params"]["chat_id"]), []).append(each["params"]["text"])
        return said

    def errors(self) -> list[str]:
        """Return what Telegram would have refused."""
        return [error for each in self.bot.sent for error in each["errors"]]

    async def _visit(self, request: web.Request) -> web.StreamResponse:
        """Let a request meet the weather."""
        method = request.match_info.get("m", "")
        if method == "getUpdates":
            return await self._updates(request)
        answer = await self._failed(request) if method == "sendMessage" else None
        if answer is not None:
            return answer
        answer = cast("web.StreamResponse", await self._strict.api(request))
        if method == "sendMessage" and self._meets("dropped", self.weather.dropped):
            self.dropped[int((await request.json())["chat_id"])] += 1
            return self._cut(request)
        return answer

    async def _failed(self, request: web.Request) -> web.StreamResponse | None:
        """Fail before anything is done, perhaps."""
        weather = self.weather
        if self._meets("delayed", weather.delayed):
            await asyncio.sleep(self._chance.random() * 0.2)
        if self._meets("reset", weather.reset):
            return self._cut(request)
        if self._meets("limited", weather.limited):
            body = {"ok": False, "error_code": 429, "description": "Too Many Requests"}
            return web.json_response({**body, "parameters": {"retry_after": 1}}, status=429)
        if self._meets("broken", weather.broken):
            return web.json_response({"ok": False, "description": "Internal"}, status=500)
        if self._meets("garbage", weather.garbage):
            return web.Response(body=b"\xff<html>", status=502)
        return None

    async def _updates(self, request: web.Request) -> web.StreamResponse:
        """Answer a poll, perhaps with updates that were confirmed before, perhaps in disorder."""
        body = await request.json()
        gone = [each for each in self.bot.q if each["update_id"] < body.get("offset", 0)]
        self._confirmed = [*self._confirmed, *gone][-20:]
        answer: web.StreamResponse = await self._strict.api(request)
        if answer.status != HTTPStatus.OK or self.weather == FAIR:
            return answer
        if self._meets("reset", self.weather.reset):
            return self._cut(request)
        found = [*self.bot.q[:100]]
        if found and self._meets("repeated", self.weather.repeated):
            found = [*self._confirmed, *found]
        if self._meets("shuffled", self.weather.shuffled):
            self._chance.shuffle(found)
        return web.json_response({"ok": True, "result": found})

    def _meets(self, fault: str, share: float) -> bool:
        """Say whether a request meets a fault, and count it."""
        met = self._chance.random() < share
        self.faults[fault] += met
        return met

    @staticmethod
    def _cut(request: web.Request) -> web.StreamResponse:
        """Cut the connection."""
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


class Hooks:
    """Telegram's side of a webhook: chats side by side, each in order; what fails is repeated."""

    def __init__(self, telegram: Telegram, urls: list[str], seed: int) -> None:
        """Post to one of `urls`, by chance."""
        self._telegram = telegram
        self._urls = urls
        self._chance = random.Random(seed)
        self._queues: dict[int, asyncio.Queue[Json]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self.posts = 0
        self.repeats = 0

    def push(self, chat: int, text: str) -> None:
        """Have somebody write in their chat with the bot."""
        if chat not in self._queues:
            self._queues[chat] = asyncio.Queue()
            self._tasks.append(asyncio.create_task(self._deliver(self._queues[chat])))
        self._queues[chat].put_nowait(self._telegram.update(chat, text))

    async def stop(self) -> None:
        """Post no more."""
        for each in self._tasks:
            each.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deliver(self, queue: "asyncio.Queue[Json]") -> None:
        """Post a chat's updates, each until it is taken; a few are posted twice."""
        async with ClientSession(timeout=ClientTimeout(total=30)) as session:
            while True:
                update = await queue.get()
                while not await self._posted(session, update):  # noqa: ASYNC110 - as Telegram does
                    await asyncio.sleep(0.1)
                if self._chance.random() < self._telegram.weather.repeated / 3:
                    self.repeats += 1
                    await self._posted(session, update)

    async def _posted(self, session: ClientSession, update: Json) -> bool:
        """Post an update once; say whether it was taken."""
        hook = self._telegram.bot.hook
        if not hook:
            return False
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook["secret_token"]}
        self.posts += 1
        try:
            url = self._chance.choice(self._urls)
            async with session.post(url, json=update, headers=headers) as answer:
                return answer.status == HTTPStatus.OK
        except (ClientError, OSError, TimeoutError):
            return False
