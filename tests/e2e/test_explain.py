"""`run_bot.py explain` on the small guide: the way of one question."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import main
from tests.conftest import SMALL


def explain(tea_cache: Path, *arguments: str) -> Result:
    """Run the command on the small guide."""
    settings = {"KNOWLEDGE_DIR": str(SMALL), "CACHE_DIR": str(tea_cache), "COLUMNS": "120"}
    return CliRunner().invoke(main, ["explain", *arguments], env=settings)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "so how many minuts for builders tea",
            (
                "so",
                "minuts -> minutes",
                "builders tea -> black tea",
                "steeping-time",
                "answer",
                "confidence ",
            ),
        ),
        (
            "i burned my arm",
            ("scald-on-skin (opens safety-emergency)", "refer", "red flag: screen"),
        ),
        ("which coffee machine", ("most likely coffee", "abstain", "outside: confidence")),
        (
            "how hot is the water? and will tea keep me awake?",
            ("several questions", "tea-at-night"),
        ),
        ("[bold]tea[/bold]", ("[bold]tea[/bold]",)),
    ],
)
def test_the_way_of_a_question(tea_cache: Path, question: str, expected: tuple[str, ...]) -> None:
    """Answered, screened, outside, several, or marked up: what was done is printed."""
    result = explain(tea_cache, question)
    assert result.exit_code == 0
    assert [] == [told for told in expected if told not in result.stdout]


def test_json_is_one_object(tea_cache: Path) -> None:
    """`--json` prints one object on one line, with a key for each thing that is known."""
    (line,) = explain(tea_cache, "how hot", "--json").stdout.splitlines()
    expected = {
        *("question", "normalised", "typed", "understood", "dropped", "repaired", "replaced"),
        *("screens", "pieces", "weights", "calibration", "candidates", "confidence", "margin"),
        *("outside", "outside_mass", "safety_mass", "decision", "shown", "rule"),
    }
    assert expected == json.loads(line).keys()


def test_a_candidate_of_the_object(tea_cache: Path) -> None:
    """A candidate has its phrasing and the figures that its score is made of."""
    (line,) = explain(tea_cache, "how hot should the water be", "--json").stdout.splitlines()
    first = json.loads(line)["candidates"][0]
    expected = ("water-heat", "How hot should the water be?", 1.0, 1.0)
    found = (first["entry"], first["phrase"], first["cosine"], first["spelling"])
    assert expected == found


def test_a_guide_that_is_not_there(tea_cache: Path) -> None:
    """A guide that doesn't exist is one line on stderr, and the exit status is 2."""
    result = explain(tea_cache, "how hot", "--guide", "mate")
    expected = "there is no guide 'mate'; there are: tea\n"
    assert (2, "", expected) == (result.exit_code, result.stdout, result.stderr)


def test_bytes_that_are_no_text(tea_cache: Path) -> None:
    """What a shell passes on of bytes that aren't UTF-8 is shown as question marks."""
    result = explain(tea_cache, "how \udcff hot")
    assert (0, True) == (result.exit_code, "how ? hot" in result.stdout)
