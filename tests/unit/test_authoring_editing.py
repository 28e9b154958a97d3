"""Changing YAML in place: nothing but the change differs, and what is written is what is read."""

import difflib
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from bot.authoring.editing import edited, flow, flow_map, folded, quoted
from bot.errors import AuthoringError
from bot.settings import REPOSITORY

FILE = """\
# Who wrote it, and why.
phrasings:   # by entry
  steeping-time:
    - 'how long'     # the usual way
    - "and so on"

  # green
  steeping-green: [sencha, matcha]
outside:
  coffee: []
"""
SHIPPED = sorted(
    path for path in (REPOSITORY / "knowledge").rglob("*.yaml") if "phrasings" not in path.parts
)


def add(
    document: CommentedMap, topic: str = "steeping-time", text: str = "when is it done"
) -> None:
    """Add a phrasing to a topic."""
    document["phrasings"].setdefault(topic, CommentedSeq()).append(quoted(text))


def lines_changed(before: str, after: str) -> list[str]:
    """Return the lines that differ, each with its sign."""
    diff = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in diff if not line.startswith(("---", "+++", "@@"))]


def test_one_line_is_added() -> None:
    """Comments, order, quotes, gaps and lists on one line stay as they were."""
    assert ['+    - "when is it done"'] == lines_changed(FILE, edited(FILE, add))


def test_nothing_changes_without_an_edit() -> None:
    """Who changes nothing gets the same text back."""
    assert FILE == edited(FILE, lambda _: None)


def test_a_list_on_one_line_stays_on_it() -> None:
    """What stands on one line grows on that line."""
    after = edited(FILE, lambda document: add(document, "steeping-green", "hojicha"))
    expected = [
        "-  steeping-green: [sencha, matcha]",
        '+  steeping-green: [sencha, matcha, "hojicha"]',
    ]
    assert expected == lines_changed(FILE, after)


def test_another_indentation_is_kept() -> None:
    """Lists that aren't indented stay so."""
    text = "phrasings:\n  a:\n  - one\n  # last\n  - two\nmore: 1\n"
    after = edited(text, lambda document: add(document, "a", "three"))
    assert ['+  - "three"'] == lines_changed(text, after)


def test_what_would_be_written_otherwise_stays() -> None:
    """A layout that no writer keeps by itself is left alone where nothing changes."""
    text = "sections: [\n  {id: a},\n  {id: b},\n]\nphrasings:\n  a:\n    - one\n"
    after = edited(text, lambda document: add(document, "a", "two"))
    assert ['+    - "two"'] == lines_changed(text, after)


def test_a_last_line_without_an_end_is_no_trouble() -> None:
    """A file whose last line isn't ended gets its new line below that."""
    text = "phrasings:\n  a:\n    - one"
    assert 'phrasings:\n  a:\n    - one\n    - "two"\n' == edited(
        text, lambda document: add(document, "a", "two")
    )


def test_a_new_file_keeps_its_head() -> None:
    """A file of comments alone begins with them."""
    after = edited("# A head.\n", lambda document: document.update(a=1))
    assert "# A head.\na: 1\n" == after


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words\n", "a: [\n", "\tb: 1\n"])
def test_what_has_no_keys_is_refused(text: str) -> None:
    """A file that isn't YAML with keys can't be changed, and the error says so in one line."""
    with pytest.raises(AuthoringError) as raised:
        edited(text, add)
    assert "\n" not in str(raised.value)


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1))
def test_any_text_is_read_as_it_was_written(text: str) -> None:
    """Whatever somebody asked, YAML 1.1 reads it back as that text: never a number or a yes."""
    after = edited(FILE, lambda document: add(document, text=text))
    assert text == yaml.safe_load(after)["phrasings"]["steeping-time"][-1]


@given(st.lists(st.text("abcdefgh[]:#'\"-", min_size=1, max_size=30), min_size=1, max_size=60))
def test_a_folded_paragraph_is_read_as_one(words: list[str]) -> None:
    """A paragraph on several lines is read back as one."""
    text = " ".join(words)
    after = edited("a: 1\n", lambda document: document.update(answer=folded(text)))
    assert text == yaml.safe_load(after)["answer"]


def test_a_long_paragraph_has_short_lines() -> None:
    """Nobody has to scroll sideways in an editor."""
    after = edited("a: 1\n", lambda document: document.update(answer=folded("word " * 90)))
    assert max(map(len, after.splitlines())) <= 104


def test_one_line_values() -> None:
    """Lists and maps can be written on one line."""
    after = edited("a: 1\n", lambda document: document.update(b=flow(["x"]), c=flow_map(y=2)))
    assert "a: 1\nb: [x]\nc: {y: 2}\n" == after


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_shipped_files_can_be_changed(path: Path) -> None:
    """In each file that ships, a new key at the end changes nothing else."""
    before = path.read_text("utf-8")
    after = edited(before, lambda document: document.update({"a-new-key": "value"}))
    assert ["+a-new-key: value"] == lines_changed(before, after)
