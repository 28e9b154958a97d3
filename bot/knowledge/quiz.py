"""Questions that the bot asks to train a reader: ``quiz.yaml``, as frozen values."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.knowledge.base import Frozen, Id, Origin, Source, Text
from bot.knowledge.citations import cited_keys, without_citations

LONGEST_EXPLANATION = 200
"""What Telegram shows of an explanation, its sources included."""

Choice = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Asked = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class QuizQuestion(Frozen):
    """One question with its options, of which `answer` is right, and the entry that says why."""

    id: Id
    question: Asked
    options: Annotated[tuple[Choice, ...], Field(min_length=3, max_length=4)]
    answer: Text
    explanation: Text
    entry: Id

    guide: str = ""
    origin: Origin = Origin("", 1, {})

    @property
    def uid(self) -> str:
        """The id that is unique among all guides."""
        return f"{self.guide}/{self.id}"

    def explained(self, sentence: str, sources: dict[str, Source]) -> str:
        """Return the explanation in plain text; `sentence` joins its {text} and its {sources}."""
        labels = _labels(cited_keys(self.explanation), sources)
        return sentence.format(text=without_citations(self.explanation), sources=labels)


def _labels(keys: Iterable[str], sources: dict[str, Source]) -> str:
    """Return the labels of the sources with these keys, as far as they exist."""
    return ", ".join(sources[key].label for key in keys if key in sources)
