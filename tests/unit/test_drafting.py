"""Pages of several shapes become drafts, and a new guide passes `check` from the start."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from bot.cli import main
from bot.drafting.blocks import Heading, Items, Paragraph
from bot.drafting.names import ask_of, form_of, phrasings_of, slug
from bot.drafting.outline import outline
from bot.drafting.pages import read_page
from bot.drafting.plain import text_blocks
from bot.drafting.references import References
from bot.drafting.scaffold import scaffold
from bot.knowledge.loader import load
from bot.knowledge.model import Knowledge
from tests.conftest import TODAY, needs_shared

PAGES = Path(__file__).parent.parent / "pages"


def run(folder: Path, *arguments: str) -> Result:
    """Run a command on a knowledge folder; labelled questions lie beside it."""
    placed = ["--questions", str(folder.parent / "questions")]
    extra = placed if arguments[0] in ("new", "import", "evaluate") else []
    settings = {"KNOWLEDGE_DIR": str(folder), "CACHE_DIR": str(folder.parent / "cache")}
    return CliRunner().invoke(main, [*arguments, *extra], env=settings)


def drafts(folder: Path, page: Path) -> dict[str, dict[str, Any]]:
    """Import a page as the guide `made`; return its drafts by id, as they stand in the files."""
    result = run(folder, "import", str(page), "--guide", "made")
    assert result.exit_code == 0, result.output
    files = sorted((folder / "made" / "answers").glob("*.yaml"))
    read = [yaml.safe_load(path.read_text("utf-8"))["entries"] for path in files]
    return {draft["id"]: draft for part in read for draft in part}


def sections(page: Path) -> list[tuple[str, list[str]]]:
    """Return the titles of a page's sections with the headings of their topics."""
    found = outline(read_page(page)).parts
    return [(part.title, [topic.heading for topic in part.topics]) for part in found]


def without_todos(folder: Path) -> None:
    """Finish every draft of the guide `mine`, as an author would who agrees with all of it."""
    for path in (folder / "mine" / "answers").glob("*.yaml"):
        text = re.sub(r"    todo:\n(?:      - .*\n)+", "", path.read_text("utf-8"))
        path.write_text(text, "utf-8")


# new


def test_a_new_guide_passes_check(folder: Path) -> None:
    """A guide that was just made has no problem."""
    run(folder, "new", "mine")
    result = run(folder, "check")
    expected = (0, "8 entries, 72 phrasings, 2 drafts: no problems\n")
    assert expected == (result.exit_code, result.stdout)


def test_a_new_guide_answers_nothing(folder: Path) -> None:
    """The examples of a new guide are drafts, so the guide waits."""
    run(folder, "new", "mine")
    knowledge = load(folder, TODAY)
    expected = (["tea"], ["mine"])
    assert expected == (
        [guide.id for guide in knowledge.guides],
        [guide.id for guide in knowledge.waiting],
    )


def test_the_todo_of_a_draft_is_told(folder: Path) -> None:
    """`check` tells on stderr what a draft still lacks, with its place."""
    run(folder, "new", "mine")
    told = run(folder, "check").stderr
    path = folder / "mine" / "answers" / "start.yaml"
    assert f"{path}:6: warning: draft 'start-here' isn't live: write the answer" in told


def test_a_finished_guide_passes_check(folder: Path) -> None:
    """Without the todos, the examples pass every rule."""
    run(folder, "new", "mine", "--title", "Window boxes")
    without_todos(folder)
    result = run(folder, "check")
    assert (0, True) == (result.exit_code, result.stdout.startswith("10 entries"))


def test_a_finished_guide_answers(folder: Path) -> None:
    """Without the todos, a question in other words gets the example's answer."""
    run(folder, "new", "mine", "--title", "Window boxes")
    without_todos(folder)
    result = run(folder, "ask", "complete beginner here, window boxes")
    assert "Begin with one small step" in result.stdout


def test_the_questions_of_a_new_guide_can_be_asked(folder: Path) -> None:
    """The labelled questions that come with a new guide name entries that it has."""
    run(folder, "new", "mine", "--title", "Window boxes")
    without_todos(folder)
    result = run(folder, "evaluate", "--guide", "mine")
    assert result.exit_code == 0, result.output


def test_questions_of_a_guide_that_waits_are_left_out(folder: Path) -> None:
    """Labelled questions that nobody could answer yet don't spoil an evaluation."""
    run(folder, "new", "mine")
    result = run(folder, "evaluate")
    assert (2, True) == (result.exit_code, "no labelled questions" in result.stderr)


@pytest.mark.parametrize("name", ["tea", "Tea", "a b", "phrasings", "schemas", "x" * 25, "../x"])
def test_a_name_that_no_guide_can_have(folder: Path, name: str) -> None:
    """A name that is taken, or would be none, is one line on stderr; nothing is written."""
    before = sorted(folder.rglob("*"))
    result = run(folder, "new", name)
    assert (2, 1) == (result.exit_code, result.stderr.count("\n"))
    assert before == sorted(folder.rglob("*"))


