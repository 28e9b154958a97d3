"""A Session as text: JSON with the number of its version."""

import json

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from bot.conversation.model import Session

VERSION = 1
"""Raise it when a session of an older bot would be read wrongly; then it begins anew."""

_SESSION = TypeAdapter(Session)


def as_text(session: Session) -> str:
    """Return `session` as JSON in ASCII, so that any character fits into any database."""
    content = {"version": VERSION, "session": _SESSION.dump_python(session)}
    return json.dumps(content, default=to_jsonable_python)


def from_text(text: str) -> Session:
    """Return the session that `text` holds; a new one if it can't be read, whatever it holds."""
    try:
        kept = json.loads(text)
        if not isinstance(kept, dict) or kept.get("version") != VERSION:
            return Session()
        return _SESSION.validate_python(kept.get("session"))
    except (ValueError, RecursionError):
        return Session()
