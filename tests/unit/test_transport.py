"""AiohttpRequest: what goes over the wire, what comes back, and what fails how."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot, InputFile
from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.channels.telegram.transport import AiohttpRequest, Timeouts

TOKEN = "4242:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"  # noqa: S105 - opens nothing
TEXT = "größer als 😀\ud83d <b>&"
QUICK = Timeouts(read=0.05, write=0.05, upload=0.05)


class Far:
    """A server on this machine that notes what it is asked, and answers as told."""

    def __init__(self) -> None:
        """Answer with an empty result."""
        self.bodies: list[Any] = []
        self.kinds: list[str] = []
        self.begun = asyncio.Event()
        self.inside = 0
        self.most_inside = 0
        self.url = ""
        self.answer: Callable[[], Awaitable[web.StreamResponse]] = self.usual

    async def usual(self) -> web.StreamResponse:
        """Answer as Telegram does when all is well."""
        return web.json_response({"ok": True, "result": {"done": True}})

    async def refuse(self) -> web.StreamResponse:
        """Answer that there were too many requests."""
        more = {"parameters": {"retry_after": 7}}
        return web.json_response({"ok": False, "description": "No", **more}, status=429)

    async def garble(self) -> web.StreamResponse:
        """Answer with what no bot can read."""
        return web.Response(body=b"\xff<html>", status=200)

    async def never(self) -> web.StreamResponse:
        """Answer never."""
        await asyncio.Event().wait()
        raise AssertionError

    async def visit(self, request: web.Request) -> web.StreamResponse:
        """Note one request, and answer it."""
        self.inside += 1
        self.begun.set()
        self.most_inside = max(self.inside, self.most_inside)
        try:
            self.kinds.append(request.content_type)
            form = request.content_type.startswith("multipart")
            self.bodies.append(await _fields(request) if form else await request.read())
            return await self.answer()
        finally:
            self.inside -= 1


async def _fields(request: web.Request) -> dict[str, Any]:
    """Return the fields of a form; of a file, its name, kind and content."""
    fields: dict[str, Any] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            fields[name] = (value.filename, value.content_type, value.file.read())
        else:
            fields[name] = value
    return fields


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    """Return a server that runs."""
    far = Far()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", far.visit)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    far.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield far
    await runner.cleanup()


@pytest.fixture
async def transport() -> AsyncIterator[AiohttpRequest]:
    """Return a transport that is open."""
    async with AiohttpRequest() as transport:
        yield transport


def data(**values: Any) -> RequestData:
    """Return the data of a request with these parameters."""
    return RequestData([RequestParameter.from_input(*each) for each in values.items()])


async def test_parameters_go_as_json(far: Far, transport: AiohttpRequest) -> None:
    """Numbers, texts and nested values arrive as they are; half a character is replaced."""
    await transport.post(f"{far.url}/x", data(chat_id=-7, text=TEXT, markup={"rows": [[1]]}))
    expected = {"chat_id": -7, "text": "größer als 😀? <b>&", "markup": {"rows": [[1]]}}
    assert (["application/json"], expected) == (far.kinds, json.loads(far.bodies[0]))


async def test_a_request_without_parameters_has_no_body(
    far: Far, transport: AiohttpRequest
) -> None:
    """What asks for nothing in particular sends nothing."""
    await transport.post(f"{far.url}/x")
    assert [b""] == far.bodies


async def test_a_file_is_uploaded(far: Far, transport: AiohttpRequest) -> None:
    """A file arrives with its name, kind and content, and other parameters beside it."""
    picture = InputFile(b"\x89PNG\x00\xff", filename="größe.png")
    await transport.post(f"{far.url}/x", data(chat_id=7, photo=picture, entities=[{"a": 1}]))
    expected = ("größe.png", "image/png", b"\x89PNG\x00\xff")
    assert ("7", '[{"a": 1}]', expected) == tuple(
        far.bodies[0][name] for name in ("chat_id", "entities", "photo")
    )


async def test_a_bot_sends_a_document(far: Far) -> None:
    """The library's own method for files works over this transport."""
    far.answer = _sent
    async with Bot(TOKEN, f"{far.url}/bot", request=AiohttpRequest()) as bot:
        sent = await bot.send_document(7, b"words", filename="a.txt", caption="Yours")
    fields = far.bodies[-1]
    file = next(value for value in fields.values() if isinstance(value, tuple))
    assert (1, "Yours", b"words") == (sent.message_id, fields["caption"], file[2])


async def test_the_result_comes_back(far: Far, transport: AiohttpRequest) -> None:
    """What the server answers is returned."""
    assert {"done": True} == await transport.post(f"{far.url}/x")


async def test_a_file_comes_back(far: Far, transport: AiohttpRequest) -> None:
    """A download is returned as it is."""
    far.answer = far.garble
    assert await transport.retrieve(f"{far.url}/file") == b"\xff<html>"


