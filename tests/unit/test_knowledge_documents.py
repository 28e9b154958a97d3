"""Whatever stands in a file, loading gives Knowledge or Problems, never another exception."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import KnowledgeError, Problem
from bot.knowledge.document import read_document
from bot.knowledge.loader import load
from bot.settings import REPOSITORY

TODAY = date(2100, 1, 1)
SMALL = REPOSITORY / "tests" / "small"
FILES = sorted(str(path.relative_to(SMALL)) for path in SMALL.rglob("*.yaml"))
_LITTLE_MEMORY = 3 << 27
_APART = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({_LITTLE_MEMORY}, {_LITTLE_MEMORY}))
from pathlib import Path
from bot.errors import KnowledgeError
from bot.knowledge.document import read_document
try:
    read_document(Path(sys.argv[1]), "file.yaml")
except KnowledgeError as error:
    print(error)
"""


def problems(folder: Path) -> list[Problem]:
    """Return the problems of a folder, none if it can be loaded."""
    try:
        load(folder, TODAY)
    except KnowledgeError as error:
        return list(error.problems)
    return []


def read_apart(path: Path) -> str:
    """Read a file that could take all memory in a process with little; return its problem."""
    command = [sys.executable, "-c", _APART, str(path)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=False, timeout=60)
    return done.stdout.decode().strip()


def bomb(first: str, again: str) -> str:
    """Return YAML whose lists of aliases stand for billions of values."""
    names = "bcdefghij"
    lines = [f"a: &a {first}"]
    for before, name in zip("a" + names, names, strict=False):
        lines.append(f"{name}: &{name} {again.format(', '.join([f'*{before}'] * 9))}")
    return "\n".join(lines) + "\n"


# One file


@pytest.mark.parametrize(
    ("raw", "line", "message"),
    [
        (b"a: 1\nb: [x\n", 3, "not valid YAML: did not find expected ',' or ']'"),
        (b"a:\n  b: 1\n\tc: 2\n", 3, "not valid YAML: found "),
        (b"a: 1\n--- \nb: 2\n", 2, "not valid YAML: but found another document"),
        (b"a: 1\nb: *nobody\n", 2, "not valid YAML: found undefined alias"),
        (b"a: 1\n? [b]\n: c\n", 2, "not valid YAML: found unhashable key"),
        (b"a: 1\nb: 2\na: 3\n", 3, "the key 'a' stands here twice"),
        (b"a: 1\nb:\n  c: 1\n  c: 2\n", 4, "the key 'c' stands here twice"),
        ("a: 1\nb: caf\xe9\n".encode("latin-1"), 2, "not UTF-8 text: save the file with"),
        ("a: 1\n".encode("utf-16"), 1, "not UTF-8 text: save the file with"),
        (b"\x89PNG\r\n\x1a\n\0\0", 1, "not UTF-8 text: save the file with"),
        (b"a: \0\n", 1, "not valid YAML: "),
        (b"a: !!python/object/apply:os.system [ls]\n", 1, "not valid YAML: could not determine"),
        (b"a: !!float tea\n", 1, "not valid YAML: "),
        (bomb("[x]", "[{}]").encode(), 1, "not valid YAML: more than 200000 values"),
        (bomb("{x: 1}", "{{<<: [{}]}}").encode(), 1, "not valid YAML: more than 200000 values"),
    ],
    ids=[
        "unclosed",
        "tab",
        "two documents",
        "unknown alias",
        "list as key",
        "key twice",
        "nested key twice",
        "latin-1",
        "utf-16",
        "a picture",
        "nul",
        "python object",
        "not a number",
        "alias bomb",
        "merge bomb",
    ],
)
def test_a_file_that_is_no_knowledge(tmp_path: Path, raw: bytes, line: int, message: str) -> None:
    """What can't be read is reported at its line, in words."""
    path = tmp_path / "file.yaml"
    path.write_bytes(raw)

    with pytest.raises(KnowledgeError) as caught:
        read_document(path, "shown.yaml")

    (found,) = caught.value.problems
    assert ("shown.yaml", line, message) == (*found[:2], found.message[: len(message)])


@pytest.mark.parametrize("tag", ["!!bool tea", "!!timestamp tea", '!!int ""'])
def test_a_tag_that_its_value_belies(tmp_path: Path, tag: str) -> None:
    """A value that isn't what its tag says is a problem like any other."""
    path = tmp_path / "file.yaml"
    path.write_text(f"a: {tag}\n", "utf-8")

    with pytest.raises(KnowledgeError, match=r"file.yaml:1: not valid YAML"):
        read_document(path, "file.yaml")


