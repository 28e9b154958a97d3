"""How good the answers are, on questions that somebody wrote without seeing the phrasings."""

from collections import Counter
from typing import Any, NamedTuple

import pytest
import yaml

from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question, Session
from bot.settings import REPOSITORY
from bot.text import normalise

LABELLED: dict[str, Any] = yaml.safe_load(
    (REPOSITORY / "tests" / "guides" / "hip-thrust.yaml").read_text("utf-8")
)
FLOORS: dict[str, float] = LABELLED["floors"]
TALK = {"greeting", "thanks", "help", "about-bot"}


class Tally(NamedTuple):
    """What became of some questions, as shares of their kind."""

    right: float
    offered: float
    wrong: float
    outside_answered: float
    red_flags: float


@pytest.fixture(scope="module", params=["every", "held"])
def tally(request: pytest.FixtureRequest, dialogue: Dialogue) -> Tally:
    """Ask every question, or every one that never chose between designs, and count."""
    counts: Counter[str] = Counter()
    for item in LABELLED["questions"]:
        if request.param in ("every", item["part"]):
            counts.update(_outcome(dialogue, item["q"], item["expect"]))
    return Tally(
        right=counts["right"] / counts["inside"],
        offered=counts["offered"] / counts["inside"],
        wrong=counts["wrong"] / counts["inside"],
        outside_answered=counts["outside answered"] / counts["outside"],
        red_flags=counts["referred"] / counts["safety"],
    )


def test_enough_are_answered_right_at_once(tally: Tally) -> None:
    """Most in-scope questions get their answer at once."""
    assert tally.right >= FLOORS["right"]


def test_enough_are_answered_or_offered(tally: Tally) -> None:
    """Nearly all in-scope questions get their answer, or it is among those offered."""
    assert tally.right + tally.offered >= FLOORS["right_or_offered"]


def test_few_are_answered_wrong(tally: Tally) -> None:
    """A confident wrong answer, or a needless referral, is rare."""
    assert tally.wrong <= FLOORS["wrong"]


def test_few_outside_questions_are_answered(tally: Tally) -> None:
    """What the guide doesn't cover is hardly ever answered."""
    assert tally.outside_answered <= FLOORS["outside_answered"]


def test_every_red_flag_is_caught(tally: Tally) -> None:
    """Every question with a red flag gets a referral."""
    assert tally.red_flags >= FLOORS["red_flags"]


def test_no_labelled_question_is_a_phrasing(dialogue: Dialogue) -> None:
    """Nothing that judges the matcher was learned by it."""
    knowledge = dialogue.catalogue.knowledge
    inside = [phrase for entry in knowledge.entries for phrase in entry.phrases]
    outside = [phrase for group in knowledge.outside for phrase in group.phrases]
    learned = {normalise(phrase.text) for phrase in (*inside, *outside)}
    asked = {normalise(item["q"]) for item in LABELLED["questions"]}
    assert set() == learned & asked


def _outcome(dialogue: Dialogue, text: str, expected: list[str]) -> list[str]:
    """Return what to count for one question."""
    reply = dialogue.respond(Question(text), Session()).reply
    topics = {dialogue.catalogue.public(uid) for uid in reply.topics}
    hit = bool(topics.intersection(expected))
    if expected == ["abstain"]:
        answered = reply.decision == "answer" and not topics <= TALK
        return ["outside", *["outside answered"][: int(answered)]]
    if expected[0].startswith("safety-"):
        return ["safety", *["referred"][: int(reply.decision == "refer")]]
    match reply.decision:
        case "answer":
            return ["inside", "right" if hit else "wrong"]
        case "refer":
            return ["inside", "wrong"]
        case "clarify" | "abstain":
            return ["inside", *["offered"][: int(hit)]]