# import


@pytest.mark.parametrize("page", sorted(PAGES.iterdir()), ids=lambda path: path.name)
def test_an_imported_page_passes_check(folder: Path, page: Path) -> None:
    """Whatever the page's shape, the guide made from it has no problem."""
    drafts(folder, page)
    result = run(folder, "check")
    assert (0, "") == (result.exit_code, result.stdout if result.exit_code else "")


@pytest.mark.parametrize("page", sorted(PAGES.iterdir()), ids=lambda path: path.name)
def test_nothing_imported_is_live(folder: Path, page: Path) -> None:
    """Every entry made from a page has a todo, so no guide answers with it."""
    found = drafts(folder, page)
    knowledge = load(folder, TODAY)
    assert len(found) == len(knowledge.drafts)
    assert ["tea"] == [guide.id for guide in knowledge.guides]


@pytest.mark.parametrize("page", sorted(PAGES.iterdir()), ids=lambda path: path.name)
def test_every_decision_is_left_to_a_person(folder: Path, page: Path) -> None:
    """No draft has a grade, a basis, a checkpoint or a day of review."""
    kept = {"grade", "basis", "would_change", "checkpoint", "reviewed"}
    assert set() == kept & {key for draft in drafts(folder, page).values() for key in draft}


def test_a_faq_gives_an_entry_a_question() -> None:
    """Questions in headings, unfolding parts and lists of definitions are topics alike."""
    expected = [
        (
            "Sourdough FAQ",
            [
                "Sourdough FAQ",
                "How often do I feed my starter?",
                "Can I use tap water?",
                "Why is my loaf flat?",
                "What is autolyse?",
            ],
        )
    ]
    assert expected == sections(PAGES / "faq.html")


def test_what_stands_around_a_page_is_left_out(folder: Path) -> None:
    """Menus, scripts and the foot of an HTML page are no part of any draft."""
    said = str(drafts(folder, PAGES / "faq.html"))
    assert not re.search("Shop|Copyright|var x|newsletter", said)


def test_questions_and_answers_in_plain_text() -> None:
    """``Q:`` and ``A:`` make topics; a line of capitals is a heading above them."""
    found = dict(sections(PAGES / "questions.txt"))
    assert "Do hens need a cockerel?" in next(iter(found.values()))


def test_steps_keep_their_order(folder: Path) -> None:
    """A numbered list becomes one answer, step after step."""
    answer = drafts(folder, PAGES / "how-to.md")["repot-step-step"]["answer"]
    assert re.search("Water the plant.*Tip it out.*cut away.*Fill in", answer)


def test_a_list_of_mistakes_gives_an_entry_each(folder: Path) -> None:
    """Each item below a heading of mistakes is a finer draft, and so is each caveat."""
    found = drafts(folder, PAGES / "how-to.md")
    parents = {draft["parent"] for draft in found.values() if draft["id"].startswith("mistake-")}
    assert ({"common-mistakes"}, 3, 2) == (
        parents,
        sum(name.startswith("mistake-") for name in found),
        sum(name.startswith("caveat-") for name in found),
    )


def test_a_footnote_becomes_a_source(folder: Path) -> None:
    """A Markdown footnote is a source with its DOI, and is cited where its mark stood."""
    answer = drafts(folder, PAGES / "how-to.md")["repot-houseplant"]["answer"]
    sources = yaml.safe_load((folder / "made" / "sources.yaml").read_text("utf-8"))
    assert "quickly. [root-2010]" in answer
    assert ("10.1000/plant.2010", "memory") == tuple(
        sources["root-2010"][key] for key in ("doi", "checked")
    )


def test_a_name_and_year_finds_its_source(folder: Path) -> None:
    """``(Green 2015)`` cites the reference of that author and year."""
    answer = drafts(folder, PAGES / "how-to.md")["before-start"]["answer"]
    assert "roots rot [green-2015]" in answer


def test_a_number_in_brackets_finds_its_source(folder: Path) -> None:
    """``[1]`` cites the first reference of the list."""
    answer = drafts(folder, PAGES / "article.md")["blood-sugar"]["answer"]
    assert "24 adults [walker-2018]" in answer


def test_a_link_finds_its_source(folder: Path) -> None:
    """A link to the address of a reference cites that reference."""
    answer = drafts(folder, PAGES / "faq.html")["how-often-feed-starter"]["answer"]
    assert "[baker-2019]" in answer


def test_a_source_that_another_guide_has_is_taken_over(tea: Knowledge) -> None:
    """A reference with the DOI of a known source gets its key and all that is known of it."""
    references = References(tea.primary.sources)
    references.add(["Somebody B. Anything. 2001. doi:10.0000/tea.1"])
    kept = references.sources()["brewer-2001"]
    assert ("second-hand", "One kind of leaf.") == (kept["checked"], kept["limits"])


