"""`run_bot.py check --against` in a repository of its own: what was won, lost, stolen."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import main
from tests.conftest import Repository

ASKED = '  - q: "{q}"\n    expect: [{expect}]\n    part: fit\n'


def check(repository: Repository, tea_cache: Path, *options: str) -> Result:
    """Run the command in the repository."""
    settings = {"KNOWLEDGE_DIR": str(repository.folder / "knowledge"), "CACHE_DIR": str(tea_cache)}
    command = ["check", "--questions", str(repository.folder / "questions"), *options]
    return CliRunner().invoke(main, command, env=settings)


def compared(result: Result) -> dict[str, Any]:
    """Return what `--json` printed."""
    (line,) = result.stdout.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def replace(path: Path, old: str, new: str) -> None:
    """Replace what stands first in a file."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_nothing_changed(repository: Repository, tea_cache: Path) -> None:
    """Against the same knowledge, nothing is won or lost."""
    result = check(repository, tea_cache, "--against", "HEAD")
    expected = (0, "15 questions, since HEAD: 0 won, 0 lost, 0 stolen\n")
    assert expected == (result.exit_code, result.stdout)


def test_what_changed_is_listed(repository: Repository, tea_cache: Path) -> None:
    """A name that moves to another entry steals its question, and back again it is won."""
    path = repository.folder / "knowledge" / "tea" / "answers" / "drinking.yaml"
    replace(path, "ask: Does tea keep me awake?", "ask: Does tea disturb my sleep?")
    steeping = repository.folder / "knowledge" / "tea" / "answers" / "brewing.yaml"
    replace(steeping, "title: Water\n", "title: Water\n    names: [Does tea keep me awake?]\n")
    questions = repository.folder / "questions" / "tea.yaml"
    replace(
        questions,
        'Does tea keep me awake?"\n    expect: [water-heat]',
        'Does tea keep me awake?"\n    expect: [tea-at-night]',
    )
    (repository.folder / "questions" / "known_failures.yaml").unlink()
    result = check(repository, tea_cache, "--against", "HEAD")
    lines = result.stdout.splitlines()
    assert (0, "15 questions, since HEAD: 0 won, 0 lost, 1 stolen") == (result.exit_code, lines[0])
    told = [
        "stolen by water-heat",
        "  Does tea keep me awake?",
        "    expected tea-at-night: right tea-at-night -> wrong water-heat",
    ]
    assert told == lines[2:]


def test_a_won_question_is_told_as_new(repository: Repository, tea_cache: Path) -> None:
    """A question that no version before was judged by is told so, with both outcomes."""
    path = repository.folder / "knowledge" / "tea" / "answers" / "drinking.yaml"
    replace(path, "title: Tea at night\n", "title: Tea at night\n    names: [oolong moon]\n")
    item = ASKED.format(q="oolong moon", expect="tea-at-night")
    replace(repository.folder / "questions" / "tea.yaml", "dialogues:\n", item + "dialogues:\n")
    found = compared(check(repository, tea_cache, "--against", "HEAD", "--json"))
    (won,) = found["won"]
    assert {"won": 1, "lost": 0, "stolen": 0} == found["counts"]
    expected = ("oolong moon", True, "right", "exact name")
    assert expected == (won["question"], won["new"], won["after"]["verdict"], won["after"]["rule"])


def test_a_lost_question(repository: Repository, tea_cache: Path) -> None:
    """What is no longer answered is lost."""
    path = repository.folder / "knowledge" / "tea" / "answers" / "drinking.yaml"
    replace(path, "title: Tea at night\n", "title: Tea at night\n    names: [oolong moon]\n")
    item = ASKED.format(q="oolong moon", expect="tea-at-night")
    replace(repository.folder / "questions" / "tea.yaml", "dialogues:\n", item + "dialogues:\n")
    repository.commit()
    replace(path, "    names: [oolong moon]\n", "")
    found = compared(check(repository, tea_cache, "--against", "HEAD", "--json"))
    (lost,) = found["lost"] or found["stolen"]
    assert ("oolong moon", False) == (lost["question"], lost["new"])


@pytest.mark.parametrize(
    ("revision", "expected"), [("nowhere", "git knows no revision 'nowhere'"), ("-x", "git knows")]
)
def test_a_bad_revision(
    repository: Repository, tea_cache: Path, revision: str, expected: str
) -> None:
    """A revision that isn't there is one line on stderr, and the exit status is 2."""
    result = check(repository, tea_cache, "--against", revision)
    assert (2, "", 1) == (result.exit_code, result.stdout, result.stderr.count("\n"))
    assert result.stderr.startswith(expected)


def test_knowledge_that_could_not_be_read(repository: Repository, tea_cache: Path) -> None:
    """If the revision's knowledge is broken, its first problem is told with its place in it."""
    path = repository.folder / "knowledge" / "tea" / "guide.yaml"
    sound = path.read_text("utf-8")
    path.write_text("title: [\n", "utf-8")
    repository.commit()
    path.write_text(sound, "utf-8")
    result = check(repository, tea_cache, "--against", "HEAD")
    expected = "the knowledge of 'HEAD' can't be read: knowledge/tea/guide.yaml:2: not valid YAML"
    assert (2, True) == (result.exit_code, result.stderr.startswith(expected))


def test_knowledge_that_breaks_a_newer_rule(repository: Repository, tea_cache: Path) -> None:
    """Rules don't bind what was written before them: only today's knowledge keeps to them."""
    path = repository.folder / "knowledge" / "tea" / "answers" / "drinking.yaml"
    replace(path, "related: [water-heat]", "related: [nowhere]")
    repository.commit()
    replace(path, "related: [nowhere]", "related: [water-heat]")
    assert check(repository, tea_cache, "--against", "HEAD").exit_code == 0


def test_problems_of_today_come_first(repository: Repository, tea_cache: Path) -> None:
    """Knowledge with a problem isn't compared: the problem is told, as `check` does."""
    path = repository.folder / "knowledge" / "tea" / "answers" / "drinking.yaml"
    replace(path, "related: [water-heat]", "related: [nowhere]")
    result = check(repository, tea_cache, "--against", "HEAD")
    assert (1, True) == (result.exit_code, "'nowhere' opens nothing" in result.stdout)


def test_json_without_a_revision(repository: Repository, tea_cache: Path) -> None:
    """`--json` alone is bad usage."""
    result = check(repository, tea_cache, "--json")
    expected = "--json goes with --against REVISION\n"
    assert (2, "", expected) == (result.exit_code, result.stdout, result.stderr)
