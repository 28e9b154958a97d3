"""The checkpoints of the guide that ships: every way through them, tapped or typed."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.dialogue import Dialogue, Outcome
from bot.conversation.effects import Remember
from bot.conversation.model import Question, Reply, Session, Target
from bot.conversation.records import NOBODY, CheckpointAnswer, Profile

START = Target("step", "hip-thrust")
NOW = datetime(2030, 1, 1, tzinfo=UTC)
ANSWERS = ("Grow my glutes", "kind of tired", "yes", "it drifts", "no, often not", "just squats")
SETS = "How many sets and reps should I do?"


class Person:
    """Somebody who talks with the bot and is remembered."""

    def __init__(self, dialogue: Dialogue) -> None:
        """Begin anew."""
        self._dialogue = dialogue
        self.session, self.profile = Session(), NOBODY

    def say(self, *texts: str) -> Reply:
        """Return the reply to the last of some messages."""
        replies = [
            self._after(self._dialogue.respond(Question(text), self.session, self.profile))
            for text in texts
        ]
        return replies[-1]

    def press(self, target: Target) -> Reply:
        """Return what a button opens."""
        return self._after(self._dialogue.open(target, self.session, self.profile))

    def _after(self, outcome: Outcome) -> Reply:
        """Remember what an outcome says."""
        self.session = outcome.session
        kept = dict(self.profile.answers)
        for effect in outcome.effects:
            if isinstance(effect, Remember):
                kept[effect.question] = CheckpointAnswer(effect.option, NOW)
        self.profile = Profile(answers=kept)
        return outcome.reply


@pytest.fixture
def person(dialogue: Dialogue) -> Person:
    """Return somebody new."""
    return Person(dialogue)


def actions(reply: Reply) -> list[str]:
    """Return what the buttons of a reply do."""
    return [button.opens.action for button in reply.buttons]


def test_the_start_puts_the_first_question(person: Person) -> None:
    """The checkpoints begin with a word on what they are, and the first of six questions."""
    text = person.press(START).text
    assert ("Six short questions" in text, "1 of 6." in text) == (True, True)


def test_every_option_is_a_button(person: Person, dialogue: Dialogue) -> None:
    """Under a question stand its options, as steps."""
    points = dialogue.catalogue.knowledge.primary.checkpoints
    assert points is not None
    expected = [option.label for option in points.questions[0].options]
    assert [one.label for one in person.press(START).buttons][: len(expected)] == expected


def test_the_answer_that_helps_to_decide_begins_the_checkpoints(person: Person) -> None:
    """Asked for help with deciding, the bot answers, and puts the first question below."""
    reply = person.say("Can you help me decide step by step?")
    assert (reply.decision, reply.topics) == ("answer", ("hip-thrust/decision-checkpoints",))
    assert "1 of 6." in reply.text
    assert "2 of 6." in person.say("bigger glutes").text


@pytest.mark.parametrize(
    ("typed", "option"),
    [
        ("Grow my glutes", "glutes"),
        ("bigger glutes please", "glutes"),
        ("glute growht", "glutes"),
        ("general strenght", "strength"),
        ("2", "back"),
    ],
)
def test_a_typed_answer_is_understood(person: Person, typed: str, option: str) -> None:
    """An option can be typed: in its words, others like them, with a slip, or by its number."""
    person.press(START)
    person.say(typed)
    assert person.profile.answers["hip-thrust/job"].option == option


def test_an_answer_is_repeated_as_it_was_understood(person: Person) -> None:
    """The next question says what was noted, so that a misreading can be seen."""
    person.press(START)
    assert person.say("bigger glutes").text.startswith("Noted: Grow my glutes.")


@pytest.mark.parametrize("asked", [SETS, "is it better than squats?", "how often should i train"])
def test_a_question_in_between_is_answered(person: Person, asked: str) -> None:
    """A question of another kind gets its answer, nothing is noted, and there is a way back."""
    person.press(START)
    reply = person.say(asked)
    assert (reply.decision, person.profile.answers) == ("answer", {})
    assert START in {button.opens for button in reply.buttons}


def test_the_way_back_leads_to_the_open_question(person: Person) -> None:
    """After questions in between, the checkpoints go on where they were left."""
    person.press(START)
    expected = person.say(*ANSWERS[:2]).text.split("\n\n")[-1]
    person.say(SETS, "why?")
    assert person.press(START).text == expected


def test_after_a_question_in_between_text_is_no_answer(person: Person) -> None:
    """Typed after an answer, words of an option are about that answer, not the checkpoints."""
    person.press(START)
    person.say(SETS, "bigger glutes")
    assert person.profile.answers == {}


def test_what_is_unclear_is_treated_as_a_question(person: Person) -> None:
    """A text that fits no option well is answered as usual, and the question stays open."""
    person.press(START)
    reply = person.say("my dog is ill")
    assert (reply.decision, START in {one.opens for one in reply.buttons}) == ("abstain", True)
    assert "2 of 6." in person.say("bigger glutes").text


@pytest.mark.parametrize("how", [Target("step", "hip-thrust/job"), "go back"])
def test_back_asks_the_question_before(person: Person, how: Target | str) -> None:
    """Back, tapped or typed, puts the question before again."""
    person.press(START)
    person.say("glutes")
    reply = person.say(how) if isinstance(how, str) else person.press(how)
    assert "1 of 6." in reply.text


@pytest.mark.parametrize("how", [Target("over", "hip-thrust"), "start over"])
def test_start_over_asks_the_first(person: Person, how: Target | str) -> None:
    """Start over, tapped or typed, begins again."""
    person.press(START)
    person.say(*ANSWERS[:3])
    reply = person.say(how) if isinstance(how, str) else person.press(how)
    assert "1 of 6." in reply.text


@pytest.mark.parametrize("how", [Target("stop", "hip-thrust"), "not now"])
def test_stop_ends_the_checkpoints(person: Person, how: Target | str) -> None:
    """Once stopped, later answers don't offer the way back any more."""
    person.press(START)
    _ = person.say(how) if isinstance(how, str) else person.press(how)
    assert (person.session.step, "step" in actions(person.say(SETS))) == ("", False)


