"""The guide to read: one page from the same YAML, and a search that is the matcher."""

from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from bot.channels.web.paragraphs import Paragraph, paragraphs
from bot.channels.web.pictures import Pictures, Shot
from bot.channels.web.requests import searched
from bot.channels.web.templates import Templates
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Citation, Question, Refer, Session
from bot.conversation.page import Page
from bot.knowledge.base import Source
from bot.knowledge.model import Entry, Guide
from bot.text import words

SAFETY = "safety"
TALK = "talk"
_ANY_LENGTH = 10**6
_LEAST_SHOWN = 0.02
_LEAST = {SAFETY: 0.15, TALK: 2.0}
"""How likely an entry must be to be found; small talk is no part of the guide."""


class Text(NamedTuple):
    """A part of an entry: ``answer``, ``caveat`` or ``more``, and its paragraphs."""

    name: str
    paragraphs: tuple[Paragraph, ...]


class Read(NamedTuple):
    """An entry to be read: its texts, the sources they cite by number, and its picture."""

    entry: Entry
    texts: tuple[Text, ...]
    citations: tuple[Citation, ...]
    picture: Shot | None
    caption: str


class Chapter(NamedTuple):
    """A section with its entries; the one on safety has no title of its own in the guide."""

    id: str
    title: str
    entries: tuple[Read, ...]


class Book(NamedTuple):
    """A guide as its page shows it, with the sources that it cites by key."""

    guide: Guide
    chapters: list[Chapter]
    sources: dict[str, Source]


class GuidePages:
    """One page for each guide."""

    def __init__(self, dialogue: Dialogue, templates: Templates) -> None:
        """Show the guides of `dialogue`."""
        self._dialogue = dialogue
        self._catalogue = dialogue.catalogue
        self._templates = templates
        self._pictures = Pictures(dialogue.catalogue)
        self._books = {guide.id: self._book(guide) for guide in self._catalogue.knowledge.guides}

    async def page(self, request: Request) -> Response:
        """Show a guide, with what a search found at its top."""
        guide, text = self._guide(request), searched(request)
        found = {"text": text, "found": self._found(text, guide)}
        return self._templates.response("guide.html", {**self._books[guide.id]._asdict(), **found})

    async def search(self, request: Request) -> Response:
        """Return the entries that a search could mean, likeliest first, as JSON."""
        found = self._found(searched(request), self._guide(request))
        return JSONResponse([{"id": each.id, "title": each.title} for each in found])

    async def figure(self, request: Request) -> Response:
        """Return a picture. Raises HTTPException if there is none of this name."""
        path = self._pictures.path(request.path_params["guide"], request.path_params["file"])
        if path is None or not path.is_file():
            raise HTTPException(404)
        return FileResponse(path, headers={"cache-control": "no-cache"})

    def _guide(self, request: Request) -> Guide:
        """Return the guide that the address names. Raises HTTPException if there is none."""
        name = request.path_params.get("guide", self._catalogue.knowledge.primary.id)
        guide = self._catalogue.guide(name)
        if guide.id != name:
            raise HTTPException(404)
        return guide

    def _found(self, text: str, guide: Guide) -> tuple[Entry, ...]:
        """Return the entries that `text` could mean; a red flag comes first, as in the chat."""
        if not words(text):
            return ()
        question = Question(text, guide.id)
        decision = self._dialogue.decide(question, Session())
        first = (decision.entry,) if isinstance(decision, Refer) else ()
        near = (
            each.entry
            for each in self._dialogue.rank(question).candidates
            if each.probability >= _LEAST.get(each.entry.section, _LEAST_SHOWN)
        )
        return tuple({each.uid: each for each in (*first, *near)}.values())

    def _book(self, guide: Guide) -> Book:
        """Return a guide to be read."""
        chapters = self._chapters(guide)
        sources = {
            citation.key: self._catalogue.source(read.entry, citation.key)
            for chapter in chapters
            for read in chapter.entries
            for citation in read.citations
        }
        return Book(guide, chapters, sources)

    def _chapters(self, guide: Guide) -> list[Chapter]:
        """Return the sections of `guide`, and what all guides say of safety."""
        chapters = [
            Chapter(each.id, each.title, self._reads(self._catalogue.in_section(guide.id, each)))
            for each in guide.file.sections
        ]
        shared = self._catalogue.knowledge.shared
        safety = tuple(each for each in shared if each.section == SAFETY)
        return [*chapters, Chapter(SAFETY, "", self._reads(safety))]

    def _reads(self, entries: tuple[Entry, ...]) -> tuple[Read, ...]:
        """Return entries to be read."""
        return tuple(map(self._read, entries))

    def _read(self, entry: Entry) -> Read:
        """Return one entry; its sources are numbered in the order of citing, as in a reply."""
        cited, numbered = self._catalogue.citations(entry), Page(_ANY_LENGTH)
        texts = []
        for name in ("answer", "caveat", "more"):
            alone = getattr(entry, name)
            if alone:
                before = len(numbered.html())
                numbered.add_cited(alone, cited)
                html = numbered.html()[before:]
                texts.append(Text(name, paragraphs(html, len(numbered.citations))))
        figure = self._catalogue.figure(entry)
        return Read(
            entry,
            tuple(texts),
            numbered.citations,
            self._pictures.shot(figure.path) if figure else None,
            figure.title if figure else "",
        )
