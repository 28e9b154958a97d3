"""Reply -> what is sent to Telegram: HTML and an inline keyboard."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.telegram.callbacks import pack
from bot.conversation.model import Button, Reply

_WIDE = 16
"""Labels longer than this stand alone in their row, so that a phone shows them whole."""

TURN = "turn"
"""The action of buttons that turn the pages of a menu: they share no row with what it offers."""


def keyboard(reply: Reply) -> InlineKeyboardMarkup | None:
    """Return the reply's buttons; short ones share a row, and those to vote with have their own."""
    rows: list[list[InlineKeyboardButton]] = []
    room, turning = 0, False
    for button in reply.buttons:
        short = len(button.label) <= _WIDE
        if turning != (button.opens.action == TURN):
            room, turning = 0, not turning
        if short and room:
            rows[-1].append(_button(button))
            room -= 1
        else:
            rows.append([_button(button)])
            room = 2 if short else 0
    if reply.feedback:
        rows.append([_button(button) for button in reply.feedback])
    return InlineKeyboardMarkup(rows) if rows else None


def _button(button: Button) -> InlineKeyboardButton:
    """Return one button."""
    return InlineKeyboardButton(button.label, callback_data=pack(button.opens))
