"""The page in this process: behind a client without a network, or on a port of its own."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

from starlette.testclient import TestClient

from bot.channels.keeper import Keeper
from bot.channels.web.application import build_page
from bot.channels.web.server import address_of, bind, make_server
from bot.conversation.dialogue import Dialogue
from bot.matching.matcher import Matcher
from bot.stores.bundle import Stores, in_memory

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


@contextmanager
def serving(dialogue: Dialogue, matcher: Matcher) -> Iterator[str]:
    """Serve the page on a free port of this machine; yield its address."""
    with bind("127.0.0.1", 0) as bound:
        server = make_server(build_page(dialogue, matcher, Keeper(in_memory())))
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
