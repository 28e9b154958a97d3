"""A Bot API 50 ms away, and people who ask: a process of its own.

``python tests/benchmarks/bot_api.py`` serves it; benchmarks start it by way of processes.py.
"""

import asyncio
import contextlib
import json
import os
import re
import time
from collections import deque
from collections.abc import AsyncIterator
from itertools import cycle
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

TOKEN = "4242:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"  # noqa: S105 - opens nothing
PORT, HOOK = 8097, 8098
"""Where the Bot API listens, and where the first bot with a webhook does; others follow."""
HALF = 0.025
"""Seconds one way: a round trip is twice as long."""
CHATS = 500
ME = {"id": 4242, "is_bot": True, "first_name": "Guide", "username": "guide_bot"}
_SILENCE = 5
_GIVEN_UP = 60
"""Seconds after which a question without an answer is open no more."""


class Server:
    """A Bot API that answers all, 50 ms away, and notes how late each answer came.

    Where `ask` has people ask, nobody has two questions open at once, so it is clear which one an
    answer is to.
    """

    def __init__(self, questions: list[str], secret: str) -> None:
        """Have people ask `questions`; a webhook is shown `secret`."""
        self._questions = cycle(questions)
        self._headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        self._next = 1
        self._chats = deque(range(1000, 1000 + CHATS))
        self._posts: set[asyncio.Task[None]] = set()
        self._session: ClientSession
        self.queue: list[dict[str, Any]] = []
        self.open: dict[int, float] = {}
        self.late: list[float] = []
        self.came = asyncio.Event()
        self.answered = asyncio.Event()
        self.last = 0.0
        self.answers = self.refused = self.unanswered = 0

    def update(self) -> dict[str, Any]:
        """Return a question of the next one."""
        number, self._next = self._next, self._next + 1
        chat = self._chats[0]
        self._chats.rotate(-1)
        self.open.pop(chat, None)
        who = {"id": chat, "type": "private", "first_name": "A", "is_bot": False}
        message = {
            "message_id": number,
            "date": 1_800_000_000,
            "chat": who,
            "from": who,
            "text": next(self._questions),
        }
        self.open[chat] = time.perf_counter()
        return {"update_id": number, "message": message}

    async def api(self, request: web.Request) -> web.Response:
        """Answer one request."""
        method = request.match_info["m"]
        body = await request.read()
        await asyncio.sleep(HALF)
        result: object = True
        if method == "getMe":
            result = ME
        elif method == "getUpdates":
            result = await self._updates(body.decode("latin-1"))
        elif method in ("sendMessage", "sendPhoto"):
            text = body.decode("latin-1")
            chat = int(json.loads(text)["chat_id"]) if text[:1] == "{" else _chat_in(text)
            self._note(chat)
            result = {"message_id": 1, "date": 0, "chat": {"id": chat, "type": "private"}}
        elif method.startswith("get"):
            result = [] if method == "getMyCommands" else {"name": "", "description": ""}
        await asyncio.sleep(HALF)
        return web.json_response({"ok": True, "result": result})

    async def load(self, request: web.Request) -> web.Response:
        """Queue `n` updates for polling, wait until all are answered; return when the last was.

        Some, such as an insult said twice, get none: nothing for five seconds is the end as well.
        """
        number = int(request.query["n"])
        self.answers = 0
        begun = self.last = time.perf_counter()
        self.queue = [self.update() for _ in range(number)]
        self.came.set()
        while self.answers < number:
            await asyncio.sleep(0.01)
            if self.answers and time.perf_counter() - self.last > _SILENCE:
                break
        return web.json_response([self.answers, self.last - begun])

    async def ask(self, request: web.Request) -> web.Response:
        """Post questions to the first `hooks` webhooks for `s` seconds; say what came of them.

        They come at a `rate`; with the rate 0 as fast as they are answered, `most` at once. While
        `most` are open, none is asked: whoever can't keep up is asked less. After it, `rest`.
        """
        rate, seconds, rest = (float(request.query.get(key, 0)) for key in ("rate", "s", "rest"))
        most = int(request.query.get("most", CHATS))
        urls = [f"http://127.0.0.1:{HOOK + at}/hook" for at in range(int(request.query["hooks"]))]
        self.late = []
        self.refused = self.unanswered = asked = 0
        begun = time.perf_counter()
        async for _ in _beats(rate, seconds, self.answered):
            self._give_up()
            room = most - len(self.open)
            for _ in range(min(room, 1) if rate else room):
                if self._find_free():
                    self._post(urls[asked % len(urls)], self.update())
                    asked += 1
        took = time.perf_counter() - begun
        await asyncio.sleep(rest)
        found = {"late": self.late, "asked": asked, "seconds": took, "open": len(self.open)}
        bad = {"refused": self.refused, "unanswered": self.unanswered}
        return web.json_response({**found, **bad})

    async def burst(self, request: web.Request) -> web.Response:
        """Post `n` questions to the first webhook at once; return when they are taken."""
        for _ in range(int(request.query["n"])):
            self._post(f"http://127.0.0.1:{HOOK}/hook", self.update())
        await asyncio.gather(*self._posts)
        return web.json_response([])

    def _find_free(self) -> bool:
        """Pass over those who have a question open; say whether there is anybody else."""
        for _ in range(CHATS):
            if self._chats[0] not in self.open:
                return True
            self._chats.rotate(-1)
        return False

    def _give_up(self) -> None:
        """Wait no more for what nobody has answered for a minute; the oldest come first."""
        while self.open:
            chat, asked = next(iter(self.open.items()))
            if time.perf_counter() - asked < _GIVEN_UP:
                break
            del self.open[chat]
            self.unanswered += 1

    def _note(self, chat: int) -> None:
        """Note an answer."""
        self.answers += 1
        self.last = time.perf_counter()
        asked = self.open.pop(chat, None)
        if asked is not None:
            self.late.append(self.last - asked)
        self.answered.set()

    async def _updates(self, form: str) -> list[dict[str, Any]]:
        """Return what waits from the offset on, or wait a second; what is before it is done."""
        offset = re.search(r'offset(?:=|": ?)(\d+)', form)
        first = int(offset[1]) if offset else 0
        self.queue = [update for update in self.queue if update["update_id"] >= first]
        if not self.queue:
            self.came.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.came.wait(), 1)
        return self.queue[:100]

    async def posting(self, _application: web.Application) -> AsyncIterator[None]:
        """Keep connections to webhooks while the server runs."""
        async with ClientSession(timeout=ClientTimeout(total=_GIVEN_UP)) as self._session:
            yield

    def _post(self, url: str, update: dict[str, Any]) -> None:
        """Post one update to a webhook, beside everything else."""

        async def post() -> None:
            await asyncio.sleep(HALF)
            try:
                async with self._session.post(url, json=update, headers=self._headers) as answer:
                    taken = answer.status == web.HTTPOk.status_code
            except (ClientError, OSError, TimeoutError):
                taken = False
            if not taken:
                self.refused += 1
                self.open.pop(update["message"]["chat"]["id"], None)

        task = asyncio.create_task(post())
        self._posts.add(task)
        task.add_done_callback(self._posts.discard)


async def _beats(rate: float, seconds: float, answered: asyncio.Event) -> AsyncIterator[None]:
    """Yield so many times a second, or, if the rate is 0, whenever something was answered."""
    begun = time.perf_counter()
    number = 0
    while time.perf_counter() < begun + seconds:
        answered.clear()
        yield
        number += 1
        if rate:
            await asyncio.sleep(max(0, begun + number / rate - time.perf_counter()))
        else:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(answered.wait(), 1)


def _chat_in(form: str) -> int:
    """Return the chat of a request that is no JSON."""
    found = re.search(r'chat_id(?:=|"(?:\r\n[^\r\n]+)*\r\n\r\n)(\d+)', form)
    return int(found[1]) if found else 0


def serve() -> None:
    """Run the server."""
    server = Server(json.loads(os.environ["QUESTIONS"]), os.environ["HOOK_SECRET"])
    application = web.Application()
    application.cleanup_ctx.append(server.posting)
    application.router.add_route("*", "/bot{t}/{m}", server.api)
    for name in ("load", "ask", "burst"):
        application.router.add_get(f"/{name}", getattr(server, name))
    web.run_app(application, host="127.0.0.1", port=PORT, print=None)


if __name__ == "__main__":
    serve()
