"""`fit` keeps the matcher, as a real command."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import main


@pytest.fixture
def environment(folder: Path, tmp_path: Path) -> dict[str, str]:
    """Return the settings for the small guide and an empty cache."""
    return {"KNOWLEDGE_DIR": str(folder), "CACHE_DIR": str(tmp_path / "cache")}


def test_the_index_is_kept(environment: dict[str, str], tmp_path: Path) -> None:
    """After it, the cache has the index, and the command told the version."""
    result = CliRunner().invoke(main, ["fit"], env=environment)
    assert result.stdout.startswith("the matcher is fitted to knowledge ")
    assert 1 == len([*(tmp_path / "cache").glob("index-*.npz")])


def test_broken_knowledge(environment: dict[str, str], folder: Path) -> None:
    """Knowledge that can't be used is one line of error and a status."""
    (folder / "tea" / "guide.yaml").write_text("[", "utf-8")
    result = CliRunner().invoke(main, ["fit"], env=environment)
    assert (2, True) == (result.exit_code, "guide.yaml:" in result.stderr)
