"""`run_bot.py ask` as a real process: the contract's lines, whatever is asked."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.channels.keeper import Keeper
from bot.channels.lines import answer_lines
from bot.conversation.dialogue import Dialogue
from bot.settings import REPOSITORY
from bot.stores.bundle import in_memory

FIELDS: dict[str, type | tuple[type, ...]] = {
    "question": str,
    "decision": str,
    "topics": list,
    "parents": dict,
    "confidence": (int, float),
    "text": str,
    "html": str,
    "citations": list,
    "buttons": list,
    "matched": dict,
}
MATCHED: dict[str, type | tuple[type, ...]] = {
    "phrase": str,
    "score": (int, float),
    "runner_up": str,
    "margin": (int, float),
}
PLAIN = [
    b"how many sets",
    b"why?",
    b"",
    b"   ",
    b"I'm pregnant, how many sets?",
    b"my groin is numb",
    b"how much protein",
    b"---",
    b"hello",
    b"how many sets? and where do my feet go?",
    b"{}",
    b'"quoted" \\n \\u0000',
    b"<b>&amp;</b>",
    b"-----BEGIN",
    b"%s {name}",
    b"x" * 10_000,
    b"how many sets " * 715,
]
ODD = [
    "\N{PEACH}\N{PEACH}\N{PEACH}",
    "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER} squats?",
    "сколько подходов",
    "何セットやればいい",
    "كم مجموعة",
    "wie viele Sätze für den Po",
    "a\x0bb",
    "a\x0cb",
    "a\x85b",
    "a\u2028b",
    "a\u2029b",
    "a\rb",
    "a\x1c\x1d\x1eb",
    "a\x00b",
    "\x00",
    "\ufeffhow many sets",
    "\u202ehow many sets",
    "e\u0301" * 40,
    "\N{PEACH}" * 10_000,
]
BROKEN = [b"\xff\xfe", b"caf\xe9 squats", b"\xed\xa0\x80", b"\xf0\x9f\x8d", b"sets \xc3"]
LINES = [*PLAIN, *(text.encode() for text in ODD), *BROKEN]
MANY = [LINES[at % len(LINES)] for at in range(300)]


def run(cache: Path, *arguments: str, given: bytes = b"", **environment: str) -> Any:
    """Run the bot with `arguments` and `given` on standard input; return what came of it."""
    return subprocess.run(
        [sys.executable, REPOSITORY / "run_bot.py", *arguments],
        input=given,
        capture_output=True,
        check=False,
        timeout=120,
        env={**os.environ, "CACHE_DIR": str(cache), **environment},
    )


def objects(done: Any) -> list[dict[str, Any]]:
    """Return the objects that a process printed, one a line."""
    return [json.loads(line) for line in done.stdout.decode().split("\n")[:-1]]


def as_read(line: bytes) -> str:
    """Return the question that a line holds."""
    return line.decode("utf-8", "replace").removesuffix("\r")


def wrong_fields(found: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    """Return the fields of an object that are missing, unknown or of another type."""
    wrong = [
        name
        for name, kind in expected.items()
        if not isinstance(found.get(name), kind) or isinstance(found.get(name), bool)
    ]
    return [*wrong, *(found.keys() - expected.keys())]


@pytest.fixture(scope="module")
def answered(cache_dir: Path) -> list[dict[str, Any]]:
    """Return what 300 mixed lines gave."""
    done = run(cache_dir, "ask", "--json", "--stdin", given=b"\n".join(MANY) + b"\n")
    assert (done.returncode, done.stderr) == (0, b"")
    return objects(done)


def test_every_line_gets_an_object_in_order(answered: list[dict[str, Any]]) -> None:
    """300 lines of anything give 300 objects, in order; only a line feed ends a line."""
    assert [as_read(line) for line in MANY] == [one["question"] for one in answered]


def test_every_object_has_the_contracts_fields(answered: list[dict[str, Any]]) -> None:
    """Each object has exactly the fields of the contract, with their types."""
    assert {()} == {tuple(wrong_fields(one, FIELDS)) for one in answered}


def test_every_match_has_the_contracts_fields(answered: list[dict[str, Any]]) -> None:
    """`matched` has exactly the fields of the contract, with their types."""
    assert {()} == {tuple(wrong_fields(one["matched"], MATCHED)) for one in answered}


def test_every_decision_is_one_of_four(answered: list[dict[str, Any]]) -> None:
    """A decision is one of the contract's four words."""
    assert {one["decision"] for one in answered} <= {"answer", "clarify", "abstain", "refer"}


