"""`run_bot.py export --json` as a real process: everything that the matcher learns from."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
import yaml

from bot.conversation.catalogue import Catalogue
from bot.knowledge.model import Knowledge
from bot.settings import REPOSITORY
from tests.conftest import needs_shared

TOPIC = {"id", "parent", "title", "phrasings", "answer", "citations"}


@pytest.fixture(scope="module")
def exported() -> dict[str, Any]:
    """Return what `export --json` prints."""
    done = subprocess.run(
        [sys.executable, REPOSITORY / "run_bot.py", "export", "--json"],
        capture_output=True,
        check=True,
        timeout=60,
        env=dict(os.environ),
    )
    assert done.stderr == b""
    (line,) = done.stdout.decode().splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


@pytest.fixture(scope="module")
def contract() -> dict[str, str]:
    """Return the scope of every topic that the contract asks for, by id."""
    text = (needs_shared("contract") / "topics.yaml").read_text("utf-8")
    groups = yaml.safe_load(text).values()
    return {name: topic["scope"] for group in groups for name, topic in group.items()}


def test_the_object_has_topics_and_out_of_scope(exported: dict[str, Any]) -> None:
    """The one object holds the topics and what is out of scope, and nothing else."""
    assert {"topics", "out_of_scope"} == exported.keys()


def test_every_topic_has_the_contracts_fields(exported: dict[str, Any]) -> None:
    """Each topic has exactly the fields of the contract."""
    assert [topic["id"] for topic in exported["topics"] if topic.keys() != TOPIC] == []


def test_every_contract_topic_is_there(exported: dict[str, Any], contract: dict[str, str]) -> None:
    """Every topic that the contract asks for is answered under its own id."""
    assert set() == contract.keys() - {topic["id"] for topic in exported["topics"]}


def test_every_finer_topic_names_its_parent(
    exported: dict[str, Any], contract: dict[str, str]
) -> None:
    """A topic that isn't in the contract names one that is; one that is names none."""
    wrong = [
        topic["id"]
        for topic in exported["topics"]
        if (topic["parent"] in contract) == (topic["id"] in contract)
    ]
    assert wrong == []


def test_no_topic_comes_twice(exported: dict[str, Any]) -> None:
    """Ids are unique."""
    names = [topic["id"] for topic in exported["topics"]]
    assert sorted(set(names)) == sorted(names)


def test_every_topic_has_phrasings(exported: dict[str, Any]) -> None:
    """Every topic has ways of asking for it, none of them empty, with no template left."""
    poor = [
        topic["id"]
        for topic in exported["topics"]
        if not topic["phrasings"]
        or any(not text.strip() or set("{}[]|") & set(text) for text in topic["phrasings"])
    ]
    assert poor == []


def test_answers_cite(exported: dict[str, Any], knowledge: Knowledge) -> None:
    """Every topic outside talk has an answer that cites a source."""
    talk = {entry.id for entry in knowledge.entries if entry.scope == "talk"}
    silent = [
        topic["id"]
        for topic in exported["topics"]
        if topic["id"] not in talk
        and not any(f"[{key}]" in topic["answer"] for key in topic["citations"])
    ]
    assert silent == []


def test_something_is_out_of_scope(exported: dict[str, Any]) -> None:
    """What no guide covers is a list of questions as people ask them."""
    assert exported["out_of_scope"]
    assert {str} == {type(text) for text in exported["out_of_scope"]}


def test_the_export_is_what_the_matcher_learns(
    exported: dict[str, Any], knowledge: Knowledge
) -> None:
    """Topics and phrasings are those of the knowledge, in order."""
    catalogue = Catalogue(knowledge)
    expected = {
        catalogue.public(entry.uid): [phrase.text for phrase in entry.phrases]
        for entry in knowledge.entries
    }
    assert expected == {topic["id"]: topic["phrasings"] for topic in exported["topics"]}
