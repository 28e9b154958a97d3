"""The page over HTTP, on the small guide: what it answers, and what it refuses."""

import asyncio
import logging
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.app.composition import make_matcher
from bot.channels.web.conversations import Conversations
from bot.channels.web.requests import MOST_BYTES, MOST_CHARACTERS
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question, Session
from bot.conversation.records import Speaker, Vote
from bot.errors import StoreError
from bot.knowledge.loader import load
from bot.matching.matcher import Matcher
from bot.settings import Settings
from bot.stores.bundle import Stores, in_memory, utc_now
from bot.stores.memory.sessions import MemorySessionStore
from bot.stores.memory.tables import Tables
from bot.stores.memory.votes import MemoryVoteStore
from tests.conftest import TODAY
from tests.e2e.web.serving import HERE, OURS, client, words_of

ASKED = "how long do i steep black tea"
GUIDED = Path(__file__).parents[2] / "guided" / "checkpoints.yaml"
PAGES = ["/", "/guide", "/guide/tea", "/search?q=tea", "/static/page.css", "/nowhere", "/why/1"]


class AwayStore(MemorySessionStore):
    """A SessionStore whose database can't be used."""

    async def load(self, speaker: Speaker) -> Session:
        """Fail."""
        raise StoreError(speaker.chat)

    async def save(self, speaker: Speaker, session: Session) -> None:  # noqa: ARG002
        """Fail."""
        raise StoreError(speaker.chat)

    async def forget(self, speaker: Speaker) -> None:
        """Fail."""
        raise StoreError(speaker.chat)


class BrokenStore(MemorySessionStore):
    """A SessionStore with a fault of its own."""

    async def load(self, speaker: Speaker) -> Session:
        """Fail as nobody foresaw."""
        raise RuntimeError(str(speaker))


class LostVotes(MemoryVoteStore):
    """A VoteStore whose database can't be used."""

    async def vote(self, person: str, entry: str, vote: Vote) -> None:  # noqa: ARG002
        """Fail."""
        raise StoreError(person)


def with_sessions(sessions: MemorySessionStore) -> Stores:
    """Return stores in memory, but for one."""
    return replace(in_memory(), sessions=sessions)


@pytest.fixture
def browser(tea_dialogue: Dialogue, tea_matcher: Matcher) -> TestClient:
    """Return a browser with the small guide's page."""
    return client(tea_dialogue, tea_matcher)


def ask(browser: TestClient, question: str) -> str:
    """Ask a question; return the HTML of the turn."""
    answer = browser.post("/ask", json={"question": question}, headers=OURS)
    assert answer.status_code == 200
    return answer.text


def press(browser: TestClient, opens: str) -> str:
    """Press a button; return the HTML of the turn."""
    answer = browser.post("/open", json={"opens": opens}, headers=OURS)
    assert answer.status_code == 200
    return answer.text


def test_a_question_gets_the_reply_of_every_channel(
    browser: TestClient, tea_dialogue: Dialogue
) -> None:
    """The words and the buttons are those that Telegram gets, in the same order."""
    reply = tea_dialogue.respond(Question(ASKED), Session()).reply
    html = ask(browser, ASKED)
    first = reply.text.split("[1]")[0].split("\n")[0]
    assert first in words_of(html)
    places = [html.index(f'data-opens="{button.opens}"') for button in reply.buttons]
    assert len(reply.buttons) == len(places)


def test_a_source_has_a_card(browser: TestClient, tea_dialogue: Dialogue) -> None:
    """A cited source's card tells its full citation and limits."""
    reply = tea_dialogue.respond(Question(ASKED), Session()).reply
    entry = tea_dialogue.catalogue.entry(reply.topics[0])
    assert entry is not None
    source = tea_dialogue.catalogue.source(entry, reply.citations[0].key)
    said = words_of(ask(browser, ASKED))
    assert source.cite in said
    assert source.limits in said


def test_a_button_opens_its_target(browser: TestClient, tea_dialogue: Dialogue) -> None:
    """A pressed button shows its label as said, and what it opens."""
    ask(browser, ASKED)
    html = press(browser, "why:tea/steeping-time")
    say = tea_dialogue.catalogue.knowledge.voice.say
    assert 'class="said"' in html
    assert say.why.split("{")[0] in words_of(html)


