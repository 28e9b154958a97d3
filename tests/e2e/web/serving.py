"""The page in this process: behind a client without a network, or on a port of its own."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

from starlette.testclient import TestClient
from starlette.types import ASGIApp

from bot.app.composition import load_all, make_desk
from bot.channels.keeper import Keeper
from bot.channels.web import application
from bot.channels.web.admissions import Admissions
from bot.channels.web.application import build_page
from bot.channels.web.conversations import Conversations
from bot.channels.web.live import LivePage, Page
from bot.channels.web.server import address_of, bind, make_server
from bot.conversation.dialogue import Dialogue
from bot.matching.matcher import Matcher
from bot.stores.bundle import Stores, in_memory
from tests.authoring import QUESTIONS, Workplace

HERE = "http://127.0.0.1:8080"
OURS = {"X-Guidebot": "1", "Origin": HERE}


def client(
    dialogue: Dialogue,
    matcher: Matcher,
    stores: Stores | None = None,
    *,
    local: bool = True,
) -> TestClient:
    """Return a browser without a screen that has the page before it."""
    page = build_page(dialogue, matcher, Keeper(stores or in_memory()), local=local)
    return TestClient(page, base_url=HERE, follow_redirects=False)


class Office:
    """The page of a copy of the small guide, with a desk, made anew when the guide changes."""

    def __init__(self, workplace: Workplace, *, local: bool = True, token: str = "") -> None:
        """Serve the folder of `workplace` as `run_web` would."""
        self._workplace = workplace
        self._local = local
        self._admissions = Admissions(token, local=local)
        self._conversations = Conversations()
        self.page = LivePage(self._build())

    def client(self) -> TestClient:
        """Return a browser without a screen."""
        return TestClient(self.page, base_url=HERE, follow_redirects=False)

    def _renew(self) -> None:
        """Serve the folder as it is now from now on."""
        self.page.take(self._build())

    def _build(self) -> Page:
        """Build the page of the folder as it is now."""
        settings, stores = self._workplace.settings, self._workplace.stores
        dialogue, matcher = load_all(settings)
        knowledge = dialogue.catalogue.knowledge
        desk = make_desk(settings, QUESTIONS, knowledge, matcher, stores)
        return build_page(
            dialogue,
            matcher,
            Keeper(stores),
            conversations=self._conversations,
            office=application.Office(desk, self._admissions, self._renew),
            local=self._local,
        )


@contextmanager
def serving(dialogue: Dialogue, matcher: Matcher) -> Iterator[str]:
    """Serve the page on a free port of this machine; yield its address."""
    with serving_page(build_page(dialogue, matcher, Keeper(in_memory()))) as address:
        yield address


@contextmanager
def serving_page(page: ASGIApp) -> Iterator[str]:
    """Serve any page on a free port of this machine; yield its address."""
    with bind("127.0.0.1", 0) as bound:
        server = make_server(page)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            yield address_of(bound)
        finally:
            server.should_exit = True
            thread.join()


def words_of(html: str) -> str:
    """Return the words of some HTML, without tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
