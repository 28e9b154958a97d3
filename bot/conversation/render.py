"""Decision -> Reply: pure. Short, cited, with buttons; every word comes from the knowledge."""

from dataclasses import replace
from typing import assert_never

from bot.conversation.buttons import Buttons, distinct
from bot.conversation.catalogue import Catalogue
from bot.conversation.model import (
    Abstain,
    Answer,
    Answered,
    Button,
    Clarify,
    Decision,
    Detail,
    Kind,
    Match,
    Menu,
    Picture,
    Refer,
    Reply,
    View,
)
from bot.conversation.page import Page
from bot.knowledge.figure import Figure
from bot.knowledge.model import Entry
from bot.text import CAPTION_LIMIT, TELEGRAM_LIMIT

MOST_BUTTONS = 6

_VIEWS: tuple[View, ...] = ("figure", "why", "more", "sources")


class Renderer:
    """Turns decisions into replies with the words of voice.yaml."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Take the words and entries from `catalogue`."""
        self._catalogue = catalogue
        self._buttons = Buttons(catalogue)
        self._voice = catalogue.knowledge.voice
        self._say = self._voice.say

    def render(self, decision: Decision) -> Reply:  # noqa: PLR0911 - one return a kind
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
        """Show one entry: the answer, its evidence and caveat, sources, and the checkpoint."""
        page = Page()
        self._write(page, item.entry)
        page.add_sources()
        self._write_checkpoint(page, item.entry)
        buttons = self._buttons.under_answer(item.entry)
        return _evidence(_reply("answer", page, buttons), (item.entry,), item.match)

    def card(self, entry: Entry) -> Reply:
        """Show one entry where no buttons go along: its answer, evidence, caveat and sources."""
        page = Page()
        self._write(page, entry)
        page.add_sources()
        return _evidence(_reply("answer", page, []), (entry,), None)

    def _several(self, decision: Answer) -> Reply:
        """Show several entries in one message, numbered, with one list of sources."""
        page = Page()
        for number, item in enumerate(decision.items, start=1):
            page.add(self._say.several.format(number=number, title=item.entry.title), "b")
            self._write(page, item.entry)
        if decision.dropped:
            page.add(self._say.too_many)
        page.add_sources()
        entries = tuple(item.entry for item in decision.items)
        buttons = [self._buttons.opening(entry) for entry in entries]
        return _evidence(_reply("answer", page, buttons), entries, decision.items[0].match)

    def _refer(self, decision: Refer) -> Reply:
        """Lead with the safety entry, then open what the guide may still say."""
        page = Page()
        self._write(page, decision.entry)
        page.add_sources()
        buttons = self._buttons.checkpoint(decision.entry)
        if decision.also:
            page.add(self._say.also.format(ask=decision.also[0].ask))
            buttons += [self._buttons.opening(entry) for entry in decision.also]
        self._write_checkpoint(page, decision.entry)
        buttons += self._buttons.views(decision.entry, "more", "sources")
        return _evidence(_reply("refer", page, buttons), (decision.entry,), decision.match)

    def _clarify(self, decision: Clarify) -> Reply:
        """Offer full questions as buttons, and a way out."""
        page = Page()
        page.add(self._say.clarify)
        buttons = [self._buttons.opening(entry) for entry in decision.options]
        buttons.append(self._buttons.none_of_these())
        return _evidence(_reply("clarify", page, buttons), decision.options, decision.match)

    def _abstain(self, decision: Abstain) -> Reply:
        """Say so plainly; offer the nearest entries."""
        page = Page()
        said: str = getattr(self._say, decision.say)
        if decision.about:
            said = self._say.abstain_about.format(about=decision.about)
        page.add(said)
        buttons = [self._buttons.opening(entry) for entry in decision.nearest]
        buttons.append(self._buttons.everything())
        return _evidence(_reply("abstain", page, buttons), decision.nearest, decision.match)

    def _detail(self, decision: Detail) -> Reply:
        """Show another view of an entry: why, more, its sources, or its figure."""
        entry = decision.entry
        figure = self._catalogue.figure(entry) if decision.view == "figure" else None
        page = Page(CAPTION_LIMIT if figure else TELEGRAM_LIMIT)
        match decision.view:
            case "why":
                self._write_why(page, entry, decision.match)
                page.cite(self._catalogue.citations(entry).values())
                page.add_sources()
            case "more":
                page.add(entry.title, "b")
                page.add_cited(entry.more or self._say.no_more, self._catalogue.citations(entry))
                page.add_sources()
            case "sources":
                self._write_sources(page, entry)
            case "figure":
                self._write_figure(page, entry, figure)
            case _:
                assert_never(decision.view)
        buttons = [
            self._buttons.opening(entry),
            *self._buttons.views(entry, *(view for view in _VIEWS if view != decision.view)),
            *self._buttons.related(entry),
        ]
        reply = _evidence(_reply("answer", page, buttons), (entry,), decision.match)
        return replace(reply, picture=self._picture(figure)) if figure else reply

    def _menu(self, decision: Menu) -> Reply:
        """List all sections, or the entries of one: an offer, not an answer."""
        page = Page()
        guide = self._catalogue.guide(decision.guide)
        section = self._catalogue.section(guide.id, decision.section)
        page.add(self._say.menu.format(title=section.title) if section else self._say.everything)
        buttons = self._buttons.under_menu(guide, section)
        entries = self._catalogue.in_section(guide.id, section) if section else ()
        reply = _evidence(_reply("clarify", page, buttons, limit=len(buttons)), entries, None)
        return replace(reply, menu=f"{guide.id}/{section.id}" if section else guide.id)

    def _write(self, page: Page, entry: Entry) -> None:
        """Write an entry: the answer, then one quiet line of evidence and caveat."""
        cited = self._catalogue.citations(entry)
        page.add_cited(entry.answer, cited)
        quiet = entry.caveat
        if entry.grade:
            grade = self._say.evidence.format(grade=self._voice.grades[entry.grade])
            quiet = f"{grade} {entry.caveat}".strip()
        if quiet:
            page.add_cited(quiet, cited, "i")

    @staticmethod
    def _write_checkpoint(page: Page, entry: Entry) -> None:
        """Write the question that the checkpoint's buttons answer."""
        if entry.checkpoint:
            page.add(entry.checkpoint.question, "b")

    def _write_why(self, page: Page, entry: Entry, match: Match | None) -> None:
        """Write why this answer was chosen and what it rests on."""
        say = self._say
        if match is not None and not match.phrase:
            page.add(say.why_screened)
        elif match is None:
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
        cited = self._catalogue.citations(entry)
        for key in entry.sources:
            source = self._catalogue.source(entry, key)
            parts = [f"[{key}] {source.cite}"]
            if source.checked == "second-hand":
                parts.append(self._say.second_hand)
            parts.append(self._say.source_limits.format(text=source.limits))
            page.add_cited(" ".join(parts), cited)

    def _write_figure(self, page: Page, entry: Entry, figure: Figure | None) -> None:
        """Write what stands below a picture: what it shows in words, cited, and its evidence."""
        if figure is None:
            page.add(self._say.no_figure)
            page.cite(self._catalogue.citations(entry).values())
        else:
            page.add(figure.title, "b")
            page.add_cited(figure.caption, self._catalogue.citations(figure))
            page.add(self._say.evidence.format(grade=self._voice.grades[figure.grade]), "i")
        page.add_sources()

    def _picture(self, figure: Figure) -> Picture:
        """Return the picture of a figure, with the line for those who can't be shown it."""
        line = self._say.picture.format(path=figure.path, alt=figure.alt)
        return Picture(figure.path, figure.alt, line)


def _reply(decision: Kind, page: Page, buttons: list[Button], limit: int = MOST_BUTTONS) -> Reply:
    """Return a reply with what was written and at most `limit` buttons."""
    return Reply(
        decision,
        text=page.plain(),
        html=page.html(),
        citations=page.citations,
        buttons=distinct(buttons)[:limit],
        cut=page.cut,
    )


def _evidence(reply: Reply, entries: tuple[Entry, ...], match: Match | None) -> Reply:
    """Return `reply` with the entries that it shows and why; one asked for by name is sure."""
    by_name = 0.0 if reply.decision == "abstain" else 1.0
    return replace(
        reply,
        topics=tuple(entry.uid for entry in entries),
        confidence=match.confidence if match else by_name,
        match=match,
    )