@pytest.mark.parametrize("opens", ["tea/gone", "odd:thing", "", ":::", "why:\U0001f600"])
def test_a_dead_button_gets_a_kind_reply(
    browser: TestClient, tea_dialogue: Dialogue, opens: str
) -> None:
    """A target that doesn't exist is said to be old, without an error."""
    stale = tea_dialogue.catalogue.knowledge.voice.say.stale_button
    assert stale in words_of(press(browser, opens))


def test_the_conversation_is_remembered(browser: TestClient) -> None:
    """After an answer, "why" is about that answer; the session stays with the cookie."""
    ask(browser, ASKED)
    assert "I took your question to mean" in words_of(ask(browser, "why"))


def test_a_reload_shows_what_was_said(browser: TestClient) -> None:
    """The page holds every turn, as it was shown when it was new."""
    turn = ask(browser, ASKED)
    assert words_of(turn) in words_of(browser.get("/").text)


def test_a_stranger_sees_nothing(browser: TestClient) -> None:
    """Without the cookie, the page holds no turn and tells no reply's way."""
    ask(browser, ASKED)
    browser.cookies.clear()
    assert 'class="turn"' not in browser.get("/").text
    assert browser.get("/why/1").status_code == 404


def test_the_session_lives_in_the_store(tea_dialogue: Dialogue, tea_matcher: Matcher) -> None:
    """After a restart the turns are gone, but "why" still knows the last answer."""
    stores = in_memory()
    before, after = (client(tea_dialogue, tea_matcher, stores) for _ in range(2))
    ask(before, ASKED)
    after.cookies = before.cookies
    assert 'class="turn"' not in after.get("/").text
    assert "I took your question to mean" in words_of(ask(after, "why"))


def test_a_new_chat_begins_anew(browser: TestClient) -> None:
    """After "new chat" the turns and the session are gone, and the cookie is the same."""
    ask(browser, ASKED)
    person = browser.cookies["guidebot"]
    assert browser.post("/anew", json={}, headers=OURS).status_code == 204
    assert person == browser.cookies["guidebot"]
    assert 'class="turn"' not in browser.get("/").text
    assert "There's no answer yet" in words_of(ask(browser, "why"))


def test_a_new_chat_keeps_what_was_set(browser: TestClient, tea_dialogue: Dialogue) -> None:
    """Settings outlive a conversation, as in every channel."""
    press(browser, "set:length/short")
    browser.post("/anew", json={}, headers=OURS)
    lengths = tea_dialogue.catalogue.knowledge.voice.personal.lengths
    assert lengths["short"] in words_of(press(browser, "mine:settings"))


def test_forgetting_leaves_nothing(browser: TestClient, tea_dialogue: Dialogue) -> None:
    """Who lets everything be erased finds neither turns nor settings, only that it is done."""
    ask(browser, ASKED)
    press(browser, "set:length/short")
    html = press(browser, "mine:forget-now")
    said = tea_dialogue.catalogue.knowledge.voice.personal
    assert "data-anew" in html
    assert browser.get("/").text.count('class="turn"') == 1
    assert said.say.forgotten in words_of(browser.get("/").text)
    assert said.lengths["normal"] in words_of(press(browser, "mine:settings"))


def test_a_vote_is_kept_and_noted(tea_dialogue: Dialogue, tea_matcher: Matcher) -> None:
    """A thumb leads to a notice, no turn, and the vote is in the store that all channels share."""
    stores = in_memory()
    browser = client(tea_dialogue, tea_matcher, stores)
    ask(browser, ASKED)
    thanks = tea_dialogue.catalogue.knowledge.voice.personal.say.thanks
    assert f'<p class="notice">{thanks}</p>' == press(browser, "up:tea/steeping-time").strip()
    assert browser.get("/").text.count('class="turn"') == 1
    vote = asyncio.run(stores.votes.of(f"web:{browser.cookies['guidebot']}", "tea/steeping-time"))
    assert Vote(1) == vote


def test_a_vote_that_can_not_be_kept_gets_no_thanks(
    tea_dialogue: Dialogue, tea_matcher: Matcher
) -> None:
    """If the database is away, the notice says so."""
    lost = replace(in_memory(), votes=LostVotes(Tables(), utc_now))
    browser = client(tea_dialogue, tea_matcher, lost)
    not_kept = tea_dialogue.catalogue.knowledge.voice.personal.say.not_kept
    assert not_kept in words_of(press(browser, "up:tea/steeping-time"))


