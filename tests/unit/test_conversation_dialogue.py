"""The dialogue on the knowledge that ships: what a person says, and what comes back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Button, Question, Reply, Session, Target

SETS = "How many sets and reps should I do?"


def talk(dialogue: Dialogue, *questions: str) -> Reply:
    """Return the last reply of a conversation."""
    session, reply = Session(), None
    for question in questions:
        reply, session, *_ = dialogue.respond(Question(question), session)
    assert reply is not None
    return reply


def topics(dialogue: Dialogue, *questions: str) -> list[str]:
    """Return the public ids of what the last reply of a conversation shows."""
    return [dialogue.catalogue.public(uid) for uid in talk(dialogue, *questions).topics]


def labels(buttons: tuple[Button, ...]) -> list[str]:
    """Return what stands on buttons."""
    return [button.label for button in buttons]


def test_a_question_gets_its_answer(dialogue: Dialogue) -> None:
    """A plain question is answered at once, and cites."""
    reply = talk(dialogue, SETS)
    assert (reply.decision, reply.topics) == ("answer", ("hip-thrust/sets-reps-effort",))
    assert reply.citations


@pytest.mark.parametrize(
    ("said", "expected"),
    [("why?", "Why this answer"), ("Source?", "What this answer rests on"), ("more", "Sets, reps")],
)
def test_a_view_of_the_last_answer(dialogue: Dialogue, said: str, expected: str) -> None:
    """After an answer, one word shows why, more, or the sources of that very answer."""
    reply = talk(dialogue, SETS, said)
    assert reply.topics == ("hip-thrust/sets-reps-effort",)
    assert reply.text.startswith(expected)


def test_show_me_shows_the_figure(dialogue: Dialogue) -> None:
    """After an answer that has a figure, "show me" shows it."""
    picture = talk(dialogue, SETS, "show me").picture
    assert picture is not None
    assert picture.path.name == "effort-ladder.png"


def test_a_view_of_a_view(dialogue: Dialogue) -> None:
    """Views keep the answer that they are of."""
    assert talk(dialogue, SETS, "why") == talk(dialogue, SETS, "more", "source", "why")


@pytest.mark.parametrize("said", ["where?", "how exactly", "what", "which one?"])
def test_half_a_question_after_an_answer_asks_for_more(dialogue: Dialogue, said: str) -> None:
    """A bare "where?" isn't matched like a question: more is shown of what was answered."""
    assert talk(dialogue, SETS, said) == talk(dialogue, SETS, "more")


@pytest.mark.parametrize("said", ["feet where", "toes out how", "which one grows more glute"])
def test_such_a_word_with_others_is_a_question(dialogue: Dialogue, said: str) -> None:
    """With anything beside it, the same word asks for something."""
    assert not dialogue.decide(Question(said), Session()).rule.startswith("nothing to answer")


@pytest.mark.parametrize("said", ["why?", "source?", "more", "show me", "where?", "who", "how"])
def test_a_view_of_nothing(dialogue: Dialogue, said: str) -> None:
    """Before any answer there is nothing to show, and the reply says so."""
    reply = talk(dialogue, said)
    assert ("abstain", dialogue.catalogue.knowledge.voice.say.nothing_yet) == (
        reply.decision,
        reply.text,
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [("and for beginners?", "beginners"), ("what about squats?", "vs-squat")],
)
def test_a_follow_up_on_an_answer(dialogue: Dialogue, said: str, expected: str) -> None:
    """A short follow-up is read in the light of the last answer."""
    assert [expected] == topics(dialogue, SETS, said)


@pytest.mark.parametrize(
    "said", ["and my taxes?", "what about the weather?", "привет", "asdf qwer"]
)
def test_a_stray_follow_up_is_not_the_last_answer(dialogue: Dialogue, said: str) -> None:
    """A short message about something else doesn't get the last answer again."""
    reply = talk(dialogue, SETS, said)
    assert (reply.decision, reply.topics) != ("answer", ("hip-thrust/sets-reps-effort",))


def test_a_question_of_its_own_needs_no_context(dialogue: Dialogue) -> None:
    """A full question gets the same answer whatever was said before."""
    alone = talk(dialogue, "How long should I rest between sets?")
    assert alone == talk(dialogue, "where do my feet go", "How long should I rest between sets?")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "How many sets should I do? And how long do I rest between sets?",
            ["sets-reps-effort", "rest-between-sets"],
        ),
        (
            "how long do I rest between sets and how many sets should I do",
            ["rest-between-sets", "sets-reps-effort"],
        ),
    ],
)
def test_two_questions_are_answered_in_order(
    dialogue: Dialogue, text: str, expected: list[str]
) -> None:
    """Two questions in one message get two answers, in the order asked."""
    assert expected == topics(dialogue, text)


