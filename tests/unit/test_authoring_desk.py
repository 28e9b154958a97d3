"""The desk: proposals tried on a copy, written on demand, and what was asked in vain settled."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from bot.authoring.desk import Desk
from bot.authoring.forms import proposal_of, texts_of
from bot.authoring.model import Cluster, NewPhrasings, Trial
from bot.authoring.writing import write
from bot.conversation.records import Count, Vote
from bot.errors import AuthoringError
from tests.authoring import LATE, Workplace
from tests.conftest import untracked

NIGHT = NewPhrasings("tea/tea-at-night", (LATE,))
ENTRY = {
    "what": "entry",
    "topic": "tea/water-heat",
    "id": "hard-water",
    "ask": "Does hard water matter?",
    "title": "Hard water",
    "answer": "It does: soft water lets more through. [guide]",
    "caveat": "Tastes differ.",
    "grade": "practice",
    "basis": "the guide's habit",
    "would_change": "A tasting.",
    "question": "Is your water hard?",
    "label_1": "It is",
    "opens_1": "water-heat",
    "label_2": "It isn't",
    "opens_2": "steeping-time",
    "texts": "\n".join(
        f"hard water {word}" for word in ["scum", "film", "chalk", "lime", "filter", "taste"]
    )
    + "\nkalk in my kettle",
}


def everything(folder: Path) -> dict[str, str]:
    """Return the text of every file."""
    return {
        str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*.yaml")
    }


def tried(desk: Desk, proposal: NewPhrasings = NIGHT) -> Trial:
    """Try a proposal."""
    return desk.trial(proposal, untracked)


def accepted(workplace: Workplace, proposal: NewPhrasings = NIGHT) -> Path:
    """Accept a proposal for the only cluster; return where the backup is."""
    workplace.ask_in_vain()
    desk = workplace.desk()
    return asyncio.run(desk.accept(tried(desk, proposal), workplace.cluster(desk)))


def test_a_trial_writes_nothing(workplace: Workplace) -> None:
    """The folder is the same after a proposal was tried."""
    before = everything(workplace.folder)
    tried(workplace.desk())
    assert before == everything(workplace.folder)


def test_a_trial_tells_what_would_become_of_it(workplace: Workplace) -> None:
    """Check is quiet, every labelled question is asked, and the text gets the answer."""
    trial = tried(workplace.desk())
    assert ((), 15, ("answer", "tea/tea-at-night")) == (
        trial.problems,
        trial.asked,
        (trial.again[0].decision, trial.again[0].entry.uid if trial.again[0].entry else ""),
    )


def test_a_trial_shows_the_diff(workplace: Workplace) -> None:
    """The lines to be added, and no others."""
    (file,) = tried(workplace.desk()).files
    assert "tea/phrasings/readers.yaml" == file.path
    assert ["+phrasings:", "+  tea-at-night:", f'+    - "{LATE}"'] == list(file.diff)[-3:]


def test_what_is_lost_is_told(workplace: Workplace) -> None:
    """A labelled question that another entry would take from its own is found."""
    stolen = NewPhrasings("tea/term-infusion", ("degrees of the water for brewing",))
    trial = tried(workplace.desk(), stolen)
    assert ["degrees of the water for brewing"] == [
        change.after.turn.name for change in (*trial.fate("lost"), *trial.fate("stolen"))
    ]


def test_what_check_refuses_is_told_and_not_written(workplace: Workplace) -> None:
    """A phrasing that another entry has is a problem, shown by the folder's own path."""
    workplace.ask_in_vain()
    desk, before = workplace.desk(), everything(workplace.folder)
    trial = tried(desk, NewPhrasings("tea/water-heat", ("will tea keep me awake",)))
    assert "stands in" in trial.problems[0].message
    assert {"knowledge"} == {Path(problem.path).parts[0] for problem in trial.problems}
    with pytest.raises(AuthoringError):
        asyncio.run(desk.accept(trial, workplace.cluster(desk)))
    assert before == everything(workplace.folder)


def test_accepting_writes_what_was_shown(workplace: Workplace) -> None:
    """The one file changes, and all others stay as they were."""
    before = everything(workplace.folder)
    accepted(workplace)
    after = everything(workplace.folder)
    assert {"tea-at-night": [LATE]} == yaml.safe_load(workplace.readers.read_text())["phrasings"]
    assert before == {name: text for name, text in after.items() if name in before}


