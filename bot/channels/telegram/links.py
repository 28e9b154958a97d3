"""Links that open the private chat with the bot at a topic: ``t.me/<bot>?start=<topic>``."""

import re

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.helpers import create_deep_linked_url

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SLASH = "__"
"""Stands for the slash of ``guide/id``; neither a guide nor an id has an underscore."""


def link(username: str, name: str = "") -> str:
    """Return the link to a topic by its public name; to the bot alone if no link can carry it."""
    payload = name.replace("/", _SLASH)
    fits = _PAYLOAD.fullmatch(payload)
    return create_deep_linked_url(username, payload if fits else None)


def named(payload: str) -> str:
    """Return the public name that a link's payload carries; empty if it can't be one."""
    return payload.lower().replace(_SLASH, "/") if _PAYLOAD.fullmatch(payload) else ""


def one_button(label: str, url: str) -> InlineKeyboardMarkup:
    """Return a keyboard with a single button that opens a link."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, url=url)]])