def test_questions_in_vain_are_kept(tea_dialogue: Dialogue, tea_matcher: Matcher) -> None:
    """What isn't covered, none of these and a thumb down are kept, and nobody's id with them."""
    stores = in_memory()
    browser = client(tea_dialogue, tea_matcher, stores)
    ask(browser, "which coffee machine should i buy")
    press(browser, "none:these")
    ask(browser, ASKED)
    press(browser, "down:tea/steeping-time")
    kept = asyncio.run(stores.misses.since(datetime.min.replace(tzinfo=UTC)))
    assert ["abstain", "none_of_these", "thumbs_down"] == [miss.kind for miss in kept]
    assert browser.cookies["guidebot"] not in str(kept)


def test_answers_are_counted(tea_dialogue: Dialogue, tea_matcher: Matcher) -> None:
    """A typed question counts for its day: the kind of reply, its topic and how long it took."""
    stores = in_memory()
    browser = client(tea_dialogue, tea_matcher, stores)
    ask(browser, ASKED)
    press(browser, "tea/water-heat")
    counts = asyncio.run(stores.counters.between(date.min, date.max))
    assert {"asked": 1, "topic": 1, "took": 1} == {each.kind: each.n for each in counts}


def test_a_persons_data_is_a_file(browser: TestClient) -> None:
    """Who asks for their data gets a file that holds what they set, and nobody else gets it."""
    press(browser, "set:length/short")
    html = press(browser, "mine:export")
    path = html.split('href="/documents/')[1].split('"')[0]
    answer = browser.get(f"/documents/{path}")
    assert "short" == answer.json()["profiles"][0]["reply_length"]
    assert "attachment" in answer.headers["content-disposition"]
    browser.cookies.clear()
    assert browser.get(f"/documents/{path}").status_code == 404


def test_the_checkpoints_go_on_after_a_restart(folder: Path, tmp_path: Path) -> None:
    """The open question is in the store: a page that was started anew reads the answer to it."""
    shutil.copy(GUIDED, folder / "tea")
    knowledge = load(folder, TODAY)
    settings = Settings.read({"CACHE_DIR": str(tmp_path / "cache")})
    matcher, stores = make_matcher(knowledge, settings), in_memory()
    dialogue = Dialogue(knowledge, matcher)
    before, after = (client(dialogue, matcher, stores) for _ in range(2))
    press(before, "step:tea")
    after.cookies = before.cookies
    assert "Noted: Mild." in words_of(ask(after, "light"))


def test_without_a_database_the_page_still_answers(
    tea_dialogue: Dialogue, tea_matcher: Matcher, caplog: pytest.LogCaptureFixture
) -> None:
    """An answer needs no memory; the log says that it is missing."""
    browser = client(tea_dialogue, tea_matcher, with_sessions(AwayStore()))
    assert 'class="turn"' in ask(browser, ASKED)
    assert ["a conversation is not remembered", "a conversation is not kept"] == [
        record.getMessage().partition(":")[0] for record in caplog.records
    ]


def test_forgetting_in_vain_is_told(tea_dialogue: Dialogue, tea_matcher: Matcher) -> None:
    """If the database can't forget a conversation, nobody is told that it did."""
    browser = client(tea_dialogue, tea_matcher, with_sessions(AwayStore()))
    ask(browser, ASKED)
    assert browser.post("/anew", json={}, headers=OURS).status_code == 503


