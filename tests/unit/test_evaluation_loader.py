"""Labelled questions are read from YAML, and what is wrong in them is told with its place."""

import shutil
from pathlib import Path

import pytest

from bot.conversation.catalogue import Catalogue
from bot.errors import EvaluationError, KnowledgeError
from bot.evaluation.loader import load_questions
from bot.evaluation.questions import LabelledQuestions, Turn
from bot.knowledge.model import Knowledge
from tests.conftest import QUESTIONS

ITEM = '  - q: "good morning"\n    expect: [greeting]\n    part: fit\n'


@pytest.fixture(scope="module")
def catalogue(tea: Knowledge) -> Catalogue:
    """Return the catalogue of the small guide."""
    return Catalogue(tea)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Return a copy of the small guide's questions, to plant faults in."""
    return Path(shutil.copytree(QUESTIONS, tmp_path / "questions"))


@pytest.fixture(scope="module")
def read(catalogue: Catalogue) -> LabelledQuestions:
    """Return the small guide's questions."""
    (found,) = load_questions(QUESTIONS, catalogue)
    return found


def turn(read: LabelledQuestions, name: str) -> Turn:
    """Return the turn with this name that expects something."""
    turns = (each for one in read.conversations for each in one.turns)
    return next(each for each in turns if each.name == name and each.parts)


def test_a_question_is_a_conversation_of_one_turn(read: LabelledQuestions) -> None:
    """A question that stands alone is said once, to nobody who remembers anything."""
    assert [1, "fit"] == [len(read.conversations[0].turns), read.conversations[0].part]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("good morning", "inside"),
        ("a latte from which machine", "outside"),
        ("the kettle went over and my arm is burned", "safety"),
    ],
)
def test_the_kind_is_what_is_expected(read: LabelledQuestions, name: str, expected: str) -> None:
    """An entry makes a question inside, abstain outside, a safety entry a red flag."""
    assert expected == turn(read, name).kind


def test_each_holds_several_parts(read: LabelledQuestions) -> None:
    """Two questions in one message have their own tag and an expectation each."""
    double = turn(read, "how hot should the water be? and will tea keep me awake?")
    assert (("water-heat",), ("tea-at-night",)) == double.parts
    assert {"two-in-one"} == double.tags


def test_a_later_turn_is_a_follow_up(read: LabelledQuestions) -> None:
    """A later turn has the dialogue's tags and its own, and the name of all that was said."""
    later = turn(read, "How hot should the water be? > sources")
    assert {"keyword", "follow-up"} == later.tags


def test_a_turn_may_expect_nothing(read: LabelledQuestions) -> None:
    """A turn that only leads to the next one is no question that counts."""
    assert "How hot should the water be?" not in read.names


def test_a_pressed_turn_is_told_from_a_typed_one(read: LabelledQuestions) -> None:
    """A button's label is pressed, not typed."""
    pressed = turn(read, "How long should tea steep? > Green").pressed
    assert (True, False) == (
        pressed,
        turn(read, "How long should tea steep? > Green > why").pressed,
    )


def test_known_failures_have_reasons(read: LabelledQuestions) -> None:
    """The known failures of a guide are kept by the name of their question."""
    assert read.failures["Does tea keep me awake?"] == "it is labelled wrong on purpose"


