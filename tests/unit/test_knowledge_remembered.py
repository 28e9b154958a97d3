"""Parsed files, remembered from one load and one start to the next."""

from datetime import date
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.knowledge import remembered
from bot.knowledge.document import Document, parsed, read_document
from bot.knowledge.remembered import DocumentMemory

TEXT = """\
entries:
  - id: depth
    reviewed: 2026-01-31
    sure: true
    share: 0.5
    times: 3
    nothing:
    phrasings: [how deep, "¿qué tan hondo?", "\\U0001F600 \\0"]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a YAML file with a value of every kind that guides have."""
    file = tmp_path / "file.yaml"
    file.write_text(TEXT, "utf-8")
    return file


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the texts that are parsed from now on."""
    texts: list[str] = []

    def noted(text: str, shown: str) -> Document:
        texts.append(text)
        return parsed(text, shown)

    monkeypatch.setattr(remembered, "parsed", noted)
    return texts


def kept(folder: Path) -> list[Path]:
    """Return the files of a cache folder."""
    return sorted(folder.glob("documents-*"))


def test_a_document_is_what_it_is_without_memory(path: Path, parses: list[str]) -> None:
    """Read for the first time and from memory, the same stands in it on the same lines."""
    memory, expected = DocumentMemory(), read_document(path, "file.yaml")
    assert [expected, expected] == [memory.read(path, "file.yaml") for _ in range(2)]
    assert parses == [TEXT]


def test_dates_stay_dates(path: Path) -> None:
    """What JSON has no word for comes back as it was."""
    memory = DocumentMemory()
    memory.read(path, "file.yaml")
    data = memory.read(path, "file.yaml").data
    assert isinstance(data, dict)
    assert data["entries"][0]["reviewed"] == date(2026, 1, 31)


def test_a_change_is_seen(path: Path) -> None:
    """A file with other text is parsed anew."""
    memory = DocumentMemory()
    memory.read(path, "file.yaml")
    path.write_text("entries: []", "utf-8")
    assert memory.read(path, "file.yaml").data == {"entries": []}


def test_the_same_text_elsewhere_is_another_document(path: Path, parses: list[str]) -> None:
    """Messages name the file that was read; a copy of another isn't parsed again."""
    memory = DocumentMemory()
    memory.read(path, "one.yaml")
    assert memory.read(path, "two.yaml").path == "two.yaml"
    assert len(parses) == 1


def test_the_next_start_finds_it_parsed(path: Path, tmp_path: Path, parses: list[str]) -> None:
    """What one process kept, another doesn't parse."""
    memory, expected = DocumentMemory(tmp_path), read_document(path, "file.yaml")
    memory.read(path, "file.yaml")
    memory.keep()
    parses.clear()
    assert expected == DocumentMemory(tmp_path).read(path, "file.yaml")
    assert parses == []


def test_nothing_new_is_not_written(path: Path, tmp_path: Path) -> None:
    """If all was found, the file stays as it is."""
    memory = DocumentMemory(tmp_path)
    memory.read(path, "file.yaml")
    memory.keep()
    memory.read(path, "file.yaml")
    kept(tmp_path)[0].unlink()
    memory.keep()
    assert kept(tmp_path) == []


def test_what_is_kept_is_not_held(path: Path, tmp_path: Path, parses: list[str]) -> None:
    """The next load reads the file again: between two, its content needs no memory."""
    memory = DocumentMemory(tmp_path)
    memory.read(path, "file.yaml")
    memory.keep()
    kept(tmp_path)[0].unlink()
    memory.read(path, "file.yaml")
    assert len(parses) == 2


def test_what_other_code_kept_is_dropped(path: Path, tmp_path: Path) -> None:
    """Only what this code can read is left in the folder."""
    (tmp_path / "documents-old.txt").write_text("", "ascii")
    memory = DocumentMemory(tmp_path)
    memory.read(path, "file.yaml")
    memory.keep()
    assert len(kept(tmp_path)) == 1
    assert kept(tmp_path)[0].name != "documents-old.txt"


@pytest.mark.parametrize("ending", [" ", " [", " [1]", " null", " [1, 2, 3]", ""])
def test_a_broken_memory_only_costs_time(path: Path, tmp_path: Path, ending: str) -> None:
    """Whatever stands in the file, the document is the right one."""
    memory, expected = DocumentMemory(tmp_path), read_document(path, "file.yaml")
    memory.read(path, "file.yaml")
    memory.keep()
    (file,) = kept(tmp_path)
    file.write_text(file.read_text("ascii").split()[0] + ending, "ascii")
    assert expected == DocumentMemory(tmp_path).read(path, "file.yaml")


def test_a_folder_that_cannot_be_written_only_costs_memory(
    path: Path, tmp_path: Path, parses: list[str]
) -> None:
    """If nothing can be kept, it is held: nothing is raised or parsed again."""
    memory = DocumentMemory(path)  # a file, no folder
    for _ in range(2):
        memory.read(path, "file.yaml")
        memory.keep()
    assert (1, []) == (len(parses), kept(tmp_path))


@pytest.mark.parametrize(
    "text",
    [
        "1: one",
        "a: .nan",
        "a: !!binary aGk=",
        "a: !!set {b}",
        "a: 2026-01-31 10:00:00",
    ],
)
def test_what_json_cannot_hold_is_parsed_each_time(
    path: Path, parses: list[str], text: str
) -> None:
    """Values that would come back as others are not remembered."""
    path.write_text(text, "utf-8")
    memory = DocumentMemory()
    first, second = (memory.read(path, "file.yaml") for _ in range(2))
    assert repr(first) == repr(second)
    assert len(parses) == 2


def test_a_key_like_a_date_stays_a_mapping(path: Path) -> None:
    """No mapping is taken for a date."""
    path.write_text('{"\\0date": "2026-01-31"}', "utf-8")
    memory = DocumentMemory()
    assert [{"\0date": "2026-01-31"}] * 2 == [memory.read(path, "file.yaml").data for _ in range(2)]


def test_a_broken_file_is_told_each_time(path: Path) -> None:
    """What can't be parsed is a problem, however often it is read."""
    path.write_text("a: [", "utf-8")
    memory = DocumentMemory()
    for _ in range(2):
        with pytest.raises(KnowledgeError, match=r"file\.yaml:2"):
            memory.read(path, "file.yaml")


def test_memory_is_bounded(path: Path, parses: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of too many documents, the one that was read least lately is forgotten."""
    monkeypatch.setattr(remembered, "_MOST", 2)
    memory = DocumentMemory()
    for text in ("one", "two", "one", "three", "one", "two"):
        path.write_text(text, "utf-8")
        memory.read(path, "file.yaml")
    assert len(parses) == 4
