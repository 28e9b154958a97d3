"""``run_bot.py`` as a process, against a local Bot API server that is as strict as Telegram.

Where no answer is looked at it knows the small guide, which is loaded in a third of the time.
"""

import asyncio
import os
import signal
import socket
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from aiohttp import ClientError, ClientSession, web

from bot.channels.telegram.introduction import commands_of
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question, Session
from bot.settings import REPOSITORY
from tests.conftest import SMALL, needs_shared
from tests.e2e.wire import ME, TOKEN, Json, message, pressed

QUESTIONS = ("how many sets?", "What mistakes should I avoid?", "When do I add weight?")
UID = "hip-thrust/sets-reps-effort"
STEPS: tuple[tuple[str, Json] | tuple[str, Json, Json], ...] = (
    ("sendMessage", message(text="/checkpoints"), message(text="grow my glutes")),
    ("answerCallbackQuery", pressed(f"up:{UID}")),
    ("answerCallbackQuery", pressed(f"city:8/{UID}")),
    ("sendMessage", message(text="kind of tired")),
)
"""Updates, and the request at which the process that handles them is killed."""
KEPT = (
    "4 of 6.",
    "What it's for: Grow my glutes",
    "Your back: Tired, and other work suffers",
    "Where you feel it work: Yes, clearly",
    "Berlin",
    "On your last sets, did you know how many good reps you had left?",
)
"""What is said after all steps and one more."""
SECRET_PART = TOKEN.partition(":")[2]
LONG = 60.0
"""Seconds after which something that should have happened is given up."""

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


class End(NamedTuple):
    """How a process ended."""

    status: int | None
    out: str
    err: str


class Telegram:
    """The strict server as a process on one port; it can be killed and started again."""

    def __init__(self, folder: Path, session: ClientSession) -> None:
        """Run the server that lies in `folder`; talk to it with `session`."""
        self._folder = folder
        self._session = session
        self._process: Process | None = None
        self._ids = count(1)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start the server and wait until it answers."""
        server = self._folder / "strict_server.py"
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-B", str(server), str(self.port), cwd=self._folder
        )
        await until(self._answers, LONG)

    async def kill(self) -> None:
        """End the server at once, with all it remembers."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def ask(self, *texts: str) -> None:
        """Push a question of one person for each text."""
        await self.push(*(message(text=text) for text in texts))

    async def push(self, *updates: Json) -> None:
        """Push updates. Ids grow on, as Telegram's do."""
        for each in updates:
            update = {**each, "update_id": next(self._ids)}
            async with self._session.post(f"{self.url}/__push/{TOKEN}", json=update) as answer:
                answer.raise_for_status()

    async def sent(self, method: str = "") -> list[Json]:
        """Return the requests that the bot made, of one method or all."""
        async with self._session.get(f"{self.url}/__sent/{TOKEN}") as answer:
            requests: list[Json] = await answer.json()
        return [each for each in requests if method in ("", each["method"])]

    async def until_sent(self, method: str, number: int = 1, within: float = LONG) -> None:
        """Wait until the bot has made `number` requests of `method`."""

        async def enough() -> bool:
            return len(await self.sent(method)) >= number

        await until(enough, within)

    async def _answers(self) -> bool:
        """Return whether the server is up."""
        try:
            await self.sent()
        except ClientError:
            return False
        return True


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    """Return the strict server, started."""
    folder = needs_shared("bot_api")
    async with ClientSession() as session:
        server = Telegram(folder, session)
        try:
            await server.start()
            yield server
        finally:
            await server.kill()


class Starter:
    """Starts copies of the bot, and leaves none behind."""

    def __init__(self, knowledge_dir: Path, cache_dir: Path, data_dir: Path) -> None:
        """Let the copies find the fitted index in `cache_dir`, and share a database."""
        self._folders = {
            "KNOWLEDGE_DIR": str(knowledge_dir),
            "CACHE_DIR": str(cache_dir),
            "DATA_DIR": str(data_dir),
        }
        self._processes: list[Process] = []

    async def __call__(self, api_url: str, token: str = TOKEN, **settings: str) -> Process:
        """Start a copy with these settings, and no others from this environment."""
        mine = (
            *("TELEGRAM_", "LOG_", "KNOWLEDGE_", "ENCODER", "SEMANTIC_", "PYTHONWARNINGS"),
            *("DATABASE_", "DATA_", "KEEP_"),
        )
        kept = {name: value for name, value in os.environ.items() if not name.startswith(mine)}
        environment = {
            **kept,
            **self._folders,
            "TELEGRAM_BOT_TOKEN": token,
            "TELEGRAM_API_URL": api_url,
            "NO_PROXY": "127.0.0.1",
            **settings,
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "run_bot.py",
            cwd=REPOSITORY,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
        )
        self._processes.append(process)
        return process

    async def clear(self) -> None:
        """Kill the copies that still run."""
        for process in self._processes:
            if process.returncode is None:
                process.kill()
                await process.communicate()


