"""What every VoteStore promises."""

import pytest

from bot.conversation.ports import VoteStore
from bot.conversation.records import Vote, VoteSum
from bot.stores.bundle import Stores

ANN, BOB, CAT = "telegram:1", "telegram:2", "web:x"
UP, DOWN = Vote(1), Vote(-1, "too-long")


@pytest.fixture
def store(stores: Stores) -> VoteStore:
    """Return an empty store of each kind."""
    return stores.votes


async def test_who_has_not_voted(store: VoteStore) -> None:
    """A person who gave no vote for an entry has none, even if others have."""
    await store.vote(BOB, "tea/brew", UP)
    await store.vote(ANN, "tea/pour", UP)
    assert await store.of(ANN, "tea/brew") is None


@pytest.mark.parametrize("vote", [UP, DOWN])
async def test_a_vote_is_kept(store: VoteStore, vote: Vote) -> None:
    """A vote comes back with its reason."""
    await store.vote(ANN, "tea/brew", vote)
    assert await store.of(ANN, "tea/brew") == vote


async def test_a_vote_can_be_changed(store: VoteStore) -> None:
    """The last vote counts, and its reason."""
    await store.vote(ANN, "tea/brew", DOWN)
    await store.vote(ANN, "tea/brew", UP)
    assert await store.of(ANN, "tea/brew") == UP


async def test_the_sums(store: VoteStore) -> None:
    """Votes are summed for each entry, each person once."""
    await store.vote(ANN, "tea/pour", DOWN)
    await store.vote(ANN, "tea/pour", UP)
    await store.vote(BOB, "tea/pour", UP)
    await store.vote(CAT, "tea/pour", DOWN)
    await store.vote(ANN, "tea/brew", DOWN)
    assert await store.sums() == (VoteSum("tea/brew", 0, 1), VoteSum("tea/pour", 2, 1))


async def test_no_votes_have_no_sums(store: VoteStore) -> None:
    """Without votes there are no sums."""
    assert await store.sums() == ()


async def test_the_reasons(store: VoteStore) -> None:
    """Reasons are counted for one entry; a vote without one counts as none."""
    await store.vote(ANN, "tea/pour", DOWN)
    await store.vote(BOB, "tea/pour", DOWN)
    await store.vote(CAT, "tea/pour", UP)
    await store.vote(CAT, "tea/brew", Vote(-1, "wrong"))
    assert await store.reasons("tea/pour") == {"too-long": 2}
