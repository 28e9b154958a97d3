"""Intake: updates are kept, answered once, in order within their chat, and taken up again."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.telegram.arrivals import arrival_of
from bot.channels.telegram.intake import Intake
from bot.conversation.records import Arrival
from bot.duties import beside
from bot.errors import StoreError
from bot.metrics import Metrics
from bot.stores.memory.tables import Tables
from bot.stores.memory.updates import MemoryUpdateStore

Json = dict[str, Any]
NOON = datetime(2030, 5, 10, 12, tzinfo=UTC)
LATER = datetime(2030, 5, 10, 13, tzinfo=UTC)


class Sometimes(MemoryUpdateStore):
    """A store whose database can be away."""

    def __init__(self, tables: Tables) -> None:
        """Begin with the database there."""
        super().__init__(tables, lambda: NOON)
        self.away = False
        self.holds: list[asyncio.Event] = []

    async def claim(self, arrivals: Sequence[Arrival]) -> frozenset[int]:
        """Claim, if the database is there; it may take its time to say."""
        if self.holds:
            await self.holds.pop(0).wait()
        self._look()
        return await super().claim(arrivals)

    async def answered(self, updates: Sequence[int]) -> None:
        """Mark, if the database is there."""
        self._look()
        await super().answered(updates)

    def _look(self) -> None:
        """Raise StoreError if the database is away."""
        if self.away:
            message = "away"
            raise StoreError(message)


class Odd(Sometimes):
    """A store that fails as none should."""

    def __init__(self, tables: Tables) -> None:
        """Begin without a fault."""
        super().__init__(tables)
        self.odd = False
        self.busy: asyncio.Event | None = None

    @asynccontextmanager
    async def lock(self, chat: str) -> AsyncIterator[None]:
        """Lock, unless it is to fail, or a chat is busy until it is given up."""
        if self.odd:
            raise ZeroDivisionError
        if self.busy is not None and not self.busy.is_set():
            await self.busy.wait()
            message = "busy"
            raise StoreError(message)
        async with super().lock(chat):
            yield


class Desk:
    """An intake over a store, and who answers: at once, or when a gate is opened."""

    def __init__(self, tables: Tables | None = None, most: int = 512) -> None:
        """Begin with nothing in hand and every gate open."""
        self.tables = tables or Tables()
        self.store = Odd(self.tables)
        self.metrics = Metrics()
        self.answered: list[int] = []
        self.begun: list[int] = []
        self.gates: dict[int, asyncio.Event] = {}
        self.breaks: set[int] = set()
        self.stubborn: dict[int, BaseException] = {}
        self.now = LATER
        self.intake = Intake(
            self.store, self.answer, clock=lambda: self.now, metrics=self.metrics, most=most
        )

    async def answer(self, update: Json) -> None:
        """Answer one update when its gate is open."""
        number = update["update_id"]
        self.begun.append(number)
        if number in self.gates:
            try:
                await self.gates[number].wait()
            except asyncio.CancelledError:
                if number in self.stubborn:
                    raise self.stubborn[number] from None
                raise
        if number in self.breaks:
            raise ZeroDivisionError
        self.answered.append(number)

    async def finish(self) -> None:
        """Wait until all is answered."""
        assert await self.intake.stop(10)

    def open(self) -> list[int]:
        """Return the ids of what the store holds unanswered."""
        rows = self.tables.updates.items()
        return sorted(number for number, row in rows if row.answered_at is None)


def update(number: int, chat: int = 7) -> Json:
    """Return an update of a chat."""
    return {"update_id": number, "message": {"chat": {"id": chat}, "text": "words"}}


async def turns(number: int = 20) -> None:
    """Let everything else that is ready run."""
    for _ in range(number):
        await asyncio.sleep(0)


async def test_an_update_is_answered_and_marked() -> None:
    """What is taken is answered, and nothing is left open."""
    desk = Desk()
    await desk.intake.take(update(1))
    await desk.finish()
    assert ([1], []) == (desk.answered, desk.open())


async def test_it_is_safe_before_it_is_answered() -> None:
    """When `take` returns, the store holds the update with what it says."""
    desk = Desk()
    desk.gates[1] = asyncio.Event()
    await desk.intake.take(update(1))
    kept = desk.tables.updates[1].arrival.content
    assert (update(1), []) == (json.loads(kept), desk.answered)
    desk.gates[1].set()
    await desk.finish()


async def test_a_repeated_update_is_answered_once() -> None:
    """The same update twice, at once or later, gets one answer."""
    desk = Desk()
    await asyncio.gather(*(desk.intake.take(update(1), update(1)) for _ in range(5)))
    await desk.finish()
    await desk.intake.take(update(1))
    await desk.finish()
    assert [1] == desk.answered


async def test_a_chat_keeps_its_order() -> None:
    """However updates of one chat come in, they are answered by their ids."""
    desk = Desk()
    desk.gates[1] = asyncio.Event()
    await desk.intake.take(update(1))
    await desk.intake.take(update(4), update(3))
    await desk.intake.take(update(2))
    desk.gates[1].set()
    await desk.finish()
    assert [1, 2, 3, 4] == desk.answered


async def test_chats_do_not_wait_for_each_other() -> None:
    """While one chat's answer takes its time, others are answered."""
    desk = Desk()
    desk.gates[1] = asyncio.Event()
    await desk.intake.take(update(1), *(update(number, number) for number in range(20, 60)))
    await turns()
    assert list(range(20, 60)) == desk.answered
    desk.gates[1].set()
    await desk.finish()


