"""The way of one question, on the small guide."""

import json

import pytest

from bot.conversation.dialogue import Dialogue
from bot.conversation.explanation import Explanation, explain
from bot.conversation.model import Question, Session
from bot.matching.matcher import Matcher


@pytest.fixture(scope="module")
def answered(tea_dialogue: Dialogue, tea_matcher: Matcher) -> Explanation:
    """Return the way of a question that is answered."""
    return explain(
        tea_dialogue, tea_matcher, Question("so how many minuts for builders tea"), Session()
    )


def test_the_reading_is_told(answered: Explanation) -> None:
    """Fillers, repairs and synonyms are told as they were used."""
    reading = answered.ranking.reading
    expected = (("so",), (("minuts", "minutes"),), (("builders tea", "black tea"),))
    assert expected == (reading.dropped, reading.repaired, reading.replaced)


def test_an_answer_is_explained(answered: Explanation) -> None:
    """The decision names the entry and the rule with its figures."""
    assert ("answer", ("steeping-time",)) == (answered.decision, answered.shown)
    assert answered.rule.startswith("confidence ")


def test_candidates_are_the_likeliest(answered: Explanation) -> None:
    """Five candidates, the answer first, each with its nearest phrasing."""
    assert (5, "steeping-time") == (len(answered.candidates), answered.candidates[0].entry)
    assert all(each.phrase for each in answered.candidates)


def test_a_screened_question_names_its_screen(tea_dialogue: Dialogue, tea_matcher: Matcher) -> None:
    """A red flag is told with the screens that fired, and the first of them decided."""
    found = explain(
        tea_dialogue, tea_matcher, Question("i burned my arm, a scalded child"), Session()
    )
    assert ["scald-on-skin", "child-scald"] == [screen.id for screen in found.screens]
    assert ("refer", "red flag: screen scald-on-skin") == (found.decision, found.rule)


def test_an_outside_question_is_declined(tea_dialogue: Dialogue, tea_matcher: Matcher) -> None:
    """What the guide doesn't cover shows the field that it most likely is about."""
    found = explain(
        tea_dialogue, tea_matcher, Question("which coffee machine for a latte"), Session()
    )
    assert ("abstain", "coffee") == (found.decision, found.as_object()["outside"])
    assert found.rule.startswith("outside: ")


def test_several_questions_are_told_apart(tea_dialogue: Dialogue, tea_matcher: Matcher) -> None:
    """Each question of a message is told with what it means alone."""
    asked = "how hot should the water be? and will tea keep me awake?"
    found = explain(tea_dialogue, tea_matcher, Question(asked), Session())
    assert ["water-heat", "tea-at-night"] == [piece.entry for piece in found.pieces]


@pytest.mark.parametrize("asked", ["", "???", "burning question", "x" * 3000])
def test_anything_can_be_explained(
    tea_dialogue: Dialogue, tea_matcher: Matcher, asked: str
) -> None:
    """Whatever is asked, there is a decision with a rule, and it is JSON."""
    found = explain(tea_dialogue, tea_matcher, Question(asked), Session()).as_object()
    assert found == json.loads(json.dumps(found, allow_nan=False))
    assert found["rule"]
