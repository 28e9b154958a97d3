"""Who sends an update, and where."""

from telegram import Update

from bot.conversation.records import Speaker


def speaker_of(update: Update) -> Speaker:
    """Return who speaks, and where. Who speaks as a chat (an anonymous admin) is that chat."""
    chat, sender = update.effective_chat, update.effective_sender
    person = f"telegram:{sender.id if sender else 0}"
    return Speaker(person, f"telegram:{chat.id if chat else 0}")