def test_what_names_no_reference_stays() -> None:
    """A mark that leads nowhere is left as it stands, for a person to see."""
    references = References({})
    references.add(["Walker B. 2018."])
    assert "so [7] and (Nobody 1999)" == references.cited("so [7] and (Nobody 1999)")


def test_a_long_text_goes_on_in_finer_drafts(folder: Path) -> None:
    """What one entry can't hold stands in the next, which names it as its parent."""
    found = drafts(folder, PAGES / "article.md")
    finer = [draft for draft in found.values() if draft.get("parent") == "blood-sugar"]
    assert "goes on where another entry stops" in finer[0]["todo"][0]


def test_a_doubt_becomes_the_caveat(folder: Path) -> None:
    """A sentence that says where the answer stops is proposed as its caveat."""
    caveat = drafts(folder, PAGES / "article.md")["blood-sugar"]["caveat"]
    assert caveat == "The trial lasted two days, so it says nothing about months."


def test_figures_stand_in_the_page_as_a_source(folder: Path) -> None:
    """What the page says with figures is what the source `guide` found."""
    drafts(folder, PAGES / "article.md")
    sources = yaml.safe_load((folder / "made" / "sources.yaml").read_text("utf-8"))
    assert any("12%" in sentence for sentence in sources["guide"]["finding"])


def test_the_hip_thrust_page() -> None:
    """The guide that came as plain text falls into its own sections."""
    page = needs_shared("guide") / "hip-thrust-guide.txt"
    found = [title for title, _ in sections(page)]
    assert {"What to do", "How it looks in practice", "Science notes"} <= set(found)


def test_the_limitations_of_the_hip_thrust_page(folder: Path) -> None:
    """Its list of limitations gives a finer draft each."""
    found = drafts(folder, needs_shared("guide") / "hip-thrust-guide.txt")
    assert 3 == sum(name.startswith("caveat-") for name in found)


def test_headings_without_text_are_told(folder: Path) -> None:
    """A heading with nothing below it becomes a draft that says so."""
    found = drafts(folder, needs_shared("guide") / "hip-thrust-guide.txt")
    assert found["common-mistakes"]["todo"][0].startswith("the page has nothing but this heading")


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("missing.txt", None),
        ("empty.txt", b"  \n"),
        ("latin.txt", "caf\xe9".encode("latin-1")),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0"),
        ("title.md", b"# Only a title\n"),
        ("empty.html", b"<html><body></body></html>"),
        ("huge.txt", b"word " * 1_100_000),
    ],
)
def test_a_page_that_cannot_be_used(folder: Path, name: str, raw: bytes | None) -> None:
    """Whatever is wrong with a page is one line on stderr, and nothing is written."""
    page = folder.parent / name
    if raw is not None:
        page.write_bytes(raw)
    result = run(folder, "import", str(page))
    assert (2, 1) == (result.exit_code, result.stderr.count("\n"))
    assert not (folder / name.partition(".")[0]).exists()


# the parts


def test_plain_text_in_blocks() -> None:
    """Headings, paragraphs that were wrapped, and lists are told by their shape."""
    text = "A title\n\nOne line\nand another, wrapped.\n\n  • first\n  • second\n    goes on\n"
    expected = [
        Heading(2, "A title"),
        Paragraph("One line and another, wrapped."),
        Items(("first", "second goes on")),
    ]
    assert expected == text_blocks(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Why is the loaf flat?", "asking"),
        ("How often to feed it", "asking"),
        ("Make the set-up repeatable", "doing"),
        ("Common mistakes", "naming"),
    ],
)
def test_the_form_of_a_heading(text: str, expected: str) -> None:
    """A heading asks, says what to do, or names something."""
    assert expected == form_of(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Über größe & Co.", "uber-groe-co"), ("???", "part"), ("What to do", "what-to-do")],
)
def test_an_id_from_a_heading(text: str, expected: str) -> None:
    """An id has small letters, digits and hyphens only, whatever the heading has."""
    assert expected == slug(text)


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("How often to feed it", "How often to feed it?"),
        ("Why is the loaf flat?", "Why is the loaf flat?"),
        ("Shape the loaf", "How do I shape the loaf?"),
    ],
)
def test_a_question_from_a_heading(heading: str, expected: str) -> None:
    """What asks stands as it is, with one question mark; what says what to do is asked for."""
    assert expected == ask_of(heading)


def test_a_question_that_no_button_can_hold() -> None:
    """A heading that is too long for a button gives no question."""
    assert "" == ask_of("x" * 60)


def test_no_phrasing_is_a_template_by_accident() -> None:
    """Brackets in a heading would make templates of the phrasings, so they are taken out."""
    assert not [
        one for one in phrasings_of("Use (or not) {this} [way]") if set(one) & set("(){}[]")
    ]


def test_today_is_the_day_of_review() -> None:
    """The examples of a new guide carry the day on which it was made."""
    made = scaffold("mine", "Mine", date(2030, 1, 2))
    assert "reviewed: 2030-01-02" in made["answers/start.yaml"]
