"""What can be read of an update before it is handled: its id, its kind and its place. Pure."""

import json
from typing import Any

from bot.conversation.records import Arrival

Json = dict[str, Any]

MESSAGE = "message"
KINDS = (MESSAGE, "edited_message", "callback_query", "inline_query")
"""The only kinds of update that are asked for and taken."""

_MOST_BITS = 63


def kind_of(update: object) -> str:
    """Return which of the known kinds an update is; empty if it is none, or no update at all."""
    if not isinstance(update, dict) or not _is_id(update.get("update_id")):
        return ""
    return next((kind for kind in KINDS if isinstance(update.get(kind), dict)), "")


def arrival_of(update: Json) -> Arrival:
    """Return an update of a known kind as it is kept; what has no chat belongs to its person."""
    kind = kind_of(update)
    body: Json = update[kind]
    under = body.get("message") if kind == "callback_query" else body
    chat = _id_in(under, "chat")
    place = f"telegram:{chat}" if chat else f"telegram/person:{_id_in(body, 'from')}"
    return Arrival(update["update_id"], place, json.dumps(update, separators=(",", ":")))


def _id_in(body: object, name: str) -> int:
    """Return the id of a part of `body`; 0 if there is none."""
    part = body.get(name) if isinstance(body, dict) else None
    found = part.get("id") if isinstance(part, dict) else None
    return found if isinstance(found, int) else 0


def _is_id(value: object) -> bool:
    """Say whether `value` can be an update's id and can be kept as one."""
    return type(value) is int and value.bit_length() <= _MOST_BITS
