"""The routes: Telegram's updates, whether the process lives and is ready, and its metrics."""

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import StoreError

log = logging.getLogger(__name__)

MOST_BYTES = 1_000_000
"""Telegram's updates are far smaller."""

_LONGEST = 20.0
_HEADER = "x-telegram-bot-api-secret-token"

Take = Callable[[object], Awaitable[bytes]]
Check = Callable[[], Awaitable[None]]


class Desk(NamedTuple):
    """What the routes lead to.

    `take` returns when an update is safe, with the body of the answer, or raises StoreError if it
    can't be; `checks` raise what they find by their name; `metrics` returns a page and its content
    type.
    """

    take: Take
    checks: dict[str, Check]
    metrics: Callable[[], tuple[bytes, str]]


class Webhook:
    """Answers what comes in over HTTP."""

    def __init__(self, desk: Desk, secret: str) -> None:
        """Take updates whose header holds `secret`, and no others."""
        self._desk = desk
        self._secret = secret.encode()

    async def update(self, request: Request) -> Response:
        """Take one update; 200 says that it is safe. Telegram repeats it after anything else."""
        given = request.headers.get(_HEADER, "").encode("latin-1", "replace")
        if not hmac.compare_digest(given, self._secret):
            return Response(status_code=403)
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            return Response(status_code=400)
        try:
            async with asyncio.timeout(_LONGEST):
                answer = await self._desk.take(update)
        except (TimeoutError, StoreError):  # Telegram had better keep this one
            return Response(status_code=503)
        return Response(answer, media_type="application/json")

    async def alive(self, _request: Request) -> Response:
        """Say that the process lives."""
        return PlainTextResponse("ok")

    async def ready(self, _request: Request) -> Response:
        """Say whether updates can be answered, and what is in the way."""
        found = {name: await _state(name, check) for name, check in self._desk.checks.items()}
        good = all(state == "ok" for state in found.values())
        return JSONResponse(found, status_code=200 if good else 503)

    async def metrics(self, _request: Request) -> Response:
        """Return the metrics for Prometheus."""
        page, kind = self._desk.metrics()
        return Response(page, headers={"content-type": kind})


def build_webhook(desk: Desk, secret: str, path: str) -> Starlette:
    """Return the application; Telegram's POSTs come to `path`, and all else is for operators.

    A proxy should let nobody else in than to `path`.
    """
    webhook = Webhook(desk, secret)
    return Starlette(
        routes=[
            Route("/healthz", webhook.alive),
            Route("/readyz", webhook.ready),
            Route("/metrics", webhook.metrics),
            Route(path, webhook.update, methods=["POST"]),
        ]
    )


async def _body(request: Request) -> bytes | None:
    """Return the body of a request; None if it is larger than any update."""
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                return None
    except ClientDisconnect:
        return b""
    return body


async def _state(name: str, check: Check) -> str:
    """Return ``ok``, or the kind of error that a check finds."""
    try:
        await check()
    except Exception as error:  # noqa: BLE001 - whatever it is, an operator wants to know
        log.warning("not ready: %s: %s", name, type(error).__name__)
        return type(error).__name__
    return "ok"
