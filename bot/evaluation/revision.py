"""Folders as they were in an earlier revision of their git repository."""

import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from bot.errors import EvaluationError
from bot.knowledge.document import shown_path


def restore(folder: Path, revision: str, target: Path) -> None:
    """Write `folder` as it was in `revision` to `target`.

    Raises EvaluationError if there is no git, no such revision, or no such folder in it.
    """
    if not folder.is_dir():
        message = f"there is no such folder: {shown_path(folder)}"
        raise EvaluationError(message)
    unknown = f"git knows no revision '{revision}' of {shown_path(folder)}"
    if revision.startswith("-"):  # git would take it for an option
        raise EvaluationError(unknown)
    commit = _git(folder, unknown, "rev-parse", "--verify", f"{revision}^{{commit}}")
    missing = f"{shown_path(folder)} is not in revision '{revision}'"
    archive = _git(folder, missing, "archive", "--format=zip", commit.decode().strip())
    with ZipFile(BytesIO(archive)) as files:
        files.extractall(target)


def _git(folder: Path, problem: str, *arguments: str) -> bytes:
    """Return what git prints in `folder`. Raises EvaluationError: `problem` and git's reason."""
    git = shutil.which("git")
    if git is None:
        message = "comparing with a revision needs git, which isn't installed"
        raise EvaluationError(message)
    command = [git, "-C", str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - git, no shell
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()
        message = f"{problem}: {reason[-1] if reason else 'no reason given'}"
        raise EvaluationError(message)
    return done.stdout
