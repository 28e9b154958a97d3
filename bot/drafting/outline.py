"""Blocks -> sections of topics: pure. A topic is a heading with what stands below it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.drafting.blocks import Block, Heading, Items, Page
from bot.drafting.wording import wording
from bot.text import normalise


@dataclass
class Topic:
    """A heading with its paragraphs and lists; `kind` says how its lists are to be read."""

    heading: str
    blocks: list[Block] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """``mistakes`` or ``caveats`` if the heading says that it lists some, else nothing."""
        said = set(normalise(self.heading).split())
        for kind in ("mistakes", "caveats"):
            for word in getattr(wording().headings, kind):
                if set(normalise(word).split()) <= said:
                    return kind
        return ""


@dataclass
class Part:
    """A section: its title, and its topics in order."""

    title: str
    topics: list[Topic] = field(default_factory=list)


@dataclass
class Outline:
    """What a page holds: sections, and the texts of its references."""

    parts: list[Part]
    references: list[str]


def outline(page: Page) -> Outline:
    """Return the sections of a page. Headings with text are topics; those above them, sections."""
    topics = list(_topics(page))
    references = [text for one, _ in topics if _is(one, "references") for text in _texts(one)]
    kept = [
        (one, level)
        for one, level in topics
        if not _is(one, "references") and not _is(one, "left_out")
    ]
    return Outline([part for part in _parts(kept, page.title) if part.topics], references)


def _topics(page: Page) -> Iterator[tuple[Topic, int]]:
    """Yield every heading with what stands below it up to the next, and how deep it is."""
    topic, level = Topic(page.title), 0
    for block in page.blocks:
        if isinstance(block, Heading):
            if topic.blocks or level:
                yield topic, level
            topic, level = Topic(block.text), block.level
        else:
            topic.blocks.append(block)
    if topic.blocks or level:
        yield topic, level


def _parts(topics: Sequence[tuple[Topic, int]], title: str) -> Iterator[Part]:
    """Yield sections: a heading that has none but deeper ones below it, or nothing, begins one."""
    part = Part(title)
    flat = len({level for _, level in topics if level}) < 2  # noqa: PLR2004 - all alike
    for at, (topic, level) in enumerate(topics):
        following = topics[at + 1] if at + 1 < len(topics) else None
        deeper = following is not None and following[1] > level > 0
        leads = flat and following is not None and bool(following[0].blocks)
        if deeper or (leads and not topic.blocks):
            if part.topics:
                yield part
            part = Part(topic.heading)
            if topic.blocks:
                part.topics.append(topic)
        else:
            part.topics.append(topic)
    yield part


def _is(topic: Topic, kind: str) -> bool:
    """Say whether a topic's heading is one of those words."""
    words = {normalise(word) for word in getattr(wording().headings, kind)}
    return normalise(topic.heading) in words


def _texts(topic: Topic) -> Iterator[str]:
    """Yield every item and paragraph of a topic."""
    for block in topic.blocks:
        if isinstance(block, Items):
            yield from block.items
        else:
            yield block.text
