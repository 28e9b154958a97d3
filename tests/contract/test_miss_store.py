"""What every MissStore promises."""

from datetime import timedelta

import pytest

from bot.conversation.ports import MissStore
from bot.conversation.records import Miss, MissKind
from bot.stores.bundle import Stores
from tests.contract.places import NOON

HOUR = timedelta(hours=1)
MISS = Miss("can i steep it twice", "abstain", NOON, ("tea/brew", "tea/pour"), "tea")


@pytest.fixture
def store(stores: Stores) -> MissStore:
    """Return an empty store of each kind."""
    return stores.misses


@pytest.mark.parametrize("kind", ["abstain", "none_of_these", "thumbs_down"])
async def test_a_miss_is_kept_whole(store: MissStore, kind: MissKind) -> None:
    """A question in vain comes back with all that was known of it."""
    await store.add(MISS._replace(kind=kind))
    assert [miss._replace(id=0) for miss in await store.since(NOON)] == [MISS._replace(kind=kind)]


async def test_a_miss_without_more(store: MissStore) -> None:
    """A miss may have no guide and nothing near."""
    bare = Miss("tee", "abstain", NOON)
    await store.add(bare)
    assert [miss._replace(id=0) for miss in await store.since(NOON)] == [bare]


async def test_since_a_moment(store: MissStore) -> None:
    """Those from a moment on are listed, oldest first; that very moment counts."""
    for hours in (2, -1, 0, 1):
        await store.add(MISS._replace(at=NOON + hours * HOUR))
    assert [miss.at for miss in await store.since(NOON)] == [NOON, NOON + HOUR, NOON + 2 * HOUR]


async def test_the_same_question_counts_twice(store: MissStore) -> None:
    """A question asked again is another miss."""
    await store.add(MISS)
    await store.add(MISS)
    assert len({miss.id for miss in await store.since(NOON)}) == 2


async def test_a_miss_can_be_deleted(store: MissStore) -> None:
    """The one that is deleted is gone, and no other."""
    await store.add(MISS)
    await store.add(MISS._replace(text="tee"))
    first = (await store.since(NOON))[0]
    await store.delete(first.id)
    assert [miss.text for miss in await store.since(NOON)] == ["tee"]


async def test_deleting_what_is_not_there(store: MissStore) -> None:
    """Deleting twice is fine."""
    await store.add(MISS)
    await store.delete(987654)
    assert len(await store.since(NOON)) == 1


async def test_old_ones_are_pruned(store: MissStore) -> None:
    """Those from before a moment are deleted and counted; that very moment stays."""
    for hours in (-2, -1, 0):
        await store.add(MISS._replace(at=NOON + hours * HOUR))
    pruned = await store.prune(NOON)
    left = [miss.at for miss in await store.since(NOON - 9 * HOUR)]
    assert (pruned, left) == (2, [NOON])


def test_a_miss_has_no_person() -> None:
    """Nothing in a miss says who asked."""
    assert Miss._fields == ("text", "kind", "at", "nearest", "guide", "id")
