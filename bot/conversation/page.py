"""A reply's text while it is written: paragraphs in plain text and in Telegram's HTML at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

from bot.conversation.model import Citation
from bot.knowledge.citations import split_citations
from bot.text import TELEGRAM_LIMIT, truncate, utf16_length


@dataclass
class Page:
    """Collects paragraphs and numbers the sources that they cite, in the order of citing."""

    _plain: list[str] = field(default_factory=list)
    _html: list[str] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)
    _citations: list[Citation] = field(default_factory=list)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources cited so far, in order."""
        return tuple(self._citations)

    def plain(self) -> str:
        """Return the text, cut to what one message may hold."""
        return truncate("\n\n".join(self._plain), TELEGRAM_LIMIT)

    def html(self) -> str:
        """Return the HTML, without the last paragraphs if one message can't hold them all."""
        kept = len(self._html)
        while kept > 1 and utf16_length("\n\n".join(self._plain[:kept])) > TELEGRAM_LIMIT:
            kept -= 1
        if kept == 1 and utf16_length(self._plain[0]) > TELEGRAM_LIMIT:
            return escape(truncate(self._plain[0], TELEGRAM_LIMIT // 2), quote=False)
        return "\n\n".join(self._html[:kept])

    def add(self, text: str, tag: str = "") -> None:
        """Add a paragraph without citations; `tag` is ``b`` or ``i``."""
        self._plain.append(text)
        self._html.append(_tagged(escape(text, quote=False), tag))

    def add_cited(self, text: str, sources: dict[str, Citation], tag: str = "") -> None:
        """Add a paragraph whose ``[key]`` marks become numbers that link to `sources`."""
        plain, html = "", ""
        for piece, key in split_citations(text):
            plain += piece
            html += escape(piece, quote=False)
            if key:
                number = self._number(key, sources[key])
                plain += f"[{number}]"
                html += _link(f"[{number}]", sources[key].url)
        self._plain.append(plain)
        self._html.append(_tagged(html, tag))

    def cite(self, sources: Iterable[Citation]) -> None:
        """Count `sources` as cited, without a mark in the text."""
        for source in sources:
            self._number(source.key, source)

    def add_sources(self) -> None:
        """Add the line of sources cited so far: ``[1] Guide: Progress it · [2] Zourdos 2016``."""
        if not self._citations:
            return
        numbered = list(enumerate(self._citations, start=1))
        self._plain.append(" · ".join(f"[{n}] {source.label}" for n, source in numbered))
        self._html.append(
            " · ".join(f"[{n}] " + _link(source.label, source.url) for n, source in numbered)
        )

    def _number(self, key: str, source: Citation) -> int:
        """Return the number of a source, a new one if it wasn't cited before."""
        mark = f"{key}\0{source.label}"
        if mark not in self._numbers:
            self._numbers[mark] = len(self._numbers) + 1
            self._citations.append(source)
        return self._numbers[mark]


def _tagged(html: str, tag: str) -> str:
    """Wrap `html` in a tag, if there is one."""
    return f"<{tag}>{html}</{tag}>" if tag else html


def _link(text: str, url: str) -> str:
    """Return a link, or the text alone if there is no address."""
    shown = escape(text, quote=False)
    return f'<a href="{escape(url, quote=True)}">{shown}</a>' if url else shown