async def test_with_no_room_nothing_more_is_taken() -> None:
    """With as much in hand as allowed, whoever brings more waits until something is answered."""
    desk = Desk(most=2)
    for number in (1, 2):
        desk.gates[number] = asyncio.Event()
    await desk.intake.take(update(1), update(2, 8))
    bringing = asyncio.create_task(desk.intake.take(update(3, 9)))
    await turns()
    waited = (bringing.done(), 3 in desk.tables.updates)
    desk.gates[1].set()
    await bringing
    desk.gates[2].set()
    await desk.finish()
    assert ((False, False), {1, 2, 3}) == (waited, set(desk.answered))


async def test_one_that_fails_holds_up_nobody() -> None:
    """After an update whose handling breaks, the chat's next one is answered; both are marked."""
    desk = Desk()
    desk.breaks.add(1)
    await desk.intake.take(update(1), update(2))
    await desk.finish()
    assert ([2], []) == (desk.answered, desk.open())


async def test_what_a_crash_left_is_taken_up() -> None:
    """A process that begins over the same store answers what another one claimed and left."""
    first = Desk()
    for number in (1, 2):
        first.gates[number] = asyncio.Event()
    await first.intake.take(update(1), update(2), update(3, 8))
    await turns()
    assert not await first.intake.stop(0)
    second = Desk(first.tables)
    await second.intake.take_up()
    await second.intake.take(update(4))
    await second.finish()
    assert ([1, 2, 4], []) == (second.answered, second.open())


async def test_what_another_process_has_claimed_comes_first() -> None:
    """An update that another process claimed before and left is answered before newer ones."""
    desk = Desk()
    earlier = arrival_of(update(1))
    await desk.store.claim([earlier])
    await desk.intake.take(update(2))
    await desk.finish()
    assert ([1, 2], []) == (desk.answered, desk.open())


@pytest.mark.parametrize("year", [2001, 2030, 2099])
async def test_a_clock_that_jumps_costs_no_answer(year: int) -> None:
    """Whatever a clock shows, what comes is answered once, and what was left comes at last."""
    first = Desk()
    first.gates[1] = asyncio.Event()
    await first.intake.take(update(1))
    await turns()
    await first.intake.stop(0)
    second = Desk(first.tables)
    second.now = datetime(year, 1, 1, tzinfo=UTC)
    await second.intake.take_up()
    await second.intake.take(update(2, 8))
    second.now = LATER
    await second.intake.take_up()
    await second.finish()
    assert [1, 2] == sorted(second.answered)


