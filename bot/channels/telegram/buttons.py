"""Who does what a pressed button asks for."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from telegram import Update
from telegram.ext import ContextTypes

from bot.channels.telegram.callbacks import unpack

Does = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]


class Buttons:
    """Hands a press to the one who knows its action.

    One handler for all, because the library's own patterns let a button without data pass.
    """

    def __init__(self, actions: Mapping[str, Does], otherwise: Does) -> None:
        """Look actions up in `actions`; those it hasn't are for `otherwise`."""
        self._actions = actions
        self._otherwise = otherwise

    async def press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Do what the button that was pressed stands for."""
        query = update.callback_query
        action = unpack((query.data if query else None) or "").action
        await self._actions.get(action, self._otherwise)(update, context)
