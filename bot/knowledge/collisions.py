"""Rules on several guides at once, and on drafts beside entries. Each yields Problems."""

from collections.abc import Iterator
from datetime import date

from bot.errors import Problem
from bot.knowledge.model import Entry, Guide, Knowledge
from bot.text import normalise


def unique_drafts(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """No draft has the id of an entry of its guide, of a shared one, or of another draft."""
    for guide in knowledge.guides:
        taken = {entry.id for entry in (*knowledge.shared, *guide.entries)}
        for draft in guide.drafts:
            if draft.id in taken:
                message = f"the id '{draft.id}' is taken"
                yield Problem(draft.origin.path, draft.origin.at("id"), message)
            taken.add(draft.id)


def one_guide_a_button(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """No button text stands in two guides: readers couldn't tell what it opens."""
    taken: dict[str, Entry] = {}
    for guide in knowledge.guides:
        for entry in guide.entries:
            other = taken.setdefault(normalise(entry.ask), entry)
            if other.guide != guide.id:
                message = f"the guide '{other.guide}' asks the same: '{entry.ask}'"
                yield Problem(entry.origin.path, entry.origin.at("ask"), message)


def one_guide_a_name(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """No name or title stands in two guides: typed alone, it couldn't open both."""
    taken: dict[str, tuple[str, str]] = {}
    for guide in knowledge.guides:
        for path, line, name in _names(guide):
            key = normalise(name)
            owner, where = taken.setdefault(key, (guide.id, f"{path}:{line}"))
            if owner != guide.id:
                message = f"the guide '{owner}' has the name '{name}' too ({where})"
                yield Problem(path, line, message)


def primary_speaks(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """At most one guide is the primary one, and it speaks: shared buttons open its entries."""
    primary = [guide for guide in knowledge.guides if guide.file.primary]
    for guide in primary[1:]:
        message = "only one guide can be the primary one"
        yield Problem(guide.origin.path, guide.origin.at("primary"), message)
    for guide in primary:
        if guide.file.silent:
            message = "the primary guide can't be silent: the bot's own buttons open its entries"
            yield Problem(guide.origin.path, guide.origin.at("silent"), message)


def _names(guide: Guide) -> Iterator[tuple[str, int, str]]:
    """Yield (path, line, name) of everything that opens something when it is typed alone."""
    for entry in guide.entries:
        origin = entry.origin
        yield origin.path, origin.at("title"), entry.title
        yield from ((origin.path, origin.at("names"), name) for name in entry.names)
    for at, command in enumerate(guide.file.commands):
        line = guide.origin.at(f"commands.{at}")
        yield from ((guide.origin.path, line, name) for name in command.names)
