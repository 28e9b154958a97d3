"""Bad input for the page, its desk and YAML: whatever comes, it is answered or named a problem."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from bot.authoring.forms import FIELDS, proposal_of
from bot.conversation.catalogue import Catalogue
from bot.errors import AuthoringError, KnowledgeError, Problem
from bot.evaluation.loader import load_questions
from bot.knowledge.document import read_document
from bot.knowledge.loader import load
from bot.knowledge.model import Knowledge
from tests.authoring import Workplace
from tests.conftest import QUESTIONS, SMALL, TODAY
from tests.e2e.web.serving import OURS, Office
from tests.e2e.web.test_desk import seal
from tests.fuzzing import JSON, fuzz, quick

YAML = st.lists(
    st.sampled_from(
        [
            *(
                "a",
                "b: ",
                "- ",
                "\n",
                "\n  ",
                "\n    ",
                "\t",
                ": ",
                "? ",
                "# ",
                "&a ",
                "*a",
                "<<: *a",
            ),
            *("{", "}", "[", "]", ",", "'", '"', "|\n", ">-\n", "---\n", "...\n", "%YAML 9.9\n"),
            *("!!python/name:os.system ", "!!timestamp ", "!!binary ", "!!set ", "!!int ", "!x "),
            *(
                "2030-13-45",
                "0x",
                "1e999",
                ".nan",
                "~",
                "yes",
                "\0",
                "\ufeff",
                "\u2028",
                "🫖",
                "9" * 5000,
            ),
        ]
    ),
    max_size=30,
).map("".join)
FILES = tuple(sorted(str(path.relative_to(SMALL)) for path in SMALL.rglob("*.yaml")))
Way = Callable[[str, str], str]
WAYS: tuple[Way, ...] = (
    lambda _line, _value: "",
    lambda line, _value: f"{line}\n{line}",
    lambda line, _value: f"  {line}",
    lambda line, value: f"{line.partition(':')[0]}: {value}",
    lambda line, value: f"{line}{value}",
    lambda line, value: f"{line[: len(line) - len(line.lstrip())]}- {value}",
    lambda line, _value: line[: len(line) // 2],
)


class Edit(NamedTuple):
    """What becomes of one line of a file, and perhaps a value to put there."""

    line: int
    way: Way
    value: str


EDITED = st.builds(Edit, st.integers(0, 400), st.sampled_from(WAYS), JSON.map(json.dumps) | YAML)
FIELD = st.sampled_from([*FIELDS, "what", "uid", "seal", "token"]) | st.text(max_size=10)
FORM = st.dictionaries(
    FIELD,
    st.text(max_size=40)
    | st.sampled_from(
        ["entry", "tea/tea-at-night", "tea/brewing", "../..", "a\nb\nc", "x" * 9000, "practice"]
    ),
    max_size=20,
)
PATHS = st.sampled_from(
    [
        *("/ask", "/open", "/anew", "/why/", "/documents/", "/search", "/guide", "/figures/tea/"),
        *("/desk", "/desk/enter", "/desk/leave", "/desk/questions/", "/desk/trials/"),
        *("QUESTION", "QUESTION/try", "/static/", "/"),
    ]
)
BODIES = (
    FORM.map(urlencode)
    | JSON.map(json.dumps)
    | st.builds(lambda said: json.dumps({"question": said}), st.text(max_size=200))
    | st.builds(lambda said: json.dumps({"opens": said}), st.text(max_size=200))
    | st.sampled_from(["a=%ED%A0%80", "&" * 100, "seal=%00", '{"question": "\\ud800"}', "[" * 9999])
)


class Sent(NamedTuple):
    """A request: its method, its path, its body and of what kind that is."""

    method: str
    path: str
    body: str
    kind: str


FORM_KIND = "application/x-www-form-urlencoded"
REQUESTS = st.builds(
    Sent,
    st.sampled_from(["POST", "POST", "GET", "PUT", "HEAD"]),
    st.builds("{}{}{}".format, PATHS, st.sampled_from(["", "", "?q="]), st.text().map(quote)),
    BODIES,
    st.sampled_from(["application/json", FORM_KIND, FORM_KIND, "", "text/x; y"]),
)
PROPOSED = Sent("POST", "QUESTION/try", "uid=tea/tea-at-night&texts=x", FORM_KIND)


@fuzz
@given(raw=st.binary(max_size=60) | (YAML | st.text(max_size=100)).map(str.encode))
def test_any_file_is_a_document_or_has_problems(tmp_path: Path, raw: bytes) -> None:
    """Whatever a file holds, it is read, or its problems have lines."""
    path = tmp_path / "any.yaml"
    path.write_bytes(raw)
    with quick():
        found = problems(lambda: read_document(path, "any.yaml"))
    assert all(problem.line >= 1 for problem in found)


@fuzz
@given(name=st.sampled_from(FILES), edit=EDITED)
def test_any_edit_leaves_knowledge_or_problems(folder: Path, name: str, edit: Edit) -> None:
    """Whatever becomes of a line of any file, the folder is knowledge, or has problems."""
    spoil(SMALL / name, folder / name, edit)
    found = problems(lambda: load(folder, TODAY))
    shutil.copy(SMALL / name, folder / name)
    assert all(problem.line >= 1 for problem in found)


@fuzz
@given(edit=EDITED)
def test_any_edit_leaves_labelled_questions_or_problems(
    tea: Knowledge, tmp_path: Path, edit: Edit
) -> None:
    """Whatever becomes of a line of the labelled questions, they are read, or have problems."""
    spoil(QUESTIONS / "tea.yaml", tmp_path / "tea.yaml", edit)
    found = problems(lambda: load_questions(tmp_path, Catalogue(tea)))
    assert all(problem.line >= 1 for problem in found)


@fuzz
@given(form=FORM)
def test_any_form_is_a_proposal_or_a_reason(form: dict[str, str]) -> None:
    """Whatever an author fills in, it proposes something, or says what to mend in one line."""
    reason = ""
    with quick():
        try:
            proposal_of(form)
        except AuthoringError as error:
            reason = str(error)
    assert "\n" not in reason


class Browser:
    """A browser that may send forms to the desk; what it proposes is never tried."""

    def __init__(self, client: TestClient) -> None:
        """Look at the desk once."""
        self._client = client
        self.question = client.get("/desk").text.split('href="/desk/questions/')[1].split('"')[0]
        self._seal = seal(client.get(f"/desk/questions/{self.question}").text)

    def send(self, sent: Sent) -> int:
        """Send a request, a form with its seal; return the status."""
        path = sent.path.replace("QUESTION", f"/desk/questions/{self.question}")
        body = f"seal={self._seal}&{sent.body}" if sent.kind == FORM_KIND else sent.body
        headers = {**OURS, **({"content-type": sent.kind} if sent.kind else {})}
        return self._client.request(sent.method, path, content=body, headers=headers).status_code


@pytest.fixture
def browser(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Return a browser at a desk where a question waits."""
    workplace.ask_in_vain()
    monkeypatch.setattr("bot.channels.web.bench._in_thread", lambda _work: None)
    return Browser(Office(workplace).client())


@fuzz
@given(sent=REQUESTS)
@example(sent=PROPOSED)
def test_any_request_is_answered_or_refused(browser: Browser, sent: Sent) -> None:
    """Whatever a browser sends to the page or the desk, nothing of ours breaks."""
    with quick():
        status = browser.send(sent)
    assert status < 500


def problems(work: Callable[[], object]) -> tuple[Problem, ...]:
    """Return what `work` finds wrong; nothing if it can be done."""
    try:
        work()
    except KnowledgeError as error:
        return error.problems
    return ()


def spoil(source: Path, target: Path, edit: Edit) -> None:
    """Copy a file, with one line edited."""
    lines = source.read_text("utf-8").split("\n")
    at = edit.line % len(lines)
    lines[at] = edit.way(lines[at], edit.value)
    target.write_text("\n".join(lines), "utf-8")
