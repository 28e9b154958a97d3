"""What every UpdateStore promises."""

import asyncio
import json
from datetime import timedelta

import pytest

from bot.conversation.ports import UpdateStore
from bot.conversation.records import Arrival
from bot.stores.bundle import Stores
from tests.contract.places import NOON, HeldClock, lasting

CHAT, OTHER = "telegram:1", "telegram:-100"
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
SAID = 'a "word" \x00 \ud83d 😀'
LARGE = 2**52
"""Telegram says that an update's id fits into a 52-bit number."""


@pytest.fixture
def store(stores: Stores) -> UpdateStore:
    """Return an empty store of each kind."""
    return stores.updates


async def test_the_first_to_claim_gets_it(store: UpdateStore) -> None:
    """An update can be claimed once."""
    assert [await claimed(store, LARGE, CHAT) for _ in range(3)] == [True, False, False]


async def test_updates_are_apart(store: UpdateStore) -> None:
    """Each update can be claimed, in one chat too."""
    assert [await claimed(store, update, CHAT) for update in (7, 8)] == [True, True]


async def test_an_answered_update_cannot_be_claimed(store: UpdateStore) -> None:
    """What was answered isn't ours to answer again."""
    await claimed(store, 7, CHAT)
    await store.answered([7])
    assert not await claimed(store, 7, CHAT)


async def test_side_by_side_one_gets_it(store: UpdateStore) -> None:
    """Of many that claim an update at once, one gets it."""
    claims = await asyncio.gather(*(claimed(store, 7, CHAT) for _ in range(20)))
    assert sum(claims) == 1


@lasting
async def test_of_processes_one_gets_it(stores: Stores, beside: Stores) -> None:
    """Of two that share a database, one gets an update."""
    claims = await asyncio.gather(
        *(claimed(claimant.updates, 7, CHAT) for claimant in [stores, beside] * 10)
    )
    assert sum(claims) == 1


async def test_unfinished_ones(store: UpdateStore, clock: HeldClock) -> None:
    """What was claimed before a moment and not answered is unfinished, by its id."""
    for update in (9, 7, 8):
        await claimed(store, update, CHAT)
    await store.answered([8])
    clock.now = NOON + HOUR
    await claimed(store, 10, OTHER)
    assert await store.unfinished(NOON + HOUR) == (arrival(7), arrival(9))


async def test_unfinished_ones_of_a_wrong_clock(store: UpdateStore, clock: HeldClock) -> None:
    """What was claimed before the clock was set back is unfinished as well."""
    await claimed(store, 7, CHAT)
    clock.now = NOON - HOUR
    await claimed(store, 8, CHAT)
    assert await store.unfinished(NOON - HOUR) == (arrival(7),)


@pytest.mark.parametrize("early", [-4, 4])
async def test_the_newest_ones_are_left_alone(
    store: UpdateStore, clock: HeldClock, early: int
) -> None:
    """What was claimed a moment ago, by a clock that may be early or late, has its claimant."""
    clock.now = NOON + early * SECOND
    await claimed(store, 7, CHAT)
    found = [await store.unfinished(NOON, left * SECOND) for left in (5, 3)]
    assert found == [(), (arrival(7),)]


async def test_what_was_never_claimed(store: UpdateStore) -> None:
    """An update that nobody claimed can be answered without a trace."""
    await store.answered([7])
    assert (await store.unfinished(NOON + HOUR), await claimed(store, 7, CHAT)) == ((), True)


async def test_many_are_claimed_at_once(store: UpdateStore) -> None:
    """Of several updates, those that nobody has are ours, each once."""
    await claimed(store, 8, CHAT)
    arrivals = [arrival(update) for update in (7, 8, 9, 9)]
    assert await store.claim(arrivals) == {7, 9}


async def test_nothing_is_claimed_from_nothing(store: UpdateStore) -> None:
    """No updates are no claims."""
    assert await store.claim([]) == frozenset()


async def test_many_are_answered_at_once(store: UpdateStore) -> None:
    """Several updates are marked together."""
    await store.claim([arrival(update) for update in range(100)])
    await store.answered(range(1, 100))
    assert await store.unfinished(NOON + HOUR) == (arrival(0),)


