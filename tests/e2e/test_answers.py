"""How good the answers are, on questions that somebody wrote without seeing the phrasings."""

from collections.abc import Mapping

import pytest

from bot.conversation.catalogue import Catalogue
from bot.evaluation.asking import Result
from bot.evaluation.figures import Figures, grouped
from bot.evaluation.floors import shortfalls
from bot.evaluation.loader import load_questions
from bot.evaluation.questions import Floors, LabelledQuestions
from bot.evaluation.report import Evaluation
from bot.knowledge.model import Knowledge
from bot.matching.matcher import Matcher
from bot.settings import REPOSITORY
from bot.text import normalise
from tests.conftest import untracked

QUESTIONS = REPOSITORY / "tests" / "guides"


@pytest.fixture(scope="module", params=["guidebot", "hip-thrust", "training-terms"])
def labelled(knowledge: Knowledge, request: pytest.FixtureRequest) -> LabelledQuestions:
    """Return the questions that judge one of the guides that ship."""
    (questions,) = load_questions(QUESTIONS, Catalogue(knowledge), request.param)
    return questions


@pytest.fixture(scope="module")
def results(
    labelled: LabelledQuestions, knowledge: Knowledge, matcher: Matcher
) -> tuple[Result, ...]:
    """Ask every question once."""
    return Evaluation(knowledge, matcher, untracked).results(labelled.conversations)


@pytest.fixture(scope="module")
def groups(results: tuple[Result, ...]) -> Mapping[str, Figures]:
    """Count what became of every question, and of every one that never chose between designs."""
    return grouped(results)


@pytest.mark.parametrize("name", Floors.model_fields)
def test_a_figure_keeps_to_its_floor(
    labelled: LabelledQuestions, groups: Mapping[str, Figures], name: str
) -> None:
    """Each figure keeps to the floor of the guide's file, on all questions and on the held part."""
    assert [] == [each for each in shortfalls(labelled.floors, groups) if each.name == name]


def test_a_guide_that_ships_has_every_floor(labelled: LabelledQuestions) -> None:
    """No figure of a guide that ships goes unchecked, but for red flags that it has no part in."""
    unchecked = {name for name, floor in labelled.floors.model_dump().items() if floor is None}
    assert unchecked <= ({"red_flags"} if labelled.guide != "hip-thrust" else set())


def test_known_failures_fail(labelled: LabelledQuestions, results: tuple[Result, ...]) -> None:
    """What is known to fail does fail: a fix removes its line."""
    mended = [one.turn.name for one in results if not one.failed]
    assert [] == [name for name in labelled.failures if name in mended]


def test_no_labelled_question_is_a_phrasing(
    labelled: LabelledQuestions, knowledge: Knowledge
) -> None:
    """Nothing that judges the matcher was learned by it."""
    inside = [phrase for entry in knowledge.entries for phrase in entry.phrases]
    outside = [phrase for group in knowledge.outside for phrase in group.phrases]
    learned = {normalise(phrase.text) for phrase in (*inside, *outside)}
    alone = (each.turns[0] for each in labelled.conversations if len(each.turns) == 1)
    assert set() == learned & {normalise(turn.said) for turn in alone}