def test_every_confidence_is_a_probability(answered: list[dict[str, Any]]) -> None:
    """Confidence lies between 0 and 1."""
    assert [one["confidence"] for one in answered if not 0 <= one["confidence"] <= 1] == []


def test_every_reply_has_text(answered: list[dict[str, Any]]) -> None:
    """Nothing that is typed gets an empty reply."""
    assert [one["question"] for one in answered if not (one["text"] and one["html"])] == []


def test_citations_have_key_label_and_url(answered: list[dict[str, Any]]) -> None:
    """Each citation has exactly a key, a label and a URL, all of them text."""
    kinds: dict[str, Any] = {"key": str, "label": str, "url": str}
    cited = [citation for one in answered for citation in one["citations"]]
    assert {()} == {tuple(wrong_fields(citation, kinds)) for citation in cited}


def test_buttons_have_label_and_opens(answered: list[dict[str, Any]]) -> None:
    """Each button has exactly a label and what it opens, both of them text."""
    kinds: dict[str, Any] = {"label": str, "opens": str}
    buttons = [button for one in answered for button in one["buttons"]]
    assert {()} == {tuple(wrong_fields(button, kinds)) for button in buttons}


def test_the_same_line_gets_the_same_object(answered: list[dict[str, Any]]) -> None:
    """Without a session, a line's reply doesn't depend on the lines before it."""
    count = len(LINES)
    assert answered[:count] == answered[count : 2 * count]


def test_line_ends_are_no_part_of_a_question(cache_dir: Path) -> None:
    """A carriage return before the line feed is dropped, and the last line needs no line feed."""
    found = objects(run(cache_dir, "ask", "--json", "--stdin", given=b"how many sets\r\n\nwhy"))
    assert [one["question"] for one in found] == ["how many sets", "", "why"]


def test_no_input_gives_no_objects(cache_dir: Path) -> None:
    """With nothing on standard input, nothing is printed and all is well."""
    done = run(cache_dir, "ask", "--json", "--stdin")
    assert (done.returncode, done.stdout) == (0, b"")


def test_a_session_is_one_conversation(cache_dir: Path) -> None:
    """With --session, a follow-up is about the line before; --- begins another person's."""
    given = b"how many sets should I do\nwhy?\n---\nwhy?\n"
    found = objects(run(cache_dir, "ask", "--json", "--stdin", "--session", given=given))
    expected = [("answer", "sets-reps-effort"), ("answer", "sets-reps-effort")]
    assert expected == [(one["decision"], one["topics"][0]) for one in found[:2]]
    assert (found[2]["decision"], found[2]["question"]) == ("abstain", "why?")


def test_without_session_lines_are_strangers(dialogue: Dialogue) -> None:
    """Without a session, no line knows the one before, and --- is a question."""
    found = map(json.loads, answer_lines(dialogue, ["how many sets", "why", "---"]))
    assert [one["decision"] for one in found] == ["answer", "abstain", "abstain"]


def test_a_picture_is_a_button_that_opens_its_file(dialogue: Dialogue) -> None:
    """A reply with a picture has the contract's fields; one more button opens the file's URL."""
    lines = answer_lines(
        dialogue, ["how many sets should I do", "show me"], keeper=Keeper(in_memory())
    )
    _, shown = map(json.loads, lines)
    path = REPOSITORY / "knowledge" / "hip-thrust" / "figures" / "effort-ladder.png"
    expected = {"label": "Show me", "opens": path.as_uri()}
    assert ([], expected) == (wrong_fields(shown, FIELDS), shown["buttons"][-1])


