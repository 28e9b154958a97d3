"""Decision -> Reply: pure. Short, cited, with buttons; every word comes from the knowledge."""

from typing import Literal, assert_never

from bot.conversation.catalogue import Catalogue
from bot.conversation.model import (
    Abstain,
    Answer,
    Answered,
    Button,
    Citation,
    Clarify,
    Decision,
    Detail,
    Match,
    Menu,
    Refer,
    Reply,
    Target,
)
from bot.conversation.page import Page
from bot.knowledge.model import Entry, Guide

MOST_BUTTONS = 6

Kind = Literal["answer", "clarify", "abstain", "refer"]


class Renderer:
    """Turns decisions into replies with the words of voice.yaml."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Take the words and entries from `catalogue`."""
        self._catalogue = catalogue
        self._voice = catalogue.knowledge.voice
        self._say = self._voice.say

    def render(self, decision: Decision) -> Reply:
        """Return the reply that says `decision`."""
        match decision:
            case Answer(items=(only,)):
                return self._answer(only)
            case Answer():
                return self._several(decision)
            case Clarify():
                return self._clarify(decision)
            case Abstain():
                return self._abstain(decision)
            case Refer():
                return self._refer(decision)
            case Detail():
                return self._detail(decision)
            case Menu():
                return self._menu(decision)
            case _:
                assert_never(decision)

    def _answer(self, item: Answered) -> Reply:
        """One entry: the answer, its evidence and caveat, sources, and the checkpoint."""
        page = Page()
        self._write(page, item.entry)
        page.add_sources()
        if item.entry.checkpoint:
            page.add(item.entry.checkpoint.question, "b")
        return self._reply(
            "answer", page, (item.entry,), self._answer_buttons(item.entry), item.match
        )

    def _several(self, decision: Answer) -> Reply:
        """Several entries in one message, numbered, with one list of sources."""
        page = Page()
        for number, item in enumerate(decision.items, start=1):
            page.add(self._say.several.format(number=number, title=item.entry.title), "b")
            self._write(page, item.entry)
        if decision.dropped:
            page.add(self._say.too_many)
        page.add_sources()
        entries = tuple(item.entry for item in decision.items)
        buttons = [self._open(entry) for entry in entries]
        return self._reply("answer", page, entries, buttons, decision.items[0].match)

    def _refer(self, decision: Refer) -> Reply:
        """The safety entry first, then what the guide may still open."""
        page = Page()
        self._write(page, decision.entry)
        page.add_sources()
        buttons: list[Button] = []
        checkpoint = decision.entry.checkpoint
        if checkpoint:
            page.add(checkpoint.question, "b")
            buttons += self._checkpoint_buttons(decision.entry)
        if decision.also:
            page.add(self._say.also)
            buttons += [self._open(entry) for entry in decision.also]
        buttons += self._views(decision.entry, "more", "sources")
        return self._reply("refer", page, (decision.entry,), buttons, decision.match)

    def _clarify(self, decision: Clarify) -> Reply:
        """Full questions as buttons, and a way out."""
        page = Page()
        page.add(self._say.clarify)
        buttons = [self._open(entry) for entry in decision.options]
        buttons.append(Button(self._voice.labels.none_of_these, Target("none", "these")))
        return self._reply("clarify", page, decision.options, buttons, decision.match)

    def _abstain(self, decision: Abstain) -> Reply:
        """Say so plainly; offer the nearest entries."""
        page = Page()
        said = getattr(self._say, decision.say)
        if decision.about:
            said = self._say.abstain_about.format(about=decision.about)
        page.add(said)
        buttons = [self._open(entry) for entry in decision.nearest]
        buttons.append(self._everything())
        return self._reply("abstain", page, decision.nearest, buttons, decision.match)

    def _detail(self, decision: Detail) -> Reply:
        """Another view of an entry: why, more, or its sources."""
        page = Page()
        entry = decision.entry
        match decision.view:
            case "why":
                self._write_why(page, entry, decision.match)
                page.cite(self._cited(entry).values())
                page.add_sources()
            case "more":
                page.add(entry.title, "b")
                page.add_cited(entry.more or self._say.no_more, self._cited(entry))
                page.add_sources()
            case "sources":
                self._write_sources(page, entry)
            case _:
                assert_never(decision.view)
        buttons = [self._open(entry)]
        views = {"why": ("more", "sources"), "more": ("why", "sources"), "sources": ("why", "more")}
        buttons += self._views(entry, *views[decision.view])
        buttons += [self._open(other) for other in self._related(entry)]
        return self._reply("answer", page, (entry,), buttons, decision.match)

    def _menu(self, decision: Menu) -> Reply:
        """All sections, or the entries of one."""
        page = Page()
        guide = self._catalogue.guide(decision.guide)
        section = self._catalogue.section(guide.id, decision.section)
        if section is None:
            page.add(self._say.everything)
            buttons = [
                Button(part.title, Target("menu", f"{guide.id}/{part.id}"))
                for part in guide.file.sections
            ]
            return self._reply("answer", page, (), buttons, None, limit=len(buttons))
        page.add(self._say.menu.format(title=section.title))
        entries = self._catalogue.in_section(guide.id, section)
        buttons = [self._open(entry) for entry in entries]
        back = Button(self._voice.labels.back, Target("menu", guide.id))
        return self._reply("answer", page, (), [*buttons, back], None, limit=len(buttons) + 1)

    def _write(self, page: Page, entry: Entry) -> None:
        """Write an entry: the answer, then one quiet line of evidence and caveat."""
        cited = self._cited(entry)
        page.add_cited(entry.answer, cited)
        quiet = entry.caveat
        if entry.grade:
            grade = self._say.evidence.format(grade=self._voice.grades[entry.grade])
            quiet = f"{grade} {entry.caveat}".strip()
        if quiet:
            page.add_cited(quiet, cited, "i")

    def _write_why(self, page: Page, entry: Entry, match: Match | None) -> None:
        """Write why this answer was chosen and what it rests on."""
        say = self._say
        if match is None:
            page.add(say.why_opened.format(ask=entry.ask))
        else:
            percent = round(100 * match.confidence)
            page.add(say.why.format(phrase=match.phrase, percent=percent))
            runner_up = self._catalogue.entry(match.runner_up)
            if runner_up:
                page.add(say.runner_up.format(ask=runner_up.ask))
        if entry.basis:
            page.add(say.rests_on.format(basis=entry.basis))
        if entry.would_change:
            page.add(say.would_change.format(text=entry.would_change))
        page.add(say.reviewed.format(day=entry.reviewed.isoformat()))

    def _write_sources(self, page: Page, entry: Entry) -> None:
        """Write the full citation and limits of every source of an entry."""
        page.add(self._say.sources if entry.sources else self._say.no_more)
        cited = self._cited(entry)
        for key in entry.sources:
            source = self._catalogue.source(entry, key)
            limits = self._say.source_limits.format(text=source.limits)
            second_hand = self._say.second_hand if source.checked == "second-hand" else ""
            page.add_cited(f"[{key}] {source.cite} {second_hand} {limits}".replace("  ", " "), cited)

    def _cited(self, entry: Entry) -> dict[str, Citation]:
        """Return the citations that an entry may make, by key."""
        found = {}
        for key in entry.sources:
            source = self._catalogue.source(entry, key)
            label, url = source.label, source.link
            if key == "guide":
                guide: Guide = self._catalogue.guide(entry.guide)
                url = url or guide.file.url
                label = f"{label}: {entry.from_section}" if entry.from_section else label
            found[key] = Citation(key, label, url)
        return found

    def _answer_buttons(self, entry: Entry) -> list[Button]:
        """Checkpoint options, then why, more and sources, then related ones while there is room."""
        buttons = self._checkpoint_buttons(entry)
        if entry.scope != "talk":
            buttons += self._views(entry, "why", "more", "sources")
        taken = {button.opens for button in buttons}
        related = [self._open(other) for other in self._related(entry)]
        buttons += [button for button in related if button.opens not in taken]
        if entry.scope == "talk":
            buttons.append(self._everything())
        return buttons

    def _checkpoint_buttons(self, entry: Entry) -> list[Button]:
        """Return the options of an entry's checkpoint."""
        if entry.checkpoint is None:
            return []
        return [
            Button(option.label, self._catalogue.target(option.opens, entry.guide))
            for option in entry.checkpoint.options
        ]

    def _views(self, entry: Entry, *views: str) -> list[Button]:
        """Return buttons for views of an entry; none for a view that would be empty."""
        labels = self._voice.labels
        has = {"why": True, "more": bool(entry.more), "sources": bool(entry.sources)}
        return [
            Button(getattr(labels, view), Target(view, entry.uid)) for view in views if has[view]
        ]

    def _related(self, entry: Entry) -> tuple[Entry, ...]:
        """Return the related entries of an entry."""
        return self._catalogue.named(entry.related, entry.guide)

    def _open(self, entry: Entry) -> Button:
        """Return a button that asks an entry's full question."""
        return Button(entry.ask, Target("", entry.uid))

    def _everything(self) -> Button:
        """Return the button to the menu of all sections."""
        home = self._catalogue.knowledge.primary.id
        return Button(self._voice.labels.everything, Target("menu", home))

    def _reply(
        self,
        decision: Kind,
        page: Page,
        entries: tuple[Entry, ...],
        buttons: list[Button],
        match: Match | None,
        limit: int = MOST_BUTTONS,
    ) -> Reply:
        """Join the parts."""
        first = {button.opens: button for button in reversed(buttons)}
        ordered = tuple(button for button in buttons if first[button.opens] is button)
        return Reply(
            decision=decision,
            text=page.plain(),
            html=page.html(),
            topics=tuple(entry.uid for entry in entries),
            confidence=match.confidence if match else 1.0,
            citations=page.citations,
            buttons=ordered[:limit],
            match=match,
        )
