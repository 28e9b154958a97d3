"""Folders as they were in an earlier revision."""

import shutil
from pathlib import Path

import pytest

from bot.errors import EvaluationError
from bot.evaluation.revision import restore
from tests.conftest import Repository


def test_a_folder_is_restored(repository: Repository, tmp_path: Path) -> None:
    """All files of the folder come back as they were, and nothing from beside it."""
    path = repository.folder / "knowledge" / "tea" / "guide.yaml"
    before = path.read_text("utf-8")
    path.write_text("title: Coffee\n", "utf-8")
    restore(repository.folder / "knowledge", "HEAD", tmp_path / "then")
    assert before == (tmp_path / "then" / "tea" / "guide.yaml").read_text("utf-8")
    assert not (tmp_path / "then" / "questions").exists()


@pytest.mark.parametrize("revision", ["nowhere", "--help", "-x", "HEAD:knowledge", ""])
def test_an_unknown_revision(repository: Repository, tmp_path: Path, revision: str) -> None:
    """A name that git doesn't know, or that is no revision, is one line."""
    with pytest.raises(EvaluationError, match=f"git knows no revision '{revision}' of "):
        restore(repository.folder / "knowledge", revision, tmp_path / "then")


def test_a_folder_that_was_not_there(repository: Repository, tmp_path: Path) -> None:
    """A folder that is newer than the revision is one line."""
    (repository.folder / "newer").mkdir()
    with pytest.raises(EvaluationError, match="newer is not in revision 'HEAD'"):
        restore(repository.folder / "newer", "HEAD", tmp_path / "then")


def test_a_folder_outside_git(tmp_path: Path) -> None:
    """A folder that git doesn't keep is one line."""
    (tmp_path / "plain").mkdir()
    with pytest.raises(EvaluationError, match="not a git repository"):
        restore(tmp_path / "plain", "HEAD", tmp_path / "then")


def test_no_such_folder(tmp_path: Path) -> None:
    """A folder that isn't there is one line."""
    with pytest.raises(EvaluationError, match="there is no such folder: "):
        restore(tmp_path / "plain", "HEAD", tmp_path / "then")


def test_no_git(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without git, one line says what is missing."""
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(EvaluationError, match="needs git, which isn't installed"):
        restore(repository.folder / "knowledge", "HEAD", tmp_path / "then")
