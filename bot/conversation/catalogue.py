"""Finds entries by what buttons, commands and topics call them."""

from collections.abc import Iterable
from itertools import zip_longest

from bot.conversation.model import Citation, Target
from bot.knowledge.base import GUIDE, GUIDES, Command, Source
from bot.knowledge.checkpoints import Checkpoints
from bot.knowledge.figure import Figure
from bot.knowledge.model import Entry, Guide, Knowledge, Section

_LAST, _LINKED, _SAME_SECTION = 3.0, 2.5, 1.5
"""How much likelier a question is about the last answer, what it links to, or its section."""


class Catalogue:
    """Looks things up in Knowledge. A target's name is ``guide/id``, or ``id`` if shared."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Index `knowledge` by uid."""
        self.knowledge = knowledge
        self._entries = {entry.uid: entry for entry in knowledge.entries}
        self._figures = {
            f"{figure.guide}/{name}": figure
            for figure in knowledge.figures
            for name in figure.entries
        }
        self._guides = {guide.id: guide for guide in knowledge.guides}

    def entry(self, uid: str) -> Entry | None:
        """Return the entry with this uid, if there is one."""
        return self._entries.get(uid)

    def find(self, name: str, guide: str = "") -> Entry | None:
        """Return the entry that `name` means inside `guide` (default: the primary guide)."""
        home = guide or self.knowledge.primary.id
        return self._entries.get(f"{home}/{name}") or self._entries.get(name)

    def figure(self, entry: Entry) -> Figure | None:
        """Return the picture that belongs to an entry, if there is one."""
        return self._figures.get(entry.uid)

    def guide(self, guide_id: str) -> Guide:
        """Return the guide with this id, or the primary one."""
        return self._guides.get(guide_id, self.knowledge.primary)

    def checkpoints(self, guide_id: str) -> Checkpoints | None:
        """Return the checkpoints of a guide, if there is this guide and it has some."""
        guide = self._guides.get(guide_id)
        return guide.checkpoints if guide else None

    def all_checkpoints(self) -> tuple[Checkpoints, ...]:
        """Return the checkpoints of every guide that has some."""
        found = (guide.checkpoints for guide in self.knowledge.guides)
        return tuple(points for points in found if points is not None)

    def checkpoints_of(self, entry: Entry) -> Checkpoints | None:
        """Return the checkpoints that help to decide on an entry's question, if there are any."""
        points = self.checkpoints(entry.guide)
        return points if points and points.entry == entry.id else None

    def section(self, guide_id: str, section_id: str) -> Section | None:
        """Return a section of a guide, if it has it."""
        sections = self.guide(guide_id).file.sections
        return next((part for part in sections if part.id == section_id), None)

    def in_section(self, guide_id: str, section: Section) -> tuple[Entry, ...]:
        """Return the entries of a section: its topics in order, each with its finer entries."""
        entries = self.guide(guide_id).entries
        return tuple(
            entry
            for topic in section.topics
            for entry in entries
            if topic in (entry.id, entry.parent)
        )

    def near(self, last: Entry) -> dict[str, float]:
        """Return how much likelier than otherwise other entries are after `last`, by uid."""
        checkpoint = last.checkpoint.options if last.checkpoint else ()
        linked = {*last.related, *(option.opens for option in checkpoint), last.parent}
        chances = {
            one.uid: _SAME_SECTION
            for one in self.knowledge.entries
            if (one.guide, one.section) == (last.guide, last.section)
        }
        chances |= {one.uid: _LINKED for one in self.named(filter(None, linked), last.guide)}
        return {**chances, last.uid: _LAST}

    @property
    def guides(self) -> tuple[Guide, ...]:
        """All guides, the primary one first."""
        primary = self.knowledge.primary
        return (primary, *(guide for guide in self.knowledge.guides if guide is not primary))

    @property
    def several(self) -> bool:
        """Whether there is more than one guide."""
        return len(self.knowledge.guides) > 1

    def featured(self, guide_id: str = "") -> tuple[Entry, ...]:
        """Return the entries that people ask for most: those of one guide, or of all.

        A guide that is primary goes first; the others take turns.
        """
        chosen = (self.guide(guide_id),) if guide_id else self.guides
        found = [self.named(guide.file.featured, guide.id) for guide in chosen]
        first = found.pop(0) if chosen[0].file.primary else ()
        in_turn = zip_longest(*found)
        return first + tuple(entry for turn in in_turn for entry in turn if entry is not None)

    def named(self, names: Iterable[str], guide_id: str) -> tuple[Entry, ...]:
        """Return the entries with these names that exist, in order."""
        found = (self.find(name, guide_id) for name in names)
        return tuple(entry for entry in found if entry is not None)

    def target(self, opens: str, guide_id: str) -> Target:
        """Return the target of an `opens` in an entry or command of `guide_id`."""
        action, _, name = opens.rpartition(":")
        home = guide_id or self.knowledge.primary.id
        if action == "mine":
            return Target(action, name)
        if action and name == GUIDES:
            return Target(action, GUIDES)
        if action:
            return Target(action, home if name == "all" else f"{home}/{name}")
        entry = self.find(name, guide_id)
        return Target("", entry.uid if entry else name)

    def commands(self) -> tuple[tuple[Command, Target], ...]:
        """Return every command with what it opens: the bot's own first, then the guides'."""
        own = [(item, self.target(item.opens, "")) for item in self.knowledge.voice.commands]
        guides = [
            (item, self.target(item.opens, guide.id))
            for guide in self.knowledge.guides
            for item in guide.file.commands
        ]
        return (*own, *guides)

    def source(self, of: Entry | Figure, key: str) -> Source:
        """Return the source that `of` cites as `key`. Raises KeyError if there is none."""
        sources = self._guides[of.guide].sources if of.guide else {}
        return sources.get(key) or self.knowledge.safety.sources[key]

    def citations(self, of: Entry | Figure) -> dict[str, Citation]:
        """Return the citations that an entry or a figure may make, by key."""
        section = of.from_section if isinstance(of, Entry) else ""
        keys = of.sources if isinstance(of, Entry) else of.cited
        known = {key: self.source(of, key) for key in keys}
        return {key: self._citation(key, known[key], of.guide, section) for key in known}

    def sources(self, guide_id: str) -> dict[str, Citation]:
        """Return a citation of every source of a guide, by key."""
        sources = self.guide(guide_id).sources
        return {key: self._citation(key, source, guide_id) for key, source in sources.items()}

    def _citation(self, key: str, source: Source, guide_id: str, section: str = "") -> Citation:
        """Return how a source is cited; the guide itself, by its `section`."""
        if key != GUIDE:
            return Citation(key, source.label, source.link)
        label = f"{source.label}: {section}" if section else source.label
        return Citation(key, label, source.link or self.guide(guide_id).file.url)

    def public(self, uid: str) -> str:
        """Return a uid as it is shown outside: the primary guide's name is left out."""
        return uid.removeprefix(f"{self.knowledge.primary.id}/")
