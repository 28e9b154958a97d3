"""What a browser sends, bounded and checked. Whatever is wrong with it is an HTTPException."""

import re
import secrets
from http import HTTPStatus
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

COOKIE = "guidebot"
MARK = "x-guidebot"
"""A header that only the page's own script sends: another site's may not without asking first."""

DESK = "/desk/"
"""Where the addresses of the desk's forms begin."""

MOST_BYTES = 32 * 1024
MOST_CHARACTERS = 4000
LONGEST_SEARCH = 300

_ID = re.compile(r"[A-Za-z0-9_-]{22}")
_ID_BYTES = 16
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


Shape = TypeVar("Shape", bound=BaseModel)


class Asked(BaseModel):
    """A question."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    question: Annotated[str, StringConstraints(max_length=MOST_CHARACTERS)]


class Pressed(BaseModel):
    """A button: the target that it opens, as text."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    opens: Annotated[str, StringConstraints(max_length=200)]


async def body_of(request: Request, shape: type[Shape]) -> Shape:
    """Return the JSON of `request` in the given shape. Raises HTTPException if it has another."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        return shape.model_validate_json(await bounded(request))
    except ValidationError as error:
        long = any(each["type"] == "string_too_long" for each in error.errors())
        large, strange = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY
        raise HTTPException(large if long else strange) from None


async def bounded(request: Request) -> bytes:
    """Return the body; stop reading, and raise HTTPException, once it is too large."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return body


def searched(request: Request) -> str:
    """Return what is searched for. Raises HTTPException if it is too long."""
    text = request.query_params.get("q", "")
    if len(text) > LONGEST_SEARCH:
        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return text


def id_of(request: Request) -> str:
    """Return the random id of the browser's conversation; empty if it has none yet."""
    given = request.cookies.get(COOKIE, "")
    return given if _ID.fullmatch(given) else ""


def new_id() -> str:
    """Return an id that nobody can guess."""
    return secrets.token_urlsafe(_ID_BYTES)


def to_this_machine(host: str) -> bool:
    """Say whether a Host header names this machine itself, and no domain that points to it."""
    try:
        return (urlsplit(f"//{host}").hostname or "") in _LOCAL
    except ValueError:
        return False


def from_this_page(request: Request) -> bool:
    """Say whether a request that changes something comes from one of the page's own files.

    The script marks what it sends. A form can't, so for the desk's the browser has to tell that it
    is one of ours; its seal is looked at besides.
    """
    origin = request.headers.get("origin")
    ours = origin is not None and urlsplit(origin).netloc == request.headers.get("host", "")
    if request.url.path.startswith(DESK):
        return ours
    return (ours or origin is None) and MARK in request.headers
