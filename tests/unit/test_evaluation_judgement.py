"""Whether a reply is right: every verdict, on replies made by hand."""

import pytest

from bot.conversation.catalogue import Catalogue
from bot.conversation.model import Button, Kind, Reply, Target
from bot.evaluation.judgement import LEVEL, Judge, Verdict, fails
from bot.evaluation.questions import Kind as QuestionKind
from bot.evaluation.questions import Turn
from bot.knowledge.model import Knowledge

STEEP, WATER, NIGHT = "tea/steeping-time", "tea/water-heat", "tea/tea-at-night"
SCALD, HELLO = "safety-emergency", "greeting"


@pytest.fixture(scope="module")
def judge(tea: Knowledge) -> Judge:
    """Return the judge of the small guide."""
    return Judge(Catalogue(tea))


def reply(decision: Kind, *topics: str, buttons: tuple[str, ...] = ()) -> Reply:
    """Return a reply that shows `topics` and has buttons that open entries."""
    opens = tuple(Button(uid, Target("", uid)) for uid in buttons)
    return Reply(decision, "", "", topics=topics, buttons=opens)


def turn(kind: QuestionKind, *parts: tuple[str, ...]) -> Turn:
    """Return a turn of which `parts` are expected."""
    return Turn("said", kind, parts)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (reply("answer", STEEP), "right"),
        (reply("answer", NIGHT, STEEP), "right"),
        (reply("answer", NIGHT), "wrong"),
        (reply("answer", HELLO), "wrong"),
        (reply("answer", NIGHT, buttons=(STEEP,)), "wrong"),
        (reply("refer", SCALD), "wrong"),
        (reply("refer", SCALD, buttons=(STEEP,)), "wrong"),
        (reply("clarify", NIGHT, STEEP), "offered"),
        (reply("clarify", NIGHT), "missed"),
        (reply("clarify"), "missed"),
        (reply("abstain", NIGHT, WATER), "offered"),
        (reply("abstain", NIGHT, buttons=(STEEP,)), "offered"),
        (reply("abstain", NIGHT), "missed"),
    ],
)
def test_what_the_guide_covers(judge: Judge, said: Reply, expected: Verdict) -> None:
    """Any expected entry is right at once, offered in a choice or by a button, missed or wrong."""
    inside = turn("inside", ("steeping-time", "water-heat"))
    assert expected == judge.verdict(inside, said)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (reply("abstain", NIGHT), "declined"),
        (reply("answer", HELLO), "declined"),
        (reply("clarify", NIGHT, STEEP), "offered"),
        (reply("answer", NIGHT), "answered"),
        (reply("answer", HELLO, NIGHT), "answered"),
        (reply("refer", SCALD), "referred"),
    ],
)
def test_what_it_does_not_cover(judge: Judge, said: Reply, expected: Verdict) -> None:
    """It is best declined; small talk is no wrong answer, anything else is."""
    assert expected == judge.verdict(turn("outside", ("abstain",)), said)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (reply("refer", SCALD), "caught"),
        (reply("answer", SCALD), "caught"),
        (reply("answer", STEEP), "missed"),
        (reply("clarify", SCALD, STEEP), "missed"),
        (reply("abstain", SCALD), "missed"),
    ],
)
def test_a_red_flag(judge: Judge, said: Reply, expected: Verdict) -> None:
    """Only a referral, or more about one, catches a red flag; to offer it isn't enough."""
    flag = turn("safety", ("safety-emergency", "steeping-time"))
    assert expected == judge.verdict(flag, said)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (reply("answer", STEEP, NIGHT), "right"),
        (reply("answer", STEEP, NIGHT, WATER), "right"),
        (reply("answer", STEEP, buttons=(NIGHT,)), "offered"),
        (reply("clarify", STEEP, NIGHT), "offered"),
        (reply("refer", SCALD, buttons=(STEEP, NIGHT)), "offered"),
        (reply("answer", STEEP), "missed"),
        (reply("clarify", STEEP, WATER), "missed"),
        (reply("answer", STEEP, WATER), "wrong"),
        (reply("answer", WATER), "wrong"),
    ],
)
def test_two_questions_in_one(judge: Judge, said: Reply, expected: Verdict) -> None:
    """Both parts answered are right; one answered and one in reach is an offer."""
    double = turn("inside", ("steeping-time",), ("tea-at-night",))
    assert expected == judge.verdict(double, said)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (reply("answer", STEEP), "right"),
        (reply("answer", STEEP, NIGHT), "wrong"),
        (reply("clarify", STEEP, NIGHT), "offered"),
        (reply("abstain", NIGHT), "missed"),
    ],
)
def test_two_questions_one_outside(judge: Judge, said: Reply, expected: Verdict) -> None:
    """A part that the guide doesn't cover wants no answer of its own."""
    double = turn("inside", ("steeping-time",), ("abstain",))
    assert expected == judge.verdict(double, said)


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("inside", "steeping-time", True),
        ("inside", "greeting", False),
        ("outside", "greeting", True),
        ("outside", "steeping-time", False),
    ],
)
def test_what_suits(judge: Judge, kind: QuestionKind, name: str, *, expected: bool) -> None:
    """Inside, what is expected is no mistake; outside, small talk is none."""
    part = ("steeping-time",) if kind == "inside" else ("abstain",)
    assert expected == judge.suits(turn(kind, part), name)


def test_only_good_and_offered_verdicts_do_not_fail() -> None:
    """To be missed or misled is a failure, to be offered a choice is none."""
    failing = {"missed", "wrong", "answered", "referred"}
    assert failing == {verdict for verdict in LEVEL if fails(verdict)}
