"""Dialogue: the one use case that every channel calls. One question in, one reply out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from time import perf_counter
from typing import NamedTuple

from bot.conversation.catalogue import Catalogue
from bot.conversation.choices import ChoiceReader
from bot.conversation.effects import Effect, settings_after
from bot.conversation.following import Following
from bot.conversation.followups import FollowUpReader
from bot.conversation.foresight import MOST_CHARACTERS, Foresight
from bot.conversation.languages import Localised, Tongues
from bot.conversation.manners import Manners
from bot.conversation.model import (
    Abstain,
    Ask,
    Decision,
    Detail,
    Menu,
    Question,
    Refer,
    Reply,
    Say,
    Session,
    Target,
)
from bot.conversation.names import Names
from bot.conversation.pieces import clauses_in, is_joined, questions_in
from bot.conversation.policy import SAFETY, Policy, shown
from bot.conversation.ranker import Ranker
from bot.conversation.records import KEPT, NOBODY, Profile, Retention
from bot.conversation.render import Renderer
from bot.conversation.requests import Requests
from bot.conversation.safety import SafetyScreen
from bot.conversation.turns import UNASKED, hushed, kept_words, session_after, with_miss
from bot.conversation.walk import Walk
from bot.knowledge.base import EMERGENCY
from bot.knowledge.model import Entry, Knowledge
from bot.knowledge.voice import Screen
from bot.matching.calibration import OFFERED
from bot.matching.matcher import Ranking
from bot.text import normalise, truncate, words

_RANKINGS_KEPT = 64  # one message is looked at several times, as a whole and by part


class Outcome(NamedTuple):
    """What a question led to: the reply, the session to keep, and what else to do.

    `took` is how many seconds that needed; None if nothing was typed.
    """

    reply: Reply
    session: Session
    effects: tuple[Effect, ...] = ()
    took: float | None = None


class Dialogue:
    """Answers questions and opens what buttons and commands ask for. Holds no session itself."""

    def __init__(
        self,
        knowledge: Knowledge,
        matcher: Ranker,
        retention: Retention = KEPT,
        others: Sequence["Dialogue"] = (),
        timer: Callable[[], float] = perf_counter,
    ) -> None:
        """Join `matcher` with the words and rules of `knowledge`.

        `retention` is what people are told about how long things are kept; `others` speak other
        languages, and answer who writes or wants them; `timer` tells seconds.
        """
        self.catalogue = Catalogue(knowledge)
        matcher = Localised(matcher, self.catalogue) if knowledge.foreign else matcher
        self._matcher = matcher
        self._ranked = lru_cache(_RANKINGS_KEPT)(matcher.rank)
        self._timer = timer
        self.others = {each.language: each for each in others}
        voices = [knowledge.voice, *(each.catalogue.knowledge.voice for each in others)]
        self._tongues = Tongues({each.language.code: each.language.telling for each in voices})
        self._foreign = Tongues(
            {knowledge.voice.language.code: knowledge.voice.language.telling}
            if knowledge.foreign
            else {}
        )
        flags = filter(None, (knowledge.safety, knowledge.first_safety))
        self._screens = [SafetyScreen(each) for each in flags]
        self._names = Names(self.catalogue, matcher.reader)
        self._manners = Manners(knowledge.voice.abuse)
        self._followups = FollowUpReader(knowledge.voice.followups)
        self._policy = Policy(self.catalogue, matcher.calibration)
        self.foresight = Foresight(
            self.catalogue, self._followups, self._policy, self.rank, matcher
        )
        self._following = Following(
            self.catalogue, self._policy, self._followups, self.rank, matcher
        )
        self._walk = Walk(self.catalogue, ChoiceReader(matcher))
        self._requests = Requests(self.catalogue, self._policy, matcher.rank)
        self._renderer = Renderer(self.catalogue, retention)
        self._none = normalise(knowledge.voice.labels.none_of_these)

    @property
    def language(self) -> str:
        """The code of the language that it speaks."""
        return self.catalogue.knowledge.voice.language.code

    def speaking(self, wanted: str, text: str = "") -> "Dialogue":
        """Return who answers `text`: in the language it is written in, else in the one `wanted`.

        A red flag that only another language knows is answered in that one.
        """
        wants = self.others.get(wanted.split("-", maxsplit=1)[0].lower(), self)
        written = self._tongues.of(text) if self.others and text else ""
        chosen = self.others.get(written, wants)
        if not text or any(chosen.screens(text)):
            return chosen
        warned = (each for each in self.others.values() if any(each.own_screens(text)))
        return next(warned, chosen)

    def own_screens(self, text: str) -> Iterator[Screen]:
        """Yield the screens of this language alone that fire on a question as typed."""
        return self._screens[0].fired(text)

    def respond(self, question: Question, session: Session, profile: Profile = NOBODY) -> Outcome:
        """Return the reply to `question`, the session after it, and what else to do."""
        return self.judge(question, session, profile)[1]

    def judge(
        self, question: Question, session: Session, profile: Profile = NOBODY
    ) -> tuple[Decision, Outcome]:
        """Return the decision on `question` beside what it leads to."""
        speaker = self.speaking(profile.language, question.text)
        if speaker is not self:
            return speaker.judge(question, session, profile)
        begun = self._timer()
        decision = self.decide(question, session, profile)
        outcome = self.say(decision, session, profile, question)
        return decision, outcome._replace(took=self._timer() - begun)

    def open(self, target: Target, session: Session, profile: Profile = NOBODY) -> Outcome:
        """Return what a button or a command opens. A dead target gets a kind reply."""
        speaker = self.speaking(profile.language)
        if speaker is not self:
            return speaker.open(target, session, profile)
        return self.say(self._opened(target, session, profile), session, profile)

    def rank(self, question: Question) -> Ranking:
        """Rank what a question could mean; only its first part counts if it is very long."""
        return self._ranked(truncate(question.text, MOST_CHARACTERS), question.guide)

    def screens(self, text: str) -> Iterator[Screen]:
        """Yield the screens that fire on a question as typed or as understood, all of it.

        With two languages' screens, emergencies come first, whichever language names them.
        """
        read = self._matcher.reader.read(text).understood
        fired = [each for screen in self._screens for each in screen.fired(text, read)]
        yield from sorted(fired, key=lambda each: each.opens != EMERGENCY)

    def say(
        self,
        decision: Decision,
        session: Session,
        profile: Profile = NOBODY,
        question: Question = UNASKED,
    ) -> Outcome:
        """Render a decision for a person, and remember what it answered if it was asked in words.

        A question in vain is to be kept.
        """
        asked = kept_words(question.text)
        decision = with_miss(decision, asked, question.guide)
        after = session_after(decision, session, self.catalogue, asked)
        told = settings_after(profile, decision.effects)
        reply = self._renderer.render(decision, told)
        reply = replace(reply, language=self.language, hushed=hushed(decision, session))
        if after.step and not isinstance(decision, (Ask, Refer)):
            reply = self._renderer.with_way_back(reply, after)
        return Outcome(reply, after, decision.effects)

    def card(self, entry: Entry, profile: Profile = NOBODY) -> Reply:
        """Return an entry as it is shown where no buttons go along."""
        return self._renderer.card(entry, profile)

    def decide(self, question: Question, session: Session, profile: Profile = NOBODY) -> Decision:
        """Decide on a question: red flags first, then what the last reply asked or left open.

        Only then is it read by itself.
        """
        text = question.text
        if not words(text):
            return self._start_anew("empty", question.guide)
        flagged = self._flagged(question)
        if flagged is not None:
            return flagged
        answered = self._walk.said(text, session, profile)
        if answered is not None:
            return answered
        led = self._led_on(question, session, profile)
        if led is None and self._foreign.of(text):
            return self._start_anew("other_language", question.guide)
        return self._manners.calmly(led or self._asked(question), text)

    def _led_on(self, question: Question, session: Session, profile: Profile) -> Decision | None:
        """Decide on what names something or leans on the last answer; None if it does neither."""
        text = question.text
        view = self._followups.view(text)
        if view is not None and session.last:
            return self._opened(Target(view, session.last), session, profile)
        if session.asked and normalise(text) == self._none:
            return self._requests.none_of_these(session)
        named = self._names.find(text, question.guide) or self._named_after(question, session)
        if named is not None:
            return self._named(named, question, session, profile)
        if view is not None:
            return self._start_anew("nothing_yet")
        return self._following.followed(question, session)

    def _named_after(self, question: Question, session: Session) -> Target | None:
        """Return what a follow-up names ("and for beginners?"), unless a red flag came before."""
        last = self.catalogue.entry(session.last)
        about = self._followups.about(question.text)
        if last is None or not about or last.section == SAFETY or last.scope == "talk":
            return None
        return self._names.find(about, question.guide)

    def _named(
        self, target: Target, question: Question, session: Session, profile: Profile
    ) -> Decision:
        """Open what the whole message names; an entry tells what else it could have been."""
        entry = self.catalogue.entry(target.name)
        if entry is None:
            return self._opened(target, session, profile)
        return shown(entry, self._policy.named(entry, question.text, self.rank(question)))

    def _flagged(self, question: Question) -> Refer | None:
        """Return the referral if any red flag is in the question, however long it is."""
        screen = next(self.screens(question.text), None)
        entry = self.catalogue.find(screen.opens) if screen else None
        if screen is None or entry is None:
            return None
        return self._policy.refer(entry, self.rank(question), because=f"screen {screen.id}")

    def _asked(self, question: Question) -> Decision:
        """Decide on a question that stands alone."""
        pieces = [self.rank(question._replace(text=piece)) for piece in questions_in(question.text)]
        worst = next((ranking for ranking in pieces if self._policy.refers(ranking)), None)
        if worst is not None:
            return self._policy.decide(worst)
        whole = self.rank(question)
        if self._policy.refers(whole):
            return self._policy.decide(whole)
        several = self._policy.several(pieces) or self._clauses(question, whole)
        return several or self._policy.decide(whole)

    def _clauses(self, question: Question, whole: Ranking) -> Decision | None:
        """Answer each of several things that one sentence asks, if they are clear."""
        clauses = clauses_in(question.text)
        if not clauses:
            return None
        rankings = (self.rank(question._replace(text=clause)) for clause in clauses)
        joined = is_joined(question.text)
        return self._policy.clauses(rankings, len(clauses), whole, joined=joined)

    def _opened(self, target: Target, session: Session, profile: Profile) -> Decision:
        """Return what `target` opens."""
        own = self._walk.opened(target, session, profile) or self._requests.opened(target, session)
        if own is not None:
            return own
        if target.action == "menu":
            guide, _, section = target.name.partition("/")
            return Menu(guide, section, rule="opened: menu")
        if target.action == "none":
            return self._requests.none_of_these(session) or self._start_anew("none_of_these")
        return self._shown(target, session)

    def _shown(self, target: Target, session: Session) -> Decision:
        """Return the entry, or the view of one, that `target` names."""
        entry = self.catalogue.entry(target.name)
        if entry is None:
            return self._start_anew("stale_button")
        match = session.match if session.last == entry.uid else None
        match target.action:
            case "":
                return shown(entry)
            case "why" | "more" | "sources" | "figure" as view:
                return Detail(entry, view, match, rule=f"opened: {view}")
            case _:
                return self._start_anew("stale_button")

    def _start_anew(self, say: Say, guide: str = "") -> Abstain:
        """Say why there is nothing to show, and offer what people ask for most."""
        rule = f"nothing to answer: {say}"
        return Abstain(self.catalogue.featured(guide)[:OFFERED], say=say, rule=rule)
