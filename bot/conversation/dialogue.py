"""Dialogue: the one use case that every channel calls. One question in, one reply out."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from bot.conversation.catalogue import Catalogue
from bot.conversation.followups import FollowUpReader
from bot.conversation.model import (
    Abstain,
    Answer,
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
from bot.conversation.pieces import questions_in
from bot.conversation.policy import Policy, shown
from bot.conversation.ports import Ranker
from bot.conversation.render import Renderer
from bot.conversation.safety import SafetyScreen
from bot.knowledge.model import Entry, Knowledge
from bot.knowledge.voice import Screen
from bot.matching.calibration import OFFERED
from bot.matching.matcher import Ranking
from bot.text import truncate, words

MOST_CHARACTERS = 1500
"""How much of a question is matched; all of it is screened for red flags."""


class Outcome(NamedTuple):
    """What a question led to: the reply, and the session to keep."""

    reply: Reply
    session: Session


class Dialogue:
    """Answers questions and opens what buttons and commands ask for. Holds no session itself."""

    def __init__(self, knowledge: Knowledge, matcher: Ranker) -> None:
        """Join `matcher` with the words and rules of `knowledge`."""
        self.catalogue = Catalogue(knowledge)
        self._matcher = matcher
        self._screen = SafetyScreen(knowledge.safety)
        self._names = Names(self.catalogue, matcher.reader)
        self._followups = FollowUpReader(knowledge.voice.followups)
        self._policy = Policy(self.catalogue, matcher.calibration)
        self._renderer = Renderer(self.catalogue)

    def respond(self, question: Question, session: Session) -> Outcome:
        """Return the reply to `question` and the session after it."""
        return self.say(self.decide(question, session), session)

    def open(self, target: Target, session: Session) -> Outcome:
        """Return what a button or a command opens. A dead target gets a kind reply."""
        return self.say(self._opened(target, session), session)

    def rank(self, question: Question) -> Ranking:
        """Rank what a question could mean; only its first part counts if it is very long."""
        return self._matcher.rank(truncate(question.text, MOST_CHARACTERS), question.guide)

    def screens(self, text: str) -> Iterator[Screen]:
        """Yield the screens that fire on a question as typed or as understood, all of it."""
        return self._screen.fired(text, self._matcher.reader.read(text).understood)

    def say(self, decision: Decision, session: Session) -> Outcome:
        """Render a decision and remember the entry that it answered."""
        return Outcome(self._renderer.render(decision), _after(decision, session))

    def card(self, entry: Entry) -> Reply:
        """Return an entry as it is shown where no buttons go along."""
        return self._renderer.card(entry)

    def decide(self, question: Question, session: Session) -> Decision:
        """Decide on a question: red flags first, then follow-ups, then what it means."""
        text = question.text
        if not words(text):
            return self._start_anew("empty", question.guide)
        flagged = self._flagged(question)
        if flagged is not None:
            return flagged
        view = self._followups.view(text)
        if view is not None and session.last:
            return self._opened(Target(view, session.last), session)
        named = self._names.find(text, question.guide)
        if named is not None:
            return self._named(named, question, session)
        if view is not None:
            return self._start_anew("nothing_yet")
        return self._followed(question, session) or self._asked(question)

    def _named(self, target: Target, question: Question, session: Session) -> Decision:
        """Open what the whole message names; an entry tells what else it could have been."""
        entry = self.catalogue.entry(target.name)
        if entry is None:
            return self._opened(target, session)
        return shown(entry, self._policy.named(entry, question.text, self.rank(question)))

    def _flagged(self, question: Question) -> Refer | None:
        """Return the referral if any red flag is in the question, however long it is."""
        screen = next(self.screens(question.text), None)
        entry = self.catalogue.find(screen.opens) if screen else None
        if screen is None or entry is None:
            return None
        return self._policy.refer(entry, self.rank(question), screen=screen.id)

    def _asked(self, question: Question) -> Decision:
        """Decide on a question that stands alone."""
        pieces = [self.rank(question._replace(text=piece)) for piece in questions_in(question.text)]
        worst = next((ranking for ranking in pieces if self._policy.refers(ranking)), None)
        if worst is not None:
            return self._policy.decide(worst)
        several = self._policy.several(pieces)
        return several or self._policy.decide(self.rank(question))

    def _followed(self, question: Question, session: Session) -> Decision | None:
        """Decide on a short follow-up in the light of the last answer; None if it is none."""
        last = self.catalogue.entry(session.last)
        about = self._followups.about(question.text)
        if last is None or not about or last.scope == "talk":
            return None
        alone = self.rank(question._replace(text=about))
        if self._policy.refers(alone) or self._policy.sure(alone):
            return self._policy.decide(alone)
        if self._policy.elsewhere(alone):
            return None
        joined = self.rank(question._replace(text=f"{last.ask} {about}"))
        return self._policy.follow(alone, joined, last)

    def _opened(self, target: Target, session: Session) -> Decision:
        """Return what `target` opens."""
        if target.action == "menu":
            guide, _, section = target.name.partition("/")
            return Menu(guide, section, rule="opened: menu")
        if target.action == "none":
            return self._start_anew("none_of_these")
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


def _after(decision: Decision, session: Session) -> Session:
    """Return the session after a decision: the last entry that was shown, and why."""
    match decision:
        case Answer(items=items):
            return replace(session, last=items[0].entry.uid, match=items[0].match)
        case Refer(entry=entry, match=match):
            return replace(session, last=entry.uid, match=match)
        case _:
            return session
