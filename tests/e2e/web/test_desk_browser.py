"""The desk in a real browser, on a copy of the small guide."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from bot.conversation.records import Count, Vote
from tests.authoring import LATE, Workplace, settled
from tests.e2e.web.conftest import new_page
from tests.e2e.web.serving import Office, serving_page
from tests.e2e.web.test_browser import ask, turns, violations

EVIL = "<img src=x onerror=\"document.title='broken'\">"
WIDE = "w" * 180


@pytest.fixture
def desk(browser: Browser, workplace: Workplace) -> Iterator[Page]:
    """Return the desk on a phone: with a question in vain, and a day of use behind it."""
    workplace.ask_in_vain()
    settled(use(workplace))
    with (
        serving_page(Office(workplace).page) as address,
        new_page(browser, address, "/desk") as page,
    ):
        yield page


async def use(workplace: Workplace) -> None:
    """Count what happens on two days."""
    today = datetime.now(UTC).date()
    for day in (today, today - timedelta(days=1)):
        await workplace.stores.counters.add_all(
            [
                Count(day, "asked", "answer", 5),
                Count(day, "asked", "abstain", 1),
                Count(day, "topic", "tea/water-heat", 5),
                Count(day, "took", "5", 6),
                Count(day, "vote", "1", 2),
            ]
        )
    await workplace.stores.votes.vote("web:a", "tea/water-heat", Vote(-1, "doubt"))


def open_question(desk: Page) -> None:
    """Open the first question in vain."""
    desk.get_by_role("link", name=re.compile(LATE)).click()
    expect(desk.get_by_role("heading", name="Asked 1 time in vain")).to_be_visible()


def tried(desk: Page) -> None:
    """Try to add the question to the answer that is nearest, and wait for what comes of it."""
    open_question(desk)
    desk.get_by_role("button", name="Try it").first.click()
    expect(desk.get_by_role("heading", name="What it would do")).to_be_visible()


def test_the_accept_round_trip(desk: Page, workplace: Workplace) -> None:
    """Opened, tried, confirmed: the file is written, and the chat answers what it couldn't."""
    tried(desk)
    expect(desk.locator(".diff")).to_contain_text(LATE)
    assert not workplace.readers.exists()
    desk.get_by_role("button", name="Write it").click()
    expect(desk.get_by_role("heading", name="Written")).to_be_visible()
    assert {"tea-at-night": [LATE]} == yaml.safe_load(workplace.readers.read_text())["phrasings"]
    desk.get_by_role("link", name="Back to the desk").click()
    expect(desk.get_by_text("Nothing is waiting")).to_be_visible()
    desk.get_by_role("link", name="Chat").click()
    expect(ask(desk, LATE)).to_contain_text("It can, and black tea more than most.")


def test_none_of_these_comes_to_the_desk(desk: Page) -> None:
    """What a reader says no to in the chat waits at the desk."""
    desk.goto("/")
    ask(desk, "bitter or weak")
    desk.get_by_role("button", name="None of these").click()
    expect(turns(desk)).to_have_count(2)
    desk.goto("/desk")
    expect(desk.get_by_role("link", name=re.compile("bitter or weak"))).to_be_visible()
    expect(desk.get_by_text("1 none of these")).to_be_visible()


def test_a_question_is_dismissed(desk: Page) -> None:
    """One press, and it is gone."""
    open_question(desk)
    desk.get_by_role("button", name="Dismiss").click()
    expect(desk.get_by_text("Nothing is waiting")).to_be_visible()


def test_a_new_entry_is_checked(desk: Page) -> None:
    """A new entry is filled in on the page; what check says of it is shown."""
    open_question(desk)
    desk.get_by_text("It needs an answer of its own").click()
    sheet = desk.locator("details[open]")
    for label, text in {
        "Id": "late-mug",
        "The full question": "Is a late mug fine?",
        "Title": "A late mug",
        "Answer": "It is. [guide]",
        "Where it stops": "People differ.",
        "What it rests on": "habit",
        "What would change it": "A trial.",
        "What a coach would ask next": "How late?",
        "First option": "Ten",
        "Second option": "Later",
    }.items():
        sheet.get_by_label(label).first.fill(text)
    sheet.get_by_role("button", name="Try it").click()
    expect(desk.get_by_role("heading", name="Check complains")).to_be_visible()
    expect(desk.locator(".problems")).to_contain_text("'late-mug' has 2 phrasings; at least 8")


def test_an_attempt_at_the_desk_is_text(browser: Browser, workplace: Workplace) -> None:
    """Markup that a reader asked is shown as it was asked, and never runs."""
    workplace.ask_in_vain(EVIL)
    with (
        serving_page(Office(workplace).page) as address,
        new_page(browser, address, "/desk") as page,
    ):
        page.get_by_role("link", name=re.compile("img src")).click()
        expect(page.locator(".asked")).to_contain_text(EVIL)
        page.get_by_role("button", name="Try it").first.click()
        expect(page.locator(".diff, .problems").first).to_be_visible()
        assert page.locator("main img").count() == 0
        assert "broken" not in page.title()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_the_desk(desk: Page, scheme: Any) -> None:
    """No rule of axe-core is broken on any page of the desk."""
    desk.emulate_media(color_scheme=scheme)
    desk.get_by_text("The same as a table").click()
    assert violations(desk) == []
    open_question(desk)
    for details in desk.locator("details summary").all():
        details.click()
    assert violations(desk) == []
    desk.goto("/desk")
    tried(desk)
    assert violations(desk) == []
    desk.get_by_role("button", name="Write it").click()
    expect(desk.get_by_role("heading", name="Written")).to_be_visible()
    assert violations(desk) == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_desk_fits_every_screen(desk: Page, workplace: Workplace, width: int) -> None:
    """Nobody has to scroll sideways, however long a word somebody asked."""
    workplace.ask_in_vain(WIDE)
    desk.set_viewport_size({"width": width, "height": 700})
    desk.reload()
    assert width == desk.evaluate("document.documentElement.scrollWidth")
    desk.get_by_role("link", name=re.compile("www")).click()
    for details in desk.locator("details summary").all():
        details.click()
    assert width == desk.evaluate("document.documentElement.scrollWidth")
    desk.get_by_role("button", name="Try it").first.click()
    expect(desk.locator(".diff")).to_be_visible()
    assert width == desk.evaluate("document.documentElement.scrollWidth")


def test_the_desk_is_dark_in_the_dark(desk: Page) -> None:
    """The ground follows the system."""
    grounds = []
    for scheme in ("light", "dark"):
        desk.emulate_media(color_scheme=scheme)
        colour = desk.evaluate("getComputedStyle(document.body).backgroundColor")
        grounds.append(sum(map(int, re.findall(r"\d+", colour)[:3])) / 3)
    light, dark = grounds
    assert light > 200
    assert dark < 50


def test_keys_are_enough_at_the_desk(desk: Page) -> None:
    """With the keyboard alone: open a question, choose an entry, try it."""
    link = desk.get_by_role("link", name=re.compile(LATE))
    link.focus()
    desk.keyboard.press("Enter")
    near = desk.get_by_role("radio").first
    expect(near).to_be_visible()
    near.focus()
    desk.keyboard.press("ArrowDown")
    expect(desk.get_by_role("radio").nth(1)).to_be_checked()
    desk.keyboard.press("Tab")
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("button", name="Try it").first).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="What it would do")).to_be_visible()
