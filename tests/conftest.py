"""Shared by all tests: the real knowledge, fitted once, and a small guide to plant faults in."""

import os
import shutil
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.app import make_dialogue
from bot.conversation.dialogue import Dialogue
from bot.knowledge.loader import load
from bot.knowledge.model import Knowledge
from bot.settings import REPOSITORY, Settings

TODAY = date(2100, 1, 1)
SHARED = REPOSITORY.parent / "shared"


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """Return the knowledge that ships."""
    return load(REPOSITORY / "knowledge", TODAY)


@pytest.fixture(scope="session")
def cache_dir() -> Path:
    """Return where the fitted index is kept between runs of the tests."""
    return Path(os.environ.get("CACHE_DIR") or REPOSITORY / ".cache")


@pytest.fixture(scope="session")
def dialogue(cache_dir: Path) -> Dialogue:
    """Return the Dialogue over the knowledge that ships."""
    return make_dialogue(Settings.read({"CACHE_DIR": str(cache_dir)}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of a small, sound knowledge folder, to plant faults in."""
    copy = tmp_path / "knowledge"
    shutil.copytree(Path(__file__).parent / "small", copy)
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


def needs_shared(name: str) -> Path:
    """Return a folder beside the checkout, or skip the test; with CI set, fail instead."""
    path = SHARED / name
    if not path.exists():
        reason = f"{name} is not beside this checkout"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path
