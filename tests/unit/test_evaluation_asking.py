"""Conversations with the small guide: sessions, buttons, guesses, false alarms."""

import pytest

from bot.conversation.dialogue import Dialogue
from bot.evaluation.asking import Asker, Result
from bot.evaluation.questions import Conversation, Turn

STEEP = "How long should tea steep?"


@pytest.fixture(scope="module")
def asker(tea_dialogue: Dialogue) -> Asker:
    """Return what has conversations with the small guide."""
    return Asker(tea_dialogue)


def turn(said: str, *expected: str, pressed: bool = False) -> Turn:
    """Return a turn that expects any of some entries, or nothing."""
    return Turn(said, "inside", (expected,) if expected else (), pressed=pressed)


def ask(asker: Asker, *turns: Turn) -> list[Result]:
    """Return the results of one conversation."""
    return list(asker.ask(Conversation("fit", turns)))


def test_a_result_tells_what_was_shown_and_why(asker: Asker) -> None:
    """A result holds the decision, the entries by public name, and the rule."""
    (result,) = ask(asker, turn(STEEP, "steeping-time"))
    expected = ("right", "answer", ("steeping-time",), "exact name")
    assert expected == (result.verdict, result.decision, result.shown, result.rule)


def test_turns_share_a_session(asker: Asker) -> None:
    """A word that only makes sense after an answer is understood after one."""
    (result,) = ask(asker, turn(STEEP), turn("why", "steeping-time"))
    assert ("right", "opened: why") == (result.verdict, result.rule)


def test_conversations_do_not_share_a_session(asker: Asker) -> None:
    """Another conversation begins with nothing said before."""
    ask(asker, turn(STEEP))
    (result,) = ask(asker, turn("why", "steeping-time"))
    assert result.rule == "nothing to answer: nothing_yet"


def test_a_button_of_the_last_reply_is_pressed(asker: Asker) -> None:
    """Pressing a button opens what it opens."""
    (result,) = ask(asker, turn(STEEP), turn("Green", "steeping-green", pressed=True))
    assert ("right", "button") == (result.verdict, result.rule)


def test_a_button_that_is_not_there_is_a_miss(asker: Asker) -> None:
    """A label that stands on no button of the last reply helps nobody."""
    (result,) = ask(asker, turn(STEEP), turn("Blue", "steeping-green", pressed=True))
    assert ("missed", "no such button") == (result.verdict, result.decision)


def test_a_button_that_is_not_there_changes_nothing(asker: Asker) -> None:
    """After it, the buttons of the last reply can still be pressed."""
    blue, green = turn("Blue", pressed=True), turn("Green", "steeping-green", pressed=True)
    (result,) = ask(asker, turn(STEEP), blue, green)
    assert result.verdict == "right"


def test_a_guess_is_right_if_its_entry_was_expected(asker: Asker) -> None:
    """What confidence would have answered is judged, whatever was decided."""
    (result,) = ask(asker, turn(STEEP, "water-heat"))
    assert result.guess is not None
    assert ("steeping-time", False) == (result.guess.name, result.guess.right)


def test_only_a_question_that_stands_alone_has_a_guess(asker: Asker) -> None:
    """Red flags, two questions in one, and later turns are not decided by confidence alone."""
    flag = Turn("my arm is burned", "safety", (("safety-emergency",),))
    double = Turn("how hot? how long?", "inside", (("water-heat",), ("steeping-time",)))
    later = ask(asker, turn(STEEP), turn("what about green", "steeping-green"))
    results = [*ask(asker, flag), *ask(asker, double), *later]
    assert [None] * 3 == [result.guess for result in results]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Turn("i burned my arm", "inside", (("water-heat",),)), True),
        (Turn("i burned my arm", "outside", (("abstain",),)), True),
        (Turn("i burned my arm", "safety", (("safety-emergency",),)), False),
        (Turn("i burned my arm", "inside", (("water-heat", "safety-emergency"),)), False),
        (Turn(STEEP, "inside", (("water-heat",),)), False),
    ],
)
def test_a_false_alarm(asker: Asker, asked: Turn, *, expected: bool) -> None:
    """To refer a question without a red flag is a false alarm; to answer it wrong is none."""
    (result,) = ask(asker, asked)
    assert expected == result.false_alarm
