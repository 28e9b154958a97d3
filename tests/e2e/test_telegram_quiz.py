"""The quiz over the fake wire: Telegram's own quiz polls with curated questions."""

import pytest

from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Session, Target
from bot.knowledge.quiz import QuizQuestion
from tests.e2e.wire import FakeWire, Sent, Talk, buttons_of, links_of, started


def poll(sent: list[Sent]) -> dict[str, object]:
    """Return the parameters of the one poll, which was sent last."""
    assert "sendPoll" == sent[-1].method
    return sent[-1].params


async def rounds(talk: Talk, number: int) -> list[object]:
    """Return the questions of so many quizzes in a row."""
    return [poll(await talk.say("/quiz"))["question"] for _ in range(number)]


def first(dialogue: Dialogue) -> QuizQuestion:
    """Return the question that a newcomer gets."""
    return dialogue.catalogue.knowledge.quiz[0]


async def test_it_asks_a_curated_question(talk: Talk, dialogue: Dialogue) -> None:
    """Question and options are those of quiz.yaml, as an anonymous quiz."""
    each, params = first(dialogue), poll(await talk.say("/quiz"))
    options = [{"text": option} for option in each.options]
    expected = (each.question, options, "quiz", True)
    assert expected == tuple(
        params[name] for name in ("question", "options", "type", "is_anonymous")
    )


async def test_every_right_option_is_right(talk: Talk, dialogue: Dialogue) -> None:
    """Telegram is told the place of the answer that quiz.yaml names."""
    questions = dialogue.catalogue.knowledge.quiz
    told = [poll(await talk.say("/quiz"))["correct_option_ids"] for _ in questions]
    assert [[each.options.index(each.answer)] for each in questions] == told


async def test_the_right_option_is_not_always_in_one_place(dialogue: Dialogue) -> None:
    """Who always taps the same place isn't always right."""
    places = {each.options.index(each.answer) for each in dialogue.catalogue.knowledge.quiz}
    assert {0, 1, 2} <= places


async def test_the_explanation_names_its_source(talk: Talk) -> None:
    """After an answer, Telegram shows why, with the label of the source and no mark."""
    explanation = str(poll(await talk.say("/quiz"))["explanation"])
    assert (True, False) == (explanation.endswith("(Guide)"), "[" in explanation)


async def test_all_questions_come_before_any_comes_again(talk: Talk, dialogue: Dialogue) -> None:
    """Quiz after quiz, each question is asked once; then they begin anew."""
    questions = [each.question for each in dialogue.catalogue.knowledge.quiz]
    assert [*questions, questions[0]] == await rounds(talk, len(questions) + 1)


async def test_the_button_asks_the_next_question(talk: Talk, dialogue: Dialogue) -> None:
    """Another question comes at a tap."""
    sent = await talk.say("/quiz")
    (data,) = [data for label, data in buttons_of(poll(sent)) if label == "Another question"]
    again = await talk.press(data)
    assert "answerCallbackQuery" == again[0].method
    assert dialogue.catalogue.knowledge.quiz[1].question == poll(again)["question"]


async def test_the_button_opens_the_cited_answer(talk: Talk, dialogue: Dialogue) -> None:
    """Below the poll stands the way to the entry that it rests on."""
    entry = f"hip-thrust/{first(dialogue).entry}"
    sent = await talk.say("/quiz")
    (data,) = [data for label, data in buttons_of(poll(sent)) if label == "The cited answer"]
    expected = dialogue.open(Target("", entry), Session()).reply.html
    assert expected == (await talk.press(data))[-1].params["text"]


async def test_the_turn_of_questions_outlives_an_answer(talk: Talk, dialogue: Dialogue) -> None:
    """What else is asked in between doesn't bring the same question twice in a row."""
    await talk.say("/quiz")
    await talk.say("how many sets?")
    assert [dialogue.catalogue.knowledge.quiz[1].question] == await rounds(talk, 1)


async def test_why_after_a_quiz_is_about_the_last_answer(talk: Talk) -> None:
    """A quiz isn't an answer: what was answered before stays what "why?" means."""
    await talk.say("how many sets?")
    before = (await talk.say("why?"))[-1].params["text"]
    await talk.say("/quiz")
    assert before == (await talk.say("why?"))[-1].params["text"]


@pytest.mark.parametrize("command", ["/quiz", "/quiz@guide_bot"])
async def test_a_group_may_play(talk: Talk, dialogue: Dialogue, command: str) -> None:
    """In a group the poll replies to who asked for it, and its button leads to private."""
    params = poll(await talk.say(command, chat=-5))
    link = f"https://t.me/guide_bot?start={first(dialogue).entry}"
    buttons = (links_of(params), buttons_of(params))
    assert ([link], [], True) == (*buttons, "reply_parameters" in params)


async def test_a_guide_without_a_quiz_says_so(wire: FakeWire, tea_dialogue: Dialogue) -> None:
    """Without quiz.yaml, the command has a plain line."""
    application = started(tea_dialogue, wire)
    async with application:
        (sent,) = await Talk(application, wire).say("/quiz")
    assert tea_dialogue.catalogue.knowledge.voice.telegram.say.no_quiz == sent.params["text"]
