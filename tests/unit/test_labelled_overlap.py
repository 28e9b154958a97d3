"""What judges the bot was neither learned from nor used to fit it, not even nearly."""

from collections.abc import Iterable

import pytest

from bot.conversation.catalogue import Catalogue
from bot.evaluation.loader import load_questions
from bot.evaluation.questions import LabelledQuestions
from bot.knowledge.model import Knowledge
from bot.matching.features import sort_similarity, sort_words
from bot.matching.labelled import Labelled
from bot.settings import REPOSITORY
from bot.text import normalise

FOLDER = REPOSITORY / "tests" / "guides"
FILES = sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem != "known_failures")
TOO_ALIKE = 0.9
FEWEST_WORDS = 4
"""Shorter texts ("says who", "hypertrophy meaning") are what everybody says."""


@pytest.fixture(scope="module", params=FILES)
def labelled(request: pytest.FixtureRequest, knowledge: Knowledge) -> LabelledQuestions:
    """Return the labelled questions of each guide in turn."""
    (questions,) = load_questions(FOLDER, Catalogue(knowledge), str(request.param))
    return questions


def typed(labelled: LabelledQuestions, part: str) -> set[str]:
    """Return what was typed in the conversations of a part."""
    return {
        turn.said
        for each in labelled.conversations
        if each.part == part
        for turn in each.turns
        if not turn.pressed
    }


def near_duplicates(texts: Iterable[str], others: Iterable[str]) -> list[tuple[str, str]]:
    """Return each text with the one of `others` that it nearly repeats, if it does."""
    judged = [text for text in sorted(texts) if len(normalise(text).split()) >= FEWEST_WORDS]
    known = sorted(others)
    ready, others = ([sort_words(normalise(text)) for text in side] for side in (judged, known))
    alike = sort_similarity(ready, others)
    return [
        (text, known[int(row.argmax())])
        for text, row in zip(judged, alike, strict=True)
        if row.max() >= TOO_ALIKE
    ]


def test_other_order_case_and_a_slip_is_a_near_duplicate() -> None:
    """A question that differs in order, capitals or a letter counts as repeated."""
    asked = ["How long should tea steep?", "how long is the walk to town"]
    expected = [("How long should tea steep?", "should tea steep how lomg")]
    assert expected == near_duplicates(asked, ["should tea steep how lomg", "a pot of oolong"])


def test_the_held_part_repeats_nothing_of_the_fit_part(labelled: LabelledQuestions) -> None:
    """No question of the held part is nearly one of the part that thresholds are fitted to."""
    assert near_duplicates(typed(labelled, "held"), typed(labelled, "fit")) == []


def test_the_held_part_repeats_nothing_learned(
    labelled: LabelledQuestions, knowledge: Knowledge
) -> None:
    """No question of the held part is nearly a phrasing that the matcher learns from."""
    learned = {phrase.text for phrase in Labelled.of(knowledge).phrases}
    assert near_duplicates(typed(labelled, "held"), learned) == []
