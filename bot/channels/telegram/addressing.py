"""What a message in a group asks of the bot, if it asks the bot at all: pure."""

from collections.abc import Iterable

from telegram import Message, MessageEntity, User

_UNIT = 2
"""Bytes of a UTF-16 unit, in which Telegram counts."""


def asked(message: Message, me: User) -> str | None:
    """Return the question that a message puts to the bot; None if it isn't meant for it.

    A message is meant for the bot if it mentions it or replies to a message of its own. The mention
    is cut. A mention alone, in reply to somebody else, asks what that message says.
    """
    if message.via_bot is not None or message.is_automatic_forward:
        return None
    text = message.text or message.caption or ""
    mentions = [one for one in _entities(message) if _names(one, text, me)]
    if mentions:
        return _without(text, mentions) or _asked_before(message, me)
    return text if text and _is_mine(message.reply_to_message, me) else None


def command_in(message: Message) -> tuple[str, str]:
    """Return the command that a message begins with and whom it is addressed to, in small letters.

    Both are empty if it begins with none; without an addressee, the second is.
    """
    for entity in message.entities:
        if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0:
            name, _, addressee = message.parse_entity(entity)[1:].lower().partition("@")
            return name, addressee
    return "", ""


def _entities(message: Message) -> Iterable[MessageEntity]:
    """Return the entities of a message's text or caption."""
    return message.entities or message.caption_entities


def _names(entity: MessageEntity, text: str, me: User) -> bool:
    """Say whether an entity of `text` mentions the bot, by its username or as a user."""
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == me.id
    if entity.type != MessageEntity.MENTION:
        return False
    raw = text.encode("utf-16-le", "surrogatepass")
    said = raw[_UNIT * entity.offset : _UNIT * (entity.offset + entity.length)]
    return said.decode("utf-16-le", "replace").lower() == f"@{me.username}".lower()


def _without(text: str, mentions: Iterable[MessageEntity]) -> str:
    """Return `text` without these entities."""
    raw = text.encode("utf-16-le", "surrogatepass")
    for one in sorted(mentions, key=lambda entity: entity.offset, reverse=True):
        raw = raw[: _UNIT * one.offset] + raw[_UNIT * (one.offset + one.length) :]
    return " ".join(raw.decode("utf-16-le", "replace").split()).strip(" ,:;")


def _asked_before(message: Message, me: User) -> str:
    """Return what the message says that this one replies to, if it isn't the bot's."""
    earlier = message.reply_to_message
    if earlier is None or _is_mine(earlier, me):
        return ""
    return earlier.text or earlier.caption or ""


def _is_mine(message: Message | None, me: User) -> bool:
    """Say whether a message is the bot's own answer."""
    author = message.from_user if message is not None else None
    opened = message is not None and message.forum_topic_created is not None
    return author is not None and author.id == me.id and not opened