def test_one_question_prints_one_object(cache_dir: Path) -> None:
    """`ask QUESTION --json` prints one object on one line."""
    done = run(cache_dir, "ask", "how many sets", "--json")
    (found,) = objects(done)
    assert (done.returncode, found["topics"]) == (0, ["sets-reps-effort"])


def test_one_question_prints_what_a_reader_sees(cache_dir: Path) -> None:
    """`ask QUESTION` prints the reply's text and its buttons, numbered."""
    done = run(cache_dir, "ask", "how many sets should I do")
    assert done.stdout.decode().lstrip().startswith("Try 2 to 5 sets")
    assert "  1. " in done.stdout.decode()


def test_an_argument_of_broken_bytes_is_answered(cache_dir: Path) -> None:
    """A question whose bytes are no text is answered like any other."""
    done = run(cache_dir, "ask", "sets \udcff", "--json")
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_named_guide_answers(cache_dir: Path) -> None:
    """With --guide, the guide of that name answers."""
    (found,) = objects(run(cache_dir, "ask", "how many sets", "--json", "--guide", "hip-thrust"))
    assert found["topics"] == ["sets-reps-effort"]


@pytest.mark.parametrize("command", [("ask", "how many sets", "--json"), ("export", "--json")])
def test_an_unknown_guide_is_bad_usage(cache_dir: Path, command: tuple[str, ...]) -> None:
    """A guide that isn't there: exit status 2, nothing printed, one line that names it."""
    done = run(cache_dir, *command, "--guide", "unknown")
    assert (done.returncode, done.stdout) == (2, b"")
    (line,) = done.stderr.decode().splitlines()
    assert "'unknown'" in line


def test_a_missing_folder_is_one_line(cache_dir: Path, tmp_path: Path) -> None:
    """Without a knowledge folder: exit status 2 and one line that names it."""
    missing = str(tmp_path / "absent")
    done = run(cache_dir, "ask", "hi", KNOWLEDGE_DIR=missing)
    assert (2, f"{missing}:1: there is no such folder\n") == (done.returncode, done.stderr.decode())


FAULTS = {
    "broken YAML": ("tea/terms.yaml", b"\n- [unclosed\n"),
    "not UTF-8": ("tea/terms.yaml", b"\n# caf\xe9\n"),
    "unknown key": ("voice.yaml", b"\nsurprise: 1\n"),
    "control character": ("safety.yaml", b"\n# \x07\n"),
}
PROBLEM = re.compile(r"[^:]+\.yaml:[1-9][0-9]*: .+")


@pytest.mark.parametrize(("name", "content"), FAULTS.values(), ids=FAULTS)
def test_unreadable_knowledge_is_a_line_a_problem(
    cache_dir: Path, folder: Path, name: str, content: bytes
) -> None:
    """Broken knowledge: exit status 2, `path:line: message` lines on stderr, no traceback."""
    with (folder / name).open("ab") as file:
        file.write(content)
    done = run(cache_dir, "ask", "hi", KNOWLEDGE_DIR=str(folder))
    lines = done.stderr.decode().splitlines()
    assert (done.returncode, done.stdout) == (2, b"")
    assert [line for line in lines if not PROBLEM.fullmatch(line)] == []
    assert any(line.startswith(f"{folder / name}:") for line in lines)


def test_export_says_what_is_unreadable(cache_dir: Path, folder: Path) -> None:
    """Broken knowledge stops `export` as it stops `ask`."""
    (folder / "voice.yaml").write_text("- [")
    done = run(cache_dir, "export", "--json", KNOWLEDGE_DIR=str(folder))
    assert (done.returncode, done.stdout) == (2, b"")
    assert f"{folder / 'voice.yaml'}:" in done.stderr.decode()
