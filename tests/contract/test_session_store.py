"""What every SessionStore promises; and what only the one in memory does."""

import asyncio

import pytest

from bot.conversation.model import Match, Session
from bot.conversation.ports import SessionStore
from bot.conversation.records import Speaker
from bot.stores.bundle import Stores
from bot.stores.memory.sessions import MemorySessionStore

ANN = Speaker("telegram:1", "telegram:1")
BOB = Speaker("telegram:2", "telegram:2")
CAT = Speaker("telegram:3", "telegram:3")
ANN_IN_A_GROUP = Speaker("telegram:1", "telegram:-100")
BOB_IN_A_GROUP = Speaker("telegram:2", "telegram:-100")

FIRST = Session("tea/brew", Match("how to brew", 0.5, "tea/pour", 0.25, 0.75))
SECOND = Session("tea/pour")


@pytest.fixture
def store(stores: Stores) -> SessionStore:
    """Return an empty store of each kind."""
    return stores.sessions


async def test_somebody_unknown_has_a_new_session(store: SessionStore) -> None:
    """A person of whom nothing is kept has an empty session."""
    assert await store.load(ANN) == Session()


async def test_a_saved_session_is_loaded_whole(store: SessionStore) -> None:
    """What was saved comes back, the match included."""
    await store.save(ANN, FIRST)
    assert await store.load(ANN) == FIRST


async def test_a_session_can_be_loaded_twice(store: SessionStore) -> None:
    """Loading doesn't use a session up."""
    await store.save(ANN, FIRST)
    await store.load(ANN)
    assert await store.load(ANN) == FIRST


async def test_saving_again_replaces(store: SessionStore) -> None:
    """Only the last session saved is kept."""
    await store.save(ANN, FIRST)
    await store.save(ANN, SECOND)
    assert await store.load(ANN) == SECOND


@pytest.mark.parametrize("other", [BOB, ANN_IN_A_GROUP, BOB_IN_A_GROUP])
async def test_speakers_are_apart(store: SessionStore, other: Speaker) -> None:
    """Another person has another session, and so has the same person in another chat."""
    await store.save(ANN, FIRST)
    assert await store.load(other) == Session()


async def test_people_in_one_chat_are_apart(store: SessionStore) -> None:
    """In a group, each person has a session."""
    await store.save(ANN_IN_A_GROUP, FIRST)
    assert await store.load(BOB_IN_A_GROUP) == Session()


@pytest.mark.parametrize("name", ["", "a b", "é🍑", "'; --", "k" * 500, "a\0b", "\ud800"])
async def test_any_text_is_a_name(store: SessionStore, name: str) -> None:
    """A name may be any text."""
    await store.save(Speaker(name, name), FIRST)
    assert await store.load(Speaker(name, name)) == FIRST


@pytest.mark.parametrize("text", ["é🍑", "'; --", "a\0b", "\ud800", "\uffff", '"}'])
async def test_any_text_may_be_in_a_session(store: SessionStore, text: str) -> None:
    """A session comes back with whatever characters it holds."""
    await store.save(ANN, Session(text))
    assert await store.load(ANN) == Session(text)


async def test_loading_leaves_nothing_behind(store: SessionStore) -> None:
    """The new session of somebody unknown can be replaced like any other."""
    await store.load(ANN)
    await store.save(ANN, SECOND)
    assert await store.load(ANN) == SECOND


async def test_many_are_saved_at_once(store: SessionStore) -> None:
    """Sessions saved side by side don't get mixed up."""
    saved = {Speaker(f"web:{n}", f"web:{n}"): Session(f"tea/{n}") for n in range(100)}
    await asyncio.gather(*(store.save(key, session) for key, session in saved.items()))
    loaded = await asyncio.gather(*(store.load(key) for key in saved))
    assert dict(zip(saved, loaded, strict=True)) == saved


async def test_a_forgotten_session_is_new(store: SessionStore) -> None:
    """After forgetting, a conversation begins anew."""
    await store.save(ANN, FIRST)
    await store.forget(ANN)
    assert await store.load(ANN) == Session()


async def test_forgetting_leaves_other_chats(store: SessionStore) -> None:
    """Forgetting a conversation leaves the same person's in another chat."""
    await store.save(ANN, FIRST)
    await store.save(ANN_IN_A_GROUP, SECOND)
    await store.forget(ANN)
    assert await store.load(ANN_IN_A_GROUP) == SECOND


async def test_forgetting_somebody_unknown_is_fine(store: SessionStore) -> None:
    """A conversation that was never kept can be forgotten."""
    await store.forget(ANN)
    assert await store.load(ANN) == Session()


async def test_memory_forgets_the_one_unused_for_longest() -> None:
    """Beyond its size, the store in memory drops the session saved first."""
    store = MemorySessionStore(most=2)
    for speaker in (ANN, BOB, CAT):
        await store.save(speaker, FIRST)
    assert await store.load(ANN) == Session()


async def test_memory_keeps_as_many_as_it_may() -> None:
    """The store in memory drops one session for one too many, and no more."""
    store = MemorySessionStore(most=2)
    for speaker in (ANN, BOB, CAT):
        await store.save(speaker, FIRST)
    assert [await store.load(speaker) for speaker in (BOB, CAT)] == [FIRST, FIRST]


async def test_memory_counts_loading_as_use() -> None:
    """A session that was just loaded isn't the one to be dropped."""
    store = MemorySessionStore(most=2)
    await store.save(ANN, FIRST)
    await store.save(BOB, FIRST)
    await store.load(ANN)
    await store.save(CAT, FIRST)
    assert await store.load(ANN) == FIRST


async def test_memory_counts_saving_again_as_use() -> None:
    """A session that was just replaced isn't the one to be dropped."""
    store = MemorySessionStore(most=2)
    for speaker in (ANN, BOB, ANN, CAT):
        await store.save(speaker, FIRST)
    assert await store.load(ANN) == FIRST


async def test_memory_does_not_grow_by_loading() -> None:
    """Asking for unknown sessions pushes nobody out."""
    store = MemorySessionStore(most=1)
    await store.save(ANN, FIRST)
    for number in range(10):
        await store.load(Speaker(f"web:{number}", f"web:{number}"))
    assert await store.load(ANN) == FIRST
