"""The webhook's HTTP: who is let in, what is taken, and what operators see."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.channels.webhook.application import MOST_BYTES, Desk, build_webhook
from bot.errors import StoreError
from bot.metrics import FORMAT, Metrics

SECRET = "s" * 64
PATH = "/guide/hook"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


class Taking:
    """Takes updates, and fails if told to."""

    def __init__(self) -> None:
        """Begin with none."""
        self.taken: list[Any] = []
        self.state: Exception | None = None
        self.refusal: Exception | None = None
        self.body = b""

    async def take(self, update: object) -> bytes:
        """Take one."""
        self.taken.append(update)
        if self.refusal is not None:
            raise self.refusal
        return self.body

    async def check(self) -> None:
        """Fail, if told to."""
        if self.state is not None:
            raise self.state


@pytest.fixture
def taking() -> Taking:
    """Return what the webhook hands updates to."""
    return Taking()


@pytest.fixture
def client(taking: Taking) -> Iterator[TestClient]:
    """Return what sends as Telegram does, and asks as operators do."""
    metrics = Metrics()
    metrics.updates.labels("message").inc()
    checks: dict[str, Callable[[], Any]] = {"store": taking.check}
    desk = Desk(taking.take, checks, lambda: (metrics.page(), FORMAT))
    with TestClient(build_webhook(desk, SECRET, PATH)) as client:
        yield client


def test_an_update_is_taken(client: TestClient, taking: Taking) -> None:
    """What comes with the secret is handed on, and answered with 200."""
    answer = client.post(PATH, json={"update_id": 1}, headers=HEADERS)
    assert (200, b"", [{"update_id": 1}]) == (answer.status_code, answer.content, taking.taken)


def test_an_answer_stands_in_the_body(client: TestClient, taking: Taking) -> None:
    """What taking leads to goes back as JSON."""
    taking.body = b'{"method":"sendMessage"}'
    answer = client.post(PATH, json={"update_id": 1}, headers=HEADERS)
    expected = ("application/json", {"method": "sendMessage"})
    assert expected == (answer.headers["content-type"], answer.json())


def test_what_is_not_safe_comes_again(client: TestClient, taking: Taking) -> None:
    """An update that can be neither kept nor answered is answered with 503, to be repeated."""
    taking.refusal = StoreError("gone")
    assert 503 == client.post(PATH, json={"update_id": 1}, headers=HEADERS).status_code


@pytest.mark.parametrize("given", [None, "", "s" * 63, "S" * 64, "s" * 65, "\xff"])
def test_without_the_secret_nobody_gets_in(
    client: TestClient, taking: Taking, given: str | None
) -> None:
    """Without the right secret nothing is read."""
    name = b"X-Telegram-Bot-Api-Secret-Token"
    headers = [] if given is None else [(name, given.encode("latin-1"))]
    answer = client.post(PATH, json={"update_id": 1}, headers=headers)
    assert (403, []) == (answer.status_code, taking.taken)


def test_too_much_is_refused(client: TestClient, taking: Taking) -> None:
    """A body larger than any update is refused before all of it is read."""
    answer = client.post(PATH, content=b" " * (MOST_BYTES + 1), headers=HEADERS)
    assert (413, []) == (answer.status_code, taking.taken)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused(client: TestClient, taking: Taking, body: bytes) -> None:
    """What can't be read is refused, and does no harm."""
    answer = client.post(PATH, content=body, headers=HEADERS)
    assert (400, []) == (answer.status_code, taking.taken)


@pytest.mark.parametrize("path", ["/", "/hook", "/guide", "/guide/hook/x"])
def test_elsewhere_there_is_nothing(client: TestClient, taking: Taking, path: str) -> None:
    """Updates come to one path only."""
    answer = client.post(path, json={"update_id": 1}, headers=HEADERS)
    assert (404, []) == (answer.status_code, taking.taken)


def test_it_can_only_be_posted(client: TestClient) -> None:
    """The path can't be read."""
    assert client.get(PATH, headers=HEADERS).status_code == 405


def test_a_process_that_lives_says_so(client: TestClient, taking: Taking) -> None:
    """Liveness asks nobody else."""
    taking.state = OSError()
    assert client.get("/healthz").status_code == 200


def test_a_process_that_is_ready_says_so(client: TestClient) -> None:
    """Readiness names what it looked at."""
    answer = client.get("/readyz")
    assert (200, {"store": "ok"}) == (answer.status_code, answer.json())


def test_a_process_that_is_not_ready_says_why(client: TestClient, taking: Taking) -> None:
    """Readiness names the kind of error, never its message."""
    taking.state = OSError("postgresql://ann:secret@db")
    answer = client.get("/readyz")
    assert (503, {"store": "OSError"}) == (answer.status_code, answer.json())


def test_metrics_are_prometheus_s(client: TestClient) -> None:
    """The metrics are a page that Prometheus reads."""
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'guidebot_updates_total{kind="message"} 1.0' in answer.text


def test_an_update_may_have_any_shape(client: TestClient, taking: Taking) -> None:
    """JSON that is no update is handed on; whoever takes it passes it over."""
    odd: list[Any] = [None, 1, [], "x", {"update_id": None}]
    for body in odd:
        assert client.post(PATH, content=json.dumps(body), headers=HEADERS).status_code == 200
    assert len(taking.taken) == 5
