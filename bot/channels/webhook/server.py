"""Serves the webhook until told to stop."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager

import uvicorn
from starlette.applications import Starlette

from bot.errors import ChannelError

_TO_FINISH = 1
"""Seconds for requests that are being answered at the end; what isn't safe comes again."""


class _Server(uvicorn.Server):
    """A server that leaves signals to whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


async def serve(application: Starlette, host: str, port: int, stop: asyncio.Event) -> None:
    """Serve `application` until `stop` is set. Raises ChannelError if the port can't be had."""
    config = uvicorn.Config(
        application,
        access_log=False,
        log_config=None,
        log_level="warning",
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=_TO_FINISH,
    )
    server = _Server(config)
    with closing(_bound(host, port)) as bound:
        serving = asyncio.create_task(server.serve(sockets=[bound]))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        server.should_exit = True
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
