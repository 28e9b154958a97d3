"""Reply -> what is sent to Telegram: HTML and an inline keyboard."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.telegram.callbacks import pack
from bot.conversation.model import Button, Reply, Target

_WIDE = 16
"""Labels longer than this stand alone in their row, so that a phone shows them whole."""

TURN = "turn"
"""The action of buttons that turn the pages of a menu."""

_VIEWS = frozenset({"why", "more", "sources", "figure"})
_MOVES = frozenset({"over", "stop"})
_OPTION = 2
"""Slashes in the name of an option of the checkpoints: guide/question/option."""


def keyboard(reply: Reply) -> InlineKeyboardMarkup | None:
    """Return the reply's buttons: short ones share a row with others of their kind.

    Those to vote with have their own.
    """
    rows: list[list[InlineKeyboardButton]] = []
    room, before = 0, ""
    for button in reply.buttons:
        short = len(button.label) <= _WIDE
        if before != (kind := _kind(button.opens)):
            room, before = 0, kind
        if short and room:
            rows[-1].append(_button(button))
            room -= 1
        else:
            rows.append([_button(button)])
            room = 2 if short else 0
    if reply.feedback:
        rows.append([_button(button) for button in reply.feedback])
    return InlineKeyboardMarkup(rows) if rows else None


def _kind(target: Target) -> str:
    """Return what kind of button opens a target: what stands there to choose from, or a way about.

    A step of the checkpoints without an option is a way to another question.
    """
    if target.action in _VIEWS:
        return "view"
    if target.action in _MOVES or (target.action == "step" and target.name.count("/") < _OPTION):
        return "move"
    return TURN if target.action == TURN else ""


def _button(button: Button) -> InlineKeyboardButton:
    """Return one button."""
    return InlineKeyboardButton(button.label, callback_data=pack(button.opens))
