"""Faults in quiz.yaml, in reminders and in Telegram's words are found where they stand."""

from pathlib import Path

import pytest

from bot.errors import KnowledgeError, Problem
from bot.knowledge import asking
from bot.knowledge.loader import load
from bot.knowledge.model import Knowledge
from bot.knowledge.rules import Rule
from tests.conftest import TODAY

BREWING = "tea/answers/brewing.yaml"
QUIZ = "tea/quiz.yaml"
VOICE = "voice.yaml"
REMIND = "remind: {question: Was it the same pot?, days: 7}"
EXPLANATION = "explanation: Black tea takes 3 to 5 minutes. [guide]"
SOUND = """\
questions:
  - id: black
    question: How long does black tea steep?
    options: [A moment, 3 to 5 minutes, An hour]
    answer: 3 to 5 minutes
    explanation: Black tea takes 3 to 5 minutes. [guide]
    entry: steeping-time
  - id: heat
    question: How hot is the water?
    options: [Cold, 95 degrees, Whatever]
    answer: 95 degrees
    explanation: Drinkers liked it so. [brewer-2001]
    entry: water-heat
"""


@pytest.fixture
def asked(folder: Path) -> Path:
    """Return a copy of the small folder with a quiz and a reminder, both sound."""
    (folder / QUIZ).write_text(SOUND, "utf-8")
    plant(folder, BREWING, "    related: [water-heat,", f"    {REMIND}\n    related: [water-heat,")
    return folder


def plant(folder: Path, file: str, old: str, new: str, at: str = "") -> tuple[str, int]:
    """Replace `old`, which stands once in a file; return the file and the line of `at` or `new`."""
    path = folder / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"'{old}' must stand once in {file}"
    changed = text.replace(old, new)
    path.write_text(changed, "utf-8")
    return str(path), changed[: changed.index(at or new)].count("\n") + 1


def broken(folder: Path, *rules: Rule) -> list[Problem]:
    """Return what some rules find in a folder; without rules, what has the wrong shape."""
    try:
        load(folder, TODAY, rules)
    except KnowledgeError as error:
        return list(error.problems)
    return []


def test_the_sound_folder_has_no_problem(asked: Path) -> None:
    """The quiz and the reminder that faults are planted in break no rule."""
    knowledge = load(asked, TODAY)
    assert (2, 1) == (len(knowledge.quiz), sum(bool(one.remind) for one in knowledge.entries))


def test_a_guide_without_a_quiz(folder: Path) -> None:
    """A guide needs no quiz.yaml."""
    assert () == load(folder, TODAY).quiz


def test_the_shipped_quiz_is_large_enough(knowledge: Knowledge) -> None:
    """There are 8 to 10 questions, each of which opens one of the mistakes."""
    entries = {entry.uid: entry for entry in knowledge.entries}
    sections = {entries[f"{each.guide}/{each.entry}"].section for each in knowledge.quiz}
    assert (True, {"mistakes"}) == (8 <= len(knowledge.quiz) <= 10, sections)


