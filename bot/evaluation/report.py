"""All that an evaluation found out about one guide."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol, TypeVar

from bot.conversation.dialogue import Dialogue
from bot.conversation.ranker import Ranker
from bot.evaluation.asking import Asker, Result
from bot.evaluation.choice import Choice
from bot.evaluation.confusion import Confusions, confusions
from bot.evaluation.figures import Figures, grouped
from bot.evaluation.floors import HELD, Shortfall, shortfalls
from bot.evaluation.questions import Conversation, Floors, LabelledQuestions
from bot.evaluation.rankings import RememberedRankings
from bot.evaluation.reliability import Bin, Coverage, bins_of, coverage_of
from bot.evaluation.sweep import FLOORS, Trial, sweep
from bot.knowledge.model import Knowledge

Step = TypeVar("Step")

_TOGETHER = 64


class Track(Protocol):
    """Passes steps on, and may show how far it is."""

    def __call__(self, steps: Sequence[Step], doing: str, /) -> Iterable[Step]:
        """Return `steps`; `doing` says what they are for."""
        ...


class KnownFailure(NamedTuple):
    """A question that is known to fail, why, and whether it still does."""

    name: str
    reason: str
    fails: bool


@dataclass(frozen=True)
class Report:
    """The results, and what can be seen in them. `floor` is the one that is in use.

    `floors` were held against the figures only if `judged`: a floor is about all questions of a
    guide, or about those of the held part, not about any others.
    """

    guide: str
    choice: Choice
    floor: float
    results: tuple[Result, ...]
    trials: tuple[Trial, ...]
    floors: Floors
    failures: Mapping[str, str]

    @cached_property
    def groups(self) -> Mapping[str, Figures]:
        """The figures of all, of each part, and of each tag."""
        return grouped(self.results)

    @property
    def judged(self) -> bool:
        """Whether floors apply to the questions that were chosen."""
        return not self.choice.tag and self.choice.part in ("", HELD)

    @property
    def shortfalls(self) -> tuple[Shortfall, ...]:
        """The figures that don't keep to the floors."""
        found = shortfalls(self.floors, self.groups) if self.judged else ()
        return tuple(each for each in found if self.choice.part in ("", each.group))

    @property
    def failed(self) -> tuple[Result, ...]:
        """The results that helped nobody."""
        return tuple(result for result in self.results if result.failed)

    @property
    def known(self) -> tuple[KnownFailure, ...]:
        """The known failures among the questions that were asked."""
        failing = {result.turn.name: result.failed for result in self.results}
        return tuple(
            KnownFailure(name, reason, failing[name])
            for name, reason in self.failures.items()
            if name in failing
        )

    @property
    def confusions(self) -> Confusions:
        """What was taken for what, the most frequent first."""
        return confusions(self.results)

    @property
    def bins(self) -> tuple[Bin, ...]:
        """Confidence beside what was right."""
        return bins_of(self.results)

    @property
    def coverage(self) -> Coverage:
        """Coverage beside error."""
        return coverage_of(self.results)


class Evaluation:
    """Evaluates the answers of one matcher."""

    def __init__(self, knowledge: Knowledge, ranker: Ranker, track: Track) -> None:
        """Ask a Dialogue over `knowledge` and `ranker`; what takes long goes through `track`."""
        self._knowledge = knowledge
        self._rankings = RememberedRankings(ranker)
        self._track = track

    def report(self, questions: LabelledQuestions, choice: Choice) -> Report:
        """Ask the chosen questions and try other floors on them."""
        conversations = choice.of(questions.conversations)
        results = choice.among(self.results(conversations))
        tried = sorted({*FLOORS, self._rankings.calibration.floor})
        floors = self._track(tried, "floors")
        trials = sweep(self._knowledge, self._rankings, conversations, choice, floors)
        return Report(
            questions.guide,
            choice,
            self._rankings.calibration.floor,
            results,
            tuple(trials),
            questions.floors,
            questions.failures,
        )

    def results(self, conversations: Sequence[Conversation]) -> tuple[Result, ...]:
        """Have every conversation."""
        return tuple(self._asked(conversations))

    def _asked(self, conversations: Sequence[Conversation]) -> Iterator[Result]:
        """Yield the results of every conversation."""
        asker = Asker(Dialogue(self._knowledge, self._rankings))
        for at, conversation in enumerate(self._track(conversations, "questions")):
            if at % _TOGETHER == 0:
                asker.prepare(conversations[at : at + _TOGETHER])
            yield from asker.ask(conversation)