@asynccontextmanager
async def starting(knowledge: Path, cache: Path, data: Path) -> AsyncIterator[Starter]:
    """Yield what starts copies of the bot; leave none of them behind."""
    starter = Starter(knowledge, cache, data)
    try:
        yield starter
    finally:
        await starter.clear()


@pytest.fixture
async def start(dialogue: Dialogue, cache_dir: Path, tmp_path: Path) -> AsyncIterator[Starter]:
    """Return what starts copies of the bot; `dialogue` has put the fitted index into the cache."""
    assert dialogue is not None
    async with starting(REPOSITORY / "knowledge", cache_dir, tmp_path / "data") as starter:
        yield starter


@pytest.fixture
async def start_small(
    tea_dialogue: Dialogue, tea_cache: Path, tmp_path: Path
) -> AsyncIterator[Starter]:
    """Return what starts copies that know the small guide."""
    assert tea_dialogue is not None
    async with starting(SMALL, tea_cache, tmp_path / "data") as starter:
        yield starter


async def test_three_questions_get_three_messages(telegram: Telegram, start: Starter) -> None:
    """Each question that is pushed is answered with one sendMessage."""
    process = await start(telegram.url)
    await telegram.ask(*QUESTIONS)
    await telegram.until_sent("sendMessage", 3)
    await stopped(process)
    assert len(await telegram.sent("sendMessage")) == 3


async def test_no_request_has_an_error(telegram: Telegram, start: Starter) -> None:
    """From the start to the end of a run, Telegram would refuse none of the bot's requests."""
    process = await start(telegram.url)
    await telegram.ask(*QUESTIONS, "/start", "/nonsense", "<b>&")
    await telegram.until_sent("sendMessage", 6)
    await stopped(process)
    assert [each for each in await telegram.sent() if each["errors"]] == []


async def test_questions_of_one_chat_are_answered_in_order(
    telegram: Telegram, start: Starter, dialogue: Dialogue
) -> None:
    """Commands that wait for the bot are answered in their order."""
    commands = dialogue.catalogue.commands()
    expected = [dialogue.open(target, Session()).reply.html for _, target in commands]
    process = await start(telegram.url)
    await telegram.ask(*(f"/{item.command}" for item, _ in commands))
    await telegram.until_sent("sendMessage", len(expected))
    await stopped(process)
    assert [each["params"]["text"] for each in await telegram.sent("sendMessage")] == expected


async def test_the_command_menu_is_set(
    telegram: Telegram, start: Starter, dialogue: Dialogue
) -> None:
    """A start tells Telegram the commands of the catalogue."""
    expected = [item.command for item in commands_of(dialogue.catalogue)]
    process = await start(telegram.url)
    await telegram.until_sent("getUpdates")
    await stopped(process)
    menu = (await telegram.sent("setMyCommands"))[0]["params"]["commands"]
    assert [item["command"] for item in menu] == expected


async def test_sigterm_ends_it_with_status_0(telegram: Telegram, start_small: Starter) -> None:
    """A bot that is told to stop while it polls says that all went well."""
    process = await start_small(telegram.url)
    await telegram.until_sent("getUpdates")
    assert (await stopped(process)).status == 0


async def test_sigint_ends_it_with_status_0(telegram: Telegram, start_small: Starter) -> None:
    """Ctrl-C is an ordinary end, too."""
    process = await start_small(telegram.url)
    await telegram.until_sent("getUpdates")
    assert (await stopped(process, signal.SIGINT)).status == 0