def test_the_end_concludes(person: Person) -> None:
    """After six answers there is a conclusion that names reasons, cites, and what'd change it."""
    person.press(START)
    reply = person.say(*ANSWERS)
    expected = (
        "Yes, in place of some heavy hinge work, not on top of it.",
        "Why: you often don't recover in time; heavy hinges already cost your other work;",
        "What would change it: Still no recovery after the swap.",
        "Evidence: practice advice.",
    )
    assert [said for said in expected if said not in reply.text] == []
    assert (reply.decision, bool(reply.citations), person.session.step) == ("answer", True, "")


def test_a_conclusion_comes_only_from_answers(person: Person) -> None:
    """An old button of the last question doesn't conclude what was never asked."""
    reply = person.press(Target("step", "hip-thrust/rest/covered"))
    assert "1 of 6." in reply.text


@pytest.mark.parametrize("how", [Target("step", "hip-thrust/back/pain"), "a diagnosis"])
def test_pain_leads_to_the_referral(person: Person, how: Target | str) -> None:
    """Pain or a diagnosis gets the referral, and is not remembered."""
    person.press(START)
    person.say("glutes")
    reply = person.say(how) if isinstance(how, str) else person.press(how)
    assert (reply.decision, list(person.profile.answers)) == ("refer", ["hip-thrust/job"])
    assert START not in {button.opens for button in reply.buttons}


def test_a_red_flag_leads_in_the_checkpoints_too(person: Person) -> None:
    """An emergency that is typed as an answer is an emergency."""
    person.press(START)
    assert person.say("my groin is numb").topics == ("safety-emergency",)


@pytest.mark.parametrize(
    "name",
    ["nowhere", "hip-thrust/nothing", "hip-thrust/job/nothing", "hip-thrust/job/glutes/more", ""],
)
@pytest.mark.parametrize("action", ["step", "over", "stop"])
def test_a_dead_step_is_a_dead_button(person: Person, action: str, name: str) -> None:
    """A step of checkpoints that changed gets the kind reply."""
    assert "older version" in person.press(Target(action, name)).text


def test_an_option_that_is_gone_is_no_answer(dialogue: Dialogue) -> None:
    """What was answered to an older question counts for nothing now."""
    gone = Profile(answers={"hip-thrust/job": CheckpointAnswer("gone", NOW)})
    last = Target("step", "hip-thrust/rest/covered")
    assert "1 of 6." in dialogue.open(last, Session(), gone).reply.text


def test_later_answers_say_what_was_said(person: Person) -> None:
    """An answer gains one sentence for those who said something that bears on it."""
    plain = person.say("When do I add weight?").text
    person.press(START)
    person.say(*ANSWERS)
    told = person.say("When do I add weight?").text
    added = "You said you often don't recover in time: stay where you are until you do."
    assert (added in plain, added in told) == (False, True)


MOVES = st.one_of(
    st.sampled_from(
        [*ANSWERS, SETS, "back", "start over", "stop", "why?", "yes", "no", "1", "zzz"]
    ),
    st.sampled_from(
        [
            START,
            Target("over", "hip-thrust"),
            Target("stop", "hip-thrust"),
            Target("step", "hip-thrust/setup"),
            Target("step", "hip-thrust/rest/little"),
            Target("step", "hip-thrust/back/pain"),
            Target("mine", "clear"),
            Target("mine", "forget-now"),
            Target("down", "hip-thrust/sets-reps-effort"),
            Target("none", "these"),
        ]
    ),
)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(MOVES, max_size=12))
def test_any_way_through_is_legal(dialogue: Dialogue, moves: list[str | Target]) -> None:
    """Whatever is tapped and typed, the open step exists and what is noted are real options."""
    points = dialogue.catalogue.knowledge.primary.checkpoints
    assert points is not None
    person = Person(dialogue)
    for move in moves:
        reply = person.say(move) if isinstance(move, str) else person.press(move)
        step = person.session.step
        assert reply.text
        assert step == "" or points.question(step.removeprefix("hip-thrust/"))
        assert step or not person.session.paused
        for name, answer in person.profile.answers.items():
            question = points.question(name.removeprefix("hip-thrust/"))
            option = question.option(answer.option) if question else None
            assert option is not None
            assert option.opens is None