async def test_what_is_in_hand_is_not_taken_up() -> None:
    """A look at what was left passes over what this process is answering."""
    desk = Desk()
    desk.gates[1] = asyncio.Event()
    await desk.intake.take(update(1))
    await desk.intake.take_up()
    desk.gates[1].set()
    await desk.finish()
    assert [1] == desk.begun


async def test_without_a_database_it_is_answered_before_it_is_taken() -> None:
    """While the database is away, `take` returns when the update is answered."""
    desk = Desk()
    desk.store.away = True
    await desk.intake.take(update(1), update(2, 8))
    assert [1, 2] == desk.answered


async def test_without_a_database_a_repeated_update_is_answered_once() -> None:
    """A process knows what it answered, with a database or without, then and afterwards."""
    desk = Desk()
    desk.store.away = True
    await asyncio.gather(*(desk.intake.take(update(1)) for _ in range(3)))
    await desk.intake.take(update(1))
    desk.store.away = False
    await desk.intake.take(update(1))
    await desk.finish()
    assert [1] == desk.answered


async def test_what_could_not_be_marked_is_marked_later() -> None:
    """An answer given while the database is away isn't given again, and is marked at last."""
    desk = Desk()
    desk.gates[1] = asyncio.Event()
    await desk.intake.take(update(1))
    desk.store.away = True
    desk.gates[1].set()
    await turns()
    desk.store.away = False
    await desk.intake.take_up()
    await desk.finish()
    assert ([1], []) == (desk.answered, desk.open())


async def test_what_is_no_update_is_passed_over() -> None:
    """Garbage and kinds that nobody asked for are neither kept nor answered."""
    desk = Desk()
    odd: list[object] = [None, [], "x", {}, {"update_id": 1}, {"update_id": "1", "message": {}}]
    odd += [{"update_id": 2, "poll": {}}, {"update_id": True, "message": {}}]
    odd += [{"update_id": 2**70, "message": {}}, {"update_id": 3, "message": "x"}]
    await desk.intake.take(*odd)
    assert ({}, []) == (desk.tables.updates, desk.answered)


async def test_stopping_finishes_what_is_in_hand() -> None:
    """Told to stop, it answers all that it has taken."""
    desk = Desk()
    await desk.intake.take(*(update(number, number % 3) for number in range(1, 30)))
    assert (True, 29) == (await desk.intake.stop(10), len(desk.answered))


async def test_an_inline_query_waits_for_its_own_person_only() -> None:
    """What has no chat has its person's line, and no chat's."""
    query = {"update_id": 1, "inline_query": {"from": {"id": 7}, "query": "x"}}
    places = [arrival_of(each).chat for each in (query, update(2))]
    assert ["telegram/person:7", "telegram:7"] == places


async def test_nothing_is_left_behind() -> None:
    """When all is answered, no line, no future and no id is kept, but for the last ones."""
    desk = Desk()
    await desk.intake.take(*(update(number, number % 5) for number in range(100)))
    await desk.finish()
    intake = desk.intake
    left = (intake._lines, intake._in_hand, intake._unkept, intake._visits)
    assert ({}, {}, {}, set()) == left


async def test_a_line_that_breaks_off_is_begun_anew() -> None:
    """Whatever ends a visit to a chat, what waits there is taken up by the next look."""
    desk = Desk()
    desk.store.odd = True
    await desk.intake.take(update(1))
    await turns()
    desk.store.odd = False
    await desk.intake.take_up()
    await desk.intake.take(update(2))
    await desk.finish()
    assert ([1, 2], []) == (desk.answered, desk.open())