async def test_sigterm_without_telegram_ends_it_quietly(
    telegram: Telegram, start_small: Starter
) -> None:
    """A bot that is told to stop while Telegram is away ends with status 0 and no traceback."""
    process = await start_small(telegram.url)
    await telegram.until_sent("getUpdates")
    await telegram.kill()
    end = await stopped(process)
    assert (end.status, "Traceback" in end.err) == (0, False)


async def test_a_second_copy_ends_one_of_the_two_with_status_2(
    telegram: Telegram, start_small: Starter
) -> None:
    """Of two copies with one token, the one that Telegram cuts off gives up."""
    end, _ = await _one_of_two(telegram, start_small)
    assert end.status == 2


async def test_a_second_copy_is_explained_in_one_line(
    telegram: Telegram, start_small: Starter
) -> None:
    """The copy that gives up ends with one clear line for its operator."""
    end, _ = await _one_of_two(telegram, start_small)
    assert complaints(end) == ["another copy of this bot is running with the same token"]


async def test_a_second_copy_leaves_one_that_answers(
    telegram: Telegram, start_small: Starter
) -> None:
    """Of two copies with one token, the other goes on answering."""
    _, other = await _one_of_two(telegram, start_small)
    await telegram.ask(QUESTIONS[0])
    answered = asyncio.create_task(telegram.until_sent("sendMessage", within=20))
    ended = asyncio.create_task(other.wait())
    await asyncio.wait({answered, ended}, return_when=asyncio.FIRST_COMPLETED)
    for task in (answered, ended):
        task.cancel()
    assert (other.returncode, len(await telegram.sent("sendMessage"))) == (None, 1)


async def test_no_network_is_explained_in_one_line(start_small: Starter) -> None:
    """Without Telegram in reach a start ends at once with status 2 and one line."""
    end = await ended(await start_small(f"http://127.0.0.1:{free_port()}"))
    expected = ["Telegram can't be reached (NetworkError): check the network"]
    assert (end.status, complaints(end)) == (2, expected)


REFUSALS = {
    "nonsense": (404, "Not Found"),
    "4242:this-token-was-revoked": (401, "Unauthorized"),
}
REFUSED = "Telegram refuses the token: check TELEGRAM_BOT_TOKEN"


@pytest.mark.parametrize("token", REFUSALS)
async def test_a_refused_token_is_explained_in_one_line(start_small: Starter, token: str) -> None:
    """A token that Telegram doesn't know ends the start with status 2 and one line."""
    async with api({"getMe": refusing(*REFUSALS[token])}) as url:
        end = await ended(await start_small(url, token))
    assert (end.status, complaints(end)) == (2, [REFUSED])


@pytest.mark.parametrize("token", ["nonsense", "a b", "../x", "42:é", "42:a#b", "{token}", "%s"])
async def test_a_malformed_token_is_explained_in_one_line(start_small: Starter, token: str) -> None:
    """What can't be a token ends the start with status 2 and one line, whatever is in it."""
    async with api({}) as url:
        end = await ended(await start_small(url, token))
    assert (end.status, complaints(end)) == (2, [REFUSED])


@pytest.mark.parametrize("method", ["getUpdates", "deleteWebhook"])
async def test_a_token_revoked_later_ends_it(start_small: Starter, method: str) -> None:
    """A token that is refused after the start ends the bot with status 2 and one line."""
    async with api({"getMe": accepting(ME), method: refusing(401, "Unauthorized")}) as url:
        end = await ended(await start_small(url), 20)
    assert (end.status, "Traceback" in end.err, end.err.count(REFUSED)) == (2, False, 1)


BAD_STARTS = {
    "getMe is limited": ("getMe", 429, {"retry_after": 5}),
    "getMe is forbidden": ("getMe", 403, {}),
    "getMe fails": ("getMe", 500, {}),
    "deleteWebhook fails": ("deleteWebhook", 500, {}),
    "deleteWebhook is limited": ("deleteWebhook", 429, {"retry_after": 5}),
}


@pytest.mark.parametrize("name", BAD_STARTS)
async def test_a_start_that_fails_has_no_traceback(start_small: Starter, name: str) -> None:
    """Whatever Telegram answers to a start, an end is status 2 without a traceback."""
    method, status, parameters = BAD_STARTS[name]
    answers = {"getMe": accepting(ME), method: refusing(status, "No", **parameters)}
    async with api(answers) as url:
        end = await ended(await start_small(url), 20)
    assert (end.status, "Traceback" in end.err) == (2, False)