def test_an_emergency_leads_and_stands_alone(dialogue: Dialogue) -> None:
    """A red flag beside a question gets the emergency reply, and no button to train on."""
    reply = talk(dialogue, "My groin went numb. How many sets should I do?")
    assert (reply.decision, reply.topics) == ("refer", ("safety-emergency",))
    assert {"safety-emergency"} == {button.opens.name for button in reply.buttons}


def test_an_emergency_is_seen_behind_a_long_text(dialogue: Dialogue) -> None:
    """A red flag at the end of 10,000 characters still leads."""
    long = "I like to train my glutes and legs a lot. " * 240
    assert topics(dialogue, long + "My groin is numb.") == ["safety-emergency"]


def test_an_emergency_is_seen_in_a_follow_up(dialogue: Dialogue) -> None:
    """A red flag leads in the middle of a conversation, too."""
    assert topics(dialogue, SETS, "and if I have chest pain?") == ["safety-emergency"]


def test_pregnancy_refers_before_sets(dialogue: Dialogue) -> None:
    """Asked about sets in pregnancy, the bot refers first and keeps the question for later."""
    reply = talk(dialogue, "I'm pregnant, how many sets should I do?")
    assert (reply.decision, reply.topics) == ("refer", ("safety-pregnancy",))
    assert Target("", "hip-thrust/sets-reps-effort") in {one.opens for one in reply.buttons}


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\N{PEACH}\N{PEACH}", "?!", "\0", "\x0b\x85"])
def test_nothing_to_read(dialogue: Dialogue, text: str) -> None:
    """A message without words is told so, kindly, with a place to start."""
    reply = talk(dialogue, text)
    assert ("abstain", dialogue.catalogue.knowledge.voice.say.empty) == (reply.decision, reply.text)
    assert reply.buttons


def test_nothing_to_read_is_no_sure_match(dialogue: Dialogue) -> None:
    """An empty message doesn't make the bot certain of the topic that it happens to suggest."""
    assert talk(dialogue, "").confidence < 0.5


def test_a_very_long_question_is_answered(dialogue: Dialogue) -> None:
    """10,000 characters of one question get its answer."""
    assert topics(dialogue, "how many sets should i do " * 385) == ["sets-reps-effort"]


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.text(max_size=200))
def test_anything_gets_a_reply(dialogue: Dialogue, text: str) -> None:
    """Whatever is typed, there is a reply with text, and its confidence is a probability."""
    reply = talk(dialogue, text)
    assert reply.text
    assert 0 <= reply.confidence <= 1


TURNS = st.sampled_from([SETS, "why", "more", "and feet?", "", "hi", "no", "squats"])


@settings(derandomize=True, deadline=None, max_examples=20)
@given(st.lists(TURNS, max_size=5))
def test_any_conversation_goes_on(dialogue: Dialogue, said: list[str]) -> None:
    """In whatever order things are said, every turn gets a reply."""
    assert talk(dialogue, *said, "source?").text


def test_none_of_these(dialogue: Dialogue) -> None:
    """The way out of a did-you-mean offers other questions and the menu."""
    reply = dialogue.open(Target("none", "these"), Session()).reply
    assert dialogue.catalogue.knowledge.voice.say.none_of_these == reply.text
    assert labels(reply.buttons)[-1] == dialogue.catalogue.knowledge.voice.labels.everything


@pytest.mark.parametrize(
    "target",
    [
        Target("", "gone"),
        Target("why", "gone"),
        Target("unknown", "hip-thrust/frequency"),
        Target("", ""),
        Target.parse(""),
        Target.parse("::"),
    ],
)
def test_a_dead_button(dialogue: Dialogue, target: Target) -> None:
    """A button that opens nothing any more gets a kind reply with a place to start."""
    reply = dialogue.open(target, Session()).reply
    assert dialogue.catalogue.knowledge.voice.say.stale_button == reply.text
    assert reply.buttons


def test_the_menu_lists_every_section(dialogue: Dialogue) -> None:
    """The menu has a button for each section, in order, and the way to the other guides."""
    knowledge = dialogue.catalogue.knowledge
    reply = dialogue.open(Target("menu", knowledge.primary.id), Session()).reply
    titles = [section.title for section in knowledge.primary.file.sections]
    assert [*titles, knowledge.voice.several_guides.all_guides] == labels(reply.buttons)