def test_a_date_that_does_not_exist(tmp_path: Path) -> None:
    """A day that its month doesn't have is reported at its line."""
    path = tmp_path / "file.yaml"
    path.write_text("a: 1\nreviewed: 2024-02-30\n", "utf-8")

    with pytest.raises(KnowledgeError, match=r"file.yaml:2: .*day is out of range for month"):
        read_document(path, "file.yaml")


@pytest.mark.parametrize(
    "text",
    ["a: &a [*a]\n", "a: &a {b: *a}\n", "a: " + "[" * 100_000 + "]" * 100_000],
    ids=["a list in itself", "keys in themselves", "100,000 lists deep"],
)
def test_a_file_without_a_bottom(tmp_path: Path, text: str) -> None:
    """A file that nests without end is a problem; it takes neither all memory nor the process."""
    path = tmp_path / "file.yaml"
    path.write_text(text, "utf-8")

    expected = "file.yaml:1: not valid YAML"
    assert expected == read_apart(path)[: len(expected)]


def test_lists_that_are_fairly_deep(folder: Path) -> None:
    """A value that is two thousand lists deep is a problem of its file."""
    path = folder / "tea" / "words.yaml"
    path.write_text("fillers: " + "[" * 2000 + "]" * 2000, "utf-8")

    assert str(path) in {found.path for found in problems(folder)}


def test_a_missing_file(tmp_path: Path) -> None:
    """A file that isn't there is a problem on its first line."""
    with pytest.raises(KnowledgeError) as caught:
        read_document(tmp_path / "none.yaml", "none.yaml")

    expected = (Problem("none.yaml", 1, "can't be read: No such file or directory"),)
    assert expected == caught.value.problems


def test_a_folder_in_a_file_s_place(tmp_path: Path) -> None:
    """A folder with a file's name is a problem."""
    with pytest.raises(KnowledgeError, match="can't be read: Is a directory"):
        read_document(tmp_path, "shown.yaml")


def test_a_byte_order_mark(tmp_path: Path) -> None:
    """A byte order mark, as Windows editors write it, is no part of the first key."""
    path = tmp_path / "file.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\n")

    expected = {"a": 1}
    assert expected == read_document(path, "file.yaml").data


def test_the_line_of_a_value(tmp_path: Path) -> None:
    """A plain value's line is its own."""
    path = tmp_path / "file.yaml"
    path.write_text("a:\n  - b: 1\n    c: 2\n", "utf-8")
    line = 3

    assert line == read_document(path, "file.yaml").line(("a", 0, "c"))


def test_the_line_of_a_list(tmp_path: Path) -> None:
    """A list's or a mapping's line is that of its key, where an author looks for it."""
    path = tmp_path / "file.yaml"
    path.write_text("a: 1\nb:\n  - x\nc:\n  d: 1\n", "utf-8")
    document = read_document(path, "file.yaml")

    expected = (2, 4)
    assert expected == (document.line(("b",)), document.line(("c",)))


def test_the_line_of_what_is_missing(tmp_path: Path) -> None:
    """What isn't there has the line of what should hold it."""
    path = tmp_path / "file.yaml"
    path.write_text("a: 1\nb: {c: 1}\n", "utf-8")
    line = 2

    assert line == read_document(path, "file.yaml").line(("b", "nothing", 5))


# A folder


def test_a_missing_folder(tmp_path: Path) -> None:
    """A folder that isn't there is one problem."""
    folder = tmp_path / "none"

    assert [Problem(str(folder), 1, "there is no such folder")] == problems(folder)


def test_a_folder_without_a_guide(folder: Path) -> None:
    """A folder needs at least one guide."""
    (folder / "tea").rename(folder / ".tea")

    assert Problem(str(folder), 1, "there is no guide folder in it") in problems(folder)


def test_a_guide_without_answers(folder: Path) -> None:
    """A guide needs a folder of answers."""
    (folder / "tea" / "answers").rename(folder / "tea" / "replies")

    expected = Problem(str(folder / "tea" / "answers"), 1, "there is no such folder")
    assert expected in problems(folder)


@pytest.mark.parametrize(
    "file", ["voice.yaml", "safety.yaml", "tea/guide.yaml", "tea/sources.yaml"]
)
def test_a_file_that_the_folder_lacks(folder: Path, file: str) -> None:
    """Each of the files that a folder can't do without is missed by name."""
    (folder / file).unlink()

    expected = Problem(str(folder / file), 1, "can't be read: No such file or directory")
    assert expected in problems(folder)


