"""Renders the checkpoints, and the pages on what is remembered of a person: pure."""

from typing import assert_never

from bot.conversation.buttons import Buttons
from bot.conversation.catalogue import Catalogue
from bot.conversation.model import (
    Ask,
    Button,
    Conclude,
    Doubt,
    Own,
    Reply,
    Target,
)
from bot.conversation.model import (
    Page as PageName,
)
from bot.conversation.page import Page
from bot.conversation.records import Profile, Retention
from bot.conversation.replies import notice, reply_of, with_evidence
from bot.conversation.walk import chosen_in
from bot.conversation.writing import Writer
from bot.knowledge.base import PAGES

_NOTICES = frozenset({"thanks"})


class PersonalRenderer:
    """Turns decisions about the person who asks into replies."""

    def __init__(self, catalogue: Catalogue, writer: Writer, retention: Retention) -> None:
        """Take the words from `catalogue`; things are kept as `retention` says."""
        self._catalogue = catalogue
        self._buttons = Buttons(catalogue)
        self._writer = writer
        self._retention = retention
        self._words = catalogue.knowledge.voice.personal
        self._labels = self._words.labels

    def render(self, decision: Ask | Conclude | Own | Doubt, profile: Profile) -> Reply:
        """Return the reply that says `decision`; `profile` is as it is after it."""
        match decision:
            case Ask():
                return self._ask(decision)
            case Conclude():
                return self._conclude(decision)
            case Own():
                return self._own(decision.page, profile)
            case Doubt():
                return self._doubt(decision)
            case _:
                assert_never(decision)

    def _ask(self, decision: Ask) -> Reply:
        """Put one question, with its options and the ways to move about."""
        page, points = Page(), decision.points
        if decision.first:
            page.add(points.intro)
        if decision.noted:
            page.add(self._words.say.noted.format(answer=decision.noted))
        self._writer.step(page, points, decision.step)
        buttons = [
            *self._buttons.options(points, decision.step),
            *self._buttons.moves(points, decision.step),
        ]
        entry = self._catalogue.find(points.entry, points.guide)
        reply = reply_of("clarify", page, buttons, limit=len(buttons))
        return with_evidence(reply, (entry,) if entry else (), None)

    def _conclude(self, decision: Conclude) -> Reply:
        """Say what the answers come to, and where to go on."""
        page, points = Page(), decision.points
        self._writer.conclusion(page, decision)
        verdict = points.verdict(decision.answers)
        buttons = [
            *self._buttons.opens(verdict.opens, points.guide),
            self._mine("profile"),
            Button(self._labels.start_over, Target("over", points.guide)),
        ]
        entry = self._catalogue.find(points.entry, points.guide)
        return with_evidence(reply_of("answer", page, buttons), (entry,) if entry else (), None)

    def _doubt(self, decision: Doubt) -> Reply:
        """Ask what was wrong; offer what else could have been meant."""
        page = Page()
        page.add(self._words.say.what_was_wrong)
        buttons = [
            *self._buttons.wrong(decision.entry),
            *map(self._buttons.opening, decision.others),
            self._buttons.everything(),
        ]
        return with_evidence(reply_of("clarify", page, buttons), decision.others, None)

    def _own(self, name: PageName, profile: Profile) -> Reply:
        """Show a page."""
        page = Page()
        for line in self._lines(name, profile):
            page.add(line)
        buttons = self._below(name, profile)
        reply = reply_of("clarify", page, buttons, limit=len(buttons))
        return notice(reply) if name in _NOTICES else reply

    def _lines(self, name: PageName, profile: Profile) -> list[str]:
        """Return the paragraphs of a page: most have one sentence, which has the page's name."""
        match name:
            case "profile":
                return [*self._known(profile), self._settings(profile)]
            case "settings":
                return [self._settings(profile)]
            case "privacy":
                days, misses = self._retention.people.days, self._retention.misses.days
                return [self._words.say.privacy.format(days=days, misses_days=misses)]
            case _:
                said: str = getattr(self._words.say, name)
                return [said]

    def _known(self, profile: Profile) -> list[str]:
        """Return what a person said about themselves, a line for each answer, or that it's none."""
        say = self._words.say
        lines = [
            say.remembered.format(title=step.title, answer=option.label)
            for points in self._catalogue.all_checkpoints()
            for step, option in chosen_in(points, profile)
        ]
        return [say.profile, "\n".join(lines)] if lines else [say.nothing_known]

    def _settings(self, profile: Profile) -> str:
        """Return the settings in one line."""
        names = {each.zone: each.label for each in self._words.zones}
        zone = names.get(profile.time_zone, profile.time_zone) or self._words.say.no_zone
        looks = self._words.looks
        return self._words.say.settings.format(
            length=self._words.lengths[profile.reply_length],
            look=looks.text_only if profile.text_only else looks.pictures,
            zone=zone,
        )

    def _below(self, name: PageName, profile: Profile) -> list[Button]:
        """Return the buttons of a page."""
        labels = self._labels
        match name:
            case "settings":
                return [*self._choices(profile), self._mine("profile"), self._mine("forget")]
            case "zones":
                return [
                    Button(each.label, Target("set", f"zone/{each.zone}"))
                    for each in self._words.zones
                ]
            case "profile":
                clear = Button(labels.clear, Target("mine", "clear"))
                return [clear, self._mine("settings"), self._mine("privacy")]
            case "privacy" | "export":
                return [self._mine(other) for other in PAGES if other not in (name, "profile")]
            case "forget":
                erase = Button(labels.forget_now, Target("mine", "forget-now"))
                return [erase, Button(labels.kept, Target("mine", "kept"))]
            case _:
                return [] if name in _NOTICES else [self._buttons.everything()]

    def _choices(self, profile: Profile) -> list[Button]:
        """Return the buttons that change a setting to what it isn't."""
        lengths = [
            Button(label, Target("set", f"length/{length}"))
            for length, label in self._words.lengths.items()
            if length != profile.reply_length
        ]
        looks = self._words.looks
        look, to = (looks.pictures, "pictures") if profile.text_only else (looks.text_only, "text")
        return [
            *lengths,
            Button(look, Target("set", f"look/{to}")),
            Button(self._labels.zone, Target("mine", "zones")),
        ]

    def _mine(self, name: str) -> Button:
        """Return the button to one of the person's own pages."""
        label: str = getattr(self._labels, name)
        return Button(label, Target("mine", name))
