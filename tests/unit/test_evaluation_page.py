"""The page about an evaluation: self-contained, with pictures that are told in words too."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.errors import EvaluationError
from bot.evaluation.page import page, write_page
from bot.evaluation.questions import Floors
from bot.evaluation.report import Report


class Elements(HTMLParser):
    """Collects the elements of a page with their attributes."""

    def __init__(self, text: str) -> None:
        """Read a whole page."""
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect one element."""
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def text(tea_report: Report) -> str:
    """Return the page about the small guide."""
    return page([tea_report])


@pytest.fixture(scope="module")
def elements(text: str) -> list[tuple[str, dict[str, str | None]]]:
    """Return the elements of the page."""
    return Elements(text).found


def test_there_are_three_pictures(elements: list[tuple[str, dict[str, str | None]]]) -> None:
    """Reliability, coverage against error, and confusion are drawn inside the page."""
    assert 3 == sum(tag == "svg" for tag, _ in elements)


@pytest.mark.parametrize(
    "begins", ["Reliability diagram: ", "Coverage against ", "Confusion matrix "]
)
def test_every_picture_has_words(
    elements: list[tuple[str, dict[str, str | None]]], begins: str
) -> None:
    """Each picture has a text alternative with its figures."""
    labels = [
        (found.get("aria-label") or "") for _, found in elements if found.get("role") == "img"
    ]
    (label,) = [each for each in labels if each.startswith(begins)]
    assert re.search(r"\d", label)


def test_nothing_is_loaded_from_elsewhere(
    text: str, elements: list[tuple[str, dict[str, str | None]]]
) -> None:
    """No element and no style refers to anything outside the page."""
    sources = [
        value
        for _, found in elements
        for name, value in found.items()
        if name in ("src", "href", "xlink:href", "data", "srcset") and value
    ]
    assert [] == [value for value in sources if not value.startswith(("#", "data:"))]
    assert [] == re.findall(r"url\((?!#)|@import|<script|<link", text)


def test_names_are_only_for_what_is_referred_to(
    text: str, elements: list[tuple[str, dict[str, str | None]]]
) -> None:
    """Pictures share a page: parts that nothing refers to have no names that could clash."""
    names = [found["id"] for _, found in elements if "id" in found]
    assert [] == [name for name in names if f"#{name}" not in text]


def test_what_people_said_is_text(tea_report: Report) -> None:
    """A question with markup in it is shown as it was typed."""
    (wrong,) = [result for result in tea_report.results if result.verdict == "wrong"]
    rude = replace(wrong, turn=replace(wrong.turn, name="<script>alert(1)</script>"))
    assert "<script>" not in page([replace(tea_report, results=(rude,))])


def test_the_page_is_the_same_each_time(text: str, tea_report: Report) -> None:
    """The same report makes the same page, to the letter."""
    assert text == page([tea_report])


def test_a_shortfall_is_told(tea_report: Report) -> None:
    """A figure below its floor is named with both numbers."""
    low = page([replace(tea_report, floors=Floors(right=0.99))])
    assert "right at once of all questions is 0.833, not at least 0.99" in low


def test_nothing_to_draw(tea_report: Report) -> None:
    """With a red flag alone there is no guess and no confusion, and a page nonetheless."""
    flags = tuple(one for one in tea_report.results if one.verdict == "caught")
    assert "<svg" not in page([replace(tea_report, results=flags)])


def test_two_guides_make_one_page(tea_report: Report) -> None:
    """Each guide has its part of the page."""
    both = page([tea_report, replace(tea_report, guide="chess")])
    assert ["tea", "chess"] == re.findall(r"<h2>(\w+)</h2>", both)


def test_a_page_that_cannot_be_written(tea_report: Report, tmp_path: Path) -> None:
    """A path that can't be written is one line."""
    with pytest.raises(EvaluationError, match="can't be written: No such file or directory"):
        write_page([tea_report], tmp_path / "nowhere" / "report.html")
