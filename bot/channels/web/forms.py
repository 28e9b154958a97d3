"""What the forms of the desk bring: bounded, and sealed by us."""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.channels.web.admissions import Admissions, visitor
from bot.channels.web.requests import bounded

_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 40


async def form_of(request: Request, admissions: Admissions) -> Mapping[str, str]:
    """Return the fields of a form that we sealed.

    Raises HTTPException if it is too large, no form, or not from one of our pages.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != _FORM:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    body = await bounded(request)
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY) from None
    fields = dict(pairs)
    if not admissions.sealed(visitor(request), fields.get("seal", "")):
        raise HTTPException(HTTPStatus.FORBIDDEN)
    return fields