async def test_what_is_neither_kept_nor_answered_is_not_safe() -> None:
    """If the database is away and the line breaks off, `take` says that it took nothing."""
    desk = Desk()
    desk.store.away = desk.store.odd = True
    with pytest.raises(StoreError):
        await desk.intake.take(update(1))


async def test_who_gives_up_waiting_harms_no_line() -> None:
    """Without a database, one who stops waiting for an answer keeps nobody else from theirs."""
    desk = Desk()
    desk.store.away = True
    desk.gates[1] = asyncio.Event()
    first, second = (asyncio.create_task(desk.intake.take(update(1))) for _ in range(2))
    await turns()
    first.cancel()
    await turns()
    desk.gates[1].set()
    await second
    await desk.intake.take(update(2))
    assert [1, 2] == desk.answered


async def test_what_was_answered_meanwhile_is_not_answered_again() -> None:
    """An update whose claim fails after its repetition was answered is safe as it is."""
    desk = Desk()
    desk.store.away = True
    first, second = asyncio.Event(), asyncio.Event()
    desk.store.holds = [first, second]
    taking = asyncio.create_task(desk.intake.take(update(1)))
    await turns()
    again = asyncio.create_task(desk.intake.take(update(1)))
    await turns()
    first.set()
    await taking
    second.set()
    await again
    assert [1] == desk.answered


async def test_what_the_stop_breaks_off_is_taken_up_again() -> None:
    """An answer that ends in an error because it was broken off isn't marked."""
    desk = Desk()
    desk.gates[1] = asyncio.Event()
    desk.stubborn[1] = RuntimeError("the session is closed")
    await desk.intake.take(update(1), update(2))
    await turns()
    stopped = await desk.intake.stop(0)
    assert (False, [1, 2]) == (stopped, desk.open())


async def test_a_stop_that_is_lost_on_the_way_is_told_again() -> None:
    """If what answers takes the cancellation for something else, it is cancelled again."""
    desk = Desk()
    desk.gates[1] = asyncio.Event()
    desk.stubborn[1] = StoreError("gone")
    lost = [desk.answer]

    async def answer(given: Json) -> None:
        """Lose the first cancellation, and wait on."""
        with suppress(StoreError):
            await lost.pop()(given)
        await desk.gates[1].wait()

    desk.intake = Intake(desk.store, answer, clock=lambda: desk.now, metrics=desk.metrics)
    await desk.intake.take(update(1))
    await turns()
    stopped = await desk.intake.stop(0)
    assert (False, [1], set()) == (stopped, desk.open(), desk.intake._visits)


async def test_a_chat_that_cannot_be_locked_keeps_its_order() -> None:
    """If a chat is given up although the database is back, nothing is answered before its turn."""
    desk = Desk()
    desk.store.busy, desk.store.shared = asyncio.Event(), True
    await desk.intake.take(update(1))
    desk.store.away = True
    taking = asyncio.create_task(desk.intake.take(update(2)))
    await turns()
    desk.store.away = False
    desk.store.busy.set()
    with pytest.raises(StoreError):
        await taking
    await desk.intake.take(update(2))
    await desk.finish()
    assert ([1, 2], []) == (desk.answered, desk.open())


async def test_a_look_that_fails_is_not_the_last() -> None:
    """Whatever a look at what was left runs into, the next one is taken."""
    desk = Desk()
    looks = asyncio.Semaphore(0)
    failed: list[datetime] = []

    async def pause(_seconds: float) -> None:
        await looks.acquire()

    def clock() -> datetime:
        if not failed:
            failed.append(NOON)
            raise ZeroDivisionError
        return LATER

    await desk.store.claim([arrival_of(update(1))])
    intake = Intake(desk.store, desk.answer, clock=clock, metrics=desk.metrics, pause=pause)
    async with beside(intake.sweep):
        for _ in range(2):
            looks.release()
            await turns()
    await intake.stop(10)
    assert [1] == desk.answered
