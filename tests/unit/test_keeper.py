"""The Keeper over stores in memory: what it recalls, does, and keeps."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.channels.keeper import Keeper
from bot.conversation.dialogue import Outcome
from bot.conversation.effects import Cast, Change, Clear, Effect, Export, Forget, Missed, Remember
from bot.conversation.model import Reply, Session
from bot.conversation.records import CheckpointAnswer, Count, Miss, Profile, Speaker, Vote
from bot.conversation.tally import bucket
from bot.errors import StoreError
from bot.stores.bundle import Stores, in_memory

NOW = datetime(2030, 5, 10, 12, tzinfo=UTC)
ME = Speaker("web:a", "web:a")
REMEMBER = Remember("tea/taste", "mild")


class LostStore:
    """A store of misses and sessions whose database is away."""

    async def add(self, _miss: Miss) -> None:
        """Fail."""
        raise StoreError

    async def load(self, _speaker: Speaker) -> Session:
        """Fail."""
        raise StoreError


@pytest.fixture
def stores() -> Stores:
    """Return empty stores."""
    return in_memory(lambda: NOW)


@pytest.fixture
def keeper(stores: Stores) -> Keeper:
    """Return a Keeper over them."""
    return Keeper(stores, lambda: NOW)


async def do(keeper: Keeper, *effects: Effect) -> str:
    """Let the Keeper do some things for one person."""
    return await keeper.settle(ME, Outcome(Reply("answer", "", ""), Session(), effects))


async def test_an_answer_is_remembered_with_its_time(keeper: Keeper) -> None:
    """What was answered at a checkpoint is recalled, with when."""
    await do(keeper, REMEMBER)
    expected = {"tea/taste": CheckpointAnswer("mild", NOW)}
    assert (await keeper.recall(ME)).profile.answers == expected


async def test_a_group_does_not_hear_what_a_person_said(keeper: Keeper) -> None:
    """In a chat that others read, settings are recalled and answers are not."""
    await do(keeper, REMEMBER, Change({"text_only": True}))
    group = ME._replace(chat="web:group")
    assert (await keeper.recall(group)).profile == Profile(text_only=True)


async def test_a_profile_is_cleared(keeper: Keeper) -> None:
    """Cleared, a profile is as new."""
    await do(keeper, REMEMBER, Change({"text_only": True}), Clear())
    assert (await keeper.recall(ME)).profile == Profile()


async def test_a_vote_is_changed(keeper: Keeper, stores: Stores) -> None:
    """The later vote of a person replaces the earlier one."""
    await do(keeper, Cast("tea/heat", Vote(1)), Cast("tea/heat", Vote(-1, "doubt")))
    assert await stores.votes.of(ME.person, "tea/heat") == Vote(-1, "doubt")


async def test_a_miss_has_no_person(keeper: Keeper, stores: Stores) -> None:
    """A question in vain is kept with its time, and is no part of a person's data."""
    await do(keeper, Missed("how hot", "abstain", ("tea/heat",), "tea"))
    expected = (Miss("how hot", "abstain", NOW, ("tea/heat",), "tea", id=1),)
    assert await stores.misses.since(NOW) == expected
    assert "how hot" not in await do(keeper, Export())


async def test_an_export_holds_what_was_kept(keeper: Keeper, stores: Stores) -> None:
    """The document is JSON of everything that the stores have of the person."""
    await do(keeper, REMEMBER, Cast("tea/heat", Vote(1)))
    await keeper.keep(ME, Session("tea/heat"))
    assert json.loads(await do(keeper, Export())) == await stores.people.export(ME.person)


async def test_forgotten_is_forgotten(keeper: Keeper, stores: Stores) -> None:
    """After everything is erased and the empty session kept, nothing is left."""
    await do(keeper, REMEMBER, Cast("tea/heat", Vote(1)))
    await keeper.keep(ME, Session("tea/heat"))
    await do(keeper, Forget())
    await keeper.keep(ME, Session())
    left = await stores.people.export(ME.person)
    assert {} == {table: rows for table, rows in left.items() if rows}


async def test_a_miss_that_cannot_be_kept_harms_nobody(stores: Stores) -> None:
    """When a question in vain can't be noted, the reply is true all the same."""
    keeper = Keeper(replace(stores, misses=LostStore()))  # type: ignore[arg-type] # what's used
    assert await do(keeper, Missed("how hot", "abstain")) == ""


async def test_without_its_memory_it_recalls_nobody(stores: Stores) -> None:
    """An answer doesn't wait for a memory that is away."""
    keeper = Keeper(replace(stores, sessions=LostStore()))  # type: ignore[arg-type] # what's used
    assert await keeper.recall(ME) == (Session(), Profile())


async def test_a_typed_question_is_counted(keeper: Keeper, stores: Stores) -> None:
    """The kind of reply, its topics and the group of its time count for the day."""
    reply = Reply("answer", "", "", topics=("tea/heat",))
    await keeper.count(Outcome(reply, Session(), took=0.004))
    assert await stores.counters.between(NOW.date(), NOW.date()) == (
        Count(NOW.date(), "asked", "answer", 1),
        Count(NOW.date(), "took", "5", 1),
        Count(NOW.date(), "topic", "tea/heat", 1),
    )


async def test_a_pressed_button_is_no_question(keeper: Keeper, stores: Stores) -> None:
    """What wasn't typed isn't counted."""
    await keeper.count(Outcome(Reply("answer", "", ""), Session()))
    assert await stores.counters.between(NOW.date(), NOW.date()) == ()


async def test_a_vote_is_counted_once(keeper: Keeper, stores: Stores) -> None:
    """A thumb counts for the day; the reason that follows it doesn't count again."""
    await do(keeper, Cast("tea/heat", Vote(-1)), Cast("tea/heat", Vote(-1, "doubt")))
    expected = (Count(NOW.date(), "vote", "-1", 1),)
    assert await stores.counters.between(NOW.date(), NOW.date()) == expected


@pytest.mark.parametrize(("seconds", "key"), [(0, "1"), (0.001, "1"), (0.0011, "2"), (60, "5000")])
def test_times_are_grouped(seconds: float, key: str) -> None:
    """A time counts in the first group that holds it, whatever is longer in the last."""
    assert key == bucket(seconds)