async def test_a_limit_comes_back_as_the_library_s_error(
    far: Far, transport: AiohttpRequest
) -> None:
    """Too many requests are a RetryAfter."""
    far.answer = far.refuse
    with pytest.raises(RetryAfter):
        await transport.post(f"{far.url}/x")


async def test_garbage_is_the_library_s_error(far: Far, transport: AiohttpRequest) -> None:
    """What can't be read is a TelegramError."""
    far.answer = far.garble
    with pytest.raises(TelegramError):
        await transport.post(f"{far.url}/x")


async def test_no_answer_in_time_is_a_timeout(far: Far) -> None:
    """A server that accepts and stays silent is given up."""
    far.answer = far.never
    async with AiohttpRequest(timeouts=QUICK) as transport:
        with pytest.raises(TimedOut):
            await transport.post(f"{far.url}/x")


async def test_a_request_s_own_timeout_counts(far: Far, transport: AiohttpRequest) -> None:
    """A request can be given less time than others."""
    far.answer = far.never
    with pytest.raises(TimedOut):
        await transport.post(f"{far.url}/x", read_timeout=0.05)


async def test_a_request_may_wait_for_ever(far: Far) -> None:
    """A request whose time is None outlives the timeout of others."""
    answered = asyncio.Event()

    async def late() -> web.StreamResponse:
        await answered.wait()
        return await far.usual()

    far.answer = late
    async with AiohttpRequest(timeouts=QUICK) as transport:
        patient = asyncio.create_task(transport.post(f"{far.url}/x", read_timeout=None))
        with pytest.raises(TimedOut):
            await transport.post(f"{far.url}/x")
        answered.set()
        assert await patient == {"done": True}


async def test_waiting_for_a_free_connection_ends(far: Far) -> None:
    """With every connection busy, a request is given up when its time to wait is over."""
    far.answer = far.never
    async with AiohttpRequest(1, Timeouts(connect=0.02, pool=0.02)) as transport:
        busy = asyncio.create_task(transport.post(f"{far.url}/x"))
        await far.begun.wait()
        with pytest.raises(TimedOut):
            await transport.post(f"{far.url}/x")
        busy.cancel()
        await asyncio.gather(busy, return_exceptions=True)


async def test_no_more_connections_than_allowed(far: Far) -> None:
    """Twenty requests over two connections are never more than two at once."""
    async with AiohttpRequest(2) as transport:
        await asyncio.gather(*(transport.post(f"{far.url}/x") for _ in range(20)))
    assert (20, True) == (len(far.bodies), far.most_inside <= 2)


async def _reset(_near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
    """Cut a connection as soon as it is made."""
    back.transport.abort()


async def test_a_reset_is_a_network_error(transport: AiohttpRequest) -> None:
    """A connection that is cut is a NetworkError."""
    server = await asyncio.start_server(_reset, "127.0.0.1", 0)
    async with server:
        with pytest.raises(NetworkError):
            await transport.post(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/x")


async def test_nobody_there_is_a_network_error(far: Far, transport: AiohttpRequest) -> None:
    """A port on which nobody listens is a NetworkError."""
    with pytest.raises(NetworkError):
        await transport.post("http://127.0.0.1:9/x")
    assert far.bodies == []


@pytest.mark.parametrize("host", ["127.0.0.1:9", "localhost.invalid", "[", "a b"])
async def test_an_error_does_not_name_the_token(transport: AiohttpRequest, host: str) -> None:
    """The address holds the token; neither an error nor what it comes from shows it."""
    with pytest.raises((NetworkError, ValueError)) as caught:
        await transport.post(f"http://{host}/bot{TOKEN}/getMe")
    causes = (caught.value, caught.value.__cause__)
    assert not any(TOKEN in f"{error!s}{error!r}" for error in causes)


async def test_it_can_be_opened_again(far: Far) -> None:
    """A transport that was closed works again after it is opened."""
    transport = AiohttpRequest()
    for _ in range(2):
        async with transport:
            await transport.post(f"{far.url}/x")
    assert len(far.bodies) == 2


async def test_a_closed_one_says_so() -> None:
    """A request over a transport that isn't open is an error, not a hang."""
    with pytest.raises(NetworkError):
        await AiohttpRequest().post("http://127.0.0.1:9/x")


async def test_a_proxy_of_the_environment_is_used(
    far: Far, transport: AiohttpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operator's HTTP_PROXY carries the requests."""
    monkeypatch.setenv("http_proxy", far.url)
    monkeypatch.setenv("no_proxy", "")
    assert await transport.post("http://telegram.invalid/x") == {"done": True}


async def test_no_proxy_is_obeyed(
    far: Far, transport: AiohttpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host that NO_PROXY names is visited directly."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert await transport.post(f"{far.url}/x") == {"done": True}


async def _sent() -> web.StreamResponse:
    """Answer as Telegram does to getMe and to what sends a message."""
    chat = {"id": 7, "type": "private"}
    me = {"id": 4242, "is_bot": True, "first_name": "Guide", "username": "guide_bot"}
    return web.json_response(
        {"ok": True, "result": {"message_id": 1, "date": 0, "chat": chat, **me}}
    )
