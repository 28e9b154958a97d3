"""Looks at the questions that are there at the same time together, before each is answered."""

from collections.abc import Iterable, Iterator

from bot.conversation.catalogue import Catalogue
from bot.conversation.followups import FollowUpReader
from bot.conversation.model import Question, Session
from bot.conversation.pieces import clauses_in, questions_in
from bot.conversation.ranker import Ranker
from bot.text import truncate


class Foresight:
    """Knows which texts a question will be ranked by."""

    def __init__(
        self, catalogue: Catalogue, followups: FollowUpReader, ranker: Ranker, most: int
    ) -> None:
        """Have `ranker` look at them; the first `most` characters of each count."""
        self._catalogue = catalogue
        self._followups = followups
        self._ranker = ranker
        self._most = most

    def prepare(self, asked: Iterable[tuple[Question, Session]]) -> None:
        """Have the ranker look at questions together, each asked in a session."""
        texts = (text for question, session in asked for text in self._texts(question, session))
        self._ranker.prepare([truncate(text, self._most) for text in texts])

    def _texts(self, question: Question, session: Session) -> Iterator[str]:
        """Yield what a question will be ranked by: itself, its parts, and what it goes on with."""
        yield question.text
        yield from questions_in(question.text)
        yield from clauses_in(question.text)
        last = self._catalogue.entry(session.last)
        about = self._followups.about(question.text) if last else ""
        if last and about:
            yield from (about, f"{last.ask} {about}")
