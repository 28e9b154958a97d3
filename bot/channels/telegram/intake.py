"""Takes updates safely, and has each answered once, in order within its chat.

An update is claimed with what it says, answered, and marked. What was claimed and never marked is
taken up again: by this process after a restart, or by another one that shares the database.
"""

import asyncio
import json
import logging
import time
from bisect import insort
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial

from bot.channels.telegram.arrivals import Json, arrival_of, kind_of
from bot.channels.telegram.batches import Batches
from bot.conversation.ports import Clock, UpdateStore
from bot.conversation.records import Arrival
from bot.errors import StoreError
from bot.metrics import Metrics

log = logging.getLogger(__name__)

MOST_WAITING = 512
"""How many updates one process has in hand; until there is room again, no more are taken."""

Answer = Callable[[Json], Awaitable[None]]
Pause = Callable[[float], Awaitable[None]]

_SWEEP = 5.0
"""Seconds between two looks at what others have left."""
_LEFT_ALONE = timedelta(seconds=_SWEEP)
_MOST_REMEMBERED = 10_000
_TO_LEAVE = 2.0
_TRIES = 4
"""Seconds in which a line that is broken off at the end must stop, told to so many times."""
_AT_ONCE = 100
"""How many answers are made at once, as many as there are connections to Telegram."""