SHAPES = {
    "a question of 301 characters": ("How hot is the water?", "a" * 301, "'question': string"),
    "an option of 101 characters": ("A moment", "a" * 101, "'options.0': string should"),
    "two options": ("[Cold, 95 degrees, Whatever]", "[Cold, 95 degrees]", "'options': tuple"),
    "five options": ("[A moment, ", "[a, b, A moment, ", "'options': tuple should"),
    "an unknown key": ("answer: 95 degrees", "anwser: 95 degrees", "unknown key 'anwser'"),
    "no entry": ("    entry: water-heat\n", "", "'entry' is missing"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_question_of_the_wrong_shape(asked: Path, name: str) -> None:
    """What Telegram couldn't show is reported in quiz.yaml."""
    old, new, message = SHAPES[name]
    path = asked / QUIZ
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    found = [each.path for each in broken(asked) if each.message.startswith(message)]
    assert [str(path)] == found


FAULTS: dict[str, tuple[Rule, str, str, str]] = {
    "an id twice": (asking.sound_quizzes, "id: heat", "id: black", "the id 'black' stands twice"),
    "an answer that is no option": (
        asking.sound_quizzes,
        "answer: 95 degrees",
        "answer: 96 degrees",
        "'96 degrees' is none of the options",
    ),
    "an option twice": (
        asking.sound_quizzes,
        "options: [Cold, 95 degrees, Whatever]",
        "options: [Cold, 95 degrees, Cold]",
        "an option stands twice",
    ),
    "an entry that isn't there": (
        asking.quizzes_rest_on_entries,
        "entry: water-heat",
        "entry: water-cold",
        "the guide has no entry 'water-cold'",
    ),
    "no source": (
        asking.quizzes_rest_on_entries,
        "explanation: Drinkers liked it so. [brewer-2001]",
        "explanation: Drinkers liked it so.",
        "uncited claim: 'explanation' cites no source",
    ),
    "a source that the entry doesn't have": (
        asking.quizzes_rest_on_entries,
        "Drinkers liked it so. [brewer-2001]",
        "Drinkers liked it so. [guide] [brewer-2001]",
        "'water-heat' does not rest on the source 'guide'",
    ),
    "a figure that no source has": (
        asking.quizzes_rest_on_entries,
        EXPLANATION,
        "explanation: Black tea takes 3 to 6 minutes. [guide]",
        "the figure '6' stands in no cited source",
    ),
    "an explanation of 201 characters": (
        asking.short_explanations,
        "Drinkers liked it so.",
        "a" * 187,
        "'explanation' has 201 characters with its sources; at most 200",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_the_quiz(asked: Path, name: str) -> None:
    """A question that isn't sound is reported at its line."""
    rule, old, new, message = FAULTS[name]
    path, line = plant(asked, QUIZ, old, new)
    if new == "id: black":
        line = 8
    assert [Problem(path, line, message)] == broken(asked, rule)


def test_an_explanation_of_200_characters(asked: Path) -> None:
    """Label and all, the longest explanation that Telegram shows is no fault."""
    plant(asked, QUIZ, "Drinkers liked it so.", "a" * 186)
    assert [] == broken(asked, asking.short_explanations)


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("question: Was it the same pot", "'remind.question' must end in a question mark"),
        (f"question: {'a' * 90}?", "'remind.question' has 91 characters; at most 90"),
    ],
)
def test_a_reminder_that_is_no_short_question(asked: Path, new: str, message: str) -> None:
    """What a reminder asks is one short question."""
    path, line = plant(asked, BREWING, "question: Was it the same pot?", new)
    assert [Problem(path, line, message)] == broken(asked, asking.short_reminders)


def test_a_reminder_of_small_talk(asked: Path) -> None:
    """The bot's own entries have nothing to check in a week."""
    old = "    related: [steeping-time, help]\n"
    path, line = plant(asked, VOICE, old, f"    {REMIND}\n{old}", REMIND)
    expected = Problem(path, line, "only an answer of a guide can remind")
    assert [expected] == broken(asked, asking.short_reminders)


@pytest.mark.parametrize("days", ["0", "61", "-1", "soon"])
def test_a_reminder_on_an_odd_day(asked: Path, days: str) -> None:
    """A reminder comes within one to 60 days."""
    path, line = plant(asked, BREWING, "days: 7", f"days: {days}")
    assert [(path, line)] == [(each.path, each.line) for each in broken(asked)]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"On {day}: {question}"', '"On {date}"', "'say.reminder_set' has {date}, which nothing"),
        ('"Cancel {day}"', '"Cancel {"', "'labels.cancel': "),
        ("next: Next", 'next: "{day}"', "'labels.next' has {day}, which nothing fills in"),
    ],
)
def test_a_sentence_that_cannot_be_filled_in(
    folder: Path, old: str, new: str, message: str
) -> None:
    """A name in braces that Telegram's words don't have is reported at its line."""
    path, line = plant(folder, VOICE, old, new)
    (found,) = broken(folder, asking.whole_telegram_sentences)
    assert (path, line, True) == (found.path, found.line, found.message.startswith(message))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("short_description: Answers about tea.", f"short_description: {'a' * 121}"),
        ("description: Answers questions about brewing tea.", f"description: {'a' * 513}"),
    ],
)
def test_telegram_s_words_of_the_wrong_shape(folder: Path, old: str, new: str) -> None:
    """A text that Telegram refuses is reported at its line."""
    path, line = plant(folder, VOICE, old, new)
    assert [(path, line)] == [(each.path, each.line) for each in broken(folder)]
