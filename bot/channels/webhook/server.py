"""Serves the webhook until told to stop."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager

import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import ChannelError

_TO_FINISH = 1
"""Seconds for requests that are being answered at the end; what isn't safe comes again."""
_TO_CLOSE = 3
"""Seconds until connections are cut, answered or not."""


class _Requests:
    """An application whose requests can be cut off: those that wait are answered with 503."""

    def __init__(self, application: ASGIApp) -> None:
        """Hand requests to `application`."""
        self._application = application
        self._running: set[asyncio.Task[object]] = set()
        self._ended = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        running = asyncio.current_task()
        assert running is not None  # noqa: S101 - it is this one
        self._running.add(running)
        if self._ended:
            running.cancel()
        try:
            await self._application(scope, receive, sending)
        except asyncio.CancelledError:
            if begun:
                raise
            await Response(status_code=503)(scope, receive, send)
        finally:
            self._running.discard(running)

    def cut_off(self) -> None:
        """Cut off every request, and those to come; the server would print each that it cuts."""
        self._ended = True
        for each in self._running:
            each.cancel()


class _Server(uvicorn.Server):
    """A server that leaves signals to whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


async def serve(
    application: ASGIApp,
    host: str,
    port: int,
    stop: asyncio.Event,
    to_finish: float = _TO_FINISH,
) -> None:
    """Serve `application` until `stop` is set. Raises ChannelError if the port can't be had.

    Requests that aren't answered `to_finish` seconds later are answered with 503.
    """
    requests = _Requests(application)
    config = uvicorn.Config(
        requests,
        access_log=False,
        log_config=None,
        log_level="warning",
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=_TO_CLOSE,
    )
    server = _Server(config)
    with closing(_bound(host, port)) as bound:
        serving = asyncio.create_task(server.serve(sockets=[bound]))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        server.should_exit = True
        await asyncio.wait({serving}, timeout=to_finish)
        requests.cut_off()
        await serving


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens."""
    try:
        bound = socket.create_server((host, port), backlog=2048)
    except OSError as error:
        message = f"the webhook can't listen on {host}, port {port}: {error.strerror}"
        raise ChannelError(message) from None
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return bound
