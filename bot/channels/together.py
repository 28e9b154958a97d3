"""Answers questions that come at the same time together: reading many costs less each than one."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import NamedTuple

from bot.channels.keeper import Recalled
from bot.conversation.dialogue import Dialogue, Outcome
from bot.conversation.model import Decision, Question, Session

log = logging.getLogger(__name__)

_MOST = 16
"""How many are read at once: what came in meanwhile is not to wait for more."""


class _Waiting(NamedTuple):
    """A question, what was known when it came in, and what waits for it."""

    question: Question
    known: Recalled
    ready: asyncio.Future[None]


class Together:
    """Asks a Dialogue; whoever asks in the same turn of the event loop is read in one go."""

    def __init__(self, dialogue: Dialogue, timer: Callable[[], float] = perf_counter) -> None:
        """Ask `dialogue`; `timer` tells seconds."""
        self._dialogue = dialogue
        self._timer = timer
        self._waiting: list[_Waiting] = []

    async def respond(self, question: Question, known: Recalled) -> Outcome:
        """Return what `Dialogue.respond` returns."""
        return (await self.judge(question, known))[1]

    async def judge(self, question: Question, known: Recalled) -> tuple[Decision, Outcome]:
        """Return what `Dialogue.judge` returns; it took as long as it took with all the others."""
        begun = self._timer()
        await self._read(question, known)
        decision, outcome = self._dialogue.judge(question, *known)
        return decision, outcome._replace(took=self._timer() - begun)

    async def _read(self, question: Question, known: Recalled) -> None:
        """Return when a question has been read, with all that are there by the next turn."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._read_all)
        one = _Waiting(question, known, loop.create_future())
        self._waiting.append(one)
        await one.ready

    def _read_all(self) -> None:
        """Read those who wait, the first ones first; if that fails, each does by itself."""
        now, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._read_all)
        try:
            self._prepare(now)
        except Exception as error:  # noqa: BLE001 - one of them must not stop the others
            log.warning("questions can't be read together: %s", type(error).__name__)
        for one in now:
            if not one.ready.done():
                one.ready.set_result(None)

    def _prepare(self, now: Sequence[_Waiting]) -> None:
        """Have those who will answer look at the questions."""
        asked: dict[Dialogue, list[tuple[Question, Session]]] = defaultdict(list)
        for question, known, _ in now:
            speaker = self._dialogue.speaking(known.profile.language, question.text)
            asked[speaker].append((question, known.session))
        for speaker, some in asked.items():
            speaker.foresight.prepare(some)
