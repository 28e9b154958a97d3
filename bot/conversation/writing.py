"""Writes what an entry holds onto a page: pure."""

from bot.conversation.catalogue import Catalogue
from bot.conversation.model import Conclude, Match, Picture
from bot.conversation.page import Page
from bot.conversation.records import NOBODY, Profile
from bot.conversation.walk import answers_in
from bot.knowledge.base import ABOUT, Grade
from bot.knowledge.checkpoints import Checkpoints, Step
from bot.knowledge.citations import first_sentences
from bot.knowledge.figure import Figure
from bot.knowledge.model import Entry

SHORT = 300
"""About how many characters a short answer may have."""


class Writer:
    """Writes entries with the words of voice.yaml, as a person wants them."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Take the words and entries from `catalogue`."""
        self._catalogue = catalogue
        self._voice = catalogue.knowledge.voice
        self._say = self._voice.say

    def entry(self, page: Page, entry: Entry, profile: Profile = NOBODY) -> None:
        """Write an entry: the answer, as long as the person likes it, then evidence and caveat.

        The caveat stays, however short the rest is.
        """
        cited = self._catalogue.citations(entry)
        page.add_cited(self._answer(entry, profile), cited)
        if profile.reply_length == "full" and entry.more:
            page.add_cited(entry.more, cited)
        quiet = entry.caveat
        if entry.grade:
            quiet = f"{self._grade(entry.grade)} {entry.caveat}".strip()
        if quiet:
            page.add_cited(quiet, cited, "i")
        if entry.id == ABOUT:
            page.add(self._say.version.format(version=self._catalogue.knowledge.version), "i")

    def guides(self, page: Page, *entries: Entry) -> None:
        """Write which guides the entries are from, if there is more than one."""
        named = dict.fromkeys(entry.guide for entry in entries if entry.guide)
        if self._catalogue.several and named:
            titles = " · ".join(self._catalogue.guide(name).file.title for name in named)
            page.add(self._voice.several_guides.from_guide.format(guide=titles))

    def _answer(self, entry: Entry, profile: Profile) -> str:
        """Return an entry's answer, with what it adds for those who said something."""
        short = profile.reply_length == "short" and entry.section != "safety"
        answer = first_sentences(entry.answer, SHORT) if short else entry.answer
        points = self._catalogue.checkpoints(entry.guide)
        remark = points.remark(entry.id, answers_in(points, profile)) if points else ""
        return f"{answer} {remark}".strip()

    def _grade(self, grade: Grade) -> str:
        """Return what is said of a grade of evidence."""
        return self._say.evidence.format(grade=self._voice.grades[grade])

    def question(self, page: Page, entry: Entry) -> None:
        """Write the question that the buttons below answer."""
        points = self._catalogue.checkpoints_of(entry)
        if points is not None:
            self.step(page, points, points.questions[0])
        elif entry.checkpoint:
            page.add(entry.checkpoint.question, "b")

    def step(self, page: Page, points: Checkpoints, step: Step) -> None:
        """Write one question of the checkpoints, and how far it is."""
        number = points.questions.index(step) + 1
        say = self._voice.personal.say
        progress = say.progress.format(number=number, of=len(points.questions))
        page.add(f"{progress} {step.ask}", "b")

    def conclusion(self, page: Page, decision: Conclude) -> None:
        """Write what the answers come to, why, on what that rests, and what would change it."""
        points = decision.points
        verdict, reasons = points.verdict(decision.answers), points.reasons_for(decision.answers)
        cited = self._catalogue.sources(points.guide)
        page.add_cited(verdict.say, cited)
        said = "; ".join(each.reason for each in reasons)
        page.add(self._voice.personal.say.because.format(reasons=said))
        follows = " ".join(each.say for each in reasons if each.say)
        if follows:
            page.add_cited(follows, cited)
        page.add(self._say.would_change.format(text=verdict.would_change))
        self._quietly(page, points)
        page.add_sources()

    def _quietly(self, page: Page, points: Checkpoints) -> None:
        """Write the evidence and the caveat of the entry that the checkpoints belong to."""
        entry = self._catalogue.find(points.entry, points.guide)
        if entry is not None and entry.grade:
            quiet = f"{self._grade(entry.grade)} {entry.caveat}".strip()
            page.add_cited(quiet, self._catalogue.citations(entry), "i")

    def why(self, page: Page, entry: Entry, match: Match | None) -> None:
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

    def sources(self, page: Page, entry: Entry) -> None:
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

    def figure(self, page: Page, entry: Entry, figure: Figure | None) -> None:
        """Write what stands below a picture: what it shows in words, cited, and its evidence."""
        if figure is None:
            page.add(self._say.no_figure)
            page.cite(self._catalogue.citations(entry).values())
        else:
            page.add(figure.title, "b")
            page.add_cited(figure.caption, self._catalogue.citations(figure))
            page.add(self._grade(figure.grade), "i")
        page.add_sources()

    def in_words(self, page: Page, figure: Figure) -> None:
        """Write what can be seen in a picture, for those who want text only."""
        page.add(self._voice.personal.say.in_picture.format(alt=figure.alt))

    def picture(self, figure: Figure) -> Picture:
        """Return the picture of a figure, with the line for those who can't be shown it."""
        line = self._say.picture.format(path=figure.path, alt=figure.alt)
        return Picture(figure.path, figure.alt, line)
