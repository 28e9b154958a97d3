"""The knowledge that ships holds what the shared contract and the evidence file say."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.knowledge.base import Source
from bot.knowledge.model import Entry, Knowledge
from tests.conftest import needs_shared

GUIDE = "guide"
HOW_SURE = ("memory", "second-hand", "seen")
KEY = re.compile(r"\[([a-z0-9-]+)\]")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
TO_CALL = {"112", "911", "999"}
WORDS = {"eight": "8", "nine": "9", "ten": "10", "twelve": "12"}


@pytest.fixture(scope="module")
def shared() -> Path:
    """Return the folder beside the checkout, or skip the test; with CI set, fail instead."""
    return needs_shared("contract").parent


@pytest.fixture(scope="module")
def topics(shared: Path) -> dict[str, str]:
    """Return the scope of each topic of the contract, by id."""
    text = (shared / "contract" / "topics.yaml").read_text("utf-8")
    sections = yaml.safe_load(text).values()
    return {topic: facts["scope"] for section in sections for topic, facts in section.items()}


@pytest.fixture(scope="module")
def evidence(shared: Path) -> dict[str, dict[str, Any]]:
    """Return the evidence file: facts by source key."""
    text = (shared / "evidence" / "sources.yaml").read_text("utf-8")
    return dict(yaml.safe_load(text))


@pytest.fixture(scope="module")
def used(knowledge: Knowledge) -> dict[str, Source]:
    """Return the sources on training by key, without the guides themselves."""
    terms = next(guide for guide in knowledge.guides if guide.id == "training-terms")
    sources = dict(knowledge.safety.sources) | dict(knowledge.primary.sources) | terms.sources
    return {key: source for key, source in sources.items() if key != GUIDE}


def own(knowledge: Knowledge) -> dict[str, Entry]:
    """Return the primary guide's and the shared entries by id."""
    return {entry.id: entry for entry in (*knowledge.primary.entries, *knowledge.shared)}


def numbers(text: str) -> set[str]:
    """Return the numbers of a text, those in words too."""
    plain = re.sub(r"\b[a-z]+\b", lambda word: WORDS.get(word[0], word[0]), text.lower())
    return set(NUMBER.findall(plain))


def test_every_topic_has_an_entry(knowledge: Knowledge, topics: dict[str, str]) -> None:
    """Every id of the contract is an entry."""
    assert not set(topics) - set(own(knowledge))


def test_every_entry_belongs_to_a_topic(knowledge: Knowledge, topics: dict[str, str]) -> None:
    """Every entry, or its parent, is a topic of the contract."""
    strays = {
        entry.id
        for entry in own(knowledge).values()
        if entry.id not in topics and entry.parent not in topics
    }
    assert not strays


def test_every_topic_has_its_scope(knowledge: Knowledge, topics: dict[str, str]) -> None:
    """An entry says of itself what the contract says: guide, beyond it, or talk."""
    entries = own(knowledge)
    assert topics == {topic: str(entries[topic].scope) for topic in topics}


def test_every_source_is_in_the_evidence(
    used: dict[str, Source], evidence: dict[str, dict[str, Any]]
) -> None:
    """No source is cited that the evidence file doesn't have."""
    assert not set(used) - set(evidence)


def test_every_doi_is_the_evidence_s(
    used: dict[str, Source], evidence: dict[str, dict[str, Any]]
) -> None:
    """Each source carries the DOI that the evidence file has for it."""
    expected = {key: evidence[key].get("doi", "") for key in used}
    assert expected == {key: source.doi for key, source in used.items()}


def test_no_source_claims_to_be_surer(
    used: dict[str, Source], evidence: dict[str, dict[str, Any]]
) -> None:
    """No source counts as better confirmed than the evidence file says."""
    surer = {
        key
        for key, source in used.items()
        if HOW_SURE.index(source.checked) > HOW_SURE.index(evidence[key]["checked"])
    }
    assert not surer


def test_no_source_adds_a_finding_s_figure(
    used: dict[str, Source], evidence: dict[str, dict[str, Any]]
) -> None:
    """Every figure that a source is said to report stands in the evidence file's own words."""
    added = {
        key: extra
        for key, source in used.items()
        if (extra := numbers(" ".join(source.finding)) - numbers(str(evidence[key])))
    }
    assert not added


def test_every_figure_has_its_evidence(
    knowledge: Knowledge, evidence: dict[str, dict[str, Any]], shared: Path
) -> None:
    """Every figure but a number to call stands in a source that its entry cites."""
    guide = numbers((shared / "guide" / "hip-thrust-guide.txt").read_text("utf-8"))
    unproven = {}
    for entry in own(knowledge).values():
        said = f"{entry.answer} {entry.caveat} {entry.more}"
        behind = set(guide) if GUIDE in KEY.findall(said) else set()
        for key in set(KEY.findall(said)) - {GUIDE}:
            behind |= numbers(str(evidence[key]))
        unproven[entry.id] = numbers(KEY.sub("", said)) - behind - TO_CALL
    assert not {topic: extra for topic, extra in unproven.items() if extra}


def test_every_number_of_a_picture_has_its_evidence(
    knowledge: Knowledge, evidence: dict[str, dict[str, Any]], shared: Path
) -> None:
    """Every number in a picture, its caption or its alt text stands in a source behind it."""
    guide = numbers((shared / "guide" / "hip-thrust-guide.txt").read_text("utf-8"))
    unproven = set()
    for figure in knowledge.figures:
        for saying in figure.sayings():
            behind = [guide if key == GUIDE else numbers(str(evidence[key])) for key in saying.keys]
            said = numbers(KEY.sub("", saying.text))
            unproven |= {(saying.field, number) for number in said.difference(*behind)}
    assert not unproven


def test_the_withdrawn_source_is_not_used(used: dict[str, Source]) -> None:
    """The trial whose data were questioned is never evidence."""
    assert not [key for key, source in used.items() if "Barbalho" in source.cite + key.title()]
