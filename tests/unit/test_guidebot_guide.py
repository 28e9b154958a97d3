"""The guide to this product says what README, the authors' manual and the settings say."""

import re
from dataclasses import fields

import pytest

from bot.cli import main
from bot.knowledge.model import Entry, Guide, Knowledge
from bot.settings import REPOSITORY, Settings, table

README = (REPOSITORY / "README.md").read_text("utf-8")
AUTHORS = (REPOSITORY / "knowledge" / "README.md").read_text("utf-8")
DOCUMENTS = {"readme": README, "authors": AUTHORS}
SETTING = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b|\bENCODER\b")
COMMAND = re.compile(r"run_bot\.py ([a-z]+)")
SLASH = re.compile(r"(?<!\S)/([a-z]+)\b")
OPTION = re.compile(r"(?<!\S)--[a-z]+")
NUMBER = re.compile(r"\d+(?:\.\d+)+|\d+")
FILES = re.compile(r"\.data/\S+\.db|[a-z]+/<[a-z]+>\.yaml|tests/guides/|guide\.yaml|LICENSE")
CITED = re.compile(r"\[([a-z]+)\]")


@pytest.fixture(scope="module")
def guide(knowledge: Knowledge) -> Guide:
    """Return the guide to this product."""
    return next(guide for guide in knowledge.guides if guide.id == "guidebot")


def said(entry: Entry) -> str:
    """Return all that an entry says."""
    return f"{entry.answer} {entry.more} {entry.caveat}"


def everything(guide: Guide) -> str:
    """Return all that the guide says."""
    return " ".join(said(entry) for entry in guide.entries)


def test_every_setting_that_is_named_exists(guide: Guide) -> None:
    """The guide names no setting that the bot doesn't have."""
    assert set() == set(SETTING.findall(everything(guide))) - {name for name, _, _ in table()}


def test_every_command_that_is_named_exists(guide: Guide) -> None:
    """The guide names no command that the program doesn't have."""
    known = {
        command.name or command.callback.__name__
        for command in main.registered_commands
        if command.callback
    }
    assert set() == set(COMMAND.findall(everything(guide))) - known


def test_every_slash_command_that_is_named_exists(guide: Guide, knowledge: Knowledge) -> None:
    """The guide names no slash command that the bot doesn't have."""
    known = {item.command for item in knowledge.voice.commands}
    assert set() == set(SLASH.findall(everything(guide))) - known


@pytest.mark.parametrize("pattern", [OPTION, FILES], ids=["options", "files"])
def test_what_is_named_stands_in_the_documents(guide: Guide, pattern: re.Pattern[str]) -> None:
    """Options and files that the guide names are those of README or the authors' manual."""
    named = set(pattern.findall(everything(guide)))
    assert set() == {one for one in named if one not in README + AUTHORS}


def test_every_number_stands_in_the_document_that_is_cited(guide: Guide) -> None:
    """A number in an answer stands in a document that the answer cites."""
    unproven = {}
    for entry in guide.entries:
        behind = " ".join(DOCUMENTS[key] for key in CITED.findall(said(entry)))
        numbers = set(NUMBER.findall(CITED.sub("", said(entry))))
        unproven[entry.id] = numbers - set(NUMBER.findall(behind))
    assert {} == {name: extra for name, extra in unproven.items() if extra}


@pytest.mark.parametrize("name", ["KEEP_DAYS", "KEEP_MISSES_DAYS"])
def test_defaults_are_the_settings_own(guide: Guide, name: str) -> None:
    """How long things are kept is what the settings say unless they are changed."""
    default = next(each.default for each in fields(Settings) if each.metadata["name"] == name)
    entry = next(entry for entry in guide.entries if entry.id == "how-long-kept")
    assert f"{default} days" in entry.answer


@pytest.mark.parametrize("key", ["readme", "authors"])
def test_what_a_source_is_said_to_find_has_its_numbers(guide: Guide, key: str) -> None:
    """Numbers in what a document is said to hold stand in it."""
    told = " ".join(guide.sources[key].finding)
    assert set() == set(NUMBER.findall(told)) - set(NUMBER.findall(DOCUMENTS[key]))
