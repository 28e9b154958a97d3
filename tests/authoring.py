"""A desk over a copy of the small guide, as the tests of its rooms and channels need it."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from bot.app.composition import make_desk, make_matcher, read_knowledge
from bot.authoring.desk import Desk
from bot.authoring.model import Cluster
from bot.conversation.records import Miss, MissKind
from bot.settings import REPOSITORY, Settings
from bot.stores.bundle import Stores, in_memory

QUESTIONS = REPOSITORY / "tests" / "questions"
LATE = "will a mug at ten keep me up"


Kept = TypeVar("Kept")


def settled(work: Coroutine[Any, Any, Kept]) -> Kept:
    """Return what `work` leads to; in a thread, since a browser's loop may run in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


class Workplace:
    """The folder, its stores, and a desk for them."""

    def __init__(self, folder: Path, home: Path, cache: Path) -> None:
        """Work on `folder`; backups go below `home`, fitted indexes to `cache`."""
        self.folder = folder
        self.environment = {
            "KNOWLEDGE_DIR": str(folder),
            "DATA_DIR": str(home / "data"),
            "CACHE_DIR": str(cache),
        }
        self.settings = Settings.read(self.environment)
        self.stores: Stores = in_memory()
        self.readers = folder / "tea" / "phrasings" / "readers.yaml"

    def desk(self) -> Desk:
        """Return a desk over the folder as it is now."""
        knowledge = read_knowledge(self.settings)
        matcher = make_matcher(knowledge, self.settings)
        return make_desk(self.settings, QUESTIONS, knowledge, matcher, self.stores)

    def ask_in_vain(self, text: str = LATE, kind: MissKind = "abstain") -> None:
        """Keep a question in vain."""
        settled(self.stores.misses.add(Miss(text, kind, datetime.now(UTC))))

    def waiting(self) -> list[str]:
        """Return the texts that wait at the desk."""
        clusters = settled(self.desk().clusters())
        return [asked.text for each in clusters for asked in each.asked]

    def cluster(self, desk: Desk) -> Cluster:
        """Return the first cluster."""
        return desk.near(settled(desk.clusters())[0])
