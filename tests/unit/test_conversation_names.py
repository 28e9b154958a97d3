"""What is typed alone and names something opens it, without guessing."""

import pytest

from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question, Reply, Session


def asked(dialogue: Dialogue, text: str) -> Reply:
    """Return the reply to `text` in a new conversation."""
    return dialogue.respond(Question(text), Session()).reply


def topics(dialogue: Dialogue, text: str) -> list[str]:
    """Return the public topics of the reply to `text`."""
    return [dialogue.catalogue.public(uid) for uid in asked(dialogue, text).topics]


def test_every_question_on_a_button_opens_its_entry_when_typed(dialogue: Dialogue) -> None:
    """Typing what a button says does what the button does."""
    opened = {
        entry.ask: (topics(dialogue, entry.ask), [dialogue.catalogue.public(entry.uid)])
        for entry in dialogue.catalogue.knowledge.entries
    }
    assert {} == {ask: found for ask, (found, own) in opened.items() if found != own}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("form", "setup-repeatable"),
        ("Hip thrust form?", "setup-repeatable"),
        ("hip thrusts", "what-is-hip-thrust"),
        ("hey, caveats please", "caveats"),
        ("should I hip thrust?", "decision-checkpoints"),
        ("sources", "references"),
    ],
)
def test_a_name_opens_its_entry(dialogue: Dialogue, text: str, topic: str) -> None:
    """A name opens its entry, with fillers and the guide's subject around it too."""
    assert [topic] == topics(dialogue, text)


def test_the_name_of_a_section_opens_its_menu(dialogue: Dialogue) -> None:
    """A section's title lists its entries as buttons."""
    reply = asked(dialogue, "terms")
    assert "term-rpe" in [dialogue.catalogue.public(button.opens.name) for button in reply.buttons]


def test_a_name_tells_what_it_matched(dialogue: Dialogue) -> None:
    """The evidence of a named entry is the name itself."""
    match = asked(dialogue, "form").match
    assert match is not None
    assert ("form", 1.0) == (match.phrase, match.confidence)


def test_sources_after_an_answer_are_that_answers(dialogue: Dialogue) -> None:
    """A word that is both a follow-up and a name means the last answer."""
    session = dialogue.respond(Question("What is RPE?"), Session()).session
    reply = dialogue.respond(Question("sources"), session).reply
    assert ("hip-thrust/term-rpe",) == reply.topics


def test_a_screened_red_flag_is_sure(dialogue: Dialogue) -> None:
    """A screen is a rule: its referral is no guess."""
    reply = asked(dialogue, "my knee hurts when I push up")
    assert ("refer", 1.0) == (reply.decision, reply.confidence)