def test_a_fault_shows_an_apology_and_no_trace(
    tea_dialogue: Dialogue, tea_matcher: Matcher, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of our own is a kind sentence; the log has its place and nobody's words."""
    browser = client(tea_dialogue, tea_matcher, with_sessions(BrokenStore()))
    with caplog.at_level(logging.ERROR):
        answer = browser.post("/ask", json={"question": "my secret"}, headers=OURS)
    assert answer.status_code == 500
    assert tea_dialogue.catalogue.knowledge.voice.say.failure in words_of(answer.text)
    assert "Traceback" not in answer.text
    assert "RuntimeError at test_page.py" in caplog.text
    assert "secret" not in caplog.text


def test_why_tells_the_way_of_a_question(browser: TestClient) -> None:
    """The panel has the normalised question, five probabilities, the decision and its rule."""
    ask(browser, "How long do I STEEP black tea??")
    html = browser.get("/why/1", headers=OURS).text
    assert html.count("<tr") - 1 == 6
    said = words_of(html)
    assert "how long do i steep black tea" in said
    assert "Decision Answer" in said
    assert "Rule confidence" in said


def test_why_of_a_button_is_told_too(browser: TestClient) -> None:
    """A reply that a button opened was not matched, and the panel says so."""
    press(browser, "tea/water-heat")
    assert "nothing had to be matched" in browser.get("/why/1", headers=OURS).text


@pytest.mark.parametrize(
    "question", ["", "???", "\x00", "\u202e evil", "<script>alert(1)</script>", "{{ 7*7 }}"]
)
def test_anything_typed_is_answered_and_escaped(browser: TestClient, question: str) -> None:
    """Whatever is typed gets a reply, and never becomes part of the page."""
    html = ask(browser, question)
    assert "<script" not in html
    assert "49" not in html


def test_the_guide_holds_every_entry(browser: TestClient, tea_dialogue: Dialogue) -> None:
    """Each entry of the guide has a heading with its id, its answer's words and its review."""
    html = browser.get("/guide").text
    guide = tea_dialogue.catalogue.knowledge.primary
    assert [] == [entry.id for entry in guide.entries if f'id="{entry.id}"' not in html]
    assert html.count("Last reviewed") >= len(guide.entries)


def test_every_link_inside_the_guide_leads_somewhere(browser: TestClient) -> None:
    """Each #link of the guide's page has its target on the page, and no id stands twice."""
    html = browser.get("/guide").text
    ids = [part.split('"')[0] for part in html.split(' id="')[1:]]
    links = {part.split('"')[0] for part in html.split('href="#')[1:]}
    assert set() == links - set(ids)
    assert sorted(set(ids)) == sorted(ids)


def test_the_search_is_the_matcher(browser: TestClient) -> None:
    """A search in one's own words finds the entry that the chat would answer with."""
    found = browser.get("/search/tea", params={"q": ASKED}).json()
    assert found[0]["id"] == "steeping-time"


def test_a_red_flag_comes_first_in_a_search(browser: TestClient, tea_dialogue: Dialogue) -> None:
    """What the chat would refer to care, the search finds first."""
    question = "i burned my arm, a scalded child"
    reply = tea_dialogue.respond(Question(question), Session()).reply
    assert reply.decision == "refer"
    found = browser.get("/search", params={"q": question}).json()
    assert reply.topics[0] == found[0]["id"]


def test_a_search_works_without_the_script(browser: TestClient) -> None:
    """The form alone shows what was found, on the guide's page."""
    html = browser.get("/guide/tea", params={"q": ASKED}).text
    assert '<a href="#steeping-time">' in html.split('id="found"')[1].split("</ol>")[0]


@pytest.mark.parametrize("path", PAGES)
def test_every_reply_has_the_security_headers(browser: TestClient, path: str) -> None:
    """No inline script or style, no frame, no sniffing, no referrer for others, on any page."""
    headers = browser.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert ("DENY", "nosniff", "same-origin") == (
        headers["x-frame-options"],
        headers["x-content-type-options"],
        headers["referrer-policy"],
    )


@pytest.mark.parametrize("path", ["/", "/guide", "/nowhere"])
def test_no_page_has_inline_script_or_style(browser: TestClient, path: str) -> None:
    """What the policy forbids isn't there: no handler, no style, no script without a file."""
    ask(browser, ASKED)
    html = browser.get(path).text
    assert [] == [sign for sign in (" style=", "<style", " onclick=", "<script>") if sign in html]


def test_looking_sets_no_cookie(browser: TestClient) -> None:
    """Who only reads gets no cookie."""
    assert "set-cookie" not in browser.get("/").headers
    assert "set-cookie" not in browser.get("/guide").headers


def test_the_cookie_is_random_and_closed(browser: TestClient) -> None:
    """The only cookie is a random id that scripts and other sites can't use."""
    answer = browser.post("/ask", json={"question": ASKED}, headers=OURS)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert 22 == len(browser.cookies["guidebot"])


def test_an_odd_cookie_is_replaced(browser: TestClient) -> None:
    """A cookie that isn't one of ours counts as none."""
    browser.cookies.set("guidebot", "../../etc/passwd", domain="127.0.0.1")
    answer = browser.post("/ask", json={"question": ASKED}, headers=OURS)
    assert "etc" not in answer.headers["set-cookie"]


@pytest.mark.parametrize("path", ["/ask", "/open", "/anew"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": HERE},
        {"X-Guidebot": "1", "Origin": "https://evil.example"},
        {"X-Guidebot": "1", "Origin": "null"},
        {"X-Guidebot": "1", "Origin": "http://127.0.0.1:9999"},
    ],
)
def test_other_pages_can_change_nothing(
    browser: TestClient, path: str, headers: dict[str, str]
) -> None:
    """A POST without our script's header, or from another origin, is refused."""
    answer = browser.post(path, json={"question": ASKED}, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[", "evil:80:80"])
def test_a_strange_host_is_refused_on_loopback(browser: TestClient, host: str) -> None:
    """A name that was made to point here (DNS rebinding) gets nothing."""
    assert browser.get("/", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "[::1]:8080", "LOCALHOST"])
def test_this_machines_names_are_answered(browser: TestClient, host: str) -> None:
    """Every name of this machine itself is answered."""
    assert browser.get("/", headers={"Host": host}).status_code == 200


def test_beyond_loopback_any_name_is_answered(tea_dialogue: Dialogue, tea_matcher: Matcher) -> None:
    """Bound to a network, the page can't know its names."""
    browser = client(tea_dialogue, tea_matcher, local=False)
    assert browser.get("/", headers={"Host": "tea.local"}).status_code == 200


BAD: list[tuple[dict[str, Any], int]] = [
    ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 422),
    ({"content": b'{"question": "\\ud800"}', "headers": {"Content-Type": "application/json"}}, 422),
    ({"content": b"[" * 9000, "headers": {"Content-Type": "application/json"}}, 422),
    ({"json": {}}, 422),
    ({"json": []}, 422),
    ({"json": {"question": 5}}, 422),
    ({"json": {"question": "a", "more": "b"}}, 422),
    ({"json": {"question": "a" * (MOST_CHARACTERS + 1)}}, 413),
    ({"json": {"question": "a" * MOST_BYTES}}, 413),
    ({"data": {"question": "a"}}, 415),
    ({"content": b""}, 415),
]


@pytest.mark.parametrize(("given", "status"), BAD)
def test_what_can_not_be_read_is_refused_kindly(
    browser: TestClient, given: dict[str, Any], status: int
) -> None:
    """A body of another shape, type or size gets a sentence, and nothing is kept."""
    answer = browser.post("/ask", **{**given, "headers": {**given.get("headers", {}), **OURS}})
    assert status == answer.status_code
    assert 'class="problem"' in answer.text
    assert len(words_of(answer.text)) > 20
    assert "set-cookie" not in answer.headers


def test_the_longest_question_is_answered(browser: TestClient) -> None:
    """A question of the greatest length is read."""
    assert 'class="turn"' in ask(browser, "tea " * (MOST_CHARACTERS // 4))


@pytest.mark.parametrize(
    "path", ["/nowhere", "/guide/nowhere", "/figures/tea/../guide.yaml", "/figures/tea/x.png"]
)
def test_what_is_not_there_is_told_kindly(browser: TestClient, path: str) -> None:
    """An address without a page gets a page that leads back."""
    answer = browser.get(path)
    assert answer.status_code == 404
    assert '<a href="/guide">' in answer.text


def test_a_wrong_method_is_told_kindly(browser: TestClient) -> None:
    """An address used in the wrong way gets a sentence."""
    assert browser.get("/ask").status_code == 405
    assert browser.post("/guide", headers=OURS).status_code == 405


def test_a_search_is_bounded(browser: TestClient) -> None:
    """A search that is too long is refused, and an empty one finds nothing."""
    assert browser.get("/search", params={"q": "a" * 301}).status_code == 413
    assert [] == browser.get("/search", params={"q": " ?! "}).json()


def test_conversations_are_bounded() -> None:
    """However many people come, memory holds so many conversations."""
    conversations = Conversations(most=3)
    for number in range(10):
        conversations.of(str(number))
    assert 3 == sum(person in conversations._kept for person in map(str, range(10)))
