"""Markdown and HTML -> blocks. The only module that imports markdown-it, lxml and trafilatura."""

import re
from collections.abc import Iterator
from typing import Any

from bot.drafting.blocks import Block, Heading, Items, Paragraph
from bot.errors import DraftingError

_FOOTNOTE = re.compile(r"^\[\^([^\]]+)\]:\s*", re.MULTILINE)
_FOOTMARK = re.compile(r"\[\^([^\]]+)\]")
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_NO_PAGE = "no text could be found in the page: save it whole, or paste its text into a .txt file"


def markdown_blocks(text: str) -> list[Block]:
    """Return the blocks of a Markdown text; footnotes become the list of a chapter References.

    Raises DraftingError if the extra is missing.
    """
    try:
        from markdown_it import MarkdownIt  # noqa: PLC0415 - an extra
    except ImportError:
        raise DraftingError(_missing("markdown-it-py")) from None
    body = _FRONT.sub("", text)
    if _FOOTNOTE.search(body):
        notes = _FOOTNOTE.sub(r"\n- [\1] ", body[_first_note(body) :])
        body = f"{body[: _first_note(body)]}\n\n## References\n\n{notes}"
    parsed = MarkdownIt("commonmark").enable("table").parse(_FOOTMARK.sub(r"[\1]", body))
    return list(_blocks(parsed))


def html_blocks(text: str) -> tuple[str, list[Block]]:
    """Return the title and the blocks of an HTML page: its main text, without what is around it.

    Raises DraftingError if the extra is missing, or if no text is found.
    """
    try:
        from lxml import html  # noqa: PLC0415 - an extra
        from trafilatura import extract  # noqa: PLC0415
    except ImportError:
        raise DraftingError(_missing("trafilatura")) from None
    try:
        tree = html.fromstring(text.encode())
    except (ValueError, html.etree.ParserError):
        raise DraftingError(_NO_PAGE) from None
    _make_headings(tree)
    found = extract(
        html.tostring(tree, encoding="unicode"),
        output_format="markdown",
        include_formatting=True,
        include_links=True,
        include_comments=False,
        favor_recall=True,
    )
    if not found:
        raise DraftingError(_NO_PAGE)
    title = (tree.findtext(".//h1") or tree.findtext(".//title") or "").strip()
    return title, markdown_blocks(found)


def _make_headings(tree: Any) -> None:  # noqa: ANN401 - lxml has no types of its own
    """Turn what a reader unfolds or looks up (``summary``, ``dt``) into headings."""
    level = 2
    for element in list(tree.iter("summary", "dt", "h2", "h3", "h4")):
        if element.tag in ("summary", "dt"):
            element.tag = f"h{level}"
        level = int(element.tag[1:])
    for element in list(tree.iter("details", "dl")):
        element.tag = "section"
    for element in list(tree.iter("dd")):
        element.tag = "p"


def _first_note(text: str) -> int:
    """Return where the first footnote begins."""
    found = _FOOTNOTE.search(text)
    return found.start() if found else len(text)


def _blocks(tokens: list[Any]) -> Iterator[Block]:
    """Yield the blocks of markdown-it's tokens; what stands inside a list is an item of it."""
    items: list[str] = []
    depth, level = 0, 0
    for token in tokens:
        opens = token.nesting
        if token.type.endswith(("_list_open", "_list_close")):
            depth += opens
            if not depth:
                yield Items(tuple(filter(None, items)))
                items = []
        elif token.type == "list_item_open":
            items.append("")
        elif token.type.startswith("heading"):
            level = int(token.tag[1:]) if opens > 0 else 0
        elif token.type == "inline" and depth:
            items[-1] = f"{items[-1]} {_plain(token)}".strip()
        elif token.type == "inline":
            said = _plain(token)
            yield Heading(level, said) if level else Paragraph(said)


def _plain(token: Any) -> str:  # noqa: ANN401 - the library is an extra
    """Return the text of an inline token, without emphasis, each link with its address."""
    said, address = "", ""
    for child in token.children or ():
        if child.type == "link_open":
            address = child.attrGet("href") or ""
        elif child.type == "link_close":
            said += f" <{address}>" if address.startswith("http") else ""
        elif child.type in ("softbreak", "hardbreak"):
            said += " "
        elif child.type in ("text", "code_inline"):
            said += child.content
    return " ".join(said.split())


def _missing(library: str) -> str:
    """Return what to install."""
    return f"{library} is not installed: pip install 'guidebot[authoring]'"