class Intake:
    """One line for each chat; lines move side by side and last as long as somebody waits."""

    def __init__(  # noqa: PLR0913 - what it works with, by name
        self,
        store: UpdateStore,
        answer: Answer,
        *,
        clock: Clock,
        metrics: Metrics,
        pause: Pause = asyncio.sleep,
        most: int = MOST_WAITING,
    ) -> None:
        """Keep updates in `store` until `answer` has answered them; at most `most` in hand."""
        self._store = store
        self._answer = answer
        self._clock = clock
        self._metrics = metrics
        self._pause = pause
        self._most = most
        self._claims = Batches(store.claim)
        self._marks = Batches(store.answered)
        self._lines: dict[str, list[Arrival]] = {}
        self._visits: set[asyncio.Task[None]] = set()
        self._in_hand: dict[int, float] = {}
        self._unkept: dict[int, asyncio.Future[None]] = {}
        self._unmarked: set[int] = set()
        self._recent: OrderedDict[int, None] = OrderedDict()
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._breaking_off = False
        self._room = asyncio.Event()
        self._room.set()

    async def take(self, *updates: object) -> None:
        """Return when `updates` are safe: kept or, while the database is away, answered.

        Waits while there is no room. What is no update of a known kind is passed over. Raises
        StoreError if they are neither kept nor answered, and had better come again.
        """
        await self._room.wait()
        arrivals = [arrival for each in updates if (arrival := self._read(each)) is not None]
        if not arrivals:
            return
        try:
            ours = await self._claims.do(*arrivals)
        except StoreError as error:
            log.warning("updates can't be kept before they are answered: %s", error)
            await self._take_unkept(arrivals)
            return
        self._metrics.repeated.inc(sum(each.update not in ours for each in arrivals))
        self._line_up(each for each in arrivals if each.update in ours)

    async def take_up(self, left_alone: timedelta = timedelta()) -> None:
        """Take up what was claimed `left_alone` ago or earlier and never answered.

        Raises StoreError if the database can't be used.
        """
        found = await self._store.unfinished(self._clock(), left_alone)
        # a claim may have been kept although its confirmation was lost
        self._unmarked |= {each.update for each in found if each.update in self._recent}
        self._line_up(found)

    async def sweep(self) -> None:
        """Take up what others have left, and mark what couldn't be marked, until cancelled."""
        while True:
            await self._pause(_SWEEP)
            try:
                await self._mark_rest()
                await self.take_up(_LEFT_ALONE)
            except StoreError:
                continue  # the next time may do
            except Exception as error:  # noqa: BLE001 - the next one must be taken
                log.error("what is left can't be looked at: %s", type(error).__name__)  # noqa: TRY400 - it may quote

    async def stop(self, within: float) -> bool:
        """Finish what is in hand, in so many seconds; say whether all of it was finished.

        The rest is taken up after the next start.
        """
        finished = await self._left(within)
        self._breaking_off = True
        for _ in range(_TRIES):
            if await self._left(0):
                break
            for each in self._visits:
                each.cancel()  # whatever it was doing may lose that, so more than once
            await self._left(_TO_LEAVE / _TRIES)
        with suppress(StoreError, TimeoutError):
            async with asyncio.timeout(_TO_LEAVE):
                await self._mark_rest()
        return finished

    def _read(self, update: object) -> Arrival | None:
        """Return an update of a known kind as it is kept, unless it was answered just now."""
        kind = kind_of(update)
        if not kind or not isinstance(update, dict) or update["update_id"] in self._recent:
            return None
        self._metrics.updates.labels(kind).inc()
        return arrival_of(update)

    def _knows(self, update: int) -> bool:
        """Say whether an update is in hand here, or was answered here and not marked yet."""
        return update in self._in_hand or update in self._unmarked

    async def _take_unkept(self, arrivals: Sequence[Arrival]) -> None:
        """Return when `arrivals` are answered: nobody else keeps them for us."""
        loop = asyncio.get_running_loop()
        fresh = [
            each
            for each in arrivals
            if not self._knows(each.update) and each.update not in self._recent
        ]
        self._unkept |= {each.update: loop.create_future() for each in fresh}
        self._line_up(fresh)
        waiting = [self._unkept[each.update] for each in arrivals if each.update in self._unkept]
        if waiting:
            await asyncio.wait(waiting)  # to cancel this must not cancel them: others wait too
        if any(each.cancelled() for each in waiting):
            message = "updates were neither kept nor answered"
            raise StoreError(message)

    def _line_up(self, arrivals: Iterable[Arrival]) -> None:
        """Put updates into the lines of their chats, in the order of their ids."""
        for each in arrivals:
            if self._knows(each.update):
                continue
            self._in_hand[each.update] = time.monotonic()
            if each.chat not in self._lines:
                line = self._lines[each.chat] = []
                visit = asyncio.create_task(self._visit(each.chat))
                self._visits.add(visit)
                visit.add_done_callback(partial(self._leave, each.chat, line))
            insort(self._lines[each.chat], each)
        self._note_room()

    async def _visit(self, chat: str) -> None:
        """Answer what waits in a chat, while nobody else is in it.

        If it can't be locked and the database is there, then another process has been in it for
        long, or the database has just come back. All that waits is left, in its order: what is kept
        to a later look, the rest to come again.
        """
        try:
            async with self._store.lock(chat):
                await self._move(chat, locked=True)
        except StoreError as error:
            log.warning("a chat can't be kept for this process: %s", error)
            if not await self._is_there():
                await self._move(chat, locked=False)

    def _leave(self, chat: str, line: list[Arrival], visit: asyncio.Task[None]) -> None:
        """End a visit, however it ended: nobody must wait in a line that doesn't move."""
        self._visits.discard(visit)
        error = None if visit.cancelled() else visit.exception()
        if error is not None:
            log.error("a line broke off: %s", type(error).__name__)
        if self._lines.get(chat) is line:
            del self._lines[chat]
        for one in line:
            self._let_go(one)
            if one.update in self._unkept:
                self._unkept.pop(one.update).cancel()

    async def _left(self, within: float) -> bool:
        """Wait so many seconds for every visit to end; say whether they have."""
        if self._visits:
            await asyncio.wait(self._visits, timeout=within)
        return not self._visits

    async def _move(self, chat: str, *, locked: bool) -> None:
        """Answer a line until it is empty; if it isn't `locked`, the database is away."""
        while line := self._lines[chat]:
            for one in await self._next(chat, line) if locked else line[:]:
                await self._answer_one(one)
                if one in line:
                    line.remove(one)
        del self._lines[chat]

    async def _is_there(self) -> bool:
        """Say whether the database can be used."""
        try:
            await self._store.waiting("")
        except StoreError:
            return False
        return True

    async def _next(self, chat: str, line: list[Arrival]) -> list[Arrival]:
        """Return what is next in a chat, with what other processes have claimed there.

        What one of them has answered meanwhile leaves the line.
        """
        mine = line[:]
        waiting = await self._store.waiting(chat)
        found = [one for one in waiting if one.update not in self._recent]
        left = {one.update for one in found} | self._unkept.keys()
        for one in mine:
            if one.update not in left:
                line.remove(one)
                self._let_go(one)
        return sorted({*found, *(one for one in mine if one.update in self._unkept)})

    async def _answer_one(self, one: Arrival) -> None:
        """Answer one update and mark it, whether or not that worked: again would be no better."""
        self._in_hand.setdefault(one.update, time.monotonic())
        try:
            async with self._places:
                await self._answer(json.loads(one.content))
        except Exception as error:
            self._metrics.failed.inc()
            log.error("an update could not be handled: %s", type(error).__name__)  # noqa: TRY400 - its message may hold words
            if self._breaking_off:
                raise  # it was not given the time: after the next start it is
        self._metrics.answering.observe(time.monotonic() - self._in_hand[one.update])
        await self._mark(one.update)
        self._let_go(one)

    async def _mark(self, update: int) -> None:
        """Say that an update is answered; if that can't be kept, it is tried again later."""
        self._recent[update] = None
        if len(self._recent) > _MOST_REMEMBERED:
            self._recent.popitem(last=False)
        if update in self._unkept:
            self._unkept.pop(update).set_result(None)
            return
        try:
            await self._marks.do(update)
        except StoreError:
            self._unmarked.add(update)

    async def _mark_rest(self) -> None:
        """Mark what couldn't be marked before."""
        if self._unmarked:
            marked = frozenset(self._unmarked)
            await self._marks.do(*marked)
            self._unmarked -= marked

    def _let_go(self, one: Arrival) -> None:
        """Have an update in hand no more."""
        self._in_hand.pop(one.update, None)
        self._note_room()

    def _note_room(self) -> None:
        """Let more come in, or not."""
        self._metrics.waiting.set(len(self._in_hand))
        if len(self._in_hand) < self._most:
            self._room.set()
        else:
            self._room.clear()
