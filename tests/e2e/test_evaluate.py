"""`run_bot.py evaluate` on the small guide: what it prints, and its exit status."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import main
from tests.conftest import QUESTIONS, SMALL


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Return a copy of the small guide's questions, to plant faults in."""
    return Path(shutil.copytree(QUESTIONS, tmp_path / "questions"))


def evaluate(tea_cache: Path, *options: str, questions: Path = QUESTIONS) -> Result:
    """Run the command on the small guide."""
    settings = {"KNOWLEDGE_DIR": str(SMALL), "CACHE_DIR": str(tea_cache)}
    command = ["evaluate", "--questions", str(questions), *options]
    return CliRunner().invoke(main, command, env=settings)


def replace(path: Path, old: str, new: str) -> None:
    """Replace what stands first in a file."""
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")


def judged(result: Result) -> dict[str, Any]:
    """Return what `--json` printed of the small guide."""
    (line,) = result.stdout.splitlines()
    found: dict[str, Any] = json.loads(line)["guides"]["tea"]
    return found


def test_everything_keeps_to_its_floor(tea_cache: Path) -> None:
    """Above all floors the exit status is 0, and the tables are there."""
    result = evaluate(tea_cache)
    assert result.exit_code == 0
    titles = (
        "covers: % (95%",
        "doesn't cover",
        "Red flags",
        "without a red flag",
        "Calibration",
        "Taken for another",
        "Other floors",
        "Floors",
        "known failure: Does tea",
    )
    assert [] == [title for title in titles if title not in result.stdout]


def test_a_share_has_its_interval(tea_cache: Path) -> None:
    """A row of a table holds how many, and each share with its interval."""
    (row,) = [
        line.split() for line in evaluate(tea_cache).stdout.splitlines() if line.startswith("slang")
    ][:1]
    assert ["slang", "1", "100.0", "(21-100)"] == row[:4]


def test_below_a_floor(tea_cache: Path, questions: Path) -> None:
    """Below a floor the exit status is 1, and the figure is named for both groups."""
    replace(questions / "tea.yaml", "right: 0.3", "right: 0.99")
    result = evaluate(tea_cache, questions=questions)
    assert result.exit_code == 1
    assert "below the floor: right of all questions is 0.833, not at least 0.99" in result.stdout
    assert "below the floor: right of held questions is 0.750, not at least 0.99" in result.stdout


def test_json_is_one_object(tea_cache: Path) -> None:
    """`--json` prints one object and nothing else, with a figure for every group."""
    figures = judged(evaluate(tea_cache, "--json"))["figures"]
    expected = {"hits": 10, "of": 12, "share": 0.8333, "interval": [0.552, 0.9530]}
    assert expected == figures["all"]["right"]


def test_json_below_a_floor(tea_cache: Path, questions: Path) -> None:
    """`--json` says what failed, and the exit status is 1."""
    replace(questions / "tea.yaml", "wrong: 0.5", "wrong: 0.01")
    result = evaluate(tea_cache, "--json", questions=questions)
    expected = [{"questions": "all", "figure": "wrong", "value": 0.0833, "most": 0.01}]
    assert (1, expected) == (result.exit_code, judged(result)["below_floors"])


def test_a_part(tea_cache: Path) -> None:
    """`--part` asks only that part."""
    found = judged(evaluate(tea_cache, "--json", "--part", "held"))
    assert {"held"} == {question["part"] for question in found["questions"]}


def test_a_tag(tea_cache: Path) -> None:
    """`--tag` asks only what has the tag; floors aren't held against it."""
    result = evaluate(tea_cache, "--tag", "keyword")
    assert (0, True) == (result.exit_code, "Floors aren't held against" in result.stdout)


def test_failures_are_listed(tea_cache: Path) -> None:
    """`--failures` tells each failing question, what was expected, answered, and why."""
    said = [line.strip() for line in evaluate(tea_cache, "--failures").stdout.splitlines()]
    at = said.index("wrong (fit): Does tea keep me awake?")
    expected = ["expected water-heat", "answer: tea-at-night", "exact name"]
    assert expected == said[at + 1 : at + 4]


def test_a_page_is_written(tea_cache: Path, tmp_path: Path) -> None:
    """`--html` writes a page, beside what is printed."""
    path = tmp_path / "report.html"
    result = evaluate(tea_cache, "--html", str(path))
    assert (0, 3) == (result.exit_code, path.read_text("utf-8").count("<svg"))


def test_a_page_without_the_extra(
    tea_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the extra's libraries, one line names it, and nothing is asked."""
    monkeypatch.setitem(sys.modules, "jinja2", None)
    monkeypatch.delitem(sys.modules, "bot.evaluation.page", raising=False)
    result = evaluate(tea_cache, "--html", str(tmp_path / "report.html"))
    expected = "--html needs 'jinja2'; install the extra: pip install '.[report]'\n"
    assert (2, "", expected) == (result.exit_code, result.stdout, result.stderr)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--guide", "mate"), "there are no labelled questions: "),
        (("--tag", "tpyo"), "no labelled question is of this part and tag; the tags are: "),
        (("--questions", "nowhere"), "there are no labelled questions: nowhere/*.yaml"),
        (("--html", "nowhere/report.html"), "nowhere/report.html can't be written: "),
    ],
)
def test_bad_usage_is_one_line(tea_cache: Path, options: tuple[str, ...], expected: str) -> None:
    """What can't be used is one line on stderr, and the exit status is 2."""
    result = evaluate(tea_cache, *options)
    assert (2, "", 1) == (result.exit_code, result.stdout, result.stderr.count("\n"))
    assert result.stderr.startswith(expected)


def test_a_part_that_is_none(tea_cache: Path) -> None:
    """A part that isn't one is bad usage."""
    assert evaluate(tea_cache, "--part", "some").exit_code == 2


def test_a_broken_file(tea_cache: Path, questions: Path) -> None:
    """A problem of the questions is told with its place, and the exit status is 2."""
    replace(questions / "tea.yaml", "[greeting]", "[greetings]")
    result = evaluate(tea_cache, questions=questions)
    problem = f"{questions / 'tea.yaml'}:21: no entry has the id 'greetings' (did you mean"
    assert (2, "", True) == (result.exit_code, result.stdout, result.stderr.startswith(problem))
