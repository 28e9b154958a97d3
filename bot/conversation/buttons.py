"""Which buttons stand under a reply: pure."""

from collections.abc import Iterable

from bot.conversation.catalogue import Catalogue
from bot.conversation.model import Button, Target
from bot.knowledge.base import GUIDES
from bot.knowledge.checkpoints import Checkpoints, Step
from bot.knowledge.model import Entry, Guide, Section


class Buttons:
    """Makes buttons with the labels of voice.yaml and of the entries."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Take labels and targets from `catalogue`."""
        self._catalogue = catalogue
        self._labels = catalogue.knowledge.voice.labels
        self._personal = catalogue.knowledge.voice.personal

    def under_answer(self, entry: Entry, *, whole: bool = False) -> list[Button]:
        """Return checkpoint options, the picture, other views, and related entries.

        Under a `whole` answer there is no more to show.
        """
        if entry.scope == "talk":
            return [*self.related(entry), self.everything()]
        more = () if whole else ("more",)
        views = self.views(entry, "figure", "why", *more, "sources")
        return [*self.checkpoint(entry), *views, *self.related(entry)]

    def under_menu(self, guide: Guide, section: Section | None) -> list[Button]:
        """Return a button a section, or one an entry of a section and the way back."""
        if section is None:
            sections = [
                Button(part.title, Target("menu", f"{guide.id}/{part.id}"))
                for part in guide.file.sections
            ]
            return [*sections, self.all_guides()] if self._catalogue.several else sections
        entries = self._catalogue.in_section(guide.id, section)
        return [*map(self.opening, entries), Button(self._labels.back, Target("menu", guide.id))]

    def guides(self) -> list[Button]:
        """Return a button to each guide's menu."""
        return [
            Button(guide.file.title, Target("menu", guide.id)) for guide in self._catalogue.guides
        ]

    def all_guides(self) -> Button:
        """Return the button to the menu of all guides."""
        label = self._catalogue.knowledge.voice.several_guides.all_guides
        return Button(label, Target("menu", GUIDES))

    def checkpoint(self, entry: Entry) -> list[Button]:
        """Return the options of an entry's checkpoint, or those of a guide's first one."""
        points = self._catalogue.checkpoints_of(entry)
        if points is not None:
            return self.options(points, points.questions[0])
        if entry.checkpoint is None:
            return []
        return [
            Button(option.label, self._catalogue.target(option.opens, entry.guide))
            for option in entry.checkpoint.options
        ]

    def options(self, points: Checkpoints, step: Step) -> list[Button]:
        """Return the options of one question of a guide's checkpoints."""
        home = f"{points.guide}/{step.id}"
        return [
            Button(option.label, Target("step", f"{home}/{option.id}")) for option in step.options
        ]

    def moves(self, points: Checkpoints, step: Step) -> list[Button]:
        """Return the ways back, to the start, and out of the checkpoints."""
        labels, at = self._personal.labels, points.questions.index(step)
        stop = Button(labels.stop, Target("stop", points.guide))
        if not at:
            return [stop]
        back = Target("step", f"{points.guide}/{points.questions[at - 1].id}")
        over = Button(labels.start_over, Target("over", points.guide))
        return [Button(labels.step_back, back), over, stop]

    def resume(self, guide: str) -> Button:
        """Return the way back into checkpoints that were left for another question."""
        return Button(self._personal.labels.resume, Target("step", guide))

    def opens(self, names: Iterable[str], guide: str) -> list[Button]:
        """Return buttons to entries and menus."""
        return [self._related(name, guide) for name in names]

    def thumbs(self, entry: Entry, *, plain: bool) -> tuple[Button, ...]:
        """Return the buttons to vote on an answer, in words if they are to be `plain`."""
        labels = self._personal.labels
        up, down = (labels.plain_up, labels.plain_down) if plain else (labels.up, labels.down)
        return Button(up, Target("up", entry.uid)), Button(down, Target("down", entry.uid))

    def wrong(self, entry: Entry) -> list[Button]:
        """Return what can be wrong with an answer."""
        return [
            Button(label, Target(name, entry.uid)) for name, label in self._personal.wrong.items()
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
        return self.opens(entry.related, entry.guide)

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
        """Return the button to the primary guide's sections, which leads on to other guides."""
        return Button(self._labels.everything, Target("menu", self._catalogue.knowledge.primary.id))


def distinct(buttons: list[Button]) -> tuple[Button, ...]:
    """Return `buttons` without a second one that opens the same."""
    first = {button.opens: button for button in reversed(buttons)}
    return tuple(button for button in buttons if first[button.opens] is button)
