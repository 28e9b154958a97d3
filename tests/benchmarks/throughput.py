"""How many updates a second, how late, and at what cost: the bot beside an echo bot and beside PTB.

``python tests/benchmarks/throughput.py`` runs a Bot API 50 ms away in a process of its own and, one
after the other, an echo bot on the same transport and intake, this bot (KNOWLEDGE_DIR or the guide
that ships, with SQLite), and python-telegram-bot as it comes with concurrent updates. It prints
rates as ratios. Then this bot, with a webhook, gets a burst of 300 and 200 questions a second.
"""

import asyncio
import contextlib
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

TOKEN = "4242:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"  # noqa: S105 - opens nothing
PORT, HOOK = 8097, 8098
HALF = 0.025
"""Seconds one way: a round trip is twice as long."""
CHATS = 500
_SILENCE = 5
ME = {"id": 4242, "is_bot": True, "first_name": "Guide", "username": "guide_bot"}
UPDATES = int(os.environ.get("UPDATES") or 2000)


class Server:
    """A Bot API that answers all, 50 ms away, and notes when each answer came."""

    def __init__(self, questions: list[str]) -> None:
        """Have people ask `questions`."""
        self._questions = questions
        self._next = 1
        self.queue: list[dict[str, Any]] = []
        self.released: dict[int, float] = {}
        self.answered: list[tuple[int, float]] = []
        self.came = asyncio.Event()
        self.last = 0.0

    def update(self) -> dict[str, Any]:
        """Return a question of somebody; nobody has two open at once."""
        number, self._next = self._next, self._next + 1
        chat = 1000 + number % CHATS
        text = self._questions[number % len(self._questions)]
        who = {"id": chat, "type": "private", "first_name": "A", "is_bot": False}
        message = {
            "message_id": number,
            "date": 1_800_000_000,
            "chat": who,
            "from": who,
            "text": text,
        }
        self.released[chat] = time.perf_counter()
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
            now = time.perf_counter()
            text = body.decode("latin-1")
            chat = int(json.loads(text)["chat_id"]) if text[:1] == "{" else _chat_in(text)
            self.answered.append((chat, now - self.released.get(chat, now)))
            self.last = now
            result = {"message_id": 1, "date": 0, "chat": {"id": chat, "type": "private"}}
        elif method.startswith("get"):
            result = [] if method == "getMyCommands" else {"name": "", "description": ""}
        await asyncio.sleep(HALF)
        return web.json_response({"ok": True, "result": result})

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

    async def load(self, request: web.Request) -> web.Response:
        """Queue updates, wait until all are answered, return the seconds up to the last answer.

        Some, such as an insult said twice, get none: nothing for five seconds is the end as well.
        """
        number = int(request.query["n"])
        self.answered.clear()
        begun = self.last = time.perf_counter()
        self.queue = [self.update() for _ in range(number)]
        self.came.set()
        while len(self.answered) < number:
            await asyncio.sleep(0.01)
            if self.answered and time.perf_counter() - self.last > _SILENCE:
                break
        return web.json_response([len(self.answered), self.last - begun])

    async def stream(self, request: web.Request) -> web.Response:
        """Post a burst of 300, then 200 a second; return how late the answers to the 200 came."""
        seconds = float(request.query["s"])
        tasks: set[asyncio.Task[None]] = set()
        async with ClientSession() as session:

            def post() -> None:
                task = asyncio.create_task(self._post(session, self.update()))
                tasks.add(task)
                task.add_done_callback(tasks.discard)

            for _ in range(300):
                post()
            await asyncio.sleep(2)
            self.answered.clear()
            begun = time.perf_counter()
            for number in range(int(200 * seconds)):
                await asyncio.sleep(max(0, begun + number / 200 - time.perf_counter()))
                post()
            await asyncio.sleep(1)
        return web.json_response([late for _, late in self.answered])

    async def _post(self, session: ClientSession, update: dict[str, Any]) -> None:
        """Post one update to the webhook."""
        await asyncio.sleep(HALF)
        headers = {"X-Telegram-Bot-Api-Secret-Token": os.environ["HOOK_SECRET"]}
        async with session.post(f"http://127.0.0.1:{HOOK}/hook", json=update, headers=headers):
            pass


def _chat_in(form: str) -> int:
    """Return the chat of a request that is no JSON."""
    found = re.search(r'chat_id(?:=|"(?:\r\n[^\r\n]+)*\r\n\r\n)(\d+)', form)
    return int(found[1]) if found else 0


def serve() -> None:
    """Run the server."""
    server = Server(json.loads(os.environ["QUESTIONS"]))
    application = web.Application()
    application.router.add_route("*", "/bot{t}/{m}", server.api)
    application.router.add_get("/load", server.load)
    application.router.add_get("/stream", server.stream)
    web.run_app(application, host="127.0.0.1", port=PORT, print=None)


