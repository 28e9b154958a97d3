"""What a person sends, with what was known when they sent it: corrections are read like that."""

from dataclasses import replace
from typing import NamedTuple

from telegram import CallbackQuery, Message, Update

from bot.channels.keeper import Keeper, Recalled
from bot.channels.telegram.speakers import language_of, speaker_of
from bot.conversation.model import Exchange, Session
from bot.conversation.records import Speaker

_MOST_EXCHANGES = 3
"""How many of a person's last messages are answered in place when they are corrected."""


class Heard(NamedTuple):
    """A message or a press of a button, and by whom.

    `known` is as it was when they wrote it; `now` is the session that is kept. `corrects` is the
    exchange that the message belongs to, if it was answered before; `query` is the press.
    """

    message: Message
    speaker: Speaker
    known: Recalled
    now: Session
    corrects: Exchange | None = None
    query: CallbackQuery | None = None

    @property
    def answer(self) -> int:
        """The id of the bot's message that is to be changed; 0: there is none."""
        return self.corrects.answer if self.corrects else 0

    def after(self, session: Session, answer: int) -> Session:
        """Return what to keep after an answer: `session` is where it led, `answer` its id.

        A correction changes where the conversation is only if it hasn't gone on since.
        """
        if self.query is not None:
            return replace(session, exchanges=_earlier(session.exchanges))
        if self.corrects is None:
            here = Exchange(self.message.message_id, answer, replace(self.now, exchanges=()))
            kept = (*_earlier(self.now.exchanges), here)[-_MOST_EXCHANGES:]
            return replace(session, exchanges=kept)
        corrected = self.corrects._replace(answer=answer)
        kept = tuple(corrected if one == self.corrects else one for one in self.now.exchanges)
        return replace(session if self.corrects.latest else self.now, exchanges=kept)


async def hear(keeper: Keeper, update: Update, message: Message) -> Heard:
    """Return what a person sent with `message`, or pressed below it.

    A message that comes twice, as after a crash, is like one that is corrected: it doesn't answer
    what its own answer asked.
    """
    speaker = speaker_of(update)
    known = await keeper.recall(speaker, language_of(update))
    now, query = known.session, update.callback_query
    found = (one for one in now.exchanges if one.question == message.message_id)
    corrects = next(found, None) if query is None else None
    if corrects is not None:
        known = known._replace(session=corrects.before)
    return Heard(message, speaker, known, now, corrects, query)


def _earlier(exchanges: tuple[Exchange, ...]) -> tuple[Exchange, ...]:
    """Return exchanges after which the conversation has gone on."""
    return tuple(one._replace(latest=False) for one in exchanges)
