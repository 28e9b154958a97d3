"""Looks at the questions that are there at the same time together, before each is answered."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from bot.conversation.catalogue import Catalogue
from bot.conversation.followups import FollowUpReader
from bot.conversation.model import Question, Session
from bot.conversation.pieces import clauses_in, is_joined, questions_in
from bot.conversation.policy import Policy
from bot.conversation.ranker import Ranker
from bot.matching.matcher import Ranking
from bot.text import truncate

MOST_CHARACTERS = 1500
"""How much of a question is matched; all of it is screened for red flags."""


class Foresight:
    """Knows which texts a question will be ranked by."""

    def __init__(
        self,
        catalogue: Catalogue,
        followups: FollowUpReader,
        policy: Policy,
        rank: Callable[[Question], Ranking],
        ranker: Ranker,
    ) -> None:
        """Join the parts; `rank` reads a question by itself, `ranker` looks at many together."""
        self._catalogue = catalogue
        self._followups = followups
        self._policy = policy
        self._rank = rank
        self._ranker = ranker

    def prepare(self, asked: Sequence[tuple[Question, Session]]) -> None:
        """Have questions looked at together, each asked in a session; then their clauses."""
        self._look(text for question, session in asked for text in self._texts(question, session))
        self._look(clause for question, _ in asked for clause in self._clauses(question))

    def _look(self, texts: Iterable[str]) -> None:
        """Have the ranker look at texts, of which it will rank no more than their beginning."""
        if some := [truncate(text, MOST_CHARACTERS) for text in texts]:
            self._ranker.prepare(some)

    def _texts(self, question: Question, session: Session) -> Iterator[str]:
        """Yield what a question will be ranked by: itself, its parts, and what it goes on with."""
        yield question.text
        yield from questions_in(question.text)
        last = self._catalogue.entry(session.last)
        about = self._followups.about(question.text) if last else ""
        if last and about:
            yield from (about, f"{last.ask} {about}")

    def _clauses(self, question: Question) -> list[str]:
        """Return the clauses of a question that will be ranked."""
        clauses = clauses_in(question.text)
        if not clauses:
            return []
        joined = is_joined(question.text)
        worth = self._policy.may_be_several(self._rank(question), joined=joined)
        return clauses if worth else []
