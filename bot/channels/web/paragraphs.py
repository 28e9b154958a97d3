"""A reply's HTML -> paragraphs of plain pieces, so that a template can escape every word anew."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple

_GAP = "\n\n"
_LINKED_MARK = re.compile(r'<a href="[^"]*">(\[\d+\])</a>')
_MARK = re.compile(r"\[(\d+)\]")


class Piece(NamedTuple):
    """Words of a paragraph, with an address if they are a link; or a citation's `number`."""

    text: str
    url: str = ""
    number: int = 0


class Paragraph(NamedTuple):
    """Pieces in order; `tone` is the tag around all of them: ``b``, ``i`` or none."""

    tone: str
    pieces: tuple[Piece, ...]

    @property
    def plain(self) -> str:
        """The words, as Telegram's plain text has them."""
        return "".join(piece.text for piece in self.pieces)


def paragraphs(html: str, citations: int) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a reply's `html`; marks up to ``[citations]`` become citations."""
    return tuple(_paragraph(part, citations) for part in html.split(_GAP) if part)


class _Pieces(HTMLParser):
    """Collects words and links; what is no link is words, whatever it looks like."""

    def __init__(self, citations: int) -> None:
        super().__init__(convert_charrefs=True)
        self.tone = ""
        self.found: list[Piece] = []
        self._citations = citations
        self._url = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a link leads, and the tone."""
        if tag in ("b", "i"):
            self.tone = tag
        if tag == "a":
            url = dict(attrs).get("href") or ""
            self._url = url if url.startswith(("https://", "http://")) else ""

    def handle_endtag(self, tag: str) -> None:
        """End a link."""
        if tag == "a":
            self._url = ""

    def handle_data(self, data: str) -> None:
        """Take words, and citations apart from them."""
        self.found += [Piece(data, self._url)] if self._url else self._split(data)

    def _split(self, data: str) -> Iterator[Piece]:
        """Yield the words and citations of `data`."""
        at = 0
        for mark in _MARK.finditer(data):
            if 1 <= int(mark[1]) <= self._citations:
                if mark.start() > at:
                    yield Piece(data[at : mark.start()])
                yield Piece(mark[0], number=int(mark[1]))
                at = mark.end()
        if at < len(data):
            yield Piece(data[at:])


def _paragraph(html: str, citations: int) -> Paragraph:
    """Return one paragraph."""
    reader = _Pieces(citations)
    reader.feed(_LINKED_MARK.sub(r"\1", html))
    reader.close()
    return Paragraph(reader.tone, tuple(reader.found))
