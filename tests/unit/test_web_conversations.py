"""What was said on the page, in memory."""

from bot.channels.web.conversations import MOST_TURNS, Conversation, Conversations
from bot.conversation.model import Button, Reply, Session, Target

REPLY = Reply("answer", "Hello.", "Hello.", buttons=(Button("More", Target("more", "tea/x")),))


def said(conversation: Conversation, text: str) -> int:
    """Add a turn; return its number."""
    return conversation.add(text, REPLY, Session(), asked=True).number


def test_turns_are_numbered() -> None:
    """Turns count from 1, and each is found by its number."""
    conversation = Conversation()
    assert [1, 2] == [said(conversation, "a"), said(conversation, "b")]
    found = conversation.turn(2)
    assert found is not None
    assert found.said == "b"


def test_the_oldest_turns_are_dropped() -> None:
    """A long conversation keeps its end, and numbers don't change."""
    conversation = Conversation()
    for number in range(MOST_TURNS + 1):
        said(conversation, str(number))
    assert MOST_TURNS == len(conversation.turns)
    assert conversation.turn(1) is None
    assert 2 == conversation.turns[0].number


def test_a_button_is_known_by_what_it_opens() -> None:
    """The label of a pressed button is told by the replies, and nothing by what none had."""
    conversation = Conversation()
    said(conversation, "a")
    assert ("More", "") == (conversation.label("more:tea/x"), conversation.label("more:tea/y"))


def test_conversations_are_apart() -> None:
    """One person never sees what another said."""
    conversations = Conversations()
    said(conversations.of("anna"), "a")
    assert [] == conversations.of("bela").turns


def test_the_least_recently_used_is_forgotten() -> None:
    """When too many people talk, the one who was silent for longest is forgotten."""
    conversations = Conversations(most=2)
    for person in ("anna", "bela", "anna", "cleo"):
        said(conversations.of(person), "a")
    kept = [len(conversations.seen(person).turns) for person in ("anna", "bela", "cleo")]
    assert [2, 0, 1] == kept


def test_looking_keeps_nothing() -> None:
    """Who only looks takes nobody's place."""
    conversations = Conversations(most=1)
    said(conversations.of("anna"), "a")
    conversations.seen("bela")
    assert 1 == len(conversations.seen("anna").turns)


def test_a_person_can_be_forgotten() -> None:
    """After forgetting, nothing that was said is left."""
    conversations = Conversations()
    said(conversations.of("anna"), "a")
    conversations.forget("anna")
    assert [] == conversations.seen("anna").turns