@pytest.mark.parametrize("content", ["", "5\n", "text\n", "- a\n", "~\n", "{a: b}\n", "!!set {a}"])
@pytest.mark.parametrize("file", FILES)
def test_a_file_of_the_wrong_type(folder: Path, file: str, content: str) -> None:
    """A file that is empty, or holds something else than it should, is a problem of that file."""
    (folder / file).write_text(content, "utf-8")

    assert str(folder / file) in {found.path for found in problems(folder)}


@pytest.mark.parametrize("value", ["[a]", "text", "5"])
@pytest.mark.parametrize("key", ["phrasings", "outside"])
def test_phrasings_of_the_wrong_type(folder: Path, key: str, value: str) -> None:
    """A voice's file whose parts aren't keys and values is a problem at its line."""
    path = folder / "tea" / "phrasings" / "loud.yaml"
    path.write_text(f"# loud\n{key}: {value}\n", "utf-8")

    assert [(str(path), 2)] == [found[:2] for found in problems(folder)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("yes", "a phrasing must be text (put quotes around it)"),
        ("~", "a phrasing must be text (put quotes around it)"),
        ('" "', "a phrasing must be text (put quotes around it)"),
        ('"(tea"', "'(' is never closed in the template"),
        ('"{kettle}"', "the template names the list 'kettle', which words.yaml doesn't have"),
    ],
)
def test_a_bad_phrasing(folder: Path, text: str, message: str) -> None:
    """A phrasing that isn't text, or no template, is reported at its line."""
    path = folder / "tea" / "phrasings" / "loud.yaml"
    path.write_text(f"phrasings:\n  water-heat:\n    - boil?\n    - {text}\n", "utf-8")

    assert [Problem(str(path), 4, message)] == problems(folder)


def test_a_phrasing_of_too_many_brackets(folder: Path) -> None:
    """A template that nests too deep is a problem, as one without a closing bracket is."""
    path = folder / "tea" / "phrasings" / "loud.yaml"
    path.write_text(f"phrasings:\n  water-heat: ['{'(' * 2000}a{')' * 2000}']\n", "utf-8")

    assert [(str(path), 2)] == [found[:2] for found in problems(folder)]


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("phrasings", "phrasings for 'iced', but no entry has this id"),
        ("outside", "phrasings for 'iced', but no entry has this id"),
        ("inside", "unknown key 'inside'"),
    ],
)
def test_phrasings_for_nothing(folder: Path, key: str, message: str) -> None:
    """Phrasings for an id that nothing carries are reported."""
    path = folder / "tea" / "phrasings" / "loud.yaml"
    path.write_text(f"{key}: {{iced: [iced tea]}}\n", "utf-8")

    assert [Problem(str(path), 1, message)] == problems(folder)


# One value


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "voice.yaml",
            "  back: All",
            "  bakc: All",
            "unknown key 'labels.bakc'",
        ),
        (
            "tea/terms.yaml",
            "    caveat: A",
            "    cavaet: A",
            "unknown key 'cavaet' (did you mean 'caveat'?)",
        ),
        (
            "tea/guide.yaml",
            "featured:",
            "feature:",
            "unknown key 'feature' (did you mean 'featured'?)",
        ),
        ("tea/terms.yaml", "    title:", "    guide: x\n    title:", "unknown key 'guide'"),
        (
            "tea/terms.yaml",
            "    grade: practice",
            "    grade: weak",
            "'grade': input should be 'strong', 'moderate', 'limited' or 'practice'",
        ),
        (
            "tea/terms.yaml",
            "    title: Infusion",
            "    title: 5",
            "'title': input should be a valid string (found a number (put quotes around it))",
        ),
        (
            "tea/terms.yaml",
            "    title: Infusion",
            "    title: no",
            (
                "'title': input should be a valid string "
                "(found true or false (put quotes around yes, no, on, off))"
            ),
        ),
        (
            "safety.yaml",
            "within: 6",
            "within: 0",
            "'screens.0.within': input should be greater than or equal to 1",
        ),
    ],
    ids=["nested key", "typo", "guide's key", "inner key", "grade", "number", "no", "range"],
)
def test_a_value_of_the_wrong_shape(
    folder: Path, file: str, old: str, new: str, message: str
) -> None:
    """A wrong value is reported at its line, and a key that is nearly right gets a hint."""
    path = folder / file
    text = path.read_text("utf-8")
    path.write_text(text.replace(old, new), "utf-8")
    line = text[: text.index(old)].count("\n") + 1

    assert Problem(str(path), line, message) in problems(folder)


