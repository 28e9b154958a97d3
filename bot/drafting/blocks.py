"""What a page is made of: headings, paragraphs and lists, as frozen values."""

from typing import NamedTuple


class Heading(NamedTuple):
    """A heading and how deep it is: 1 is the page's own."""

    level: int
    text: str


class Paragraph(NamedTuple):
    """A paragraph of plain text. A link is its text, then its <address>."""

    text: str


class Items(NamedTuple):
    """A list, its items in order."""

    items: tuple[str, ...]


Block = Heading | Paragraph | Items


class Page(NamedTuple):
    """A page that was read: its title, and its blocks without it."""

    title: str
    blocks: tuple[Block, ...]
