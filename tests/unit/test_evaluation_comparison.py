"""What changed between two versions of the knowledge."""

import pytest

from bot.evaluation.asking import Result
from bot.evaluation.comparison import Fate, changes
from bot.evaluation.judgement import Verdict
from bot.evaluation.questions import Turn


def result(verdict: Verdict, decision: str, *shown: str) -> Result:
    """Return a result of one and the same question."""
    return Result(Turn("said", "inside", (("a",),), name="said"), "fit", verdict, decision, shown)


RIGHT = result("right", "answer", "a")
OFFERED = result("offered", "clarify", "a", "b")
MISSED = result("missed", "abstain", "b")
WRONG = result("wrong", "answer", "b")
REFERRED = result("wrong", "refer", "safety")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (MISSED, RIGHT, "won"),
        (OFFERED, RIGHT, "won"),
        (WRONG, MISSED, "won"),
        (RIGHT, OFFERED, "lost"),
        (OFFERED, MISSED, "lost"),
        (RIGHT, WRONG, "stolen"),
        (MISSED, WRONG, "stolen"),
        (OFFERED, REFERRED, "stolen"),
    ],
)
def test_the_fate_of_a_question(before: Result, after: Result, expected: Fate) -> None:
    """Better is won, worse is lost, and stolen if another entry is answered now."""
    (change,) = changes([before], [after], ["said"])
    assert expected == change.fate


@pytest.mark.parametrize("same", [RIGHT, OFFERED, MISSED, WRONG])
def test_what_fares_the_same_is_no_change(same: Result) -> None:
    """The same verdict, whatever was shown, is no change."""
    assert () == changes([same], [same], ["said"])


@pytest.mark.parametrize(
    ("asked", "expected"), [(["said"], False), (["other"], True), (None, False)]
)
def test_a_new_question_is_told(asked: list[str] | None, *, expected: bool) -> None:
    """A question that is known not to have judged the version before is new."""
    (change,) = changes([MISSED], [RIGHT], asked)
    assert expected == change.new


def test_a_change_as_an_object() -> None:
    """A change says what was expected and what became of it in both versions."""
    (change,) = changes([RIGHT], [WRONG], ["said"])
    expected = {
        "question": "said",
        "part": "fit",
        "expected": [["a"]],
        "before": {"verdict": "right", "decision": "answer", "shown": ["a"], "rule": ""},
        "after": {"verdict": "wrong", "decision": "answer", "shown": ["b"], "rule": ""},
        "new": False,
    }
    assert expected == change.as_object()
