"""Warnings on the prose: each is told with its place, and none is a problem."""

import re
from datetime import date
from pathlib import Path

import pytest

from bot.errors import Problem
from bot.knowledge import prose
from bot.knowledge.loader import load
from bot.knowledge.readability import grade_level
from bot.knowledge.rules import Rule
from tests.conftest import TODAY

DRINKING = Path("tea/answers/drinking.yaml")
ANSWER = "answer: It can, and black tea more than most. [guide]"
DAY = date(2024, 6, 1)


def planted(folder: Path, old: str, new: str) -> int:
    """Replace what stands once in the small guide's last answers; return its line."""
    path = folder / DRINKING
    before, after = path.read_text("utf-8").split(old)
    path.write_text(before + new + after, "utf-8")
    return before.count("\n") + 1


def told(folder: Path, warning: Rule, today: date = DAY) -> list[Problem]:
    """Return what one warning says of those answers."""
    knowledge = load(folder, TODAY)
    return [one for one in warning(knowledge, today) if one.path == str(folder / DRINKING)]


def messages(folder: Path, answer: str, warning: Rule, grade: str = "practice") -> list[str]:
    """Return what one warning says of an answer."""
    planted(folder, ANSWER, f'answer: "{answer} [guide]"')
    planted(folder, "grade: practice", f"grade: {grade}")
    return [one.message for one in told(folder, warning)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The cat sat on the mat.", -1.4),
        ("Steep black tea for three to five minutes, by taste.", 2.9),
        ("Pharmacological interventions necessitate individualised consideration.", 43.0),
        ("", 0.0),
    ],
)
def test_the_level_of_a_text(text: str, expected: float) -> None:
    """Short words in short sentences are for everybody, long ones for few."""
    assert expected == pytest.approx(grade_level(text), abs=2.5)


def test_a_hard_answer(folder: Path) -> None:
    """An answer that few read with ease is told at its line."""
    hard = "Caffeinated infusions necessitate individualised physiological consideration."
    line = planted(folder, ANSWER, f"answer: {hard} [guide]")
    found = told(folder, prose.easy_to_read)
    assert [line] == [one.line for one in found]


@pytest.mark.parametrize("word", ["proves", "best", "always", "never", "must", "guaranteed"])
def test_an_absolute_word(folder: Path, word: str) -> None:
    """A word that holds for all is told, with the grade that doesn't bear it."""
    found = messages(folder, f"Tea {word} helps.", prose.hedged)
    expected = f"'answer' says '{word}': is that so without a limit? The grade is practice"
    assert [expected] == found


def test_an_absolute_word_that_is_well_graded(folder: Path) -> None:
    """Strong evidence is not held against the word, but it is told all the same."""
    found = messages(folder, "Tea always helps.", prose.hedged, grade="strong")
    assert ["'answer' says 'always': is that so without a limit?"] == found


@pytest.mark.parametrize(
    "answer", ["It is not proven.", "Nobody can say that it's best.", "No tea is always mild."]
)
def test_an_absolute_word_that_is_denied(folder: Path, answer: str) -> None:
    """A word that is denied just before is no claim."""
    found = messages(folder, answer, prose.hedged)
    assert not [one for one in found if re.search("'(proven|best|always)'", one)]


def test_an_amount_that_no_source_has(folder: Path) -> None:
    """An amount in words counts like a figure."""
    found = messages(folder, "It keeps half of all drinkers awake.", prose.amounts_have_a_source)
    assert ["the amount 'half of' stands in no cited source"] == found


@pytest.mark.parametrize(
    "answer",
    [
        "It depends on you.",
        "When it comes to tea, yes.",
        "Studies show it.",
        "There are many ways.",
    ],
)
def test_an_answer_that_does_not_begin_with_itself(folder: Path, answer: str) -> None:
    """A beginning that only leads up to the answer is told."""
    assert 1 == len(messages(folder, answer, prose.answer_first))


def test_an_answer_with_a_long_first_sentence(folder: Path) -> None:
    """A first sentence that goes on and on is told."""
    found = messages(folder, f"Tea {'and more tea ' * 12}it is.", prose.answer_first)
    assert found[0].startswith("the first sentence of 'answer' has 39 words; at most 32")


def test_an_answer_that_begins_well(folder: Path) -> None:
    """An answer that begins with itself is not told."""
    assert [] == told(folder, prose.answer_first)


def test_few_voices(folder: Path) -> None:
    """Phrasings of two voices are too few."""
    found = [one.message for one in told(folder, prose.varied_phrasings)]
    assert ["'tea-at-night' is asked for by 2 voices; at least 3"] == found


def test_phrasings_that_begin_alike(folder: Path) -> None:
    """Phrasings of which most begin with the same words have too little variety."""
    same = "".join(f"      - will tea make me {word}\n" for word in "abcdefghijklm")
    planted(folder, "    reviewed: 2024-01-05", f"    phrasings:\n{same}    reviewed: 2024-01-05")
    found = [one.message for one in told(folder, prose.varied_phrasings)]
    assert "begin with 'will tea': too little variety" in found[-1]


@pytest.mark.parametrize(("today", "expected"), [(date(2025, 1, 4), 0), (date(2025, 1, 5), 1)])
def test_an_entry_that_nobody_looked_at_for_a_year(
    folder: Path, today: date, expected: int
) -> None:
    """A review counts for a year."""
    assert expected == len(told(folder, prose.reviewed_lately, today))


def test_a_figure_in_a_draft(folder: Path) -> None:
    """A draft's figure that its sources lack is told before it can go live."""
    planted(folder, ANSWER, 'answer: "It keeps 7 of 10 awake. [guide]"\n    todo: [look]')
    found = [one.message for one in told(folder, prose.draft_figures_have_a_source)]
    assert "the figure '7' stands in no source that the draft names" in found


def test_a_draft_tells_what_it_lacks(folder: Path) -> None:
    """The todo of a draft is told, whole, in one line."""
    planted(folder, ANSWER, "todo: [write it, cite it]")
    found = [one.message for one in told(folder, prose.unfinished)]
    assert ["draft 'tea-at-night' isn't live: write it; cite it"] == found
