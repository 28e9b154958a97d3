"""Who sends an update, and where."""

from telegram import Update, User

from bot.conversation.records import Speaker


def speaker_of(update: Update) -> Speaker:
    """Return who speaks, and where.

    Who speaks as a chat (an anonymous admin, a channel) is somebody of that name, never the chat.
    """
    chat, sender = update.effective_chat, update.effective_sender
    name = f"{sender.id}" if isinstance(sender, User) else f"as:{sender.id if sender else 0}"
    return Speaker(f"telegram:{name}", f"telegram:{chat.id if chat else 0}")
