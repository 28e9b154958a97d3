"""What is remembered of who speaks. An answer needs no memory, so none is no reason to fail."""

import logging

from telegram import Update

from bot.conversation.model import Session
from bot.conversation.ports import SessionStore
from bot.conversation.records import Speaker
from bot.errors import StoreError

log = logging.getLogger(__name__)


class Conversations:
    """Loads and keeps sessions by who sent an update, and where."""

    def __init__(self, sessions: SessionStore) -> None:
        """Keep sessions in `sessions`."""
        self._sessions = sessions

    async def load(self, update: Update) -> Session:
        """Return what is remembered; a new session if the store can't be used."""
        try:
            return await self._sessions.load(speaker_of(update))
        except StoreError as error:
            log.warning("a conversation is not remembered: %s", error)
            return Session()

    async def save(self, update: Update, session: Session) -> None:
        """Keep `session`, if the store can be used."""
        try:
            await self._sessions.save(speaker_of(update), session)
        except StoreError as error:
            log.warning("a conversation is not kept: %s", error)


def speaker_of(update: Update) -> Speaker:
    """Return who speaks, and where. Who speaks as a chat (an anonymous admin) is that chat."""
    chat, sender = update.effective_chat, update.effective_sender
    person = f"telegram:{sender.id if sender else 0}"
    return Speaker(person, f"telegram:{chat.id if chat else 0}")