async def test_what_is_not_telegram_is_explained_without_a_traceback(start_small: Starter) -> None:
    """A page that answers in Telegram's place, such as a hotel's login, ends the start cleanly."""
    async with api({"getMe": page}) as url:
        end = await ended(await start_small(url))
    assert (end.status, len(complaints(end))) == (2, 1)


async def test_a_run_never_shows_the_token(telegram: Telegram, start_small: Starter) -> None:
    """At the most talkative level, a run with questions and an outage doesn't print the token."""
    process = await start_small(telegram.url, LOG_LEVEL="DEBUG")
    await telegram.ask(*QUESTIONS)
    await telegram.until_sent("sendMessage", 3)
    await telegram.kill()
    end = await stopped(process)
    assert SECRET_PART not in end.out + end.err


@pytest.mark.parametrize("status", [401, 403, 404, 409, 429, 500])
async def test_a_refused_start_never_shows_the_token(start_small: Starter, status: int) -> None:
    """At the most talkative level, a start that fails doesn't print the token."""
    async with api({"getMe": refusing(status, f"No to {TOKEN}")}) as url:
        end = await ended(await start_small(url, LOG_LEVEL="DEBUG"))
    assert SECRET_PART not in end.out + end.err


async def test_a_start_without_network_never_shows_the_token(start_small: Starter) -> None:
    """At the most talkative level, a start without network doesn't print the token."""
    url = f"http://127.0.0.1:{free_port()}"
    end = await ended(await start_small(url, LOG_LEVEL="DEBUG"))
    assert SECRET_PART not in end.out + end.err


async def test_an_outage_is_survived(telegram: Telegram, start_small: Starter) -> None:
    """When Telegram has been away and is back, the bot answers again."""
    process = await start_small(telegram.url)
    await telegram.ask(QUESTIONS[0])
    await telegram.until_sent("sendMessage")
    await telegram.kill()
    await telegram.start()
    await telegram.ask(QUESTIONS[1])
    await telegram.until_sent("sendMessage", within=20)
    assert (await stopped(process)).status == 0


async def test_an_outage_leaves_no_traceback(telegram: Telegram, start_small: Starter) -> None:
    """An outage is told in lines, not in tracebacks."""
    process = await start_small(telegram.url)
    await telegram.until_sent("getUpdates")
    await telegram.kill()
    await telegram.start()
    await telegram.until_sent("getUpdates", within=20)
    assert "Traceback" not in (await stopped(process)).err


async def test_a_conversation_outlives_the_process(
    telegram: Telegram, start: Starter, dialogue: Dialogue
) -> None:
    """After a restart the bot knows which answer a "why?" is about."""
    first = dialogue.respond(Question(QUESTIONS[0]), Session())
    expected = dialogue.respond(Question("why?"), first.session).reply.html
    assert await _asked_why_after_a_restart(telegram, start) == expected


async def test_without_a_database_a_conversation_ends_with_the_process(
    telegram: Telegram, start: Starter, dialogue: Dialogue
) -> None:
    """With DATABASE_URL=memory: a restart forgets the conversation."""
    expected = dialogue.respond(Question("why?"), Session()).reply.html
    found = await _asked_why_after_a_restart(telegram, start, DATABASE_URL="memory:")
    assert found == expected


async def test_a_killed_process_has_kept_the_conversation(
    telegram: Telegram, start: Starter, dialogue: Dialogue
) -> None:
    """What was kept is there even if the process had no time to close anything."""
    first = dialogue.respond(Question(QUESTIONS[0]), Session())
    expected = dialogue.respond(Question("why?"), first.session).reply.html
    found = await _asked_why_after_a_restart(telegram, start, by=signal.SIGKILL)
    assert found == expected


async def test_killed_at_each_step_nothing_is_lost(
    telegram: Telegram, start: Starter, tmp_path: Path
) -> None:
    """A flow, a vote and a reminder outlive a kill -9 as soon as Telegram hears of each step."""
    for method, *steps in STEPS:
        process, heard = await start(telegram.url), len(await telegram.sent(method))
        await telegram.push(*steps)
        await telegram.until_sent(method, heard + 1)
        await stopped(process, signal.SIGKILL)
    process = await start(telegram.url)
    await telegram.ask("yes, clearly", "/reminders", "/profile", "/quiz")
    await telegram.until_sent("sendPoll")
    await stopped(process)
    said = "\n".join(each["params"]["text"] for each in await telegram.sent("sendMessage"))
    with closing(sqlite3.connect(tmp_path / "data" / "guidebot.db")) as database:
        votes = database.execute("SELECT entry, value FROM votes").fetchall()
    assert ([], [(UID, 1)]) == ([part for part in KEPT if part not in said], votes)


