"""What Telegram shows of the bot before anybody asks: its name, descriptions and commands."""

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from telegram import Bot, BotCommand

from bot.channels.telegram.patience import STRANGE
from bot.conversation.catalogue import Catalogue

log = logging.getLogger(__name__)


async def introduce(bot: Bot, catalogue: Catalogue) -> None:
    """Tell Telegram what has changed. No harm if it can't be told."""
    voice = catalogue.knowledge.voice
    words = voice.telegram
    await _told(commands_of(catalogue), bot.get_my_commands, bot.set_my_commands)
    await _told(voice.name, _field(bot.get_my_name, "name"), bot.set_my_name)
    await _told(
        words.description, _field(bot.get_my_description, "description"), bot.set_my_description
    )
    await _told(
        words.short_description,
        _field(bot.get_my_short_description, "short_description"),
        bot.set_my_short_description,
    )


def commands_of(catalogue: Catalogue) -> tuple[BotCommand, ...]:
    """Return the menu of commands: what the guides open, then what only Telegram has."""
    knowledge = catalogue.knowledge
    own = knowledge.voice.telegram.commands
    opening = [BotCommand(item.command, item.description) for item, _ in catalogue.commands()]
    if knowledge.quiz:
        opening.append(BotCommand("quiz", own.quiz))
    if any(entry.remind for entry in knowledge.entries):
        opening.append(BotCommand("reminders", own.reminders))
    return tuple(opening)


async def _told(
    wanted: object, get: Callable[[], Awaitable[object]], tell: Callable[[Any], Awaitable[object]]
) -> None:
    """Tell Telegram what is `wanted`, unless it says so already."""
    with suppress(*STRANGE):
        if await get() == wanted:
            return
    try:
        await tell(wanted)
    except STRANGE as error:
        log.warning("%s failed: %s", getattr(tell, "__name__", "telling"), type(error).__name__)


def _field(get: Callable[[], Awaitable[object]], name: str) -> Callable[[], Awaitable[object]]:
    """Return what gets one field of what `get` gets."""

    async def got() -> object:
        return getattr(await get(), name)

    return got