def test_a_missing_key(folder: Path) -> None:
    """A key that an entry lacks is reported at the entry's first line."""
    path = folder / "tea" / "terms.yaml"
    path.write_text(path.read_text("utf-8").replace("    title: Infusion\n", ""), "utf-8")

    assert Problem(str(path), 2, "'title' is missing") in problems(folder)


def test_an_empty_item(folder: Path) -> None:
    """An item of a list with nothing in it is said to be just that."""
    path = folder / "tea" / "outside.yaml"
    text = path.read_text("utf-8")
    path.write_text(f"{text}  -\n", "utf-8")

    expected = Problem(str(path), text.count("\n") + 1, "expected keys and values, found nothing")
    assert [expected] == problems(folder)


def test_all_problems_at_once(folder: Path) -> None:
    """Problems of several files are reported together."""
    (folder / "safety.yaml").unlink()
    (folder / "tea" / "sources.yaml").write_text("[", "utf-8")

    expected = {str(folder / "safety.yaml"), str(folder / "tea" / "sources.yaml")}
    assert expected == expected & {found.path for found in problems(folder)}


def test_a_stray_folder(folder: Path) -> None:
    """A folder with a file's name that no rule asks for does no harm."""
    (folder / "tea" / "old.yaml").mkdir()

    assert not problems(folder)


def test_an_editor_s_lock(folder: Path) -> None:
    """A lock that Emacs leaves while a file is edited does no harm."""
    (folder / "tea" / ".#guide.yaml").symlink_to("nobody@nowhere.1")

    assert not problems(folder)


@pytest.mark.parametrize("file", ["tea/words.yaml", "tea/outside.yaml"])
def test_an_optional_file(folder: Path, file: str) -> None:
    """A guide can do without words and outside fields, if no phrasing uses them."""
    path = folder / "tea" / "phrasings" / "plain.yaml"
    text = path.read_text("utf-8").split("outside:")[0].replace("{pot}", "(a pot|a cup)")
    path.write_text(text, "utf-8")
    (folder / file).unlink()

    assert not problems(folder)


# The same knowledge, the same version


def test_the_version_follows_the_content(folder: Path) -> None:
    """A changed letter in any file changes the version."""
    before = load(folder, TODAY).version
    path = folder / "tea" / "terms.yaml"
    path.write_text(path.read_text("utf-8").replace("plain definition", "short one"), "utf-8")

    assert before != load(folder, TODAY).version


def test_the_version_does_not_follow_the_place(folder: Path) -> None:
    """A copy of a folder has the version of the folder."""
    expected = load(SMALL, TODAY).version

    assert expected == load(folder, TODAY).version


# Anything at all

VALUES = st.sampled_from([None, 5, 0.5, True, "", "text", [], {}, [5], [None], {"a": "b"}, {5: 6}])
FUZZ = settings(max_examples=50, derandomize=True, deadline=None, database=None)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the small folder that the examples of one property share."""
    copy = tmp_path_factory.mktemp("fuzz") / "knowledge"
    for file in FILES:
        (copy / file).parent.mkdir(parents=True, exist_ok=True)
        (copy / file).write_bytes((SMALL / file).read_bytes())
    return copy


def loads_or_tells(folder: Path, file: str, raw: bytes) -> bool:
    """Say whether a folder with other bytes in one file loads or tells why not."""
    (folder / file).write_bytes(raw)
    try:
        return all(isinstance(found, Problem) for found in problems(folder))
    finally:
        (folder / file).write_bytes((SMALL / file).read_bytes())


@FUZZ
@given(data=st.data(), file=st.sampled_from(FILES), noise=st.binary(min_size=1, max_size=4))
def test_changed_bytes(sandbox: Path, data: st.DataObject, file: str, noise: bytes) -> None:
    """Whatever bytes are changed in a file, it loads or has Problems."""
    raw = (SMALL / file).read_bytes()
    at = data.draw(st.integers(0, len(raw)))
    cut = data.draw(st.integers(0, 3))

    assert loads_or_tells(sandbox, file, raw[:at] + noise + raw[at + cut :])


@FUZZ
@given(data=st.data(), file=st.sampled_from(FILES), value=VALUES)
def test_changed_values(sandbox: Path, data: st.DataObject, file: str, value: Any) -> None:
    """Whatever value stands in another's place, the folder loads or has Problems."""
    tree = yaml.safe_load((SMALL / file).read_text("utf-8"))
    here = tree
    while True:
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(here[key], dict | list) or not here[key] or data.draw(st.booleans()):
            break
        here = here[key]
    here[key] = value

    assert loads_or_tells(sandbox, file, yaml.safe_dump(tree).encode())
