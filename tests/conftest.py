"""Shared by all tests: the real knowledge, fitted once, and a small guide to plant faults in."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.app.composition import make_matcher
from bot.conversation.catalogue import Catalogue
from bot.conversation.dialogue import Dialogue
from bot.evaluation.choice import Choice
from bot.evaluation.loader import load_questions
from bot.evaluation.report import Evaluation, Report, Step
from bot.knowledge.loader import load, load_language
from bot.knowledge.model import Knowledge
from bot.matching.matcher import Matcher
from bot.settings import REPOSITORY, Settings
from tests.authoring import Workplace

TODAY = date(2100, 1, 1)
SHARED = REPOSITORY.parent / "shared"
SMALL = REPOSITORY / "tests" / "small"
QUESTIONS = REPOSITORY / "tests" / "questions"
"""The labelled questions of the small guide."""


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """Return the knowledge that ships."""
    return load(REPOSITORY / "knowledge", TODAY)


@pytest.fixture(scope="session")
def cache_dir() -> Path:
    """Return where the fitted index is kept between runs of the tests."""
    return Path(os.environ.get("CACHE_DIR") or REPOSITORY / ".cache")


@pytest.fixture(scope="session")
def matcher(knowledge: Knowledge, cache_dir: Path) -> Matcher:
    """Return the matcher of the knowledge that ships; one of the processes of a run fits it."""
    with alone(cache_dir):
        return make_matcher(knowledge, Settings.read({"CACHE_DIR": str(cache_dir)}))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process of this run is alone with a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def dialogue(knowledge: Knowledge, matcher: Matcher) -> Dialogue:
    """Return the Dialogue over the knowledge that ships."""
    return Dialogue(knowledge, matcher)


@pytest.fixture(scope="session")
def bilingual(knowledge: Knowledge, matcher: Matcher) -> Dialogue:
    """Return the Dialogue over the knowledge that ships, which speaks Spanish as well."""
    spanish = load_language(REPOSITORY / "knowledge", TODAY, "es", knowledge)
    return Dialogue(knowledge, matcher, others=[Dialogue(spanish, matcher)])


@pytest.fixture(scope="session")
def tea() -> Knowledge:
    """Return the knowledge of the small guide."""
    return load(SMALL, TODAY)


@pytest.fixture(scope="session")
def tea_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where small indexes are kept: among large ones, they would push those out."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def tea_matcher(tea: Knowledge, tea_cache: Path) -> Matcher:
    """Return the matcher of the small guide."""
    return make_matcher(tea, Settings.read({"CACHE_DIR": str(tea_cache)}))


@pytest.fixture(scope="session")
def tea_dialogue(tea: Knowledge, tea_matcher: Matcher) -> Dialogue:
    """Return the Dialogue over the small guide."""
    return Dialogue(tea, tea_matcher)


@pytest.fixture(scope="session")
def tea_report(tea: Knowledge, tea_matcher: Matcher) -> Report:
    """Return the report on the small guide's labelled questions, all of them."""
    (questions,) = load_questions(QUESTIONS, Catalogue(tea))
    return Evaluation(tea, tea_matcher, untracked).report(questions, Choice())


def untracked(steps: Sequence[Step], _doing: str) -> Iterable[Step]:
    """Pass steps on without a progress bar."""
    return steps


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of a small, sound knowledge folder, to plant faults in."""
    copy = tmp_path / "knowledge"
    shutil.copytree(SMALL, copy)
    return copy


def needs_torch() -> None:
    """Skip the module that calls if torch isn't installed; with CI set, fail instead."""
    if find_spec("torch") is None:
        reason = "torch is not installed (extra [train])"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason, allow_module_level=True)
    import torch  # noqa: PLC0415 - an extra

    torch.set_num_threads(1)


class Repository(NamedTuple):
    """A git repository that holds the small guide in knowledge/ and its questions/."""

    folder: Path

    def commit(self) -> None:
        """Commit all that changed."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "a step")

    def git(self, *arguments: str) -> None:
        """Run git here, with nothing of the user's own settings."""
        name = ("-c", "user.name=Test", "-c", "user.email=test@localhost")
        alone = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C"}
        command = ("git", "-C", str(self.folder), *name, *arguments)
        subprocess.run(command, check=True, capture_output=True, env=alone)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Return a repository with the small guide and its questions committed."""
    repository = Repository(tmp_path / "repository")
    shutil.copytree(SMALL, repository.folder / "knowledge")
    shutil.copytree(QUESTIONS, repository.folder / "questions")
    repository.git("init", "--quiet")
    repository.commit()
    return repository


@pytest.fixture
def pictured(folder: Path) -> Path:
    """Return a copy of the small folder with a figure of each kind, none of them drawn."""
    shutil.copy(Path(__file__).parent / "pictured" / "figures.yaml", folder / "tea")
    return folder


def needs_shared(name: str) -> Path:
    """Return a folder beside the checkout, or skip the test; with CI set, fail instead."""
    path = SHARED / name
    if not path.exists():
        reason = f"{name} is not beside this checkout"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@pytest.fixture
def workplace(folder: Path, tmp_path: Path, tea_cache: Path) -> Workplace:
    """Return a copy of the small guide to work on, with nothing asked in vain yet."""
    return Workplace(folder, tmp_path, tea_cache)
