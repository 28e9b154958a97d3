"""The desk over HTTP, on a copy of the small guide: who may come in, and what forms do."""

import re
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
import yaml
from starlette.testclient import TestClient

from bot.authoring.model import NewPhrasings
from bot.channels.web.admissions import Admissions
from bot.channels.web.bench import Bench
from bot.channels.web.requests import MOST_BYTES
from bot.errors import KnowledgeError
from tests.authoring import LATE, Workplace
from tests.e2e.web.serving import HERE, Office, client, words_of

TOKEN = "open sesame"  # noqa: S105 - made up
ORIGIN = {"Origin": HERE}
FORMS = ["/desk/enter", "/desk/leave", "/desk/questions/x/try", "/desk/questions/x/dismiss"]
PAGES = ["/desk", "/desk/questions/x", "/desk/trials/x"]


@pytest.fixture
def visitor(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """Return a browser on the machine itself; one question waits, and trials are over at once."""
    workplace.ask_in_vain()
    monkeypatch.setattr("bot.channels.web.bench._in_thread", at_once)
    return Office(workplace).client()


def at_once(work: Callable[[], None]) -> None:
    """Do `work` now."""
    work()


def seal(html: str) -> str:
    """Return the seal of the forms on a page."""
    return html.split('name="seal" value="')[1].split('"', maxsplit=1)[0]


def send(browser: TestClient, path: str, **fields: str) -> httpx2.Response:
    """Send a form as the page at its address has it; follow where it leads."""
    page = browser.get("/desk").text
    link = re.search(r"/desk/questions/\w+", page)
    sealed = seal(browser.get(link[0]).text) if link else fields.pop("sealed", "")
    path = path.replace("QUESTION", link[0] if link else "")
    answer = browser.post(path, data={"seal": sealed, **fields}, headers=ORIGIN)
    if answer.status_code == 303:
        return browser.get(answer.headers["location"])
    return answer


def attempt(browser: TestClient, **fields: str) -> httpx2.Response:
    """Propose that the question asks for the entry on tea at night."""
    return send(browser, "QUESTION/try", **{"uid": "tea/tea-at-night", "texts": LATE, **fields})


def test_the_overview_has_what_was_asked_in_vain(visitor: TestClient) -> None:
    """The question, how often, how it came, and what is nearest."""
    said = words_of(visitor.get("/desk").text)
    assert f"1 {LATE} 1 not covered Nearest: Does tea keep me awake?" in said


def test_the_accept_round_trip(visitor: TestClient, workplace: Workplace) -> None:
    """Tried, shown, confirmed: it is written, backed up, settled, and answered by this page."""
    shown = attempt(visitor)
    assert f'+ - "{LATE}"' in words_of(shown.text)
    assert not workplace.readers.exists()
    path = shown.text.split('action="')[1].split('"')[0]
    done = visitor.post(path, data={"seal": seal(shown.text)}, headers=ORIGIN)
    assert "Written" in words_of(done.text)
    assert {"tea-at-night": [LATE]} == yaml.safe_load(workplace.readers.read_text())["phrasings"]
    assert "Nothing is waiting" in visitor.get("/desk").text
    assert list(workplace.settings.data_dir.glob("backups/*"))
    ours = {"X-Guidebot": "1", **ORIGIN}
    assert (
        'class="reply answer"' in visitor.post("/ask", json={"question": LATE}, headers=ours).text
    )


def test_the_conversation_outlives_the_change(visitor: TestClient) -> None:
    """Who was talking when the guide changed still sees what was said."""
    visitor.post("/ask", json={"question": "how hot"}, headers={"X-Guidebot": "1", **ORIGIN})
    shown = attempt(visitor)
    path = shown.text.split('action="')[1].split('"')[0]
    visitor.post(path, data={"seal": seal(shown.text)}, headers=ORIGIN)
    assert visitor.get("/").text.count('class="turn"') == 1


def test_a_guide_that_broke_meanwhile_is_told(visitor: TestClient, workplace: Workplace) -> None:
    """If another file can't be read by then, the page says that it answers from the old guide."""
    shown = attempt(visitor)
    (workplace.folder / "tea" / "words.yaml").write_text("fillers: 5\n")
    with pytest.raises(KnowledgeError):
        workplace.desk()
    path = shown.text.split('action="')[1].split('"')[0]
    done = visitor.post(path, data={"seal": seal(shown.text)}, headers=ORIGIN)
    assert "still answers from the one before" in done.text
    assert visitor.get("/").status_code == 200


def test_problems_are_shown_without_a_way_to_write(visitor: TestClient) -> None:
    """What check complains of is listed; there is no button to write it."""
    shown = attempt(visitor, texts="how hot should the water be")
    assert "Check complains" in shown.text
    assert "Write it" not in shown.text


def test_a_faulty_form_comes_back_as_it_was(visitor: TestClient) -> None:
    """What was typed stands in the form again, with what is wrong with it."""
    answer = attempt(visitor, what="entry", title="Mugs", id="No Id")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="Mugs"' in answer.text


def test_dismissing_empties_the_desk(visitor: TestClient) -> None:
    """A dismissed question is gone."""
    assert "Nothing is waiting" in send(visitor, "QUESTION/dismiss").text


def test_a_question_is_text_whatever_it_holds(workplace: Workplace) -> None:
    """Markup that somebody asked is shown as text on every page of the desk."""
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    workplace.ask_in_vain(evil)
    browser = Office(workplace).client()
    page = browser.get("/desk").text
    link = re.search(r"/desk/questions/\w+", page)
    assert link
    for html in (page, browser.get(link[0]).text):
        assert "<script>" not in html
        assert "&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    ("headers", "sealed"),
    [
        ({}, True),
        ({"Origin": "https://evil.example"}, True),
        ({"Origin": "null"}, True),
        (ORIGIN, False),
        ({"X-Guidebot": "1"}, True),
    ],
)
def test_other_pages_can_send_no_form(
    visitor: TestClient, path: str, headers: dict[str, str], *, sealed: bool
) -> None:
    """A form of another origin, or without our seal, is refused."""
    link = re.findall("/desk/questions/[0-9a-f]+", visitor.get("/desk").text)[0]
    good = seal(visitor.get(link).text)
    data = {"seal": good if sealed else "f" * 64, "token": "x"}
    assert visitor.post(path, data=data, headers=headers).status_code == 403


