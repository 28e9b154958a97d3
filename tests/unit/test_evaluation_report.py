"""The report on the small guide: its choice, its floors, its failures, its sweep."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pytest

from bot.conversation.catalogue import Catalogue
from bot.evaluation.choice import Choice
from bot.evaluation.loader import load_questions
from bot.evaluation.objects import report_object
from bot.evaluation.questions import Conversation, Floors, LabelledQuestions
from bot.evaluation.rankings import RememberedRankings
from bot.evaluation.report import Evaluation, KnownFailure, Report
from bot.evaluation.sweep import sweep
from bot.knowledge.model import Knowledge
from bot.matching.matcher import Likeness, Matcher, Ranking
from bot.matching.reading import Reading
from tests.conftest import QUESTIONS, untracked


@pytest.fixture(scope="module")
def questions(tea: Knowledge) -> LabelledQuestions:
    """Return the small guide's questions."""
    (found,) = load_questions(QUESTIONS, Catalogue(tea))
    return found


def report(
    tea: Knowledge, tea_matcher: Matcher, questions: LabelledQuestions, choice: Choice
) -> Report:
    """Return the report on some of the questions."""
    return Evaluation(tea, tea_matcher, untracked).report(questions, choice)


class Counted:
    """A ranker that counts how often it ranks."""

    def __init__(self, matcher: Matcher) -> None:
        """Rank with `matcher`."""
        self._matcher = matcher
        self.calibration, self.reader = matcher.calibration, matcher.reader
        self.asked: list[str] = []

    def prepare(self, questions: Iterable[str]) -> None:
        """Look at `questions` together."""
        self._matcher.prepare(questions)

    def rank(
        self, question: str, guide: str = "", near: Mapping[str, float] | None = None
    ) -> Ranking:
        """Rank and count."""
        self.asked.append(question)
        return self._matcher.rank(question, guide, near)

    def likenesses(self, reading: Reading, phrases: Sequence[str]) -> tuple[Likeness, ...]:
        """Return how like each phrasing is to what was read."""
        return self._matcher.likenesses(reading, phrases)


def test_every_question_that_expects_something_has_a_result(
    tea_report: Report, questions: LabelledQuestions
) -> None:
    """Each turn with an expectation is judged once."""
    assert questions.names == {result.turn.name for result in tea_report.results}


def test_a_part_is_chosen(
    tea: Knowledge, tea_matcher: Matcher, questions: LabelledQuestions
) -> None:
    """Only the questions of the chosen part are asked."""
    chosen = report(tea, tea_matcher, questions, Choice("held"))
    assert {"held"} == {result.part for result in chosen.results}


def test_a_tag_is_chosen(
    tea: Knowledge, tea_matcher: Matcher, questions: LabelledQuestions
) -> None:
    """Only results with the tag are kept, of dialogues too, and floors aren't held against them."""
    chosen = report(tea, tea_matcher, questions, Choice(tag="follow-up"))
    assert (4, False) == (len(chosen.results), chosen.judged)


def test_the_held_part_alone_has_to_keep_to_the_floors(
    tea: Knowledge, tea_matcher: Matcher, questions: LabelledQuestions
) -> None:
    """With the held part chosen, each shortfall is told once."""
    strict = replace(questions, floors=Floors(right=1.0))
    chosen = report(tea, tea_matcher, strict, Choice("held"))
    assert ["held"] == [each.group for each in chosen.shortfalls]


def test_the_fit_part_alone_is_not_judged(
    tea: Knowledge, tea_matcher: Matcher, questions: LabelledQuestions
) -> None:
    """Floors aren't about the part that designs were chosen by."""
    strict = replace(questions, floors=Floors(right=1.0))
    assert () == report(tea, tea_matcher, strict, Choice("fit")).shortfalls


def test_known_failures_are_told_with_their_reason(tea_report: Report) -> None:
    """A known failure says whether it still fails."""
    expected = KnownFailure(
        "Does tea keep me awake?", "it is labelled wrong on purpose", fails=True
    )
    assert expected in tea_report.known


def test_a_mended_failure_is_told(tea_report: Report) -> None:
    """A known failure that is answered now doesn't fail."""
    mended = replace(tea_report, failures={"good morning": "it was early"})
    assert (KnownFailure("good morning", "it was early", fails=False),) == mended.known


def test_the_sweep_ranks_nothing_anew(
    tea: Knowledge, tea_matcher: Matcher, questions: LabelledQuestions
) -> None:
    """However many floors are tried, each text is ranked once."""
    counted = Counted(tea_matcher)
    Evaluation(tea, counted, untracked).report(questions, Choice())
    assert len(set(counted.asked)) == len(counted.asked)


def test_a_higher_floor_answers_less(
    tea: Knowledge, tea_matcher: Matcher, questions: LabelledQuestions
) -> None:
    """At a floor that nothing reaches, only what needs no confidence is answered."""
    rankings = RememberedRankings(tea_matcher)
    conversations: tuple[Conversation, ...] = questions.conversations
    low, high = sweep(tea, rankings, conversations, Choice(), (0.3, 1.01))
    assert high.answered.hits < low.answered.hits


def test_the_floor_in_use_is_among_the_trials(tea_report: Report) -> None:
    """The trial at the floor in use has the figures of the report."""
    (trial,) = [each for each in tea_report.trials if each.floor == pytest.approx(tea_report.floor)]
    assert tea_report.groups["all"].right == trial.figures.right


def test_the_object_holds_everything(tea_report: Report) -> None:
    """The object has a key for each thing that a report holds."""
    expected = {
        *("guide", "part", "tag", "passed", "judged", "floors", "below_floors", "figures"),
        *("calibration", "coverage", "confusions", "floor", "sweep", "known_failures"),
        "questions",
    }
    assert expected == report_object(tea_report).keys()


def test_the_object_is_json(tea_report: Report) -> None:
    """The object goes through JSON unchanged."""
    found = report_object(tea_report)
    assert found == json.loads(json.dumps(found, allow_nan=False))


def test_a_question_of_the_object(tea_report: Report) -> None:
    """A question says what it expected, what became of it, and by which rule."""
    found = next(
        each for each in report_object(tea_report)["questions"] if each["verdict"] == "wrong"
    )
    expected = {
        "question": "Does tea keep me awake?",
        "part": "fit",
        "tags": [],
        "kind": "inside",
        "expected": [["water-heat"]],
        "verdict": "wrong",
        "decision": "answer",
        "shown": ["tea-at-night"],
        "rule": "exact name",
        "confidence": found["confidence"],
        "guess": "tea-at-night",
        "guess_right": False,
    }
    assert expected == found
