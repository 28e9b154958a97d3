"""A turn of the conversation -> what the template shows of it. No word is added or left out."""

from typing import NamedTuple

from bot.channels.web.conversations import Turn
from bot.channels.web.paragraphs import Paragraph, paragraphs
from bot.channels.web.pictures import Pictures, Shot
from bot.conversation.catalogue import Catalogue
from bot.conversation.model import Button, Citation, Reply
from bot.conversation.page import source_line
from bot.knowledge.base import Source
from bot.knowledge.figure import Figure
from bot.knowledge.model import Entry

VIEWS = frozenset({"figure", "why", "more", "sources"})
"""Actions of buttons that tell more of an answer; the others lead on."""


class Card(NamedTuple):
    """A source as a reply cites it, with all that is known of it."""

    number: int
    label: str
    url: str
    source: Source


class Message(NamedTuple):
    """One turn, ready to be shown: its words before and after the sources, which are cards."""

    turn: Turn
    before: tuple[Paragraph, ...]
    cards: tuple[Card, ...]
    after: tuple[Paragraph, ...]
    picture: Shot | None
    options: tuple[Button, ...]
    views: tuple[Button, ...]


def message(turn: Turn, catalogue: Catalogue, pictures: Pictures) -> Message:
    """Return what is shown of `turn`; cards take the place of the line that names the sources."""
    reply = turn.reply
    cards = _cards(reply, catalogue)
    line = source_line(reply.citations)
    shown = paragraphs(reply.html, len(cards))
    lines = (at for at, each in enumerate(shown) if cards and each.plain == line)
    at = next(lines, len(shown))
    return Message(
        turn,
        shown[:at],
        cards,
        shown[at + 1 :],
        pictures.shot(reply.picture.path) if reply.picture else None,
        tuple(each for each in reply.buttons if each.opens.action not in VIEWS),
        tuple(each for each in reply.buttons if each.opens.action in VIEWS),
    )


def _cards(reply: Reply, catalogue: Catalogue) -> tuple[Card, ...]:
    """Return the sources that a reply cites; none if one of them isn't known any more."""
    found = [(each, _source(each, reply, catalogue)) for each in reply.citations]
    cards = tuple(
        Card(number, citation.label, citation.url, source)
        for number, (citation, source) in enumerate(found, start=1)
        if source is not None
    )
    return cards if len(cards) == len(found) else ()


def _source(citation: Citation, reply: Reply, catalogue: Catalogue) -> Source | None:
    """Return the source behind a citation: keys are a guide's own, so the reply's entries tell."""
    for uid in reply.topics:
        entry = catalogue.entry(uid)
        figure = catalogue.figure(entry) if entry else None
        owners: tuple[Entry | Figure | None, ...] = (entry, figure)
        for one in owners:
            if one is not None and catalogue.citations(one).get(citation.key) == citation:
                return catalogue.source(one, citation.key)
    return None
