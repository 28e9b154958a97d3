"""A real browser before the real page. Without one the tests skip; with CI set they fail."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.conversation.dialogue import Dialogue
from bot.matching.matcher import Matcher
from tests.e2e.web.serving import serving

CHROMIUM = Path("/usr/bin/chromium")

expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return Debian's Chromium."""
    if not CHROMIUM.exists():
        reason = f"there is no {CHROMIUM}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(dialogue: Dialogue, matcher: Matcher) -> Iterator[str]:
    """Return where the page of the guide that ships is served."""
    with serving(dialogue, matcher) as address:
        yield address


@contextmanager
def new_page(browser: Browser, address: str, path: str = "/") -> Iterator[Page]:
    """Open a page in a new profile the size of a phone; what its console complains of fails."""
    context = browser.new_context(
        base_url=address, viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
    )
    page.goto(path)
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Return a new page with the chat."""
    with new_page(browser, address) as page:
        yield page
