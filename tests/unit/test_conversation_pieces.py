"""How a message is taken apart: several questions, and follow-ups on the last answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.followups import FollowUpReader
from bot.conversation.pieces import MOST_PIECES, questions_in
from bot.knowledge.voice import FollowUps


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How many sets? How often?", ["How many sets?", "How often?"]),
        ("how many sets and how often a week", ["how many sets", "how often a week"]),
        ("how many sets, and also how often", ["how many sets", "how often"]),
        ("how many sets, where do feet go", ["how many sets", "where do feet go"]),
        ("How many sets?\nis it safe", ["How many sets?", "is it safe"]),
        ("I lift a lot. How many sets? And how often?", ["How many sets?", "how often?"]),
        ("how many sets; what about rest", ["how many sets;", "what about rest"]),
    ],
)
def test_questions_are_found_in_order(text: str, expected: list[str]) -> None:
    """A message is cut at sentence ends, line breaks, and where a new question begins."""
    assert expected == questions_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "how many sets and reps",
        "how many sets?",
        "squats and deadlifts or hip thrusts?",
        "I train twice a week. My glutes are sore.",
        "why? how?",
        "",
        "?!?",
    ],
)
def test_one_question_is_not_taken_apart(text: str) -> None:
    """A message with one question or none stays whole."""
    assert questions_in(text) == []


def test_the_number_of_questions_is_limited() -> None:
    """A message of very many questions gives the first few."""
    assert len(questions_in("how many sets? " * 50)) == MOST_PIECES


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(["how many", "and", "?", ",", "\n", "also", "sets", "."])))
def test_pieces_are_parts_of_the_message(parts: list[str]) -> None:
    """Nothing is made up: every piece stands in the message."""
    text = " ".join(parts)
    assert all(piece in text for piece in questions_in(text))


@pytest.fixture(scope="module")
def reader() -> FollowUpReader:
    """Return a reader of a few follow-ups."""
    return FollowUpReader(
        FollowUps(
            why=("why", "how come"),
            more=("more", "go on"),
            sources=("source", "whats the source"),
            figure=("show me",),
            about=("what about", "and for", "and", "but what about"),
        )
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("why?", "why"),
        ("  WHY??", "why"),
        ("How come?", "why"),
        ("more", "more"),
        ("Go on...", "more"),
        ("What's the source?", "sources"),
        ("Show me!", "figure"),
    ],
)
def test_a_view_is_asked_for_in_few_words(reader: FollowUpReader, text: str, expected: str) -> None:
    """What asks for a view is recognised, however it is punctuated."""
    assert expected == reader.view(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oh whats the source, so that I can show my brother at home", "sources"),
        ("whats the source or did you just hear it somewhere", "sources"),
        ("whats the source of all of the pain that I have", None),
    ],
)
def test_more_words_may_follow_one_that_joins(
    reader: FollowUpReader, text: str, expected: str | None
) -> None:
    """What asks for a view does so whatever is joined to it, but not if it only goes on."""
    assert expected == reader.view(text)


@pytest.mark.parametrize("text", ["why squats", "more sets", "", "the source of my pain"])
def test_a_question_of_its_own_is_no_view(reader: FollowUpReader, text: str) -> None:
    """Words around it make it a question of its own."""
    assert reader.view(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what about squats?", "squats"),
        ("And for beginners?", "beginners"),
        ("and beginners", "beginners"),
        ("but what about my feet", "my feet"),
        ("squats then", "squats then"),
    ],
)
def test_a_follow_up_says_what_it_is_about(
    reader: FollowUpReader, text: str, expected: str
) -> None:
    """The beginning falls off; what is left, or a very short message, is the subject."""
    assert expected == reader.about(text)


@pytest.mark.parametrize(
    "text",
    ["", "how many sets should I do", "what about squats if I only have dumbbells at home now"],
)
def test_a_full_question_is_no_follow_up(reader: FollowUpReader, text: str) -> None:
    """Nothing, a question that stands alone, or a long one is no follow-up."""
    assert reader.about(text) == ""
