"""Menus in pages of at most eight buttons, turned in place instead of flooding the chat."""

from dataclasses import replace

from telegram import Update
from telegram.ext import ContextTypes

from bot.channels.keeper import Keeper
from bot.channels.telegram.callbacks import unpack
from bot.channels.telegram.markup import TURN
from bot.channels.telegram.sending import acknowledge, replace_with
from bot.channels.telegram.speakers import language_of, speaker_of, words_of
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Button, Reply, Target

MOST_BUTTONS = 8
PAGE = "page"
"""The action that opens a menu in place of the one whose button was pressed."""

_MENU, _STEP = "menu", "step"


class Menus:
    """Divides menus into pages, and turns them."""

    def __init__(self, dialogue: Dialogue, keeper: Keeper) -> None:
        """Show the menus of `dialogue`; `keeper` knows whether checkpoints are open."""
        self._dialogue = dialogue
        self._keeper = keeper

    async def turn(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Show the page that a button stands for, in place of the message with the button."""
        query = update.callback_query
        if query is None:
            return
        await acknowledge(query)
        guide, _, rest = unpack(query.data or "").name.partition("/")
        section, _, number = rest.partition("/")
        menu = Target(_MENU, f"{guide}/{section}" if section else guide)
        known = await self._keeper.recall(speaker_of(update), language_of(update))
        reply = self._dialogue.open(menu, *known).reply
        await replace_with(query, self.page(reply, _number(number)))

    def page(self, reply: Reply, number: int = 0) -> Reply:
        """Return a page of a menu's reply, counted from 0; any other reply as it is."""
        if not reply.menu:
            return reply
        ways = [button for button in reply.buttons if button.opens.action == _MENU]
        resume = [button for button in reply.buttons if button.opens.action == _STEP]
        inside = "/" in reply.menu
        entries = [button for button in reply.buttons if button not in (*ways, *resume)]
        items = entries if inside else ways
        back = [*(_to(button, TURN) for button in ways if inside), *resume]
        shown = [button if inside else _to(button, PAGE) for button in items]
        if len(shown) + len(back) <= MOST_BUTTONS:
            return replace(reply, buttons=(*shown, *back))
        size = MOST_BUTTONS - len(back) - 2
        number = min(number, (len(shown) - 1) // size)
        first = number * size
        turns = self._turns(reply, number, last=first + size >= len(shown))
        return replace(reply, buttons=(*shown[first : first + size], *turns, *back))

    def _turns(self, reply: Reply, number: int, *, last: bool) -> list[Button]:
        """Return the buttons to the pages before and after page `number`, as `reply` speaks."""
        labels = words_of(self._dialogue, reply.language).labels
        guide, _, section = reply.menu.partition("/")
        turns = []
        if number:
            target = Target(TURN, f"{guide}/{section}/{number - 1}")
            turns.append(Button(labels.previous, target))
        if not last:
            target = Target(TURN, f"{guide}/{section}/{number + 1}")
            turns.append(Button(labels.next, target))
        return turns


def _to(button: Button, action: str) -> Button:
    """Return a button to the same menu that does `action` with it."""
    return button._replace(opens=button.opens._replace(action=action))


def _number(text: str) -> int:
    """Return the page that a button names; whatever else it says is the first."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("100") else 0
