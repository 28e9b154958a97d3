"""Serves the page on a socket until told to stop."""

import asyncio
import signal
import socket
from collections.abc import Callable
from contextlib import closing
from ipaddress import ip_address

import uvicorn
from starlette.types import ASGIApp

from bot.errors import ChannelError

_MOST_TRIED = 20


def bind(host: str, port: int) -> socket.socket:
    """Return a socket bound to `port`, or to one of the next if it is taken; 0 is any.

    Raises ChannelError if there is none, or no such host.
    """
    tried = range(port, min(port + _MOST_TRIED, 65536)) if port else (0,)
    reason = ""
    for each in tried:
        try:
            family, *_, address = socket.getaddrinfo(host, each, type=socket.SOCK_STREAM)[0]
            bound = socket.create_server(address[:2], family=family)
        except OSError as error:
            reason = error.strerror or type(error).__name__
        else:
            # connections inherit it; without it, a reply's second packet waits 40 ms for an ACK
            bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return bound
    message = f"the page can't listen on {host}, port {port}: {reason}"
    raise ChannelError(message)


def is_loopback(bound: socket.socket) -> bool:
    """Say whether only this machine can reach a bound socket."""
    return ip_address(bound.getsockname()[0]).is_loopback


def address_of(bound: socket.socket) -> str:
    """Return the address to open in a browser on this machine."""
    host, port = bound.getsockname()[:2]
    named = ip_address(host)
    if named.is_unspecified:
        host = "localhost"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def make_server(page: ASGIApp) -> uvicorn.Server:
    """Return the server for `page`. It logs no request: an address can hold what somebody typed."""
    config = uvicorn.Config(
        page,
        access_log=False,
        log_config=None,
        log_level="warning",
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=3,
    )
    return uvicorn.Server(config)


async def serve(page: ASGIApp, bound: socket.socket, ready: Callable[[], None]) -> None:
    """Serve `page` on a bound socket until the process is told to stop; say when it is `ready`."""
    server = make_server(page)

    def stop() -> None:
        server.should_exit = True

    for name in (signal.SIGINT, signal.SIGTERM):
        # uvicorn listens too, but late, and raises the signal again for whoever listened before
        asyncio.get_running_loop().add_signal_handler(name, stop)
    with closing(bound):
        ready()
        await server.serve(sockets=[bound])