async def test_a_database_that_is_away_is_explained_in_one_line(start_small: Starter) -> None:
    """Without its database a start ends with status 2 and one line without the password."""
    url = f"postgresql://ann:{SECRET_PART}@127.0.0.1:{free_port()}/tea"
    async with api({"getMe": accepting(ME)}) as telegram_url:
        end = await ended(await start_small(telegram_url, DATABASE_URL=url))
    expected = ["the database can't be used (ConnectionRefusedError): check DATABASE_URL"]
    assert (end.status, complaints(end)) == (2, expected)


async def _asked_why_after_a_restart(
    telegram: Telegram,
    start: Starter,
    *,
    by: signal.Signals = signal.SIGTERM,
    **settings: str,
) -> str:
    """Ask, end the bot, start it anew and ask "why?"; return the reply to that.

    A second answer shows that the session after the first one is kept.
    """
    process = await start(telegram.url, **settings)
    await telegram.ask(QUESTIONS[0], QUESTIONS[0])
    await telegram.until_sent("sendMessage", 2)
    await stopped(process, by)
    process = await start(telegram.url, **settings)
    await telegram.ask("why?")
    await telegram.until_sent("sendMessage", 3)
    await stopped(process)
    return str((await telegram.sent("sendMessage"))[-1]["params"]["text"])


async def _one_of_two(telegram: Telegram, start: Starter) -> tuple[End, Process]:
    """Start a second copy while the first polls; return the end of one, and the other."""
    first = await start(telegram.url)
    await telegram.until_sent("getUpdates")
    second = await start(telegram.url)
    waits = {asyncio.create_task(each.wait()): each for each in (first, second)}
    done, pending = await asyncio.wait(waits, timeout=LONG, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    gone = waits[done.pop()]
    return await ended(gone), second if gone is first else first


async def stopped(process: Process, by: signal.Signals = signal.SIGTERM) -> End:
    """Tell a process to stop; return how it ended."""
    process.send_signal(by)
    return await ended(process, 20)


async def ended(process: Process, within: float = LONG) -> End:
    """Wait until a process ends by itself; return how it ended, None if it didn't in time."""
    reading = asyncio.create_task(process.communicate())
    done, _ = await asyncio.wait({reading}, timeout=within)
    status = process.returncode
    if not done:
        process.kill()
    out, err = await reading
    return End(status if done else None, out.decode(), err.decode())


def complaints(end: End) -> list[str]:
    """Return what a process wrote to stderr, without its log of ordinary events."""
    return [line for line in end.err.splitlines() if " INFO " not in line]


async def until(holds: Callable[[], Awaitable[bool]], within: float) -> None:
    """Wait until `holds`. Raises TimeoutError after `within` seconds."""
    async with asyncio.timeout(within):
        while not await holds():  # noqa: ASYNC110 - another process can't set an Event
            await asyncio.sleep(0.05)


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@asynccontextmanager
async def api(answers: dict[str, Answering]) -> AsyncIterator[str]:
    """Yield the URL of a small Bot API that has `answers`; other paths are not found."""

    async def answer(request: web.Request) -> web.StreamResponse:
        method = request.path.rsplit("/", 1)[-1]
        given = answers.get(method)
        if given is not None:
            return await given(request)
        if "getMe" in answers and method in ("getMyCommands", "setMyCommands", "deleteWebhook"):
            return await accepting(method == "deleteWebhook" or [])(request)
        return await refusing(404, "Not Found")(request)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port := free_port())
    await site.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


def accepting(result: Any) -> Answering:
    """Return what answers every request with `result`."""

    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": True, "result": result})

    return answer


def refusing(status: int, description: str, **parameters: int) -> Answering:
    """Return what refuses every request as Telegram does."""
    body: Json = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters

    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.json_response(body, status=status)

    return answer


async def page(_request: web.Request) -> web.StreamResponse:
    """Answer with a page."""
    return web.Response(text="<html>Please log in</html>", content_type="text/html")
