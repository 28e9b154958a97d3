"""A Dialogue that tells what it decides, so that it can be counted."""

from collections.abc import Callable, Sequence

from bot.conversation.dialogue import Dialogue, Outcome
from bot.conversation.model import Decision, Question, Session
from bot.conversation.ranker import Ranker
from bot.conversation.records import NOBODY, Profile, Retention
from bot.conversation.turns import UNASKED
from bot.knowledge.model import Knowledge


class CountedDialogue(Dialogue):
    """Answers as any Dialogue does."""

    def __init__(
        self,
        knowledge: Knowledge,
        matcher: Ranker,
        retention: Retention,
        others: Sequence[Dialogue] = (),
        *,
        count: Callable[[str], None],
    ) -> None:
        """Tell `count` the kind of each decision; `others` count their own."""
        super().__init__(knowledge, matcher, retention, others)
        self._count = count

    def say(
        self,
        decision: Decision,
        session: Session,
        profile: Profile = NOBODY,
        question: Question = UNASKED,
    ) -> Outcome:
        """Render a decision, and count it."""
        outcome = super().say(decision, session, profile, question)
        self._count(outcome.reply.decision)
        return outcome