async def echo() -> None:
    """Run an echo bot on our transport and intake."""
    from telegram import Update  # noqa: PLC0415
    from telegram.ext import Application, MessageHandler, filters  # noqa: PLC0415

    from bot.channels.telegram.intake import Intake  # noqa: PLC0415
    from bot.channels.telegram.polling import Poller  # noqa: PLC0415
    from bot.channels.telegram.transport import AiohttpRequest  # noqa: PLC0415
    from bot.metrics import Metrics  # noqa: PLC0415
    from bot.stores.bundle import in_memory, utc_now  # noqa: PLC0415

    wire = AiohttpRequest()
    url = f"http://127.0.0.1:{PORT}/bot"
    builder = Application.builder().token(TOKEN).base_url(url).updater(None).job_queue(None)
    application: Any = builder.request(wire).get_updates_request(wire).build()
    application.add_handler(MessageHandler(filters.TEXT, _echoed))

    async def answer(update: dict[str, Any]) -> None:
        await application.process_update(Update.de_json(update, application.bot))

    async with application:
        intake = Intake(in_memory().updates, answer, clock=utc_now, metrics=Metrics())
        await Poller(application.bot, intake.take).run()


def as_it_comes() -> None:
    """Run an echo bot on python-telegram-bot as it comes, with concurrent updates."""
    from telegram.ext import Application, MessageHandler, filters  # noqa: PLC0415

    url = f"http://127.0.0.1:{PORT}/bot"
    application: Any = (
        Application.builder().token(TOKEN).base_url(url).concurrent_updates(True).build()  # noqa: FBT003
    )
    application.add_handler(MessageHandler(filters.TEXT, _echoed))
    application.run_polling()


async def _echoed(update: Any, _context: Any) -> None:
    """Send back what was said."""
    await update.message.reply_text(update.message.text)


class Measured:
    """A bot as a process, and what it cost."""

    def __init__(self, *command: str, **more: str) -> None:
        """Start it."""
        self._folder = tempfile.TemporaryDirectory()
        more = {"TELEGRAM_BOT_TOKEN": TOKEN, "DATA_DIR": self._folder.name, **more}
        more |= {"TELEGRAM_API_URL": f"http://127.0.0.1:{PORT}", "LOG_LEVEL": "WARNING"}
        self._process = subprocess.Popen(
            [sys.executable, *command], cwd=REPOSITORY, env={**os.environ, **more}
        )

    def cpu(self) -> float:
        """Return the seconds of CPU so far."""
        fields = (
            Path(f"/proc/{self._process.pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
        )
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Return the resident memory in MB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def end(self) -> None:
        """End it."""
        self._process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(15)
        self._process.kill()
        self._folder.cleanup()


async def get(path: str) -> Any:
    """Return what the server says."""
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{PORT}{path}") as answer:
        return await answer.json()


async def up() -> None:
    """Wait until the server answers."""
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", PORT)
            writer.close()
            return
        await asyncio.sleep(0.1)


async def rate(name: str, number: int, *command: str) -> float:
    """Print one row; return the updates a second."""
    begun = time.perf_counter()
    bot = Measured(*command)
    try:
        await get("/load?n=1")
        started = time.perf_counter() - begun
        await get(f"/load?n={min(number, 200)}")
        before = bot.cpu()
        done, seconds = await get(f"/load?n={number}")
        spent = (bot.cpu() - before) / max(done, 1)
        print(
            f"{name:34} {done / seconds:7.0f}/s  {spent * 1000:5.2f} ms of CPU each,"
            f" {bot.memory():4.0f} MB, first answer after {started:4.1f} s"
        )
        return float(done / seconds)
    finally:
        bot.end()


async def main() -> None:
    """Measure and print."""
    questions = sys.argv[2:] or _questions()
    from bot.settings import Settings  # noqa: PLC0415

    secret = Settings.read({"TELEGRAM_BOT_TOKEN": TOKEN}).webhook_secret
    environment = {**os.environ, "QUESTIONS": json.dumps(questions), "HOOK_SECRET": secret}
    server = subprocess.Popen([sys.executable, __file__, "serve"], env=environment)  # noqa: ASYNC220
    try:
        await up()
        this = str(Path(__file__))
        echoes = await rate("echo bot, same transport", UPDATES, this, "echo")
        whole = await rate("this bot: matching, store, words", UPDATES, "run_bot.py")
        plain = await rate("PTB as it comes, concurrent", UPDATES // 4, this, "plain")
        print(f"this bot: {whole / echoes:.2f} of the echo bot, {whole / plain:.1f} times PTB")
        hook = {"WEBHOOK_URL": "http://127.0.0.1:1/hook"}
        bot = Measured("run_bot.py", "webhook", "--port", str(HOOK), **hook)
        await asyncio.sleep(8)
        late = await get(f"/stream?s={float(os.environ.get('SECONDS_STEADY') or 10)}")
        bot.end()
        cuts = statistics.quantiles(late, n=100)
        print(
            f"after a burst of 300, at 200 a second, {len(late)} answers:"
            f" p50 {cuts[49] * 1000:.1f} ms,"
            f" p99 {cuts[98] * 1000:.1f} ms: {cuts[98] / (2 * HALF):.2f} round trips"
        )
    finally:
        server.terminate()


def _questions() -> list[str]:
    """Return labelled questions of the guide that ships, in disorder."""
    import yaml  # noqa: PLC0415

    labelled = yaml.safe_load((REPOSITORY / "tests/guides/hip-thrust.yaml").read_text("utf-8"))
    asked = [item["q"] for item in labelled["questions"] if item["q"][:1] != "/"]
    random.Random(1).shuffle(asked)
    return asked[:500]


if __name__ == "__main__":
    match sys.argv[1:2]:
        case ["serve"]:
            serve()
        case ["echo"]:
            asyncio.run(echo())
        case ["plain"]:
            as_it_comes()
        case _:
            asyncio.run(main())
