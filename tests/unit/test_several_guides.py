"""Several guides at once: each question gets its guide, replies name it, clashes are told."""

import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.app.composition import make_matcher, read_knowledge
from bot.channels.telegram.callbacks import pack, unpack
from bot.cli import main
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question, Reply, Session, Target
from bot.drafting.scaffold import scaffold
from bot.errors import KnowledgeError, SettingsError
from bot.knowledge.loader import load
from bot.settings import Settings
from tests.conftest import SMALL, TODAY

MINE = "window boxes"


def add_guide(folder: Path, name: str, title: str) -> Path:
    """Add a finished guide made from the templates to a knowledge folder; return its folder."""
    for where, text in scaffold(name, title, date(2024, 1, 1)).items():
        path = folder / name / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(re.sub(r"    todo:\n(?:      - .*\n)+", "", text), "utf-8")
    (folder / name / "questions.yaml").unlink()
    return folder / name


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the small guide and another beside it."""
    folder = tmp_path_factory.mktemp("several") / "knowledge"
    shutil.copytree(SMALL, folder)
    add_guide(folder, "mine", "Window boxes")
    return folder


@pytest.fixture(scope="module")
def talk(both: Path) -> Dialogue:
    """Return the Dialogue over both guides."""
    knowledge = load(both, TODAY)
    cache = str(both.parent / "cache")
    return Dialogue(knowledge, make_matcher(knowledge, Settings.read({"CACHE_DIR": cache})))


@pytest.fixture
def two(folder: Path) -> Path:
    """Return a copy of both guides, to plant faults in the second."""
    add_guide(folder, "mine", "Window boxes")
    return folder


def replied(talk: Dialogue, text: str, guide: str = "") -> Reply:
    """Return the reply to a question."""
    return talk.respond(Question(text, guide), Session()).reply


def plant(path: Path, old: str, new: str) -> int:
    """Replace what stands once in a file; return its line."""
    before, after = path.read_text("utf-8").split(old)
    path.write_text(before + new + after, "utf-8")
    return before.count("\n") + 1


def clashes(folder: Path) -> list[str]:
    """Return the problems of a folder, without what no test here looks at."""
    with pytest.raises(KnowledgeError) as caught:
        load(folder, TODAY)
    return [f"{Path(one.path).name}:{one.line}: {one.message}" for one in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        (f"complete beginner here {MINE}", "mine/start-here"),
        ("how long should I leave the leaves in", "tea/steeping-time"),
    ],
)
def test_a_question_gets_the_guide_that_knows(talk: Dialogue, text: str, topic: str) -> None:
    """Each guide answers what it is asked."""
    assert topic in replied(talk, text).topics


@pytest.mark.parametrize(
    ("uid", "title"), [("mine/start-here", "Window boxes"), ("tea/tea-at-night", "Tea")]
)
def test_a_reply_names_its_guide(talk: Dialogue, uid: str, title: str) -> None:
    """Where there are several guides, an answer says which it is from."""
    reply = talk.open(Target("", uid), Session()).reply
    assert f"From: {title}" in reply.text.splitlines()


def test_the_only_guide_is_not_named(tea_dialogue: Dialogue) -> None:
    """Where there is one guide, an answer doesn't say it."""
    reply = tea_dialogue.open(Target("", "tea/tea-at-night"), Session()).reply
    assert "From:" not in reply.text


def test_talk_is_from_no_guide(talk: Dialogue) -> None:
    """What the bot says of itself is from none of the guides."""
    assert "From:" not in talk.open(Target("", "help"), Session()).reply.text


def test_several_answers_name_their_guides_once(talk: Dialogue) -> None:
    """An answer to several questions names each guide once, below them all."""
    asked = f"complete beginner here {MINE}? and how long should I leave the leaves in?"
    named = [line for line in replied(talk, asked).text.splitlines() if line.startswith("From:")]
    assert 1 == len(named)


def test_all_guides_can_be_listed(talk: Dialogue) -> None:
    """The menu of guides has a button for each, the primary one first."""
    reply = talk.open(Target("menu", "guides"), Session()).reply
    expected = [("Tea", "menu:tea"), ("Window boxes", "menu:mine")]
    assert expected == [(button.label, str(button.opens)) for button in reply.buttons]


def test_a_guide_s_menu_leads_back_to_all(talk: Dialogue) -> None:
    """Under a guide's sections stands the way to the other guides."""
    reply = talk.open(Target("menu", "mine"), Session()).reply
    assert Target("menu", "guides") == reply.buttons[-1].opens


def test_what_no_guide_covers(talk: Dialogue) -> None:
    """With several guides, it is none of them that doesn't cover something."""
    assert "None of my guides covers" in replied(talk, "espresso or filter coffee").text


def test_a_guide_alone_answers(talk: Dialogue) -> None:
    """Restricted to one guide, a question of the other's is not answered from there."""
    topics = replied(talk, "how long should I leave the leaves in", "mine").topics
    assert not [topic for topic in topics if topic.startswith("tea/")]


def test_a_button_carries_its_guide(talk: Dialogue) -> None:
    """What a button of the second guide carries opens that guide's entry."""
    reply = talk.open(Target("", "mine/start-here"), Session()).reply
    button = next(one for one in reply.buttons if one.opens.name == "mine/first-step")
    opened = talk.open(unpack(pack(button.opens)), Session()).reply
    assert ("mine/first-step",) == opened.topics


