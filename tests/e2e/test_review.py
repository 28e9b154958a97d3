"""`review`: the desk in the terminal, on a copy of the small guide."""

import asyncio
import json
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
import yaml
from rich.console import Console
from typer.testing import CliRunner

from bot.cli import main
from bot.commands.review import review_questions
from bot.conversation.records import Count, Miss
from bot.stores.bundle import open_stores, utc_now
from tests.authoring import LATE, QUESTIONS, Workplace

ENTRY = [
    *("water-heat", "hard-water", "Does hard water matter?", "Hard water"),
    *("It does: soft water lets more through. [guide]", "Tastes differ.", "practice"),
    *("the guide's habit", "A tasting.", "Is your water hard?"),
    *("It is", "water-heat", "It isn't", "steeping-time"),
]


@pytest.fixture
def asked(workplace: Workplace) -> Workplace:
    """Return a copy of the guide whose database has two questions in vain."""

    async def fill() -> None:
        async with open_stores("", Path(workplace.environment["DATA_DIR"])) as stores:
            await stores.counters.add(utc_now().date(), "asked", "answer", 4)
            await stores.counters.add_all([Count(utc_now().date(), "topic", "tea/water-heat", 4)])
            for text in (LATE, LATE, "which grinder for espresso"):
                await stores.misses.add(Miss(text, "abstain", utc_now()))

    asyncio.run(fill())
    return workplace


def waiting(workplace: Workplace) -> list[str]:
    """Return what is still in the database."""

    async def read() -> list[str]:
        async with open_stores("", Path(workplace.environment["DATA_DIR"])) as stores:
            return [miss.text for miss in await stores.misses.since(utc_now().replace(year=2000))]

    return asyncio.run(read())


def script(*lines: str) -> Callable[[str], str]:
    """Return what types these lines, then ends the input."""
    left: Iterator[str] = iter(lines)

    def read(_prompt: str) -> str:
        try:
            return next(left)
        except StopIteration:
            raise EOFError from None

    return read


def review(workplace: Workplace, *lines: str) -> str:
    """Go through the questions, typing `lines`; return what was printed."""
    printed = StringIO()
    console = Console(file=printed, width=120, highlight=False, markup=False)
    asyncio.run(review_questions(workplace.settings, QUESTIONS, 7, script(*lines), console))
    return printed.getvalue()


def test_it_begins_with_how_the_bot_fares(asked: Workplace) -> None:
    """Counts, bars, topics and what is to be reviewed come before the questions."""
    said = review(asked, "q")
    assert "4 asked, 100% answered" in said
    assert said.index("Top topics") < said.index("1 of 2: asked 2 times (2 not covered)")
    assert "Not reviewed for six months" in said


def test_a_phrasing_is_accepted(asked: Workplace) -> None:
    """The number of a near entry shows the diff and what it costs; yes writes it."""
    said = review(asked, "1", "y", "q")
    assert f'+    - "{LATE}"' in said
    assert "15 labelled questions: 0 won, 0 lost, 0 stolen" in said
    assert "As it was before: " in said
    assert {"tea-at-night": [LATE]} == yaml.safe_load(asked.readers.read_text())["phrasings"]
    assert ["which grinder for espresso"] == waiting(asked)


@pytest.mark.parametrize("answer", ["", "n", "no", "maybe"])
def test_nothing_is_written_without_a_yes(asked: Workplace, answer: str) -> None:
    """Whatever isn't a yes leaves folder and questions as they were."""
    review(asked, "1", answer, "q")
    assert not asked.readers.exists()
    assert 3 == len(waiting(asked))


def test_another_entry_is_named(asked: Workplace) -> None:
    """Any entry can be named by its id; an unknown one is no choice."""
    said = review(asked, "a nobody", "a tea-at-night", "y", "q")
    assert "That is none of the choices." in said
    assert {"tea-at-night": [LATE]} == yaml.safe_load(asked.readers.read_text())["phrasings"]


def test_something_outside_is_marked(asked: Workplace) -> None:
    """With o, what the guide doesn't cover is kept as such."""
    review(asked, "", "o", "y", "q")
    written = yaml.safe_load(asked.readers.read_text())
    assert {"outside": {"coffee": ["which grinder for espresso"]}} == written


def test_dismissing_deletes(asked: Workplace) -> None:
    """With d, the questions are gone and the next ones come."""
    review(asked, "d", "d")
    assert [] == waiting(asked)


def test_a_new_entry_is_asked_for_part_by_part(asked: Workplace) -> None:
    """Every part is typed, then more ways of asking; it is tried like everything else."""
    texts = [f"hard water {word}" for word in ("scum", "film", "chalk", "lime", "filter", "taste")]
    said = review(asked, "n", *ENTRY, *texts, "", "y", "q")
    assert "Written." in said
    answers = asked.folder / "tea" / "answers" / "brewing.yaml"
    assert "hard-water" == yaml.safe_load(answers.read_text())["entries"][-1]["id"]


def test_a_faulty_entry_is_told(asked: Workplace) -> None:
    """A part that can't be used is named, and one can choose again."""
    said = review(asked, "n", *ENTRY[:1], "No Id", *ENTRY[2:], "", "q")
    assert "id: string should match pattern" in said


def test_the_end_of_the_input_ends_it(asked: Workplace) -> None:
    """Control-D is a way out."""
    review(asked)
    assert 3 == len(waiting(asked))


def test_an_empty_desk_says_so(workplace: Workplace) -> None:
    """Without questions in vain there is nothing to go through."""
    assert "Nothing was asked in vain." in review(workplace)


def test_everything_as_json(asked: Workplace) -> None:
    """--json prints one object with the clusters and how the bot fares."""
    command = ["review", "--json", "--days", "3", "--questions", str(QUESTIONS)]
    done = CliRunner().invoke(main, command, env=asked.environment)
    found = json.loads(done.stdout)
    assert [(2, LATE), (1, "which grinder for espresso")] == [
        (each["times"], each["asked"][0]["text"]) for each in found["clusters"]
    ]
    assert (3, {"water-heat": 4}) == (len(found["days"]), found["topics"])
