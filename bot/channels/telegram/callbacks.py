"""What a Telegram button carries: a Target as text of at most 64 bytes."""

from bot.conversation.model import Target

MOST_BYTES = 64


class CallbackError(ValueError):
    """A target that doesn't fit into a button; the message says how long it is."""


def pack(target: Target) -> str:
    """Return the callback data of `target`. Raises CallbackError if it has over 64 bytes."""
    data = str(target)
    size = len(data.encode())
    if size > MOST_BYTES:
        message = f"callback data '{data}' has {size} bytes; at most {MOST_BYTES}: shorten the id"
        raise CallbackError(message)
    return data


def unpack(data: str) -> Target:
    """Return the target that `data` names, whether or not it exists."""
    return Target.parse(data)