def test_accepting_settles_the_cluster(workplace: Workplace) -> None:
    """What was accepted waits no longer; what else was asked does."""
    workplace.ask_in_vain("which grinder for espresso")
    workplace.ask_in_vain()
    workplace.ask_in_vain()
    desk = workplace.desk()
    asyncio.run(desk.accept(tried(desk), workplace.cluster(desk)))
    assert ["which grinder for espresso"] == workplace.waiting()


def test_a_second_text_joins_the_first(workplace: Workplace) -> None:
    """The readers' file keeps what it has, its comments too; a text stands in it once."""
    accepted(workplace)
    text = workplace.readers.read_text() + "# A comment at the end.\n"
    workplace.readers.write_text(text)
    accepted(workplace, NewPhrasings("tea/tea-at-night", (LATE, "sleepless after oolong")))
    lines = workplace.readers.read_text().splitlines()
    assert ['    - "sleepless after oolong"'] == [line for line in lines if line not in text]


def test_a_backup_has_the_file_as_it_was(workplace: Workplace) -> None:
    """The second change keeps what the first one wrote."""
    accepted(workplace)
    first = workplace.readers.read_text()
    kept = accepted(workplace, NewPhrasings("tea/tea-at-night", ("sleepless after oolong",)))
    assert first == (kept / "tea/phrasings/readers.yaml").read_text()


def test_what_changed_meanwhile_is_not_overwritten(workplace: Workplace) -> None:
    """If somebody has edited the file since the trial, nothing is written."""
    workplace.ask_in_vain()
    desk = workplace.desk()
    trial = tried(desk)
    workplace.readers.write_text("phrasings: {}\n")
    with pytest.raises(AuthoringError, match="has changed meanwhile"):
        asyncio.run(desk.accept(trial, workplace.cluster(desk)))
    assert ("phrasings: {}\n", [LATE]) == (workplace.readers.read_text(), workplace.waiting())


def test_all_files_are_written_or_none(workplace: Workplace, tmp_path: Path) -> None:
    """If the second file can't be written, the first is as it was."""
    before = everything(workplace.folder)
    file = tried(workplace.desk()).files[0]
    blocked = file._replace(path="tea/guide.yaml/impossible.yaml")
    with pytest.raises(AuthoringError, match="can't be written"):
        write([file, blocked], workplace.folder, tmp_path / "kept", datetime.now(UTC))
    assert before == everything(workplace.folder)


def test_line_ends_stay_of_one_kind(workplace: Workplace) -> None:
    """A file that was written on Windows keeps its line ends, in all its lines."""
    workplace.readers.write_bytes(b"phrasings:\r\n  tea-at-night:\r\n    - oolong at night\r\n")
    accepted(workplace)
    lines = workplace.readers.read_bytes().split(b"\n")
    assert [b"\r"] * 4 == [line[-1:] for line in lines[:-1]]


def test_something_outside_is_marked(workplace: Workplace) -> None:
    """A text of a field that the guide doesn't cover stands with the outside ones."""
    accepted(workplace, NewPhrasings("tea/outside/coffee", ("which grinder for espresso",)))
    written = yaml.safe_load(workplace.readers.read_text())
    assert {"outside": {"coffee": ["which grinder for espresso"]}} == written


def test_a_shared_entry_has_its_own_readers(workplace: Workplace) -> None:
    """Phrasings of what all guides share stand beside those of voice.yaml and safety.yaml."""
    accepted(workplace, NewPhrasings("greeting", ("ahoy there",)))
    path = workplace.folder / "phrasings" / "readers.yaml"
    assert {"phrasings": {"greeting": ["ahoy there"]}} == yaml.safe_load(path.read_text())


def test_a_new_entry_is_written(workplace: Workplace) -> None:
    """It stands at the end of its section's file, which is else as before."""
    workplace.ask_in_vain("hard water film")
    desk = workplace.desk()
    answers = workplace.folder / "tea" / "answers" / "brewing.yaml"
    before = answers.read_text()
    trial = desk.trial(proposal_of(ENTRY), untracked)
    assert () == trial.problems
    asyncio.run(desk.accept(trial, workplace.cluster(desk)))
    desk.reread()
    entry = desk.catalogue.entry("tea/hard-water")
    assert entry is not None
    assert ("water-heat", ("guide",), "guide") == (entry.parent, entry.sources, entry.scope)
    assert answers.read_text().startswith(before.rstrip("\n"))


