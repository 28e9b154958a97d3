"""A file -> Page: plain text, Markdown, or HTML as a browser saves it."""

from pathlib import Path

from bot.drafting.blocks import Block, Heading, Page
from bot.drafting.marked import html_blocks, markdown_blocks
from bot.drafting.plain import text_blocks
from bot.errors import DraftingError

_MOST_BYTES = 5_000_000
_HTML = frozenset({".html", ".htm", ".xhtml"})
_MARKDOWN = frozenset({".md", ".markdown", ".mkd"})


def read_page(path: Path) -> Page:
    """Return the page in a file. Raises DraftingError with one line if it can't be used."""
    text = _text(path)
    title = ""
    if path.suffix.lower() in _HTML or text.lstrip()[:20].lower().startswith(
        ("<!doctype", "<html")
    ):
        title, blocks = html_blocks(text)
    elif path.suffix.lower() in _MARKDOWN:
        blocks = markdown_blocks(text)
    else:
        blocks = text_blocks(text)
    return _titled(title or path.stem.replace("-", " ").capitalize(), blocks, path)


def _text(path: Path) -> str:
    """Return the text of a file. Raises DraftingError."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        message = f"{path} can't be read: {error.strerror or type(error).__name__}"
        raise DraftingError(message) from None
    if len(raw) > _MOST_BYTES:
        message = f"{path} has {len(raw)} bytes; at most {_MOST_BYTES}"
        raise DraftingError(message)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        message = f"{path} is not UTF-8 text: save it with the encoding UTF-8"
        raise DraftingError(message) from None
    if "\0" in text or not text.strip():
        message = f"{path} holds no text: give a page as .txt, .md or .html"
        raise DraftingError(message)
    return text


def _titled(title: str, blocks: list[Block], path: Path) -> Page:
    """Return the page under its title: the last of the headings that it begins with, if any.

    Raises DraftingError if there is nothing below it.
    """
    texts = (at for at, one in enumerate(blocks) if not isinstance(one, Heading))
    first = next(texts, len(blocks))
    opening = [one for one in blocks[:first] if isinstance(one, Heading)]
    top = next((one for one in opening if one.level == 1), None)
    if opening and (top or opening[0].text == title):
        title = (top or opening[0]).text
        blocks = [one for one in blocks if one is not (top or opening[0])]
    elif opening:
        title, blocks = opening[-1].text, blocks[first:]
    if not blocks:
        message = f"{path} has a title and nothing below it"
        raise DraftingError(message)
    return Page(title, tuple(blocks))
