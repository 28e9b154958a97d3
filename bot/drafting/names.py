"""Headings -> ids, titles and first ways of asking: pure."""

import re
from collections.abc import Iterator
from unicodedata import normalize

from bot.drafting.wording import Form, wording
from bot.text import words as words_of

LONGEST = 40

_NO_ID = re.compile(r"[^a-z0-9]+")
_SMALL = frozenset(
    words_of("a an and are as at be by do for from in is it of on or the to with your you i my")
)


def slug(text: str, longest: int = LONGEST) -> str:
    """Return an id made from `text`: its telling words, as many as fit; ``part`` if it has none."""
    plain = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = [word for word in _NO_ID.sub(" ", plain.replace("'", "")).split() if word]
    telling = [word for word in words if word not in _SMALL]
    telling = telling if len(telling) > 1 else words
    made = ""
    for word in telling:
        longer = f"{made}-{word}" if made else word[:longest]
        if len(longer) > longest:
            break
        made = longer
    return made or "part"


def free(name: str, taken: set[str]) -> str:
    """Return `name`, with a number if it is taken, and take it."""
    made = next(
        one
        for one in (name, *(f"{name[: LONGEST - 4]}-{at}" for at in range(2, 999)))
        if one not in taken
    )
    taken.add(made)
    return made


def form_of(heading: str) -> Form:
    """Return the form of a heading."""
    first = heading.split(maxsplit=1)[0].lower() if heading.split() else ""
    if heading.rstrip().endswith("?") or first in wording().headings.asking:
        return "asking"
    return "doing" if first in wording().headings.doing else "naming"


def title_of(heading: str) -> str:
    """Return a title; empty if the heading is too long for one."""
    plain = heading.rstrip(" ?.:")
    return plain if len(plain) <= LONGEST else ""


def ask_of(heading: str) -> str:
    """Return the question on a button, the first that has room; empty if none has."""
    made = (
        one.format(heading=_bare(heading), lower=_lower(heading))
        for one in wording().asks[form_of(heading)]
    )
    return next((ask for ask in made if len(ask) <= LONGEST), "")


def phrasings_of(heading: str) -> list[str]:
    """Return first ways of asking; what templates are made of is taken out of the heading."""
    plain = re.sub(r"[()\[\]{}|]", " ", heading)
    made = _filled(wording().phrasings[form_of(plain)], plain)
    return [" ".join(text.split()) for text in made]


def _filled(patterns: tuple[str, ...], heading: str) -> Iterator[str]:
    """Yield each pattern with the heading in its place."""
    bare, lower = _bare(heading), _lower(heading)
    return (pattern.format(heading=bare, lower=lower) for pattern in patterns)


def _bare(heading: str) -> str:
    """Return a heading without what stands at its end."""
    return " ".join(heading.split()).rstrip(" ?.:")


def _lower(heading: str) -> str:
    """Return a heading as it stands inside a sentence: abbreviations keep their letters."""
    words = _bare(heading).split()
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in words)
