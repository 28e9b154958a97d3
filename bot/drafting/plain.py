"""Plain text -> blocks: pure. Headings are told by their shape."""

import re
from collections.abc import Iterator

from bot.drafting.blocks import Block, Heading, Items, Paragraph

_BULLET = re.compile(r"\s*(?:[•·*\u2013\u2014-]|\d{1,2}[.)])\s+(?=\S)")
_UNDERLINE = re.compile(r"\s*(={3,}|-{3,})\s*$")
_NUMBERED = re.compile(r"(\d+(?:\.\d+)*)[.)]?\s+(?=[A-Z])")
_ASKED = re.compile(r"\s*(?:Q|Question)\s*\d*\s*[:.]\s*(.+)", re.IGNORECASE)
_ANSWERED = re.compile(r"\s*(?:A|Answer)\s*\d*\s*[:.]\s*", re.IGNORECASE)
_LONGEST_HEADING = 80
_DEEPEST = 6


def text_blocks(text: str) -> list[Block]:
    """Return the blocks of a plain text."""
    chunks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip("\n"))
    found: list[Block] = []
    for chunk in chunks:
        lines = [line.rstrip() for line in chunk.split("\n") if line.strip()]
        for block in _chunk(lines):
            last = found[-1] if found else None
            if isinstance(block, Items) and isinstance(last, Items):
                found[-1] = Items((*last.items, *block.items))
            else:
                found.append(block)
    return found


def _chunk(lines: list[str]) -> Iterator[Block]:
    """Yield the blocks of lines without an empty one between them."""
    while lines:
        if len(lines) > 1 and (rule := _UNDERLINE.match(lines[1])):
            yield Heading(1 if "=" in rule[1] else 2, lines[0].strip())
            lines = lines[2:]
        elif asked := _ASKED.fullmatch(lines[0]):
            yield Heading(2, asked[1].strip())
            lines = [_ANSWERED.sub("", lines[1], count=1), *lines[2:]] if lines[1:] else []
        elif _BULLET.match(lines[0]) and not _is_numbered_heading(lines):
            items, lines = _listed(lines)
            yield items
        elif _is_heading(lines):
            yield _heading(lines[0].strip())
            lines = lines[1:]
        else:
            size = next((at for at, line in enumerate(lines) if at and _BULLET.match(line)), None)
            said = " ".join(line.strip() for line in lines[:size])
            yield Paragraph(_ANSWERED.sub("", said, count=1))
            lines = lines[size:] if size else []


def _listed(lines: list[str]) -> tuple[Items, list[str]]:
    """Return the list that `lines` begin with, and the lines after it."""
    items: list[str] = []
    for at, line in enumerate(lines):
        if _BULLET.match(line):
            items.append(_BULLET.sub("", line, count=1).strip())
        elif line.startswith((" ", "\t")):
            items[-1] += f" {line.strip()}"
        else:
            return Items(tuple(items)), lines[at:]
    return Items(tuple(items)), []


def _is_heading(lines: list[str]) -> bool:
    """Say whether the first line is a heading: short, alone or above longer ones, no sentence."""
    line = lines[0].strip()
    if len(line) > _LONGEST_HEADING or line[-1:] in ".!:;," or not line[:1].isalnum():
        return False
    alone = len(lines) == 1
    return alone or (len(lines[1]) > len(line) + 15 and line[-1:] != "," and line[0].isupper())


def _is_numbered_heading(lines: list[str]) -> bool:
    """Say whether a line such as ``2. Fill the pot`` stands alone, as a heading."""
    return len(lines) == 1 and bool(_NUMBERED.match(lines[0])) and _is_heading(lines)


def _heading(line: str) -> Heading:
    """Return a heading; its number tells how deep it is."""
    number = _NUMBERED.match(line)
    if number:
        deep = min(number[1].count(".") + 2, _DEEPEST)
        return Heading(deep, line[number.end() :])
    return Heading(1, line.capitalize()) if line.isupper() else Heading(2, line)
