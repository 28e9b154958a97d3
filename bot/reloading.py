"""Hot reload: changed knowledge is checked and swapped in while messages flow, or refused.

Changed phrasings are swapped in twice: at once with a matcher adapted to them, and again when it
was fitted to them, which takes longer than an author should wait.
"""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from bot.checking import quick_problems_of
from bot.conversation.dialogue import Dialogue
from bot.duties import beside
from bot.errors import GuidebotError, KnowledgeError
from bot.matching.matcher import Matcher

log = logging.getLogger(__name__)

EVERY = 0.25
"""Seconds between two looks at the folder."""

Stamp = tuple[tuple[str, int, int], ...]


class Loaded(NamedTuple):
    """Everything that answers, made from one version of the knowledge."""

    dialogue: Dialogue
    matcher: Matcher

    @property
    def version(self) -> str:
        """The version of the knowledge: a hash of its content."""
        return self.dialogue.catalogue.knowledge.version


Load = Callable[[], Loaded]
Swap = Callable[[Loaded], Awaitable[None]]
Fit = Callable[[], Awaitable[None]]
"""Fits the matcher to the knowledge as it is, so that loading finds it fitted."""


class Reloader:
    """Looks for changes in the knowledge folder, and swaps in what is sound.

    Loading happens in a thread, beside the answers; the swap itself is one step between two of
    them. What can't be loaded is refused with its problems, and the last good version stays.
    """

    def __init__(
        self, folder: Path, load: Load, swap: Swap, *, fit: Fit, every: float = EVERY
    ) -> None:
        """Look at `folder`; `load` reads it whole, `swap` takes what was loaded."""
        self._folder = folder
        self._load = load
        self._swap = swap
        self._fit = fit
        self._every = every
        self._version = ""
        self._seen: Stamp = ()
        self._asked = asyncio.Event()
        self._provisional = asyncio.Event()
        self._turn = asyncio.Lock()

    def begin(self, loaded: Loaded) -> None:
        """Take what answers now as the version to compare with."""
        self._version = loaded.version
        self._seen = stamp(self._folder)
        log.info("knowledge %s is live", self._version)

    def ask(self) -> None:
        """Look at once, and load whether or not a file seems changed."""
        self._asked.set()

    async def run(self) -> None:
        """Look for ever, and settle. Whatever goes wrong, the next change may mend it."""
        async with beside(self._keep_settling):
            while True:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._asked.wait(), self._every)
                asked = self._asked.is_set()
                self._asked.clear()
                await self.look(asked=asked)

    async def look(self, *, asked: bool = False) -> bool:
        """Swap in what has changed, if it is sound; say whether something was swapped in.

        While files are still being written, it waits for the next look.
        """
        async with self._turn:
            return await self._looked(asked=asked)

    async def settle(self) -> bool:
        """Fit the matcher to knowledge that is live; say whether what was fitted is live now.

        If the knowledge has changed meanwhile, that is no longer of use.
        """
        self._provisional.clear()
        await self._fit()
        async with self._turn:
            loaded = await self._loaded()
            if loaded is None or loaded.version != self._version or loaded.matcher.provisional:
                return False
            await self._swap(loaded)
        log.info("the matcher is fitted to knowledge %s", self._version)
        return True

    async def _keep_settling(self) -> None:
        """Settle whatever is provisional, for ever."""
        while True:
            await self._provisional.wait()
            await self.settle()

    async def _looked(self, *, asked: bool) -> bool:
        """Look, alone."""
        before = await asyncio.to_thread(stamp, self._folder)
        if before == self._seen and not asked:
            return False
        loaded = await self._loaded()
        if await asyncio.to_thread(stamp, self._folder) != before:
            return False
        self._seen = before
        if loaded is None or (loaded.version == self._version and not asked):
            return False
        await self._swap(loaded)
        log.info("knowledge %s is live, after %s", loaded.version, self._version)
        self._version = loaded.version
        if loaded.matcher.provisional:
            self._provisional.set()
        return True

    async def _loaded(self) -> Loaded | None:
        """Return the knowledge as it is now; None if it is broken, with its problems in the log."""
        try:
            return await asyncio.to_thread(self._sound)
        except GuidebotError as error:
            log.warning("changed knowledge is refused, %s stays: %s", self._version, error)
            return None
        except Exception:
            log.exception("changed knowledge could not be loaded, %s stays", self._version)
            return None

    def _sound(self) -> Loaded:
        """Return the knowledge as it is now. Raises GuidebotError if it is broken."""
        loaded = self._load()
        problems = quick_problems_of(loaded.dialogue.catalogue.knowledge)
        if problems:
            raise KnowledgeError(problems)
        return loaded


def stamp(folder: Path) -> Stamp:
    """Return what tells whether any YAML file of `folder` was changed: names, sizes, times."""
    found = []
    for here, _, names in os.walk(folder):  # it is looked at all the time: a Path would cost more
        for name in names:
            if name.endswith(".yaml"):
                with suppress(OSError):  # it may be gone by now
                    path = os.path.join(here, name)  # noqa: PTH118
                    facts = os.stat(path)  # noqa: PTH116
                    found.append((path, facts.st_size, facts.st_mtime_ns))
    return tuple(sorted(found))


@asynccontextmanager
async def reloading(reloader: Reloader) -> AsyncIterator[None]:
    """Let a reloader run beside what happens inside; SIGHUP asks it to look at once."""
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError, AttributeError):  # no such signal on Windows
        loop.add_signal_handler(signal.SIGHUP, reloader.ask)
    try:
        async with beside(reloader.run):
            yield
    finally:
        with suppress(NotImplementedError, AttributeError):  # nor a handler of it
            loop.remove_signal_handler(signal.SIGHUP)


async def keep_reloading(reloader: Reloader) -> None:
    """Do the same until cancelled."""
    async with reloading(reloader):
        await asyncio.Event().wait()