async def test_a_chat_s_open_updates(store: UpdateStore) -> None:
    """What waits in one chat comes back in its order, with what it said."""
    await store.claim([arrival(9), arrival(7), arrival(8), arrival(1, OTHER)])
    await store.answered([8])
    assert await store.waiting(CHAT) == (arrival(7), arrival(9))


async def test_what_was_said_is_forgotten(stores: Stores) -> None:
    """When an update is answered, its content is gone."""
    await stores.updates.claim([arrival(7)])
    before = (await stores.people.export(CHAT))["updates"][0]["content"]
    await stores.updates.answered([7])
    after = (await stores.people.export(CHAT))["updates"][0]["content"]
    assert ({"said": SAID}, None) == (before, after)


async def test_old_ones_are_pruned(store: UpdateStore, clock: HeldClock) -> None:
    """Those answered before a moment are deleted and counted; that very moment stays."""
    for each in (7, 8):
        await claimed(store, each, CHAT)
        await store.answered([each])
        clock.now += HOUR
    pruned = await store.prune(NOON + HOUR)
    again = [await claimed(store, each, CHAT) for each in (7, 8)]
    assert (1, [True, False]) == (pruned, again)


async def test_what_is_not_answered_is_never_pruned(store: UpdateStore) -> None:
    """However old it seems to be, as to a clock that has run ahead, a question is kept."""
    await claimed(store, 7, CHAT)
    assert 0 == await store.prune(NOON + 1000 * HOUR)
    assert [7] == [each.update for each in await store.waiting(CHAT)]


async def test_a_lock_keeps_others_out(store: UpdateStore) -> None:
    """Whoever holds a chat's lock finishes before the next one begins."""
    assert await _order(store, store, CHAT) == ["first in", "first out", "second in", "second out"]


async def test_other_chats_are_not_locked(store: UpdateStore) -> None:
    """A lock keeps nobody out of another chat."""
    async with store.lock(CHAT), store.lock(OTHER):
        assert await claimed(store, 7, CHAT)


async def test_a_lock_is_let_go_after_an_error(store: UpdateStore) -> None:
    """A chat whose update failed isn't locked for ever; the error comes out."""
    with pytest.raises(ZeroDivisionError):
        async with store.lock(CHAT):
            _ = 1 / 0
    async with store.lock(CHAT):
        assert await claimed(store, 7, CHAT)


async def test_a_chat_is_locked_again_and_again(store: UpdateStore) -> None:
    """Many updates of one chat get their turns, one by one."""
    inside = 0
    most = 0

    async def visit() -> None:
        nonlocal inside, most
        async with store.lock(CHAT):
            inside += 1
            most = max(most, inside)
            await claimed(store, inside, CHAT)
            inside -= 1

    await asyncio.gather(*(visit() for _ in range(30)))
    assert most == 1


async def test_many_chats_are_locked_at_once(store: UpdateStore) -> None:
    """With more chats at work than a process has connections, each gets its turn."""

    async def work(number: int) -> bool:
        async with store.lock(f"web:{number}"):
            return await claimed(store, number, CHAT)

    assert all(await asyncio.gather(*(work(number) for number in range(60))))


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
async def test_a_lock_keeps_other_processes_out(stores: Stores, beside: Stores) -> None:
    """On PostgreSQL, whoever holds a chat's lock keeps other processes out too."""
    found = await _order(stores.updates, beside.updates, CHAT)
    assert found == ["first in", "first out", "second in", "second out"]


def arrival(update: int, chat: str = CHAT) -> Arrival:
    """Return an update with some content."""
    return Arrival(update, chat, json.dumps({"said": SAID}))


async def claimed(store: UpdateStore, update: int, chat: str) -> bool:
    """Claim one update; return whether it is ours."""
    return update in await store.claim([arrival(update, chat)])


async def _order(first: UpdateStore, second: UpdateStore, chat: str) -> list[str]:
    """Let two visit `chat`, the second while the first is inside; return what happened."""
    events: list[str] = []
    began = asyncio.Event()

    async def visit_first() -> None:
        async with first.lock(chat):
            events.append("first in")
            began.set()
            for update in range(5):  # time enough for the other one to get in, if it could
                await claimed(first, update, chat)
            events.append("first out")

    async def visit_second() -> None:
        await began.wait()
        async with second.lock(chat):
            events.append("second in")
            events.append("second out")

    await asyncio.gather(visit_first(), visit_second())
    return events