def test_a_section_lists_all_its_entries(dialogue: Dialogue) -> None:
    """A section's menu has a button for each of its entries, and the way back."""
    guide = dialogue.catalogue.knowledge.primary
    section = guide.file.sections[0]
    reply = dialogue.open(Target("menu", f"{guide.id}/{section.id}"), Session()).reply
    expected = [entry.ask for entry in dialogue.catalogue.in_section(guide.id, section)]
    assert [*expected, dialogue.catalogue.knowledge.voice.labels.back] == labels(reply.buttons)


def test_every_entry_is_in_the_menus(dialogue: Dialogue) -> None:
    """Every entry of the guide can be reached from the menu of all sections."""
    guide = dialogue.catalogue.knowledge.primary
    listed = {
        entry.uid
        for section in guide.file.sections
        for entry in dialogue.catalogue.in_section(guide.id, section)
    }
    assert {entry.uid for entry in guide.entries} == listed


def test_a_safety_entry_opens_as_a_referral(dialogue: Dialogue) -> None:
    """A red flag's reply is a referral by button as well."""
    assert dialogue.open(Target("", "safety-pain"), Session()).reply.decision == "refer"


def test_why_after_a_button(dialogue: Dialogue) -> None:
    """Asked why after a button, the bot says that it was opened and gives no percentage."""
    _, session, *_ = dialogue.open(Target("", "hip-thrust/frequency"), Session())
    text = dialogue.respond(Question("why?"), session).reply.text
    assert "you opened" in text.split("\n")[0]


def test_a_menu_keeps_the_last_answer(dialogue: Dialogue) -> None:
    """Browsing doesn't make the bot forget what it answered last."""
    _, session, *_ = dialogue.respond(Question(SETS), Session())
    assert session == dialogue.open(Target("menu", "hip-thrust"), session).session


@pytest.mark.parametrize(
    "asked",
    [
        "how many sets and reps should i do",
        "where do my feet go",
        "how often a week should i hip thrust",
        "are hip thrusts better than squats",
    ],
)
@pytest.mark.parametrize("frame", ["hey bot, {} please", "quick question: {}? thanks", "um so {}"])
def test_fillers_do_not_change_the_topic(dialogue: Dialogue, asked: str, frame: str) -> None:
    """The same question among fillers gets the same answer."""
    assert topics(dialogue, asked) == topics(dialogue, frame.format(asked))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hwo mnay sets shuold i do", "sets-reps-effort"),
        ("how ofen a wek shoud i do hip thrsts", "frequency"),
        ("whre shuold my feet go", "foot-position"),
        ("how long shoud i rest betwen sets", "rest-between-sets"),
    ],
)
def test_typing_slips_do_not_matter(dialogue: Dialogue, text: str, expected: str) -> None:
    """A question with several typing slips gets its answer."""
    assert [expected] == topics(dialogue, text)


def test_a_field_outside_is_named(dialogue: Dialogue) -> None:
    """Asked about food, the bot says that no guide covers it, and offers the nearest."""
    reply = talk(dialogue, "how much protein should I eat?")
    assert reply.decision == "abstain"
    assert "None of my guides covers food" in reply.text


def test_the_guide_can_be_named(dialogue: Dialogue) -> None:
    """With the only guide named, the answer is the same."""
    named = dialogue.respond(Question(SETS, "hip-thrust"), Session()).reply
    assert named.topics == talk(dialogue, SETS).topics


def test_the_same_question_gets_the_same_reply(dialogue: Dialogue) -> None:
    """A reply depends on the question and the session only."""
    assert talk(dialogue, SETS) == talk(dialogue, SETS)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", "nothing to answer: empty"),
        ("my groin is numb", "red flag: screen "),
        (SETS, "exact name"),
        ("menu", "opened: menu"),
        ("why?", "nothing to answer: nothing_yet"),
        ("how many sets? and where do my feet go?", "several questions: 2 of 2 are sure"),
        ("how long do i rest when it gets heavy", "confidence "),
    ],
)
def test_every_decision_names_its_rule(dialogue: Dialogue, said: str, expected: str) -> None:
    """Whatever is said, the decision tells what led to it."""
    rule = dialogue.decide(Question(said), Session()).rule
    assert expected == rule[: len(expected)]


def test_a_remark_after_a_referral_goes_on_with_it(dialogue: Dialogue) -> None:
    """Who plays down what was referred, in whatever words, is referred again."""
    reply = talk(dialogue, "can my 74 year old mum start hip thrusts", "she walks the dog daily")
    assert reply.decision == "refer"


def test_something_else_after_a_referral_does_not(dialogue: Dialogue) -> None:
    """Who clearly asks for something else after a referral isn't referred again."""
    reply = talk(dialogue, "can my 74 year old mum start hip thrusts", "who won the world cup?")
    assert reply.decision == "abstain"
