"""What every FileIdStore promises."""

import pytest

from bot.conversation.ports import FileIdStore
from bot.stores.bundle import Stores


@pytest.fixture
def store(stores: Stores) -> FileIdStore:
    """Return an empty store of each kind."""
    return stores.files


async def test_a_figure_that_was_never_sent(store: FileIdStore) -> None:
    """An unknown figure has no file id."""
    assert await store.get("brewing.png", "aa") == ""


async def test_a_file_id_is_kept(store: FileIdStore) -> None:
    """A figure's file id comes back."""
    await store.keep("brewing.png", "aa", "AgAC-1")
    assert await store.get("brewing.png", "aa") == "AgAC-1"


async def test_another_content_has_no_file_id(store: FileIdStore) -> None:
    """A figure that was drawn anew must be sent anew."""
    await store.keep("brewing.png", "aa", "AgAC-1")
    assert not await store.get("brewing.png", "bb")


async def test_a_new_content_replaces(store: FileIdStore) -> None:
    """The file id of the last content is kept, and no older one."""
    await store.keep("brewing.png", "aa", "AgAC-1")
    await store.keep("brewing.png", "bb", "AgAC-2")
    found = [await store.get("brewing.png", digest) for digest in ("aa", "bb")]
    assert found == ["", "AgAC-2"]


async def test_figures_are_apart(store: FileIdStore) -> None:
    """Two figures with the same content have a file id each."""
    await store.keep("brewing.png", "aa", "AgAC-1")
    assert not await store.get("pouring.png", "aa")
