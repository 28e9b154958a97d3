"""What Telegram shows of the bot before anybody asks: its name, descriptions and commands.

All of it in each language that has a voice; to whom no voice speaks, in the first one.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

from telegram import Bot, BotCommand

from bot.channels.telegram.patience import STRANGE
from bot.conversation.catalogue import Catalogue
from bot.conversation.dialogue import Dialogue

log = logging.getLogger(__name__)


class _Get(Protocol):
    """Asks Telegram for what it shows to people of a language."""

    def __call__(self, *, language_code: str | None) -> Awaitable[object]:
        """Ask."""
        ...


async def introduce(bot: Bot, dialogue: Dialogue) -> None:
    """Tell Telegram what has changed, in each language. No harm if it can't be told.

    All at once: who asks meanwhile waits for it.
    """
    others = ((code, other.catalogue) for code, other in dialogue.others.items())
    spoken: list[tuple[str | None, Catalogue]] = [(None, dialogue.catalogue), *others]
    await asyncio.gather(*(told for code, each in spoken for told in _introduce(bot, each, code)))


def _introduce(bot: Bot, catalogue: Catalogue, code: str | None) -> list[Awaitable[None]]:
    """Return what tells what people of a language are shown; None: all that have no voice."""
    voice = catalogue.knowledge.voice
    words = voice.telegram
    shorter = _field(bot.get_my_short_description, "short_description")
    longer = _field(bot.get_my_description, "description")
    return [
        _told(commands_of(catalogue), bot.get_my_commands, bot.set_my_commands, code),
        _told(voice.name, _field(bot.get_my_name, "name"), bot.set_my_name, code),
        _told(words.description, longer, bot.set_my_description, code),
        _told(words.short_description, shorter, bot.set_my_short_description, code),
    ]


def commands_of(catalogue: Catalogue) -> tuple[BotCommand, ...]:
    """Return the menu of commands: what the guides open, then what only Telegram has."""
    knowledge = catalogue.knowledge
    own = knowledge.voice.telegram.commands
    opening = [
        BotCommand(item.command, own.guides.get(item.command, item.description))
        for item, _ in catalogue.commands()
    ]
    if knowledge.quiz:
        opening.append(BotCommand("quiz", own.quiz))
    if any(entry.remind for entry in knowledge.entries):
        opening.append(BotCommand("reminders", own.reminders))
    return tuple(opening)


async def _told(
    wanted: object, get: _Get, tell: Callable[..., Awaitable[object]], code: str | None
) -> None:
    """Tell Telegram what is `wanted`, unless it says so already."""
    with suppress(*STRANGE):
        if await get(language_code=code) == wanted:
            return
    try:
        await tell(wanted, language_code=code)
    except STRANGE as error:
        log.warning("%s failed: %s", getattr(tell, "__name__", "telling"), type(error).__name__)


def _field(get: _Get, name: str) -> _Get:
    """Return what gets one field of what `get` gets."""

    async def got(*, language_code: str | None) -> object:
        return getattr(await get(language_code=language_code), name)

    return got
