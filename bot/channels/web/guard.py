"""Stands before everything: who may ask, security headers, and no error shown as it is."""

import logging
import traceback
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.web.requests import MARK, from_this_page, to_this_machine
from bot.channels.web.templates import Templates

log = logging.getLogger(__name__)

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "same-origin",  # without one, a browser hides where a form comes from
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Guard:
    """ASGI middleware that lets a request through, or refuses it.

    On loopback it answers only to this machine's own names, since a strange site's name can be
    made to point here (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, templates: Templates, *, local: bool) -> None:
        """Stand before `app`; `local` says that it is bound to loopback."""
        self._app = app
        self._templates = templates
        self._local = local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                _add_headers(message)
            await send(message)

        request = Request(scope, receive)
        refusal = self._refusal(request)
        if refusal is not None:
            await problem(request, self._templates, refusal)(scope, receive, guarded)
            return
        try:
            await self._app(scope, receive, guarded)
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody sees it
            log.error("a request failed: %s at %s", type(error).__name__, _place(error))  # noqa: TRY400
            if not begun:
                failure = HTTPStatus.INTERNAL_SERVER_ERROR
                await problem(request, self._templates, failure)(scope, receive, guarded)

    def _refusal(self, request: Request) -> HTTPStatus | None:
        """Return why a request is refused unread, if it is."""
        if self._local and not to_this_machine(request.headers.get("host", "")):
            return HTTPStatus.MISDIRECTED_REQUEST
        if request.method in _CHANGING and not from_this_page(request):
            return HTTPStatus.FORBIDDEN
        return None


def problem(request: Request, templates: Templates, status: int) -> Response:
    """Return what is said of a refusal or a failure: a part for the script, a page for others."""
    name = "problem.html" if MARK in request.headers else "problem_page.html"
    return templates.response(name, {"status": status}, status=status)


def on_problem(templates: Templates) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Return the handler of every HTTPException."""

    async def handle(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return problem(request, templates, status)

    return handle


def _add_headers(message: Message) -> None:
    """Add the security headers; nothing that holds a person's words is kept by a cache."""
    headers = MutableHeaders(scope=message)
    for name, value in HEADERS.items():
        headers[name] = value
    headers.setdefault("cache-control", "no-store")


def _place(error: BaseException) -> str:
    """Return where an error was raised, without its message, which may hold a person's words."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown place"
