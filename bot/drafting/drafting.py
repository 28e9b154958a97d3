"""Topics -> drafts of entries, as plain data: pure. Whatever a person must decide is a todo."""

import re
from collections.abc import Iterator
from typing import Any

from bot.drafting.blocks import Block, Items
from bot.drafting.names import ask_of, free, phrasings_of, slug, title_of
from bot.drafting.outline import Part, Topic
from bot.drafting.references import References
from bot.drafting.wording import wording
from bot.knowledge.base import GUIDE
from bot.knowledge.citations import cited_keys, without_citations
from bot.knowledge.rules import LONGEST_ANSWER, LONGEST_CAVEAT, LONGEST_MORE
from bot.text import sentences

Data = dict[str, Any]

_LEAST_TITLE = 4
_TIED = re.compile(r"^(?:however|but|still|yet),? ", re.IGNORECASE)


class Drafter:
    """Makes drafts with ids that nothing else has."""

    def __init__(self, references: References, taken: set[str]) -> None:
        """Cite `references`; `taken` are ids that can't be used."""
        self._references = references
        self._taken = taken
        self._todo = wording().todo

    def drafts(self, part: Part) -> list[Data]:
        """Return the drafts of a section, in order."""
        return [draft for topic in part.topics for draft in self._topic(topic)]

    def _topic(self, topic: Topic) -> Iterator[Data]:
        """Yield the drafts of a topic: one, and finer ones for what it lists or can't hold."""
        said = [self._cited(text) for text in _paragraphs(topic)]
        pages = _paged(said)
        first = self._draft(topic.heading, topic.heading, pages[0] if pages else ("", ""))
        if len(pages) > 1:
            first["todo"].insert(0, self._todo.shortened)
        yield first
        if topic.kind:
            for item in _items(topic):
                yield self._item(item, topic.kind, parent=first["id"], section=topic.heading)
        for page in pages[1:]:
            heading = next(iter(sentences(without_citations(page[0]))), "").rstrip(".")
            finer = self._draft(heading, topic.heading, page, parent=first["id"])
            finer["todo"].insert(0, self._todo.split)
            yield finer

    def _item(self, item: str, kind: str, *, parent: str, section: str) -> Data:
        """Return the draft of one mistake or caveat in a list; what leads it is its title."""
        lead, _, rest = item.partition(":")
        heading = lead if rest and len(lead.split()) <= 2 * _LEAST_TITLE else item
        plain = without_citations(self._cited(heading)).rstrip(".")
        singular = kind.removesuffix("s")
        page = (self._cited(item), "")
        return self._draft(plain, section, page, parent=parent, prefix=f"{singular} ")

    def _draft(
        self,
        heading: str,
        section: str,
        page: tuple[str, str],
        *,
        parent: str = "",
        prefix: str = "",
    ) -> Data:
        """Return one draft: what the page says, and a todo for all else."""
        answer, more = page
        name = free(slug(prefix + heading), self._taken)
        ask, title = ask_of(heading), title_of(heading)
        caveat = _caveat(answer, more)
        answer, more = _without(answer, caveat), _without(more, caveat)
        todo = self._todo
        lacks = [
            (not answer, todo.answer),
            (not ask, todo.ask),
            (not title, todo.title),
            (bool(caveat), todo.caveat),
            (not caveat, todo.no_caveat),
        ]
        told = [sentence for lacking, sentence in lacks if lacking]
        rest = [todo.grade, todo.basis, todo.checkpoint, todo.phrasings, todo.review]
        values = {
            "id": name,
            "todo": [*told, *rest],
            "ask": ask,
            "title": title,
            "scope": "guide",
            "parent": parent,
            "from": section,
            "answer": answer,
            "caveat": _begun(caveat),
            "more": more,
            "sources": cited_keys(f"{answer} {more}"),
            "phrasings": phrasings_of(heading) if title else [],
        }
        return {key: value for key, value in values.items() if value}

    def _cited(self, text: str) -> str:
        """Return a paragraph with its citations; if nobody has read those, it cites the guide."""
        cited = self._references.cited(text)
        return f"{cited} [{GUIDE}]" if self._references.unread(cited_keys(cited)) else cited


def _paragraphs(topic: Topic) -> Iterator[str]:
    """Yield the paragraphs of a topic; a list becomes one.

    Items that become drafts of their own are left out, unless there is nothing else.
    """
    apart = bool(topic.kind)
    blocks = [one for one in topic.blocks if not (apart and isinstance(one, Items))]
    for block in blocks or topic.blocks:
        yield _joined(block)


def _joined(block: Block) -> str:
    """Return a paragraph, or a list as one: steps in their order, a sentence each."""
    if not isinstance(block, Items):
        return block.text
    return " ".join(map(_ended, block.items))


def _ended(item: str) -> str:
    """Return an item as a sentence."""
    return item if item[-1:] in ".?!" else f"{item}."


def _items(topic: Topic) -> Iterator[str]:
    """Yield the items of every list of a topic."""
    for block in topic.blocks:
        if isinstance(block, Items):
            yield from block.items


def _paged(paragraphs: list[str]) -> list[tuple[str, str]]:
    """Return (answer, more) for one draft after the other, each as long as it may be."""
    pieces = [piece for text in paragraphs for piece in _fitting(text)]
    pages: list[tuple[str, str]] = []
    while pieces:
        answer = pieces.pop(0)
        more: list[str] = []
        while pieces and len(without_citations(" ".join([*more, pieces[0]]))) <= LONGEST_MORE:
            more.append(pieces.pop(0))
        pages.append((answer, " ".join(more)))
    return pages


def _fitting(paragraph: str) -> Iterator[str]:
    """Yield a paragraph, in pieces that an answer can hold, cut where sentences end."""
    keys = "".join(f" [{key}]" for key in cited_keys(paragraph))
    if len(without_citations(paragraph)) <= LONGEST_ANSWER:
        yield paragraph
        return
    piece = ""
    for sentence in sentences(without_citations(paragraph)):
        if piece and len(f"{piece} {sentence}") > LONGEST_ANSWER:
            yield f"{piece}{keys}"
            piece = ""
        piece = f"{piece} {sentence}".strip()[:LONGEST_ANSWER]
    if piece:
        yield f"{piece}{keys}"


def _without(text: str, sentence: str) -> str:
    """Return `text` without a sentence of it."""
    return " ".join(text.replace(sentence, "").split()) if sentence else text


def _begun(caveat: str) -> str:
    """Return a caveat without the word that ties it to the sentence before."""
    plain = _TIED.sub("", caveat)
    return plain[:1].upper() + plain[1:]


def _caveat(answer: str, more: str) -> str:
    """Return the first sentence after the first that doubts, if one is short enough."""
    doubts = wording().doubts
    said = sentences(without_citations(f"{answer} {more}"))[1:]
    found = (one for one in said if any(doubt in one.lower() for doubt in doubts))
    return next((one for one in found if len(one) <= LONGEST_CAVEAT), "")
