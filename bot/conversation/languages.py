"""Which language a message is written in, and entries in the words of another voice: pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.conversation.catalogue import Catalogue
from bot.conversation.ranker import Ranker
from bot.matching.calibration import Calibration
from bot.matching.matcher import Likeness, Ranking
from bot.matching.reading import Reader, Reading
from bot.text import normalise, words

_ENOUGH = 2
_SHARE = 0.5


class Tongues:
    """Tells languages apart by their small words, which nearly every sentence has."""

    def __init__(self, telling: Mapping[str, Sequence[str]]) -> None:
        """Know each language, by its code, by its `telling` words."""
        self._telling = {
            code: frozenset(normalise(word) for word in some) for code, some in telling.items()
        }

    def of(self, text: str) -> str:
        """Return the code of the language that `text` is written in; empty if that isn't clear.

        It must have two of the language's words, or be half of them, and more than of any other.
        """
        said = words(text)
        counts = {code: sum(word in some for word in said) for code, some in self._telling.items()}
        code, most = max(counts.items(), key=lambda each: each[1], default=("", 0))
        enough = most >= _ENOUGH or (most and most >= _SHARE * len(said))
        alone = sum(count == most for count in counts.values()) == 1
        return code if enough and alone else ""


@dataclass(frozen=True)
class Localised:
    """A ranker whose rankings hold the entries of `catalogue`: those of its language, if any."""

    ranker: Ranker
    catalogue: Catalogue

    @property
    def reader(self) -> Reader:
        """How questions are read."""
        return self.ranker.reader

    @property
    def calibration(self) -> Calibration:
        """The thresholds for its rankings."""
        return self.ranker.calibration

    def prepare(self, questions: Iterable[str]) -> None:
        """Look at `questions` together."""
        self.ranker.prepare(questions)

    def rank(
        self, question: str, guide: str = "", near: Mapping[str, float] | None = None
    ) -> Ranking:
        """Rank the entries for `question`, as the ranker does."""
        found = self.ranker.rank(question, guide, near)
        local = tuple(
            one._replace(entry=self.catalogue.entry(one.entry.uid) or one.entry)
            for one in found.candidates
        )
        return found._replace(candidates=local)

    def likenesses(self, reading: Reading, phrases: Sequence[str]) -> tuple[Likeness, ...]:
        """Return how like each phrasing is to what was read."""
        return self.ranker.likenesses(reading, phrases)