def test_what_is_featured_begins_with_the_primary_guide(talk: Dialogue) -> None:
    """What is offered when nothing nearer is known is the primary guide's, then the others'."""
    found = [entry.guide for entry in talk.catalogue.featured()]
    assert ["tea", "tea", "mine", "mine"] == found


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["ask", "--json", f"complete beginner here {MINE}"], "mine/start-here"),
        (["ask", "--json", "--guide", "tea", "espresso"], "water-heat"),
    ],
)
def test_ids_carry_their_guide(both: Path, arguments: list[str], expected: str) -> None:
    """Outside the primary guide, an id is written after its guide's name."""
    settings = {"KNOWLEDGE_DIR": str(both), "CACHE_DIR": str(both.parent / "cache")}
    result = CliRunner().invoke(main, arguments, env=settings)
    assert expected in json.loads(result.stdout)["topics"]


def test_one_guide_alone_is_exported(both: Path) -> None:
    """``export --guide`` has that guide's topics and the shared ones, and no other's."""
    settings = {"KNOWLEDGE_DIR": str(both)}
    result = CliRunner().invoke(main, ["export", "--json", "--guide", "mine"], env=settings)
    named = {topic["id"] for topic in json.loads(result.stdout)["topics"]}
    expected = {"mine/start-here", "mine/first-step", "greeting", "help", "safety-emergency"}
    assert expected == named


# clashes


def test_the_same_button_in_two_guides(two: Path) -> None:
    """A question that both guides ask is told where the second asks it."""
    path = two / "tea" / "terms.yaml"
    line = plant(path, "ask: What is an infusion?", "ask: How do I begin with window boxes?")
    expected = f"terms.yaml:{line}: the guide 'mine' asks the same: "
    assert f"{expected}'How do I begin with window boxes?'" in clashes(two)


def test_the_same_name_in_two_guides(two: Path) -> None:
    """A name that would open something in both guides is told."""
    line = plant(two / "tea" / "terms.yaml", "title: Infusion", "title: About Window boxes")
    found = [one for one in clashes(two) if one.startswith(f"terms.yaml:{line}: ")]
    assert "has the name 'About Window boxes' too" in found[0]


def test_the_same_phrasing_in_two_guides(two: Path) -> None:
    """A phrasing that stands in both guides is told with the place of the other."""
    path = two / "mine" / "phrasings" / "sceptic.yaml"
    line = plant(path, "convince me of window boxes", "will tea keep me awake")
    expected = f"sceptic.yaml:{line}: the phrasing 'will tea keep me awake' stands in"
    assert [one for one in clashes(two) if one.startswith(("plain", expected))]


def test_the_same_command_in_two_guides(two: Path) -> None:
    """A slash command that both guides have is told."""
    new = "commands: [{command: time, opens: start-here, description: Again}]"
    plant(two / "mine" / "guide.yaml", "commands: []", new)
    assert "the command /time stands twice" in str(clashes(two))


def test_two_primary_guides(two: Path) -> None:
    """Only one guide's ids can go without its name."""
    line = plant(two / "mine" / "guide.yaml", 'title: "Window', 'primary: true\ntitle: "Window')
    assert 1 == sum("only one guide can be the primary one" in one for one in clashes(two)), line


# off


def test_a_guide_that_is_off(two: Path) -> None:
    """A guide that says so in its file answers nothing, and is still checked."""
    plant(two / "mine" / "guide.yaml", 'title: "Window', 'silent: true\ntitle: "Window')
    knowledge = load(two, TODAY)
    assert (["tea"], ["mine"]) == (
        [guide.id for guide in knowledge.guides],
        [guide.id for guide in knowledge.waiting],
    )


def test_a_guide_that_the_settings_switch_off(two: Path) -> None:
    """GUIDES_OFF silences a guide; without it, what is fitted is another version."""
    kept = read_knowledge(Settings.read({"KNOWLEDGE_DIR": str(two), "GUIDES_OFF": "mine"}))
    whole = read_knowledge(Settings.read({"KNOWLEDGE_DIR": str(two)}))
    assert (["tea"], True) == (
        [guide.id for guide in kept.guides],
        kept.version != whole.version,
    )


def test_a_setting_that_names_no_guide(two: Path) -> None:
    """GUIDES_OFF with a name that is no guide's is a problem of the setting."""
    with pytest.raises(SettingsError, match="GUIDES_OFF names 'yours'"):
        read_knowledge(Settings.read({"KNOWLEDGE_DIR": str(two), "GUIDES_OFF": "yours"}))


def test_nothing_is_live(two: Path) -> None:
    """A bot with no guide left says so at the start."""
    settings = Settings.read({"KNOWLEDGE_DIR": str(two), "GUIDES_OFF": "tea, mine"})
    with pytest.raises(KnowledgeError, match="no guide is live"):
        read_knowledge(settings)


def test_the_primary_guide_stays_on(folder: Path) -> None:
    """The guide that the bot's own buttons lead to can't be off in its file."""
    plant(folder / "tea" / "guide.yaml", "primary: true", "primary: true\nsilent: true")
    assert "the primary guide can't be silent" in str(clashes(folder))


def test_a_live_entry_opens_no_draft(folder: Path) -> None:
    """A button that would open a draft is told: the draft has to be finished first."""
    path = folder / "tea" / "answers" / "drinking.yaml"
    plant(path, "scope: guide", "scope: guide\n    todo: [write it]")
    plant(folder / "tea" / "terms.yaml", "opens: steeping-green", "opens: tea-at-night")
    assert "'tea-at-night' is a draft and can't be opened" in str(clashes(folder))


def test_what_only_a_draft_has_stands_in_no_menu(folder: Path) -> None:
    """A section of which every topic is a draft is left out."""
    path = folder / "tea" / "answers" / "drinking.yaml"
    plant(path, "scope: guide", "scope: guide\n    todo: [write it]")
    sections = [part.id for part in load(folder, TODAY).primary.file.sections]
    assert ["brewing", "terms"] == sections
