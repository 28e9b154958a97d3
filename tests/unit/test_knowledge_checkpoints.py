"""Checkpoints as values, and each rule on them finds the fault planted where it stands."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot import checking
from bot.errors import KnowledgeError
from bot.knowledge.checkpoints import Checkpoints, fits
from bot.knowledge.loader import load

TODAY = date(2100, 1, 1)
LONG = "word " * 60


@pytest.fixture
def guided(folder: Path) -> Path:
    """Return a copy of the small folder with sound checkpoints."""
    shutil.copy(Path(__file__).parents[1] / "guided" / "checkpoints.yaml", folder / "tea")
    return folder


@pytest.fixture
def points(guided: Path) -> Checkpoints:
    """Return the sound checkpoints."""
    found = load(guided, TODAY).primary.checkpoints
    assert found is not None
    return found


def problems(folder: Path, old: str, new: str, at: str) -> tuple[list[str], int]:
    """Plant a fault; return the problems found, and the line on which `at` then stands."""
    path = folder / "tea" / "checkpoints.yaml"
    text = path.read_text("utf-8")
    assert old in text
    changed = text.replace(old, new, 1)
    path.write_text(changed, "utf-8")
    try:
        found = checking.problems_of(load(folder, TODAY))
    except KnowledgeError as error:
        found = list(error.problems)
    assert {str(path)} == {problem.path for problem in found}
    line = changed[: changed.index(at)].count("\n") + 1
    return [f"{problem.line}: {problem.message}" for problem in found], line


FAULTS = {
    "an entry that isn't there": (
        "entry: steeping-time",
        "entry: nowhere",
        "entry:",
        "'nowhere' opens nothing: no entry has this id",
    ),
    "an option that opens nothing": (
        "opens: safety-emergency",
        "opens: nowhere",
        "- {id: ill",
        "'nowhere' opens nothing: no entry has this id",
    ),
    "a verdict that opens nothing": (
        'opens: [water-heat, "menu:all"]',
        "opens: [water-cold]",
        "opens: [water-cold]",
        "'water-cold' opens nothing: no entry has this id",
    ),
    "a remark on no entry": (
        "  water-heat:\n",
        "  nowhere:\n",
        "  nowhere:",
        "'nowhere' opens nothing: no entry has this id",
    ),
    "a question twice": (
        "id: time",
        "id: taste",
        "id: taste\n    title: Your time",
        "the question 'taste' stands twice",
    ),
    "an option twice": (
        "id: mild",
        "id: strong",
        "- {id: strong, label: Mild",
        "the option 'strong' stands twice",
    ),
    "words for two options": (
        "says: [light]",
        "says: [Dark]",
        "- {id: mild",
        "'Dark' could mean 'strong' too",
    ),
    "an unknown question": (
        "when: {taste: [mild]}\n    reason",
        "when: {colour: [red], taste: [mild]}\n    reason",
        "when: {colour",
        "there is no question 'colour'",
    ),
    "an unknown option": (
        "taste: [strong], time",
        "taste: [weak], time",
        "when: {taste: [weak]",
        "the question 'taste' has no option 'weak'",
    ),
    "an option that isn't remembered": (
        "taste: [strong], time",
        "taste: [ill], time",
        "when: {taste: [ill]",
        "'ill' leads away to 'safety-emergency' and is never remembered",
    ),
    "no verdict for everybody": (
        "  - say: Wait",
        "  - when: {time: [hurry]}\n    say: Wait",
        "when: {time: [hurry]}\n    say",
        "the last verdict must fit everybody: leave out its 'when'",
    ),
    "a verdict that cannot be reached": (
        "  - when: {taste: [strong], time: [hurry]}\n    say: Take",
        "  - say: Take",
        "- say: Wait",
        "no answers lead to this verdict: those before it catch them all",
    ),
    "a way without a reason": (
        "  - when: {taste: [mild]}\n    reason: you like it mild\n",
        "",
        "reasons:",
        "no reason fits these answers: taste: mild, time: yes",
    ),
    "a verdict without a source": (
        "Wait for it. [guide]",
        "Wait for it.",
        "say: Wait",
        "uncited claim: 'say' cites no source",
    ),
    "a source that isn't there": (
        "Hot water helps. [guide]",
        "Hot water helps. [nobody]",
        "say: Hot",
        "the source 'nobody' does not exist",
    ),
    "a figure from nowhere": (
        "Hot water helps. [guide]",
        "Use 77 degrees. [guide]",
        "say: Use",
        "the figure '77' stands in no cited source",
    ),
    "a remark that cites beyond its answer": (
        "cool a little. [brewer-2001]",
        "cool a little. [guide]",
        'add: "You',
        "'guide' is not among the sources of 'water-heat'",
    ),
    "a question too long": (
        "How do you like it?",
        f"How {LONG}?",
        "ask: How word",
        "305 characters; at most 90",
    ),
    "a reason too long": (
        "reason: you like it mild",
        f"reason: you {LONG}",
        "reason: you word",
        "303 characters; at most 60",
    ),
    "an id too long": (
        "id: mild",
        "id: a-name-with-so-many-letters-in-it-1234567",
        "- {id: a-name",
        "'questions.0.options.1.id': string should have at most 40 characters",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_where_it_stands(guided: Path, name: str) -> None:
    """A fault in checkpoints.yaml is a problem with its line and what is wrong."""
    old, new, at, message = FAULTS[name]
    found, line = problems(guided, old, new, at)
    assert f"{line}: {message}" in found


def test_a_button_too_long_for_telegram(guided: Path) -> None:
    """Ids that don't fit into 64 bytes together are a problem of their question."""
    long = "a-very-long-name-for-a-question-of-taste"
    path = guided / "tea" / "checkpoints.yaml"
    text = path.read_text("utf-8").replace("taste:", f"{long}:").replace("id: taste", f"id: {long}")
    text = text.replace("id: strong", "id: as-strong-as-it-gets").replace(
        "[strong]", "[as-strong-as-it-gets]"
    )
    path.write_text(text, "utf-8")
    (problem,) = checking.problems_of(load(guided, TODAY))
    assert (text[: text.index(f"id: {long}")].count("\n") + 1, True) == (
        problem.line,
        "70 bytes; at most 64" in problem.message,
    )


