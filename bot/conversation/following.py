"""What a message means after an answer or a referral, which it may lean on."""

from collections.abc import Callable

from bot.conversation.catalogue import Catalogue
from bot.conversation.followups import FollowUpReader
from bot.conversation.model import Decision, Question, Session
from bot.conversation.policy import SAFETY, Policy
from bot.conversation.ranker import Ranker
from bot.knowledge.base import EMERGENCY
from bot.knowledge.model import Entry
from bot.matching.matcher import Ranking
from bot.text import words

_MOST_WORDS_IN_CONTEXT = 14
_MOST_WORDS_REFERRED = 8


class Following:
    """Decides on messages in the light of what was said last."""

    def __init__(
        self,
        catalogue: Catalogue,
        policy: Policy,
        followups: FollowUpReader,
        rank: Callable[[Question], Ranking],
        matcher: Ranker,
    ) -> None:
        """Join the parts; `rank` reads a question by itself, `matcher` with what came before."""
        self._catalogue = catalogue
        self._policy = policy
        self._followups = followups
        self._rank = rank
        self._matcher = matcher

    def followed(self, question: Question, session: Session) -> Decision | None:
        """Decide on a short follow-up in the light of the last answer; None if it is none."""
        last = self._catalogue.entry(session.last)
        if last is None or last.scope == "talk":
            return None
        if last.section == SAFETY:
            return self._still_referred(question, last)
        about = self._followups.about(question.text)
        alone = self._rank(question._replace(text=about or question.text))
        if self._policy.refers(alone) or self._policy.sure(alone):
            return self._policy.decide(alone) if about else None
        if self._policy.elsewhere(alone) or len(words(question.text)) > _MOST_WORDS_IN_CONTEXT:
            return None
        if about:
            joined = self._rank(question._replace(text=f"{last.ask} {about}"))
            followed = self._policy.follow(alone, joined, last)
            if followed:
                return followed
        near = self._catalogue.near(last)
        return self._policy.decide(self._matcher.rank(question.text, question.guide, near))

    def _still_referred(self, question: Question, last: Entry) -> Decision | None:
        """Refer again if a short message goes on with what was referred; None if it doesn't.

        Who asks "just the empty bar though?" after a referral is still the same person.
        """
        alone = self._rank(question)
        count = len(words(question.text))
        short = count <= _MOST_WORDS_REFERRED and last.id != EMERGENCY
        sociable = alone.candidates[0].entry.scope == "talk"
        away = self._policy.elsewhere(alone, surely=True)
        if sociable or away or count > _MOST_WORDS_IN_CONTEXT:
            return None
        if short or self._followups.goes_on(question.text) or not self._policy.sure(alone):
            return self._policy.refer(last, alone, because="goes on with the last referral")
        return None
