"""References of a page -> sources, and the marks in its text -> ``[key]``: pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.drafting.names import slug
from bot.drafting.wording import wording
from bot.knowledge.base import Source

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>\])]*[\w/]")
_URL = re.compile(r"https?://[^\s<>\])]*[\w/]")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_NAME = re.compile(r"[A-ZÀ-Þ][\w'\u2019-]+")
_NUMBER = re.compile(r"^\s*\[?(\d{1,3})[\].)]?\s+")
_MARK = re.compile(r"\s*\[((?:\w{1,4})(?:\s*[,;]\s*\w{1,4})*)\](?!\()")
_PERSON = r"([A-ZÀ-Þ][\w'\u2019-]+)"
_AUTHOR_YEAR = re.compile(
    rf"\s*\((?:see |e\.g\.,? |cf\. )?{_PERSON}[^()]{{0,60}}?,? ?((?:19|20)\d{{2}})[a-z]?\)"
)
_BY = re.compile(rf"\b{_PERSON}(?: (?:et al\.?|and|&)(?: [A-Z][\w'-]+)?)?,? \(((?:19|20)\d{{2}})\)")
_BRACKETED = re.compile(r"\s*\([^()]{0,40}(\[[a-z0-9-]+\])\)")
_LINK = re.compile(r" ?<(https?://[^>]+)>")
_LONGEST_LABEL = 40


@dataclass
class Reference:
    """A source as the page lists it; `data` is what goes into sources.yaml."""

    key: str
    data: dict[str, Any]
    number: str = ""
    author: str = ""
    year: str = ""
    addresses: frozenset[str] = frozenset()


@dataclass
class References:
    """The sources of a page, found by number, by author and year, or by address."""

    known: Mapping[str, Source]
    found: list[Reference] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def add(self, texts: Iterable[str]) -> None:
        """Add the references that a page lists."""
        for at, text in enumerate(texts, start=1):
            number = _NUMBER.match(text)
            self._take(_NUMBER.sub("", text, count=1), number[1] if number else str(at))

    def cited(self, text: str) -> str:
        """Return `text` with its marks, names with years, and links as ``[key]``."""
        text = _MARK.sub(self._numbers, text)
        text = _AUTHOR_YEAR.sub(lambda found: self._named(found[1], found[2], found[0]), text)
        text = _BY.sub(lambda one: one[0] + self._named(one[1], one[2], ""), text)
        text = _LINK.sub(lambda found: self._linked(found[1]), text)
        return _BRACKETED.sub(r" \1", text)

    def unread(self, keys: Iterable[str]) -> bool:
        """Say whether nobody has read any of the sources with these keys."""
        return all(one.data["checked"] == "memory" for one in self.found if one.key in keys)

    def sources(self) -> dict[str, dict[str, Any]]:
        """Return what goes into sources.yaml."""
        return {one.key: one.data for one in self.found}

    def _take(self, text: str, number: str) -> Reference:
        """Add one reference, with all that is known of it already."""
        doi, url, year = _DOI.search(text), _URL.search(text), _YEAR.search(text)
        name = _NAME.search(text)
        author, when = name[0] if name else "", year[0] if year else ""
        match = self._same(doi[0] if doi else "", url[0] if url else "", author, when)
        key = match or self._free(slug(f"{author} {when}".strip() or text))
        data = _known(self.known[match]) if match else _listed(text, author, when)
        if not match and (doi or url):
            data |= {"doi": doi[0]} if doi else {"url": url[0]} if url else {}
        addresses = {found[0].rstrip("/") for found in (doi, url) if found}
        reference = Reference(key, data, number, author, when, frozenset(addresses))
        self.found.append(reference)
        return reference

    def _same(self, doi: str, url: str, author: str, year: str) -> str:
        """Return the key of a source that the other guides have; empty if there is none."""
        for key, source in self.known.items():
            by_name = author and year and source.label.startswith(f"{author} {year}")
            if (doi and source.doi == doi) or (url and source.link.rstrip("/") == url) or by_name:
                return key
        return ""

    def _numbers(self, found: "re.Match[str]") -> str:
        """Return the keys of ``[1]`` or ``[1, 3]``; what names no reference stays as it is."""
        named = [number.strip() for number in re.split("[,;]", found[1])]
        keys = [one.key for number in named for one in self.found if one.number == number]
        return "".join(f" [{key}]" for key in keys) if len(keys) >= len(named) else found[0]

    def _named(self, author: str, year: str, otherwise: str) -> str:
        """Return the key of an author and a year; `otherwise` if the page doesn't list them."""
        keys = [one.key for one in self.found if (one.author, one.year) == (author, year)]
        return f" [{keys[0]}]" if keys else otherwise

    def _linked(self, address: str) -> str:
        """Return the key of an address; one that the page doesn't list becomes a source itself."""
        plain = address.rstrip("/")
        doi = _DOI.search(address)
        for one in self.found:
            if plain in one.addresses or (doi and doi[0] in one.addresses):
                return f" [{one.key}]"
        return f" [{self._take(address, '').key}]"

    def _free(self, key: str) -> str:
        """Return `key`, with a number if it is taken."""
        taken = {one.key for one in self.found} | {"guide"}
        return next(
            name for name in (key, *(f"{key}-{at}" for at in range(2, 999))) if name not in taken
        )


def _listed(text: str, author: str, year: str) -> dict[str, Any]:
    """Return a source of which only the page's own words are known."""
    label = f"{author} {year}".strip() if author and year else _site(text)
    return {
        "label": label[:_LONGEST_LABEL].strip(),
        "cite": " ".join(text.replace("<", "").replace(">", "").split()),
        "limits": wording().source_limits,
        "checked": "memory",
    }


def _site(text: str) -> str:
    """Return the site that an address names, or the beginning of a text."""
    found = _URL.search(text)
    return found[0].split("/")[2].removeprefix("www.") if found else text


def _known(source: Source) -> dict[str, Any]:
    """Return a source that another guide has, as it stands there."""
    return source.model_dump(mode="json", exclude_defaults=True)
