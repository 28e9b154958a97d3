"""Which buttons stand under a reply: pure."""

from bot.conversation.catalogue import Catalogue
from bot.conversation.model import Button, Target
from bot.knowledge.model import Entry, Guide, Section


class Buttons:
    """Makes buttons with the labels of voice.yaml and of the entries."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Take labels and targets from `catalogue`."""
        self._catalogue = catalogue
        self._labels = catalogue.knowledge.voice.labels

    def under_answer(self, entry: Entry) -> list[Button]:
        """Return checkpoint options, the picture, other views, and related entries."""
        if entry.scope == "talk":
            return [*self.related(entry), self.everything()]
        views = self.views(entry, "figure", "why", "more", "sources")
        return [*self.checkpoint(entry), *views, *self.related(entry)]

    def under_menu(self, guide: Guide, section: Section | None) -> list[Button]:
        """Return a button a section, or one an entry of a section and the way back."""
        if section is None:
            return [
                Button(part.title, Target("menu", f"{guide.id}/{part.id}"))
                for part in guide.file.sections
            ]
        entries = self._catalogue.in_section(guide.id, section)
        return [*map(self.opening, entries), Button(self._labels.back, Target("menu", guide.id))]

    def checkpoint(self, entry: Entry) -> list[Button]:
        """Return the options of an entry's checkpoint."""
        if entry.checkpoint is None:
            return []
        return [
            Button(option.label, self._catalogue.target(option.opens, entry.guide))
            for option in entry.checkpoint.options
        ]

    def views(self, entry: Entry, *views: str) -> list[Button]:
        """Return buttons for views of an entry; none for a view that would be empty."""
        has = {
            "why": True,
            "more": bool(entry.more),
            "sources": bool(entry.sources),
            "figure": self._catalogue.figure(entry) is not None,
        }
        return [
            Button(getattr(self._labels, view), Target(view, entry.uid))
            for view in views
            if has[view]
        ]

    def related(self, entry: Entry) -> list[Button]:
        """Return buttons to the related entries and menus of an entry."""
        return [self._related(name, entry.guide) for name in entry.related]

    def _related(self, name: str, guide: str) -> Button:
        """Return the button to one entry or menu."""
        target = self._catalogue.target(name, guide)
        entry = self._catalogue.entry(target.name)
        if entry is not None:
            return self.opening(entry)
        section = self._catalogue.section(guide, name.rpartition(":")[2])
        return Button(section.title if section else self._labels.everything, target)

    def opening(self, entry: Entry) -> Button:
        """Return a button that asks an entry's full question."""
        return Button(entry.ask, Target("", entry.uid))

    def none_of_these(self) -> Button:
        """Return the way out of a did-you-mean."""
        return Button(self._labels.none_of_these, Target("none", "these"))

    def everything(self) -> Button:
        """Return the button to the menu of all sections."""
        return Button(self._labels.everything, Target("menu", self._catalogue.knowledge.primary.id))


def distinct(buttons: list[Button]) -> tuple[Button, ...]:
    """Return `buttons` without a second one that opens the same."""
    first = {button.opens: button for button in reversed(buttons)}
    return tuple(button for button in buttons if first[button.opens] is button)
