"""Reply -> what is sent to Telegram: HTML and an inline keyboard."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.telegram.callbacks import pack
from bot.conversation.model import Button, Reply, Target

_WIDEST = {1: 16, 2: 12}
"""How long the labels of a row with one or two buttons may be if another is to join them.

So a phone shows them whole.
"""

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
    rows: list[list[Button]] = []
    for button in reply.buttons:
        if rows and _joins(button, rows[-1]):
            rows[-1].append(button)
        else:
            rows.append([button])
    if reply.feedback:
        rows.append([*reply.feedback])
    made = [[_button(button) for button in row] for row in rows]
    return InlineKeyboardMarkup(made) if made else None


def _joins(button: Button, row: list[Button]) -> bool:
    """Say whether a button fits into a row: it is like the others, and all are short enough."""
    widest = max(len(each.label) for each in (button, *row))
    same = _kind(button.opens) == _kind(row[-1].opens)
    return same and widest <= _WIDEST.get(len(row), 0)


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
