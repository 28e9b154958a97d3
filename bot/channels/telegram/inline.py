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
from bot.channels.telegram.speakers import language_of
from bot.conversation.catalogue import Catalogue
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Abstain, Question, Refer, Session
from bot.conversation.policy import SAFETY, TALK
from bot.knowledge.citations import without_citations
from bot.knowledge.model import Entry
from bot.text import truncate, words

log = logging.getLogger(__name__)

MOST_CARDS = 10
CACHE_SECONDS = 300
"""How long Telegram may give the same answer again.

To anybody, as it depends on the query only; with several languages, to the person only.
"""

_LEAST_LIKELY = 0.02
_LONGEST_DESCRIPTION = 120
_START = "help"


class Inline:
    """Answers inline queries. Nobody is remembered for them, and nothing is kept."""

    def __init__(self, dialogue: Dialogue, favourites: Favourites) -> None:
        """Find cards with `dialogue`; `favourites` are what is asked most."""
        self._dialogue = dialogue
        self._favourites = favourites

    async def query(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Offer the cards for what was typed so far; none: offer the private chat."""
        query = update.inline_query
        if query is None:
            return
        asked = bool(words(query.query))
        speaker = self._dialogue.speaking(language_of(update), query.query)
        entries = entries_for(speaker, query.query) if asked else await self._most_asked(speaker)
        cards = [_card(speaker, entry, context.bot.username) for entry in entries]
        button = (
            None if cards else InlineQueryResultsButton(_private(speaker), start_parameter=_START)
        )
        personal = bool(self._dialogue.others)
        try:
            await query.answer(cards, cache_time=CACHE_SECONDS, is_personal=personal, button=button)
        except BadRequest as error:
            log.info("an inline query came too long ago: %s", type(error).__name__)

    async def _most_asked(self, speaker: Dialogue) -> list[Entry]:
        """Return what people ask most, and what the guide features as long as they ask little."""
        asked = [speaker.catalogue.entry(uid) for uid in await self._favourites.uids()]
        calm = [entry for entry in asked if entry and entry.section not in (SAFETY, TALK)]
        every = {entry.uid: entry for entry in (*calm, *speaker.catalogue.featured())}
        return list(every.values())[:MOST_CARDS]


def entries_for(speaker: Dialogue, text: str) -> list[Entry]:
    """Return what `text` could mean, best first: a referral alone, or at most ten entries.

    After those that the matcher ranks stand those that the best one names as related.
    """
    question = Question(text)
    decision = speaker.decide(question, Session())
    match decision:
        case Refer(entry=entry):
            return [entry]
        case Abstain():
            return []
    reply = speaker.say(decision, Session()).reply
    found = [speaker.catalogue.entry(uid) for uid in reply.topics]
    found += [
        one.entry for one in speaker.rank(question).candidates if one.probability >= _LEAST_LIKELY
    ]
    return _answers(speaker.catalogue, (entry for entry in found if entry is not None))


def _answers(catalogue: Catalogue, found: Iterable[Entry]) -> list[Entry]:
    """Return the answers in `found`, then those related to the first, each once."""
    ordered = [entry for entry in found if entry.section not in (SAFETY, TALK)]
    if not ordered:
        return list(catalogue.featured()[:MOST_CARDS])
    near = catalogue.named(ordered[0].related, ordered[0].guide)
    ordered += [entry for entry in near if entry.section not in (SAFETY, TALK)]
    return list({entry.uid: entry for entry in ordered}.values())[:MOST_CARDS]


def _card(speaker: Dialogue, entry: Entry, username: str) -> InlineQueryResultArticle:
    """Return one entry as a card that posts its answer."""
    content = InputTextMessageContent(
        speaker.card(entry).html, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW
    )
    url = link(username, speaker.catalogue.public(entry.uid))
    return InlineQueryResultArticle(
        entry.uid,
        entry.title,
        content,
        description=_in_one_line(entry.answer),
        reply_markup=one_button(_private(speaker), url),
    )


def _private(speaker: Dialogue) -> str:
    """Return the words on the button that leads to the private chat."""
    return speaker.catalogue.knowledge.voice.telegram.labels.private


def _in_one_line(answer: str) -> str:
    """Return how an answer begins, without its marks."""
    return truncate(" ".join(without_citations(answer).split()), _LONGEST_DESCRIPTION)
