"""Who sends an update, where, and which words they are met with."""

from telegram import Update, User

from bot.conversation.dialogue import Dialogue
from bot.conversation.records import Speaker
from bot.knowledge.telegram import TelegramWords


def speaker_of(update: Update) -> Speaker:
    """Return who speaks, and where.

    Who speaks as a chat (an anonymous admin, a channel) is somebody of that name, never the chat.
    """
    chat, sender = update.effective_chat, update.effective_sender
    name = f"{sender.id}" if isinstance(sender, User) else f"as:{sender.id if sender else 0}"
    return Speaker(f"telegram:{name}", f"telegram:{chat.id if chat else 0}")


def language_of(update: Update) -> str:
    """Return the language that a person's Telegram is set to, as a tag; empty if it isn't known."""
    user = update.effective_user
    return (user.language_code if user else None) or ""


def words_of(dialogue: Dialogue, language: str) -> TelegramWords:
    """Return the words that only Telegram needs, in a language; without a voice, in the first."""
    return dialogue.speaking(language).catalogue.knowledge.voice.telegram