def test_a_guide_without_known_failures_has_none(questions: Path, catalogue: Catalogue) -> None:
    """The file of known failures may be missing."""
    (questions / "known_failures.yaml").unlink()
    assert {} == load_questions(questions, catalogue)[0].failures


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[steeping-time]", "[steep-time]", "no entry has the id 'steep-time' (did you mean"),
        ("    part: fit\n", "    part: fitted\n", "'part': input should be 'fit' or 'held'"),
        ("    expect: [greeting]\n", "", "'expect' is missing"),
        ("[greeting]", "[]", "'expect': tuple should have at least 1 item"),
        ("[greeting]", "[greeting, abstain]", "'abstain' stands alone"),
        ("    expect: [greeting]\n", "    expects: [greeting]\n", "unknown key 'expects'"),
        ("expect: [greeting]", "each: [[greeting]]", "'each': tuple should have at least 2 items"),
        ("expect: [greeting]", "each: [[abstain], [abstain]]", "nothing but 'abstain' in 'each'"),
        (
            "expect: [greeting]",
            "expect: [greeting]\n    each: [[greeting], [help]]",
            "either 'expect' or 'each', not both",
        ),
        (ITEM, ITEM.replace("good morning", "Good morning!") + ITEM, "the same question stands"),
        ("[safety-emergency]", "[greeting]", "tagged 'safety', but no safety entry is expected"),
        ("right: 0.3", "right: 3", "'floors.right': input should be less than or equal to 1"),
        ("  right:", "  rigth:", "unknown key 'floors.rigth'"),
        ("dialogues:", "dialogue:", "unknown key 'dialogue'"),
        ('press: "Green"', 'say: "Green"', "unknown key 'turns.1.say'"),
        ('- q: "why"\n', '- q: "why"\n        press: "Why?"\n', "a turn has either 'q' or 'press'"),
        ('- q: "How hot', '- press: "How hot', "there is no reply yet whose button to press"),
    ],
)
def test_what_is_wrong_is_told(
    questions: Path, catalogue: Catalogue, old: str, new: str, expected: str
) -> None:
    """Each thing that is wrong is one problem that names the file, and says what."""
    path = questions / "tea.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_questions(questions, catalogue)
    found = [(each.path, each.message) for each in caught.value.problems]
    assert [str(path)] == [where for where, told in found if told.startswith(expected)]


def test_a_problem_has_its_line(questions: Path, catalogue: Catalogue) -> None:
    """A problem stands at the line of what is wrong."""
    path = questions / "tea.yaml"
    text = path.read_text("utf-8").replace("[water-heat]", "[water-het]", 1)
    path.write_text(text, "utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_questions(questions, catalogue)
    assert text[: text.index("water-het")].count("\n") + 1 == caught.value.problems[0].line


def test_all_problems_are_told_at_once(questions: Path, catalogue: Catalogue) -> None:
    """Problems of several questions are in one error."""
    path = questions / "tea.yaml"
    path.write_text(path.read_text("utf-8").replace("part: held", "part: hold"), "utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_questions(questions, catalogue)
    held = {"'part': input should be 'fit' or 'held'"}
    assert (5, held) == (len(caught.value.problems), {p.message for p in caught.value.problems})


def test_a_dialogue_expects_something(questions: Path, catalogue: Catalogue) -> None:
    """A dialogue that nothing is expected of is a problem."""
    path = questions / "tea.yaml"
    idle = '  - part: fit\n    turns: [{q: "hm"}]\n'
    path.write_text(path.read_text("utf-8") + idle, "utf-8")
    with pytest.raises(KnowledgeError, match="no turn of this dialogue expects anything"):
        load_questions(questions, catalogue)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tea:\n  Who?: because\n", r"known_failures.yaml:2: 'Who\?' is no labelled question"),
        ("mate:\n  Who?: because\n", r"known_failures.yaml:1: there is no guide 'mate'"),
        ("tea: [Who]\n", r"known_failures.yaml:1: "),
        ("tea: {\n", r"known_failures.yaml:\d+: not valid YAML"),
    ],
    ids=["unknown question", "unknown guide", "a list", "broken"],
)
def test_wrong_known_failures(
    questions: Path, catalogue: Catalogue, text: str, expected: str
) -> None:
    """A known failure that names no question, or has no reason, is a problem of that file."""
    (questions / "known_failures.yaml").write_text(text, "utf-8")
    with pytest.raises(KnowledgeError, match=expected):
        load_questions(questions, catalogue)


def test_a_file_names_a_guide(questions: Path, catalogue: Catalogue) -> None:
    """Questions for a guide that isn't there are a problem."""
    (questions / "tea.yaml").rename(questions / "mate.yaml")
    with pytest.raises(KnowledgeError, match="there is no guide 'mate'"):
        load_questions(questions, catalogue)


@pytest.mark.parametrize("guide", ["", "mate"])
def test_no_file_is_an_error(tmp_path: Path, catalogue: Catalogue, guide: str) -> None:
    """Without a file to read, one line says which was looked for."""
    with pytest.raises(EvaluationError, match="there are no labelled questions: "):
        load_questions(tmp_path, catalogue, guide)
