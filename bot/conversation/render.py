"""Decision -> Reply: pure. Short, cited, with buttons; every word comes from the knowledge."""

from dataclasses import replace
from typing import assert_never

from bot.conversation.buttons import Buttons
from bot.conversation.catalogue import Catalogue
from bot.conversation.model import (
    Abstain,
    Answer,
    Answered,
    Ask,
    Clarify,
    Conclude,
    Decision,
    Detail,
    Doubt,
    Menu,
    Own,
    Refer,
    Reply,
    Session,
    View,
)
from bot.conversation.page import Page
from bot.conversation.personal import PersonalRenderer
from bot.conversation.records import KEPT, NOBODY, Profile, Retention
from bot.conversation.replies import MOST_BUTTONS, reply_of, with_evidence
from bot.conversation.writing import Writer
from bot.knowledge.base import GUIDES
from bot.knowledge.model import Entry
from bot.text import CAPTION_LIMIT, TELEGRAM_LIMIT

_VIEWS: tuple[View, ...] = ("figure", "why", "more", "sources")


class Renderer:
    """Turns decisions into replies with the words of voice.yaml."""

    def __init__(self, catalogue: Catalogue, retention: Retention = KEPT) -> None:
        """Take the words and entries from `catalogue`; things are kept as `retention` says."""
        self._catalogue = catalogue
        self._buttons = Buttons(catalogue)
        self._writer = Writer(catalogue)
        self._personal = PersonalRenderer(catalogue, self._writer, retention)
        self._say = catalogue.knowledge.voice.say

    def render(self, decision: Decision, profile: Profile = NOBODY) -> Reply:  # noqa: PLR0911 - one return a kind
        """Return the reply that says `decision` to a person as they want it."""
        match decision:
            case Answer(items=(only,)):
                return self._answer(only, profile)
            case Answer():
                return self._several(decision, profile)
            case Clarify():
                return self._clarify(decision)
            case Abstain():
                return self._abstain(decision)
            case Refer():
                return self._refer(decision)
            case Detail():
                return self._detail(decision, profile)
            case Menu():
                return self._menu(decision)
            case Ask() | Conclude() | Own() | Doubt():
                return self._personal.render(decision, profile)
            case _:
                assert_never(decision)

    def with_way_back(self, reply: Reply, session: Session) -> Reply:
        """Return `reply` with the way back to the checkpoints that it interrupts."""
        if reply.notice or any(button.opens.action == "step" for button in reply.buttons):
            return reply
        kept = (
            reply.buttons[: MOST_BUTTONS - 1]
            if len(reply.buttons) == MOST_BUTTONS
            else reply.buttons
        )
        back = self._buttons.resume(session.step.partition("/")[0])
        return replace(reply, buttons=(*kept, back))

    def _answer(self, item: Answered, profile: Profile) -> Reply:
        """Show one entry: the answer, its evidence and caveat, sources, and the checkpoint."""
        page = Page()
        self._writer.entry(page, item.entry, profile)
        self._writer.guides(page, item.entry)
        page.add_sources()
        self._writer.question(page, item.entry)
        whole = profile.reply_length == "full"
        buttons = self._buttons.under_answer(item.entry, whole=whole)
        reply = with_evidence(reply_of("answer", page, buttons), (item.entry,), item.match)
        if item.entry.scope == "talk":
            return reply
        return replace(reply, feedback=self._buttons.thumbs(item.entry, plain=profile.text_only))

    def card(self, entry: Entry, profile: Profile = NOBODY) -> Reply:
        """Show one entry where no buttons go along: its answer, evidence, caveat and sources."""
        page = Page()
        self._writer.entry(page, entry, profile)
        self._writer.guides(page, entry)
        page.add_sources()
        return with_evidence(reply_of("answer", page, []), (entry,), None)

    def _several(self, decision: Answer, profile: Profile) -> Reply:
        """Show several entries in one message, numbered, with one list of sources."""
        page = Page()
        for number, item in enumerate(decision.items, start=1):
            page.add(self._say.several.format(number=number, title=item.entry.title), "b")
            self._writer.entry(page, item.entry, profile)
        if decision.dropped:
            page.add(self._say.too_many)
        entries = tuple(item.entry for item in decision.items)
        self._writer.guides(page, *entries)
        page.add_sources()
        buttons = [self._buttons.opening(entry) for entry in entries]
        return with_evidence(reply_of("answer", page, buttons), entries, decision.items[0].match)

    def _refer(self, decision: Refer) -> Reply:
        """Lead with the safety entry, then open what the guide may still say."""
        page = Page()
        self._writer.entry(page, decision.entry)
        page.add_sources()
        buttons = self._buttons.checkpoint(decision.entry)
        if decision.also:
            page.add(self._say.also.format(ask=decision.also[0].ask))
            buttons += [self._buttons.opening(entry) for entry in decision.also]
        self._writer.question(page, decision.entry)
        buttons += self._buttons.views(decision.entry, "more", "sources")
        return with_evidence(reply_of("refer", page, buttons), (decision.entry,), decision.match)

    def _clarify(self, decision: Clarify) -> Reply:
        """Offer full questions as buttons, and a way out."""
        page = Page()
        page.add(self._say.clarify)
        buttons = [self._buttons.opening(entry) for entry in decision.options]
        buttons.append(self._buttons.none_of_these())
        return with_evidence(reply_of("clarify", page, buttons), decision.options, decision.match)

    def _abstain(self, decision: Abstain) -> Reply:
        """Say so plainly; offer the nearest entries."""
        page = Page()
        plain, several = self._say, self._catalogue.knowledge.voice.several_guides
        words = several if self._catalogue.several and decision.say == "abstain" else plain
        said: str = getattr(words, decision.say)
        if decision.about:
            said = words.abstain_about.format(about=decision.about)
        page.add(said)
        buttons = [self._buttons.opening(entry) for entry in decision.nearest]
        buttons.append(self._buttons.everything())
        return with_evidence(reply_of("abstain", page, buttons), decision.nearest, decision.match)

    def _detail(self, decision: Detail, profile: Profile) -> Reply:
        """Show another view of an entry: why, more, its sources, or its figure."""
        entry = decision.entry
        figure = self._catalogue.figure(entry) if decision.view == "figure" else None
        page = Page(CAPTION_LIMIT if figure and not profile.text_only else TELEGRAM_LIMIT)
        match decision.view:
            case "why":
                self._writer.why(page, entry, decision.match)
                page.cite(self._catalogue.citations(entry).values())
                page.add_sources()
            case "more":
                page.add(entry.title, "b")
                page.add_cited(entry.more or self._say.no_more, self._catalogue.citations(entry))
                page.add_sources()
            case "sources":
                self._writer.sources(page, entry)
            case "figure":
                self._writer.figure(page, entry, figure)
                if figure and profile.text_only:
                    self._writer.in_words(page, figure)
            case _:
                assert_never(decision.view)
        buttons = [
            self._buttons.opening(entry),
            *self._buttons.views(entry, *(view for view in _VIEWS if view != decision.view)),
            *self._buttons.related(entry),
        ]
        reply = with_evidence(reply_of("answer", page, buttons), (entry,), decision.match)
        shown = figure is not None and not profile.text_only
        return replace(reply, picture=self._writer.picture(figure)) if figure and shown else reply

    def _menu(self, decision: Menu) -> Reply:
        """List all guides, a guide's sections, or the entries of one: an offer, not an answer."""
        page = Page()
        if decision.guide == GUIDES:
            page.add(self._catalogue.knowledge.voice.several_guides.guides)
            buttons = self._buttons.guides()
            return replace(reply_of("clarify", page, buttons, limit=len(buttons)), menu=GUIDES)
        guide = self._catalogue.guide(decision.guide)
        section = self._catalogue.section(guide.id, decision.section)
        page.add(self._say.menu.format(title=section.title) if section else self._say.everything)
        buttons = self._buttons.under_menu(guide, section)
        entries = self._catalogue.in_section(guide.id, section) if section else ()
        reply = reply_of("clarify", page, buttons, limit=len(buttons))
        named = f"{guide.id}/{section.id}" if section else guide.id
        return replace(with_evidence(reply, entries, None), menu=named)
