"""`run_bot.py check` tells an author what to mend, and where."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import main
from bot.settings import REPOSITORY

LINE = re.compile(r"^[^:\n]+:[1-9]\d*: \S.*$")


def check(folder: Path, **environment: str) -> Result:
    """Run the command on a folder."""
    settings = {"KNOWLEDGE_DIR": str(folder), **environment}
    return CliRunner().invoke(main, ["check"], env=settings)


def replace(path: Path, old: str, new: str) -> int:
    """Replace what stands once in a file; return its line."""
    text = path.read_text("utf-8")
    before, after = text.split(old)
    path.write_text(before + new + after, "utf-8")
    return before.count("\n") + 1


def test_the_knowledge_that_ships() -> None:
    """The knowledge that ships has no problem, and its size is told."""
    result = check(REPOSITORY / "knowledge")

    expected = (0, True)
    assert expected == (result.exit_code, "phrasings: no problems" in result.stdout)


def test_a_sound_folder(folder: Path) -> None:
    """A sound folder's size is told."""
    result = check(folder)

    expected = (0, "8 entries, 72 phrasings: no problems\n")
    assert expected == (result.exit_code, result.stdout)


def test_a_broken_rule(folder: Path) -> None:
    """A broken rule is one line on stdout, and the exit status is 1."""
    path = folder / "tea" / "answers" / "drinking.yaml"
    line = replace(path, "related: [water-heat]", "related: [nowhere]")
    result = check(folder)

    expected = f"{path}:{line}: 'nowhere' opens nothing: no entry or menu has this id\n"
    assert (1, expected) == (result.exit_code, result.stdout)


def test_phrasings_that_are_too_alike(folder: Path) -> None:
    """What only the matcher can see is told too."""
    path = folder / "tea" / "phrasings" / "plain.yaml"
    replace(path, "- infusion definition", "- so, minutes for sencha")
    result = check(folder)

    expected = (1, True)
    assert expected == (result.exit_code, "the matcher can't tell them apart" in result.stdout)


@pytest.mark.parametrize(
    ("file", "raw"),
    [
        ("voice.yaml", b"name: [\n"),
        ("voice.yaml", b""),
        ("safety.yaml", "x: caf\xe9".encode("latin-1")),
        ("tea/guide.yaml", "title: Tea".encode("utf-16")),
        ("tea/sources.yaml", b"guide: 5\n"),
        ("tea/words.yaml", b"filers: [so]\n"),
        ("tea/answers/brewing.yaml", b"entries: 5\n"),
        ("tea/phrasings/plain.yaml", b"- tea\n"),
    ],
)
def test_a_broken_file(folder: Path, file: str, raw: bytes) -> None:
    """However a file is broken, each problem is one line that begins with its place."""
    (folder / file).write_bytes(raw)
    result = check(folder)

    assert result.exit_code == 1
    assert not [line for line in result.stdout.splitlines() if not LINE.match(line)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{grade}", "{grad}"),
        ("{grade}", "{grade"),
        ("{number}. {title}", "{}. {title}"),
        ("cover {about}", "cover {aboot}"),
        ("limited: limited, ", ""),
    ],
    ids=["wrong name", "open brace", "no name", "wrong name elsewhere", "missing grade"],
)
def test_words_that_cannot_be_filled_in(folder: Path, old: str, new: str) -> None:
    """A sentence of voice.yaml that can't be filled in is a problem of that file."""
    replace(folder / "voice.yaml", old, new)
    result = check(folder)

    expected = (1, str(folder / "voice.yaml"))
    assert expected == (result.exit_code, result.stdout.split(":")[0])


@pytest.mark.parametrize("new", ['"?"', '"*"'])
def test_a_screen_s_phrase_without_words(folder: Path, new: str) -> None:
    """A phrase for a screen that has no letter in it is a problem of safety.yaml."""
    replace(folder / "safety.yaml", "scalded child", new)
    result = check(folder)

    expected = (1, str(folder / "safety.yaml"))
    assert expected == (result.exit_code, result.stdout.split(":")[0])


def test_a_missing_folder(tmp_path: Path) -> None:
    """A folder that isn't there is a problem like any other."""
    result = check(tmp_path / "none")

    expected = (1, f"{tmp_path}/none:1: there is no such folder\n")
    assert expected == (result.exit_code, result.stdout)


def test_a_bad_setting(folder: Path) -> None:
    """A setting that can't be used is one line on stderr, and the exit status is 2."""
    result = check(folder, LOG_LEVEL="loud")

    expected = (2, "", "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR\n")
    assert expected == (result.exit_code, result.stdout, result.stderr)


def test_a_process_of_its_own(folder: Path) -> None:
    """Started as an author would, it prints the problems, no traceback, and exits with 1."""
    path = folder / "tea" / "answers" / "drinking.yaml"
    line = replace(path, "reviewed: 2024-01-05", "reviewed: soon")
    done = subprocess.run(
        [sys.executable, str(REPOSITORY / "run_bot.py"), "check"],
        env={**os.environ, "KNOWLEDGE_DIR": str(folder)},
        capture_output=True,
        check=False,
        timeout=60,
        text=True,
    )

    expected = (1, "")
    assert expected == (done.returncode, done.stderr)
    assert done.stdout.startswith(f"{path}:{line}: 'reviewed': ")
