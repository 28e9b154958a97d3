"""Bad input: whatever an update, a button, a link or a query holds, the bot answers for itself.

FUZZ says how many cases each test tries (60); the page, its desk and YAML are in test_fuzz_desk.py.
"""

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from bot.channels.telegram.arrivals import arrival_of, kind_of
from bot.channels.telegram.callbacks import unpack
from bot.channels.telegram.inline import entries_for
from bot.channels.telegram.links import named
from bot.channels.webhook.application import Desk, build_webhook
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question, Session, Target
from bot.stores import content
from tests.conftest import needs_shared
from tests.contract.places import NOON
from tests.e2e.wire import DAY, FakeWire, Talk, Validate, load_validator, started
from tests.fuzzing import JSON, fuzz, quick

LONGEST = 4096

FIELDS = (
    "message",
    "callback_query",
    "inline_query",
    "chat",
    "from",
    "id",
    "text",
    "data",
    "update_id",
)
SHAPED = st.recursive(
    st.none() | st.integers(-(2**70), 2**70) | st.text(max_size=20) | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6)
    ),
    max_leaves=20,
)
WORDS = st.text(max_size=300) | st.sampled_from(
    [
        "<b>",
        "&amp;",
        "\u202e",
        "\0",
        "🫖" * 3000,
        "a" * 4096,
        "/",
        "/@",
        "@",
        "why?",
        "and?",
        "\ud800",
    ]
)
DATA = st.text(max_size=64) | st.builds(
    "{}:{}/{}".format,
    st.sampled_from(
        ["", "why", "more", "menu", "turn", "page", "remind", "zone", "quiz", "up", "forget"]
    ),
    st.sampled_from(["tea", "", "..", "0", "-1"]),
    st.sampled_from(["steep", "brew", "", "99999999999999999999", "%", "a/b/c"]),
)


@pytest.fixture(scope="module")
def validate() -> Validate:
    """Return the independent judge of requests."""
    return load_validator(needs_shared("bot_api"))


@pytest.fixture
async def talk(validate: Validate, tea_dialogue: Dialogue) -> AsyncIterator[Talk]:
    """Return a talk with a bot on the small guide, for which every look at the clock is a minute.

    So nobody floods.
    """
    wire = FakeWire(validate)
    minutes = count()
    application = started(
        tea_dialogue, wire, clock=lambda: NOON + next(minutes) * timedelta(minutes=1)
    )
    async with application:
        yield Talk(application, wire)


@fuzz
@given(update=JSON | SHAPED)
def test_any_json_is_an_update_or_none(update: Any) -> None:
    """Whatever comes in is recognised or passed over; what is recognised can be kept."""
    with quick():
        known = kind_of(update)
    if known:
        assert json.loads(arrival_of(update).content) == json.loads(json.dumps(update))


@fuzz
@given(body=st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_taken_or_refused(body: bytes) -> None:
    """Whatever is posted gets an answer: it is safe, or it can't be read."""

    async def take(_update: object) -> bytes:
        return b""

    page = build_webhook(Desk(take, {}, lambda: (b"", "")), "secret", "/hook")
    headers = {"X-Telegram-Bot-Api-Secret-Token": "secret"}
    with quick():
        answer = TestClient(page).post("/hook", content=body, headers=headers)
    assert answer.status_code in (200, 400)


@fuzz
@given(words=WORDS, chat=st.sampled_from([7, -5]))
async def test_any_words_get_a_reply_that_telegram_takes(talk: Talk, words: str, chat: int) -> None:
    """Whatever somebody types, nothing breaks, hangs, or is sent that Telegram would refuse."""
    with quick():
        await talk.say(words, chat=chat)
    assert talk.wire.problems == []


@fuzz
@given(data=DATA)
async def test_any_button_gets_a_reply_that_telegram_takes(talk: Talk, data: str) -> None:
    """Whatever a button carries, old or forged, it opens something or is told to be dead."""
    with quick():
        await talk.press(data)
    assert talk.wire.problems == []


@fuzz
@given(payload=st.text(max_size=64) | st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True))
async def test_any_link_opens_something(talk: Talk, payload: str) -> None:
    """Whatever stands behind ``?start=``, one message comes."""
    with quick():
        sent = await talk.say(f"/start {payload}")
    assert (True, []) == (bool(sent), talk.wire.problems)


@fuzz
@given(query=WORDS)
def test_any_inline_query_gets_at_most_ten_cards(tea_dialogue: Dialogue, query: str) -> None:
    """Whatever is typed after the bot's name, a few answers come, each once."""
    with quick():
        entries = entries_for(tea_dialogue, query[:256])
    assert len({entry.uid for entry in entries}) == len(entries) <= 10


@fuzz
@given(words=WORDS, last=st.text(max_size=20))
def test_no_reply_holds_what_was_typed_unescaped(
    tea_dialogue: Dialogue, words: str, last: str
) -> None:
    """Telegram's HTML in a reply is the bot's own, whatever was typed, and fits one message."""
    with quick():
        reply = tea_dialogue.respond(Question(f"<i onx={words}>{words}"), Session(last=last)).reply
    tags = set(re.findall(r"</?\s*([a-z-]+)", reply.html))
    assert tags <= {"b", "i", "a", "blockquote", "code", "u", "s"}
    assert "onx=" not in reply.html
    assert len(reply.html) <= 4 * LONGEST


@fuzz
@given(text=st.text(max_size=80))
def test_any_target_is_read(text: str) -> None:
    """Whatever callback data and link names hold, they are read without an error."""
    with quick():
        assert isinstance(unpack(text), Target)
        assert isinstance(named(text), str)


@fuzz
@given(text=st.text(max_size=200) | JSON.map(json.dumps))
def test_any_kept_session_is_read(text: str) -> None:
    """Whatever a database holds, a session comes out."""
    with quick():
        assert isinstance(content.from_text(text), Session)


def test_a_message_of_any_kind_is_handled() -> None:
    """An update with a moment far away is recognised as well."""
    update = {"update_id": 1, "message": {"date": DAY * 10**6, "chat": {"id": 7}}}
    assert kind_of(update) == "message"
