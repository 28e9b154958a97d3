"""A session as text: whatever stands there, reading it gives a session."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.model import Match, Session
from bot.stores.content import VERSION, as_text, from_text

WORDS = st.text(st.characters())
SHARES = st.floats(0, 1)
SESSIONS = st.builds(
    Session,
    last=WORDS,
    match=st.none() | st.builds(Match, WORDS, SHARES, WORDS, SHARES, SHARES),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(SESSIONS)
def test_a_session_comes_back(session: Session) -> None:
    """Every session can be written and read, whatever characters it holds."""
    assert from_text(as_text(session)) == session


@given(SESSIONS)
def test_the_text_is_ascii(session: Session) -> None:
    """What is written fits into any database."""
    assert as_text(session).isascii()


@given(st.text())
def test_any_text_is_read_as_a_session(text: str) -> None:
    """No text is an error."""
    assert isinstance(from_text(text), Session)


@given(JSON)
def test_any_json_is_read_as_a_session(content: Any) -> None:
    """No content is an error, even with the right version."""
    assert isinstance(from_text(json.dumps({"version": VERSION, "session": content})), Session)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "[" * 100_000,
        '{"session": {"last": "tea/brew"}}',
        json.dumps({"version": VERSION + 1, "session": {"last": "tea/brew"}}),
        json.dumps({"version": VERSION, "session": {"last": 7}}),
        json.dumps({"version": VERSION, "session": {"last": "tea/brew", "match": ["short"]}}),
        json.dumps({"version": VERSION}),
        as_text(Session("tea/brew"))[:-1],
    ],
)
def test_what_cannot_be_read_is_a_new_session(text: str) -> None:
    """Broken content and content of another version begin anew."""
    assert from_text(text) == Session()


def test_what_a_newer_bot_has_added_is_ignored() -> None:
    """A session with the same version and more in it is read as far as it is known."""
    text = json.dumps({"version": VERSION, "session": {"last": "tea/brew", "mood": "fine"}})
    assert from_text(text) == Session("tea/brew")