def test_a_remark_that_makes_its_answer_too_long(guided: Path) -> None:
    """A remark counts towards the length of the answer that it is added to."""
    path = guided / "tea" / "answers" / "brewing.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("80 for green.", "80 for green. " + "Yes, so. " * 55), "utf-8")
    with pytest.raises(KnowledgeError, match="characters with the answer; at most 600"):
        load(guided, TODAY)


def test_sound_checkpoints_have_no_problem(guided: Path) -> None:
    """The file that faults are planted in has none of its own."""
    assert checking.problems_of(load(guided, TODAY)) == []


def test_a_condition_needs_every_question() -> None:
    """A condition on two questions fits only if both have one of its options."""
    when = {"taste": ("strong", "mild"), "time": ("yes",)}
    assert fits(when, {"taste": "mild", "time": "yes"})
    assert not fits(when, {"taste": "mild"})


def test_the_first_verdict_that_fits_leads(points: Checkpoints) -> None:
    """Of two verdicts that fit, the one that stands first is said."""
    said = points.verdict({"taste": "strong", "time": "hurry"}).say
    assert said == "Take more leaves. [guide]"


def test_reasons_come_in_their_order(points: Checkpoints) -> None:
    """The reasons that fit are named in the order of the file."""
    reasons = points.reasons_for({"taste": "mild", "time": "hurry"})
    assert [each.reason for each in reasons] == ["you're in a hurry", "you like it mild"]


@pytest.mark.parametrize(("taste", "expected"), [("mild", True), ("strong", False)])
def test_a_remark_is_for_those_who_said_it(
    points: Checkpoints, taste: str, *, expected: bool
) -> None:
    """An answer gains a sentence for those whose answers fit, and for nobody else."""
    assert bool(points.remark("water-heat", {"taste": taste})) is expected
