"""ChatOrder: chats side by side, one chat in order. Nothing here waits for a clock."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from datetime import UTC, datetime

import pytest
from telegram import Chat, InlineQuery, Message, Update, User

from bot.channels.telegram.order import ChatOrder


@pytest.fixture(autouse=True)
async def _no_deadlock() -> AsyncIterator[None]:
    """End a test that waits for ever."""
    async with asyncio.timeout(10):
        yield


async def test_two_chats_run_side_by_side() -> None:
    """Two updates of different chats that wait for each other both come to their end."""
    order, one, two = ChatOrder(8), asyncio.Event(), asyncio.Event()
    done = await asyncio.gather(
        order.process_update(_update(1), _meet(one, two)),
        order.process_update(_update(2), _meet(two, one)),
    )
    assert len(done) == 2


async def test_one_chat_keeps_its_order() -> None:
    """A chat's second update waits for the first, although another chat's overtakes both."""
    order, gate, seen = ChatOrder(8), asyncio.Event(), list[str]()
    await asyncio.gather(
        order.process_update(_update(1), _note(seen, "first", after=gate)),
        order.process_update(_update(1), _note(seen, "second")),
        order.process_update(_update(2), _note(seen, "other", opens=gate)),
    )
    assert seen == ["other", "first", "second"]


async def test_many_updates_of_many_chats_keep_their_order() -> None:
    """However updates of three chats are mixed and however long each takes, chats keep order."""
    order, seen = ChatOrder(8), list[str]()
    await asyncio.gather(
        *(
            order.process_update(
                _update(number % 3 + 1), _note(seen, f"{number:02}", turns=number * 7 % 5)
            )
            for number in range(60)
        )
    )
    chats = [[name for name in seen if int(name) % 3 == chat] for chat in range(3)]
    assert chats == [sorted(chat) for chat in chats]


async def test_no_lock_is_left_behind() -> None:
    """When a chat's updates are done, nothing of the chat is kept."""
    order, seen = ChatOrder(8), list[str]()
    await asyncio.gather(
        *(order.process_update(_update(chat % 5), _note(seen, "done")) for chat in range(20))
    )
    assert (order._locks, order._waiting) == ({}, {})


async def test_a_lock_is_kept_while_somebody_waits() -> None:
    """An update that comes between two others of its chat doesn't run beside the second."""
    order, gate, seen = ChatOrder(8), asyncio.Event(), list[str]()
    late: list[asyncio.Task[None]] = []

    async def first() -> None:
        late.append(asyncio.create_task(order.process_update(_update(1), _note(seen, "third"))))

    await asyncio.gather(
        order.process_update(_update(1), first()),
        order.process_update(_update(1), _note(seen, "second", after=gate)),
        order.process_update(_update(2), _note(seen, "other", turns=10, opens=gate)),
    )
    await asyncio.gather(*late)
    assert seen == ["other", "second", "third"]


async def test_a_failed_update_is_reported() -> None:
    """An update's error reaches whoever started it."""
    with pytest.raises(ZeroDivisionError):
        await ChatOrder(8).process_update(_update(1), _fail())


async def test_a_failed_update_does_not_hold_up_the_next() -> None:
    """After an error the chat's next update runs."""
    order, seen = ChatOrder(8), list[str]()
    await asyncio.gather(
        order.process_update(_update(1), _fail()),
        order.process_update(_update(1), _note(seen, "next")),
        return_exceptions=True,
    )
    assert seen == ["next"]


async def test_a_failed_update_leaves_no_lock_behind() -> None:
    """An error doesn't leak a lock."""
    order = ChatOrder(8)
    await asyncio.gather(order.process_update(_update(1), _fail()), return_exceptions=True)
    assert (order._locks, order._waiting) == ({}, {})


async def test_a_cancelled_update_makes_way() -> None:
    """When the update at work is cancelled, the chat's next one runs."""
    order, seen, begun = ChatOrder(8), list[str](), asyncio.Event()
    stuck = asyncio.create_task(order.process_update(_update(1), _meet(begun, asyncio.Event())))
    await begun.wait()
    following = asyncio.create_task(order.process_update(_update(1), _note(seen, "next")))
    stuck.cancel()
    await following
    assert seen == ["next"]


async def test_no_more_run_at_once_than_allowed() -> None:
    """With room for two, a third chat's update starts only when one of the two is done."""
    order, gate, seen = ChatOrder(2), asyncio.Event(), list[str]()
    waiting = [
        asyncio.create_task(order.process_update(_update(1), _note(seen, "one", after=gate))),
        asyncio.create_task(
            order.process_update(_update(2), _note(seen, "two", turns=10, opens=gate))
        ),
        asyncio.create_task(order.process_update(_update(3), _note(seen, "three"))),
    ]
    await asyncio.gather(*waiting)
    assert seen[0] == "two"


async def test_inline_queries_of_two_people_run_side_by_side() -> None:
    """What has no chat waits for its own person's updates only."""
    order, one, two = ChatOrder(8), asyncio.Event(), asyncio.Event()
    done = await asyncio.gather(
        order.process_update(_inline(1), _meet(one, two)),
        order.process_update(_inline(2), _meet(two, one)),
    )
    assert len(done) == 2


async def test_an_update_without_a_chat_is_handled() -> None:
    """What belongs to no chat, such as an error of the library, is handled as well."""
    seen = list[str]()
    await ChatOrder(8).process_update(object(), _note(seen, "handled"))
    assert seen == ["handled"]


async def _meet(mine: asyncio.Event, other: asyncio.Event) -> None:
    """Say that this one has begun, and wait until the other has."""
    mine.set()
    await other.wait()


async def _note(
    seen: list[str],
    name: str,
    *,
    turns: int = 0,
    after: asyncio.Event | None = None,
    opens: asyncio.Event | None = None,
) -> None:
    """Note `name` in `seen`: after some turns of the loop, or after an event; then set another."""
    for _ in range(turns):
        await _turn()
    if after is not None:
        await after.wait()
    seen.append(name)
    if opens is not None:
        opens.set()


def _turn() -> Awaitable[None]:
    """Let everything else that is ready run once."""
    ready = asyncio.Event()
    asyncio.get_running_loop().call_soon(ready.set)
    return _until(ready)


async def _until(event: asyncio.Event) -> None:
    """Wait for an event."""
    await event.wait()


async def _fail() -> None:
    """Fail."""
    raise ZeroDivisionError


def _update(chat: int) -> Update:
    """Return an update of a chat."""
    message = Message(1, datetime(2030, 1, 1, tzinfo=UTC), Chat(chat, Chat.PRIVATE))
    return Update(1, message=message)


def _inline(user: int) -> Update:
    """Return an update with what a person has typed after the bot's name."""
    return Update(1, inline_query=InlineQuery("1", User(user, "A", is_bot=False), "q", ""))
