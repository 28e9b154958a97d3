"""What every SessionStore promises; and what only the one in memory does."""

import asyncio
from collections.abc import Callable

import pytest

from bot.conversation.model import Match, Session
from bot.conversation.ports import SessionStore
from bot.stores.memory import MemorySessionStore

STORES: dict[str, Callable[[], SessionStore]] = {"memory": MemorySessionStore}

FIRST = Session("tea/brew", Match("how to brew", 0.5, "tea/pour", 0.25, 0.75))
SECOND = Session("tea/pour")


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> SessionStore:
    """Return an empty store of each kind."""
    return STORES[request.param]()


async def test_an_unknown_key_has_a_new_session(store: SessionStore) -> None:
    """A person of whom nothing is kept has an empty session."""
    assert await store.load("nobody") == Session()


async def test_a_saved_session_is_loaded_whole(store: SessionStore) -> None:
    """What was saved comes back, the match included."""
    await store.save("ann", FIRST)
    assert await store.load("ann") == FIRST


async def test_a_session_can_be_loaded_twice(store: SessionStore) -> None:
    """Loading doesn't use a session up."""
    await store.save("ann", FIRST)
    await store.load("ann")
    assert await store.load("ann") == FIRST


async def test_saving_again_replaces(store: SessionStore) -> None:
    """Only the last session saved under a key is kept."""
    await store.save("ann", FIRST)
    await store.save("ann", SECOND)
    assert await store.load("ann") == SECOND


async def test_keys_are_apart(store: SessionStore) -> None:
    """What one person has saved, another doesn't see."""
    await store.save("ann", FIRST)
    assert await store.load("bob") == Session()


@pytest.mark.parametrize("key", ["", "telegram:-100:7", "a b", "é🍑", "'; --", "k" * 500])
async def test_any_text_is_a_key(store: SessionStore, key: str) -> None:
    """A key may be any text."""
    await store.save(key, FIRST)
    assert await store.load(key) == FIRST


async def test_loading_leaves_nothing_behind(store: SessionStore) -> None:
    """The new session of an unknown key can be replaced like any other."""
    await store.load("ann")
    await store.save("ann", SECOND)
    assert await store.load("ann") == SECOND


async def test_many_are_saved_at_once(store: SessionStore) -> None:
    """Sessions saved side by side don't get mixed up."""
    saved = {f"person {number}": Session(f"tea/{number}") for number in range(100)}
    await asyncio.gather(*(store.save(key, session) for key, session in saved.items()))
    loaded = await asyncio.gather(*(store.load(key) for key in saved))
    assert dict(zip(saved, loaded, strict=True)) == saved


async def test_memory_forgets_the_one_unused_for_longest() -> None:
    """Beyond its size, the store in memory drops the session saved first."""
    store = MemorySessionStore(most=2)
    for key in ("ann", "bob", "cat"):
        await store.save(key, FIRST)
    assert await store.load("ann") == Session()


async def test_memory_keeps_as_many_as_it_may() -> None:
    """The store in memory drops one session for one too many, and no more."""
    store = MemorySessionStore(most=2)
    for key in ("ann", "bob", "cat"):
        await store.save(key, FIRST)
    assert [await store.load(key) for key in ("bob", "cat")] == [FIRST, FIRST]


async def test_memory_counts_loading_as_use() -> None:
    """A session that was just loaded isn't the one to be dropped."""
    store = MemorySessionStore(most=2)
    await store.save("ann", FIRST)
    await store.save("bob", FIRST)
    await store.load("ann")
    await store.save("cat", FIRST)
    assert await store.load("ann") == FIRST


async def test_memory_counts_saving_again_as_use() -> None:
    """A session that was just replaced isn't the one to be dropped."""
    store = MemorySessionStore(most=2)
    for key in ("ann", "bob", "ann", "cat"):
        await store.save(key, FIRST)
    assert await store.load("ann") == FIRST


async def test_memory_does_not_grow_by_loading() -> None:
    """Asking for unknown keys pushes nobody out."""
    store = MemorySessionStore(most=1)
    await store.save("ann", FIRST)
    for number in range(10):
        await store.load(f"stranger {number}")
    assert await store.load("ann") == FIRST