def test_every_form_of_the_desk_wants_a_seal(visitor: TestClient, workplace: Workplace) -> None:
    """No address of the desk takes a POST without a seal, whichever there are."""
    routes = Office(workplace).page._page.routes
    posts = [one.path for one in routes if "POST" in (getattr(one, "methods", None) or ())]  # type: ignore[attr-defined] # of routes
    desk = [path for path in posts if path.startswith("/desk")]
    assert len(desk) == 5
    for path in desk:
        address = path.replace("{cluster}", "x").replace("{trial}", "x")
        assert visitor.post(address, data={"seal": ""}, headers=ORIGIN).status_code == 403


def test_a_seal_belongs_to_one_browser(visitor: TestClient, workplace: Workplace) -> None:
    """The seal that another browser got opens nothing."""
    other = Office(workplace).client()
    link = re.findall("/desk/questions/[0-9a-f]+", other.get("/desk").text)[0]
    foreign = seal(other.get(link).text)
    visitor.get("/desk")
    answer = visitor.post(f"{link}/dismiss", data={"seal": foreign}, headers=ORIGIN)
    assert (403, [LATE]) == (answer.status_code, workplace.waiting())


BAD: list[tuple[dict[str, Any], int]] = [
    ({"json": {"seal": "a"}}, 415),
    ({"content": b"a=b", "headers": {"Content-Type": "text/plain"}}, 415),
    ({"data": {"seal": "a" * MOST_BYTES}}, 413),
    ({"data": {str(number): "" for number in range(50)}}, 422),
    (
        {"content": b"seal=%ff", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        422,
    ),
]


@pytest.mark.parametrize(("given", "status"), BAD)
def test_a_form_is_bounded(visitor: TestClient, given: dict[str, Any], status: int) -> None:
    """What is no form, or too large, is refused kindly."""
    headers = {**ORIGIN, **given.get("headers", {})}
    answer = visitor.post("/desk/questions/x/dismiss", **{**given, "headers": headers})
    assert status == answer.status_code
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("path", ["/desk/questions/x", "/desk/trials/x", "/desk/nowhere"])
def test_what_is_gone_is_told_kindly(visitor: TestClient, path: str) -> None:
    """A question that was settled meanwhile, or a trial that was forgotten, is said to be gone."""
    assert visitor.get(path).status_code == 404


def test_the_desks_cookie_is_random_and_closed(visitor: TestClient) -> None:
    """It is for the desk alone, and neither scripts nor other sites can use it."""
    cookie = visitor.get("/desk").headers["set-cookie"]
    assert [] == [
        part for part in ("HttpOnly", "Path=/desk", "SameSite=strict") if part not in cookie
    ]


def test_without_a_desk_there_is_none(tea_dialogue: Any, tea_matcher: Any) -> None:
    """A page that was made without a desk has no such address, and no link to it."""
    browser = client(tea_dialogue, tea_matcher)
    assert browser.get("/desk").status_code == 404
    assert 'href="/desk"' not in browser.get("/").text


@pytest.fixture
def stranger(workplace: Workplace) -> TestClient:
    """Return a browser that comes over the network to a desk with a token."""
    workplace.ask_in_vain()
    return Office(workplace, local=False, token=TOKEN).client()


def enter(browser: TestClient, token: str) -> httpx2.Response:
    """Say a token at the door."""
    sealed = seal(browser.get("/desk").text)
    return browser.post("/desk/enter", data={"seal": sealed, "token": token}, headers=ORIGIN)


@pytest.mark.parametrize("path", PAGES)
def test_over_the_network_the_door_is_shut(stranger: TestClient, path: str) -> None:
    """Without the token there is a door and nothing else."""
    answer = stranger.get(path)
    assert (403, False) == (answer.status_code, LATE in answer.text)
    assert "Admin token" in answer.text


def test_the_token_opens_the_door(stranger: TestClient) -> None:
    """With the token the desk opens, until one leaves."""
    answer = enter(stranger, TOKEN)
    assert (303, "/desk") == (answer.status_code, answer.headers["location"])
    page = stranger.get("/desk")
    assert LATE in page.text
    stranger.post("/desk/leave", data={"seal": seal(page.text)}, headers=ORIGIN)
    assert stranger.get("/desk").status_code == 403


def test_entering_makes_a_new_id(stranger: TestClient) -> None:
    """The id from before the door opens nothing: nobody can have planted it."""
    stranger.get("/desk")
    before = stranger.cookies["guidebot-desk"]
    enter(stranger, TOKEN)
    stranger.cookies.clear()
    stranger.cookies.set("guidebot-desk", before)
    assert stranger.get("/desk").status_code == 403


@pytest.mark.parametrize("token", ["", "open", "Open Sesame", "\N{SNOWMAN}", "x" * 3000])
def test_a_wrong_token_opens_nothing(stranger: TestClient, token: str) -> None:
    """It is said to be wrong, and the door stays shut."""
    answer = enter(stranger, token)
    assert answer.status_code == 403
    assert "isn't the token" in words_of(answer.text)
    assert stranger.get("/desk").status_code == 403


def test_guessing_is_stopped(stranger: TestClient) -> None:
    """After many wrong tokens nobody gets in for a while, not even with the right one."""
    assert 403 == [enter(stranger, "guess") for _ in range(9)][-1].status_code
    assert enter(stranger, "guess").status_code == 429
    stranger.cookies.clear()
    sealed = stranger.get("/desk")
    assert "Too many wrong tokens" in sealed.text


def test_without_a_token_the_door_has_no_key(workplace: Workplace) -> None:
    """Over the network, a desk without an ADMIN_TOKEN can't be entered at all."""
    browser = Office(workplace, local=False).client()
    assert "ADMIN_TOKEN" in browser.get("/desk").text
    assert 'name="token"' not in browser.get("/desk").text


def test_through_a_proxy_nobody_is_local(workplace: Workplace) -> None:
    """A request that was passed on may come from anywhere, even on loopback."""
    browser = Office(workplace).client()
    assert browser.get("/desk", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403


def test_readers_over_the_network_see_no_link(stranger: TestClient) -> None:
    """Only on the machine itself do the pages lead to the desk."""
    assert 'href="/desk"' not in stranger.get("/").text


def test_a_page_that_waits_looks_again(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if a trial ends while its page is made, one that says to wait looks for the end."""
    held: list[Callable[[], None]] = []
    made = Admissions.seal

    def sealed_meanwhile(admissions: Admissions, who: str) -> str:
        while held and ended:
            held.pop()()
        return made(admissions, who)

    ended = False
    monkeypatch.setattr("bot.channels.web.bench._in_thread", held.append)
    monkeypatch.setattr(Admissions, "seal", sealed_meanwhile)
    workplace.ask_in_vain()
    browser = Office(workplace).client()
    address = attempt(browser).url.path
    ended = True
    page = browser.get(address).text
    assert ("desk.js" in page) == ('id="waiting"' in page)


def test_one_waits_while_a_trial_runs(workplace: Workplace) -> None:
    """A page that is asked meanwhile says how far it is, and then what came of it."""
    workplace.ask_in_vain()
    desk, begun = workplace.desk(), list[Callable[[], None]]()
    bench = Bench(desk, begun.append)
    name = bench.begin(workplace.cluster(desk), NewPhrasings("tea/tea-at-night", (LATE,)))
    trial = bench.get(name)
    assert trial is not None
    assert trial.trial is None
    begun[0]()
    assert trial.trial is not None
    assert "" == trial.error
    assert trial.of > 0