def test_a_new_entry_with_faults_is_told(workplace: Workplace) -> None:
    """What check would say of it is said before it is written."""
    faulty = {**ENTRY, "answer": "It does, by 70 percent. [nobody]"}
    problems = workplace.desk().trial(proposal_of(faulty), untracked).problems
    assert any("'nobody' does not exist" in problem.message for problem in problems)


def test_dismissing_deletes(workplace: Workplace) -> None:
    """What was dismissed waits no longer, and nothing is written."""
    workplace.ask_in_vain()
    desk, before = workplace.desk(), everything(workplace.folder)
    asyncio.run(desk.dismiss(workplace.cluster(desk)))
    assert ([], before) == (workplace.waiting(), everything(workplace.folder))


def test_what_is_gone_can_not_be_proposed(workplace: Workplace) -> None:
    """A proposal about an entry, a field or a topic that isn't there says so."""
    desk = workplace.desk()
    for proposal in (
        NewPhrasings("tea/gone", ("a",)),
        NewPhrasings("tea/outside/gone", ("a",)),
        proposal_of({**ENTRY, "topic": "tea/gone"}),
        proposal_of({**ENTRY, "topic": "coffee/water-heat"}),
    ):
        with pytest.raises(AuthoringError):
            desk.trial(proposal, untracked)


def test_without_labelled_questions_it_works_all_the_same(workplace: Workplace) -> None:
    """A guide that nobody has labelled questions for can be worked on."""
    desk = workplace.desk()
    desk._tools = replace(desk._tools, questions=workplace.folder)
    desk.reread()
    assert (0, ()) == (tried(desk).asked, tried(desk).problems)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "Not An Id"},
        {"ask": "x" * 41},
        {"grade": "certain"},
        {"answer": " "},
        {"opens_1": "menu:all"},
        {"texts": " \n "},
        {"texts": "\n".join(map(str, range(21)))},
        {"texts": "x" * 201},
    ],
)
def test_a_faulty_form_says_what_to_mend(wrong: dict[str, str]) -> None:
    """A field that can't be used is named in one line, and none may be missing."""
    with pytest.raises(AuthoringError) as raised:
        proposal_of({**ENTRY, **wrong})
    named = next(iter(wrong)).replace("_", " ").replace("texts", "the questions")
    assert str(raised.value).startswith(named)
    missing = {name: value for name, value in ENTRY.items() if name not in wrong}
    with pytest.raises(AuthoringError):
        proposal_of(missing)


def test_texts_are_lines() -> None:
    """Each line is a text, without gaps, each once."""
    assert ("a b", "c") == texts_of("  a  b \r\n\nc\na b\n")


async def test_how_the_bot_fares(workplace: Workplace) -> None:
    """Counters, votes with reasons and old reviews come together; what is gone is left out."""
    stores, desk = workplace.stores, workplace.desk()
    today = datetime.now(UTC).date()
    await stores.counters.add_all(
        [
            Count(today, "asked", "answer", 3),
            Count(today, "topic", "tea/water-heat", 2),
            Count(today, "topic", "tea/gone", 9),
        ]
    )
    await stores.votes.vote("web:a", "tea/water-heat", Vote(1))
    await stores.votes.vote("web:b", "tea/tea-at-night", Vote(-1, "doubt"))
    await stores.votes.vote("web:b", "tea/gone", Vote(-1))
    trends = await desk.trends(7)
    assert (7, 3, 1.0) == (len(trends.days), trends.whole.asked, trends.whole.rate)
    assert [("tea/water-heat", 2)] == [(entry.uid, n) for entry, n in trends.topics]
    assert [("tea/tea-at-night", 0, 1, {"doubt": 1}), ("tea/water-heat", 1, 0, {})] == [
        (one.entry.uid, one.up, one.down, one.reasons) for one in trends.opinions
    ]
    assert {entry.uid for entry in desk.catalogue.knowledge.entries} == {
        entry.uid for entry in trends.stale
    }


async def test_a_cluster_is_found_by_its_name(workplace: Workplace) -> None:
    """As long as it holds the same questions; else it is gone."""
    desk = workplace.desk()
    await asyncio.to_thread(workplace.ask_in_vain)
    cluster: Cluster = (await desk.clusters())[0]
    assert desk.near(cluster) == await desk.cluster(cluster.id)
    await asyncio.to_thread(workplace.ask_in_vain)
    assert await desk.cluster(cluster.id) is None
