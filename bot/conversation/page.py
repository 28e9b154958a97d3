"""A reply's text while it is written: paragraphs in plain text and in Telegram's HTML at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

from bot.conversation.model import Citation
from bot.knowledge.citations import split_citations
from bot.text import TELEGRAM_LIMIT, truncate, utf16_length

_GAP = "\n\n"
_DOT = " · "


class _Paragraph(NamedTuple):
    """One paragraph, twice: as plain text and as HTML."""

    plain: str
    html: str


@dataclass
class Page:
    """Collects paragraphs and numbers the sources that they cite, in the order of citing.

    `limit` is how many UTF-16 units fit.
    """

    limit: int = TELEGRAM_LIMIT
    _paragraphs: list[_Paragraph] = field(default_factory=list)
    _numbers: dict[Citation, int] = field(default_factory=dict)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources cited so far, in order."""
        return tuple(self._numbers)

    @property
    def cut(self) -> bool:
        """Whether one message can't hold all of it."""
        kept = self._kept()
        return kept != self._paragraphs

    def plain(self) -> str:
        """Return the text, without the last paragraphs if one message can't hold them all."""
        return _GAP.join(paragraph.plain for paragraph in self._kept())

    def html(self) -> str:
        """Return the HTML of the same paragraphs."""
        return _GAP.join(paragraph.html for paragraph in self._kept())

    def add(self, text: str, tag: str = "") -> None:
        """Add a paragraph without citations; `tag` is ``b`` or ``i``."""
        self._paragraphs.append(_Paragraph(text, _tagged(escape(text, quote=False), tag)))

    def add_cited(self, text: str, sources: dict[str, Citation], tag: str = "") -> None:
        """Add a paragraph whose ``[key]`` marks become numbers that link to `sources`."""
        plain, html = "", ""
        for piece, key in split_citations(text):
            plain += piece
            html += escape(piece, quote=False)
            if key:
                mark = f"[{self._number(sources[key])}]"
                plain += mark
                html += _link(mark, sources[key].url)
        self._paragraphs.append(_Paragraph(plain, _tagged(html, tag)))

    def cite(self, sources: Iterable[Citation]) -> None:
        """Count `sources` as cited, without a mark in the text."""
        for source in sources:
            self._number(source)

    def add_sources(self) -> None:
        """Add the line of sources cited so far: ``[1] Guide: Progress it · [2] Zourdos 2016``."""
        if not self._numbers:
            return
        cited = [(f"[{number}] ", source) for source, number in self._numbers.items()]
        plain = source_line(self._numbers)
        html = _DOT.join(mark + _link(source.label, source.url) for mark, source in cited)
        self._paragraphs.append(_Paragraph(plain, html))

    def _kept(self) -> list[_Paragraph]:
        """Return the first paragraphs that one message can hold."""
        room = self.limit
        kept: list[_Paragraph] = []
        for paragraph in self._paragraphs:
            room -= utf16_length(paragraph.plain) + (len(_GAP) if kept else 0)
            if room < 0:
                break
            kept.append(paragraph)
        return kept or [_shortened(first, self.limit) for first in self._paragraphs[:1]]

    def _number(self, source: Citation) -> int:
        """Return the number of a source, a new one if it wasn't cited before."""
        return self._numbers.setdefault(source, len(self._numbers) + 1)


def source_line(sources: Iterable[Citation]) -> str:
    """Return the line that names `sources` by number: ``[1] Guide: Progress it · [2] ...``."""
    return _DOT.join(f"[{number}] {each.label}" for number, each in enumerate(sources, start=1))


def _shortened(paragraph: _Paragraph, limit: int) -> _Paragraph:
    """Return the beginning of a paragraph that is too long for a message on its own."""
    plain = truncate(paragraph.plain, limit // 2)
    return _Paragraph(plain, escape(plain, quote=False))


def _tagged(html: str, tag: str) -> str:
    """Wrap `html` in a tag, if there is one."""
    return f"<{tag}>{html}</{tag}>" if tag else html


def _link(text: str, url: str) -> str:
    """Return a link, or the text alone if there is no address."""
    shown = escape(text, quote=False)
    return f'<a href="{escape(url, quote=True)}">{shown}</a>' if url else shown
