"""The project says the same everywhere: README, settings, commands, version, import contract."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from typer.models import CommandInfo

import bot
from bot.channels.console import shown
from bot.channels.telegram.introduction import commands_of
from bot.cli import main
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question, Session
from bot.settings import REPOSITORY, table

README = (REPOSITORY / "README.md").read_text("utf-8")


def _words(text: str) -> list[str]:
    """Return the words of a text, however it is wrapped."""
    return text.split()


def test_the_exchange_in_the_readme_is_what_the_bot_says(dialogue: Dialogue) -> None:
    """README's first example is a real exchange."""
    example = README.split("```text\n> ", 1)[1].split("```", 1)[0]
    question, reply = example.split("\n", 1)
    said = shown(dialogue.respond(Question(question), Session()).reply)
    assert _words(reply) == _words(said)


def test_the_readme_lists_every_setting_with_its_default() -> None:
    """README's table of settings is the table in the code."""
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`)? ?\| (.+) \|$", README, re.MULTILINE)
    assert table() == rows


def test_the_readme_lists_every_command() -> None:
    """Every command of the program stands in README."""
    names = {command.callback.__name__.strip("_") for command in _registered() if command.callback}
    assert names == {name for name in names if f"run_bot.py {name}" in README}


def test_the_readme_lists_every_telegram_command(dialogue: Dialogue) -> None:
    """Every slash command stands in README."""
    listed = set(re.findall(r"/([a-z]+)", README.split("In Telegram: ")[1].split("##")[0]))
    assert {item.command for item in commands_of(dialogue.catalogue)} == listed


def test_the_newest_entry_of_the_changelog_is_the_version() -> None:
    """CHANGELOG begins with the version of the package."""
    changelog = (REPOSITORY / "CHANGELOG.md").read_text("utf-8")
    assert bot.__version__ == re.findall(r"^## (\S+)", changelog, re.MULTILINE)[0]


def test_the_image_holds_what_the_package_needs() -> None:
    """Of each library that pyproject.toml names, the lock pins a version that it allows."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    named = (*project["dependencies"], *project["optional-dependencies"]["postgres"])
    lock = (REPOSITORY / ".github" / "deploy" / "requirements.txt").read_text("utf-8")
    pins = re.findall(r"^(\S+)==(\S+) --hash=sha256:[0-9a-f]{64}$", lock, re.MULTILINE)
    pinned = {canonicalize_name(name): version for name, version in pins}
    needed = [Requirement(each) for each in named]
    assert [] == [
        str(each)
        for each in needed
        if not each.specifier.contains(pinned.get(canonicalize_name(each.name), "0"))
    ]


def test_a_room_calls_only_rooms_to_its_right() -> None:
    """The import contract of pyproject.toml holds."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, check=False, env={**os.environ}
    )
    assert done.returncode == 0, done.stdout


def test_no_module_is_longer_than_a_reader_likes() -> None:
    """Every module has at most 300 lines."""
    sizes = {
        path.relative_to(REPOSITORY).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in (REPOSITORY / "bot").rglob("*.py")
    }
    assert {} == {path: size for path, size in sizes.items() if size > 300}


def _registered() -> list[CommandInfo]:
    """Return the commands that the program has."""
    return [command for command in main.registered_commands if command.callback]
