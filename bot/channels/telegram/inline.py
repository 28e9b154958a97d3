"""Inline mode: ``@bot why do I feel it in my quads`` in any chat gives cards with answers."""

import logging
from collections.abc import Iterable

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bot.channels.telegram.favourites import Favourites
from bot.channels.telegram.links import link, one_button
from bot.channels.telegram.sending import NO_PREVIEW
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Abstain, Question, Refer, Session
from bot.conversation.policy import SAFETY, TALK
from bot.knowledge.citations import without_citations
from bot.knowledge.model import Entry
from bot.text import truncate, words

log = logging.getLogger(__name__)

MOST_CARDS = 10
CACHE_SECONDS = 300
"""How long Telegram may give the same answer again, to anybody: it depends on the query only."""

_LEAST_LIKELY = 0.02
_LONGEST_DESCRIPTION = 120
_START = "help"


class Inline:
    """Answers inline queries. Nobody is remembered for them, and nothing is kept."""

    def __init__(self, dialogue: Dialogue, favourites: Favourites) -> None:
        """Find cards with `dialogue`; `favourites` are what is asked most."""
        self._dialogue = dialogue
        self._catalogue = dialogue.catalogue
        self._favourites = favourites
        self._label = dialogue.catalogue.knowledge.voice.telegram.labels.private

    async def query(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Offer the cards for what was typed so far; none: offer the private chat."""
        query = update.inline_query
        if query is None:
            return
        asked = bool(words(query.query))
        entries = self.entries(query.query) if asked else await self._most_asked()
        cards = [self._card(entry, context.bot.username) for entry in entries]
        button = None if cards else InlineQueryResultsButton(self._label, start_parameter=_START)
        try:
            await query.answer(cards, cache_time=CACHE_SECONDS, is_personal=False, button=button)
        except BadRequest as error:
            log.info("an inline query came too long ago: %s", type(error).__name__)

    def entries(self, text: str) -> list[Entry]:
        """Return what `text` could mean, best first: a referral alone, or at most ten entries.

        After those that the matcher ranks stand those that the best one names as related.
        """
        question = Question(text)
        decision = self._dialogue.decide(question, Session())
        match decision:
            case Refer(entry=entry):
                return [entry]
            case Abstain():
                return []
        reply = self._dialogue.say(decision, Session()).reply
        found = [self._catalogue.entry(uid) for uid in reply.topics]
        found += [
            one.entry
            for one in self._dialogue.rank(question).candidates
            if one.probability >= _LEAST_LIKELY
        ]
        return self._answers(entry for entry in found if entry is not None)

    def _answers(self, found: Iterable[Entry]) -> list[Entry]:
        """Return the answers in `found`, then those related to the first, each once."""
        ordered = [entry for entry in found if entry.section not in (SAFETY, TALK)]
        if not ordered:
            return list(self._catalogue.featured()[:MOST_CARDS])
        near = self._catalogue.named(ordered[0].related, ordered[0].guide)
        ordered += [entry for entry in near if entry.section not in (SAFETY, TALK)]
        return list({entry.uid: entry for entry in ordered}.values())[:MOST_CARDS]

    async def _most_asked(self) -> list[Entry]:
        """Return what people ask most, and what the guide features as long as they ask little."""
        asked = [self._catalogue.entry(uid) for uid in await self._favourites.uids()]
        calm = [entry for entry in asked if entry and entry.section not in (SAFETY, TALK)]
        every = {entry.uid: entry for entry in (*calm, *self._catalogue.featured())}
        return list(every.values())[:MOST_CARDS]

    def _card(self, entry: Entry, username: str) -> InlineQueryResultArticle:
        """Return one entry as a card that posts its answer."""
        content = InputTextMessageContent(
            self._dialogue.card(entry).html,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
        )
        return InlineQueryResultArticle(
            entry.uid,
            entry.title,
            content,
            description=_in_one_line(entry.answer),
            reply_markup=one_button(self._label, link(username, self._catalogue.public(entry.uid))),
        )


def _in_one_line(answer: str) -> str:
    """Return how an answer begins, without its marks."""
    return truncate(" ".join(without_citations(answer).split()), _LONGEST_DESCRIPTION)
