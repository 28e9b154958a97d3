"""What every ReminderStore promises."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.conversation.ports import ReminderStore
from bot.conversation.records import Reminder
from bot.stores.bundle import Stores
from bot.stores.schedule import LEASE
from tests.contract.places import NOON, HeldClock, lasting

ANN, BOB = "telegram:1", "telegram:2"
DAY = timedelta(days=1)
SOON = Reminder(ANN, "telegram:-100", "tea/brew", "did-you-steep", NOON)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def store(stores: Stores) -> ReminderStore:
    """Return an empty store of each kind."""
    return stores.reminders


async def test_a_reminder_is_kept_whole(store: ReminderStore) -> None:
    """A reminder comes back as it was added."""
    added = await store.add(SOON)
    assert await store.pending(ANN) == (SOON._replace(id=added.id),)


async def test_reminders_have_ids_of_their_own(store: ReminderStore) -> None:
    """No two reminders have the same id, and none has 0."""
    ids = {(await store.add(SOON)).id for _ in range(3)}
    assert len(ids - {0}) == 3


async def test_pending_ones_come_next_first(store: ReminderStore) -> None:
    """A person's reminders are listed by when they are due."""
    for days in (2, 1, 3):
        await store.add(SOON._replace(due=NOON + days * DAY))
    found = [(one.due - NOON).days for one in await store.pending(ANN)]
    assert found == [1, 2, 3]


async def test_people_are_apart(store: ReminderStore) -> None:
    """Another person's reminders aren't listed."""
    await store.add(SOON)
    assert await store.pending(BOB) == ()


async def test_a_reminder_can_be_cancelled(store: ReminderStore) -> None:
    """A cancelled reminder is gone; that there was one is said."""
    added = await store.add(SOON)
    assert (await store.cancel(ANN, added.id), await store.pending(ANN)) == (True, ())


async def test_a_cancelled_reminder_is_not_due(store: ReminderStore) -> None:
    """Nobody gets a reminder that was cancelled."""
    added = await store.add(SOON)
    await store.cancel(ANN, added.id)
    assert await store.due(NOON) == ()


async def test_nobody_cancels_for_somebody_else(store: ReminderStore) -> None:
    """A reminder can be cancelled only by its person."""
    added = await store.add(SOON)
    assert (await store.cancel(BOB, added.id), await store.pending(ANN)) == (False, (added,))


async def test_what_was_sent_cannot_be_cancelled(store: ReminderStore) -> None:
    """For a reminder that was sent, cancelling says that there is none."""
    added = await store.add(SOON)
    await store.done(added.id)
    assert not await store.cancel(ANN, added.id)


async def test_an_id_is_not_used_again(store: ReminderStore) -> None:
    """A reminder added after one was cancelled has another id."""
    first = await store.add(SOON)
    await store.cancel(ANN, first.id)
    assert (await store.add(SOON)).id != first.id


async def test_what_is_due(store: ReminderStore) -> None:
    """What is due by now is returned, earliest first, and nothing that is due later."""
    await store.add(SOON)
    await store.add(SOON._replace(due=NOON + MOMENT))
    await store.add(SOON._replace(due=NOON - DAY))
    assert [one.due for one in await store.due(NOON)] == [NOON - DAY, NOON]


async def test_due_in_another_zone(store: ReminderStore) -> None:
    """A reminder is due at the same moment in every zone, and comes out in UTC."""
    added = await store.add(SOON._replace(due=NOON.astimezone(ZoneInfo("Asia/Kolkata"))))
    assert (await store.due(NOON), added.due.tzinfo) == ((added,), UTC)


async def test_only_so_many_are_claimed(store: ReminderStore) -> None:
    """At most as many as asked for are claimed, the earliest; the others stay for later."""
    for days in (3, 1, 2):
        await store.add(SOON._replace(due=NOON - days * DAY))
    counts = [[(NOON - one.due).days for one in await store.due(NOON, 2)] for _ in range(3)]
    assert counts == [[3, 2], [1], []]


async def test_a_claim_lasts_a_while(store: ReminderStore) -> None:
    """What was claimed isn't due again as long as the claim lasts."""
    await store.add(SOON)
    await store.due(NOON)
    assert await store.due(NOON + LEASE - MOMENT) == ()


async def test_a_claim_ends(store: ReminderStore) -> None:
    """What was claimed by somebody who has died is due again."""
    added = await store.add(SOON)
    await store.due(NOON)
    assert await store.due(NOON + LEASE) == (added,)


async def test_a_claim_by_a_wrong_clock_ends(store: ReminderStore) -> None:
    """When the claimant's clock was set back, its claim doesn't last until the old time comes."""
    one = await store.add(SOON._replace(due=NOON - 2 * DAY))
    await store.due(NOON)
    assert await store.due(NOON - DAY) == (one,)


async def test_clocks_that_differ_a_little_share_claims(store: ReminderStore) -> None:
    """A process whose clock is a minute late leaves alone what another one has claimed."""
    await store.add(SOON._replace(due=NOON - DAY))
    await store.due(NOON)
    assert await store.due(NOON - timedelta(minutes=1)) == ()


async def test_what_is_done_is_never_due_again(store: ReminderStore) -> None:
    """A reminder that was sent stays sent."""
    added = await store.add(SOON)
    await store.due(NOON)
    await store.done(added.id)
    assert (await store.due(NOON + DAY), await store.pending(ANN)) == ((), ())


async def test_a_claimed_reminder_is_pending(store: ReminderStore) -> None:
    """Until it is sent, a reminder is listed."""
    added = await store.add(SOON)
    await store.due(NOON)
    assert await store.pending(ANN) == (added,)


async def test_side_by_side_each_is_claimed_once(store: ReminderStore) -> None:
    """Of many that ask at once, each reminder goes to one."""
    added = [(await store.add(SOON)).id for _ in range(20)]
    claims = await asyncio.gather(*(store.due(NOON, 3) for _ in range(10)))
    assert sorted(one.id for claim in claims for one in claim) == added


@lasting
async def test_processes_claim_each_once(stores: Stores, beside: Stores) -> None:
    """Of two that share a database, each reminder goes to one."""
    added = [(await stores.reminders.add(SOON)).id for _ in range(20)]
    askers = [stores.reminders, beside.reminders] * 5
    claims = await asyncio.gather(*(asker.due(NOON, 3) for asker in askers))
    assert sorted(one.id for claim in claims for one in claim) == added


async def test_a_reminder_can_be_put_off(store: ReminderStore) -> None:
    """What was claimed and put off is the same reminder, due at its new moment."""
    added = await store.add(SOON)
    await store.due(NOON)
    await store.put_off(added.id, NOON + MOMENT)
    expected = (added._replace(due=NOON + MOMENT),)
    assert (await store.due(NOON), await store.due(NOON + MOMENT)) == ((), expected)


async def test_a_cancelled_reminder_cannot_be_put_off(store: ReminderStore) -> None:
    """What its person cancelled in the meantime doesn't come back."""
    added = await store.add(SOON)
    await store.cancel(ANN, added.id)
    await store.put_off(added.id, NOON)
    assert await store.pending(ANN) == ()


async def test_nobody_was_sent_one_at_first(store: ReminderStore) -> None:
    """A reminder that waits, or was sent to somebody else, hasn't been sent."""
    await store.add(SOON)
    await store.done((await store.add(SOON._replace(person=BOB))).id)
    assert await store.last_sent(ANN) is None


async def test_when_the_last_one_was_sent(store: ReminderStore, clock: HeldClock) -> None:
    """The latest moment at which one was sent counts, in UTC."""
    for _ in range(2):
        added = await store.add(SOON)
        clock.now += DAY
        await store.done(added.id)
    assert await store.last_sent(ANN) == clock.now


async def test_without_reminders_any_day_is_free(store: ReminderStore) -> None:
    """Somebody without reminders is free on the first day."""
    await store.add(SOON._replace(person=BOB))
    assert await store.next_free_day(ANN, NOON.date()) == NOON.date()


async def test_the_next_free_day(store: ReminderStore) -> None:
    """Days with a reminder aren't free; the first one without is."""
    for days in (0, 1, 3):
        await store.add(SOON._replace(due=NOON + days * DAY))
    assert await store.next_free_day(ANN, NOON.date()) == NOON.date() + 2 * DAY


async def test_a_day_with_a_reminder_that_was_sent(store: ReminderStore) -> None:
    """One reminder a day means that a day isn't free after its reminder was sent."""
    added = await store.add(SOON)
    await store.done(added.id)
    assert await store.next_free_day(ANN, NOON.date()) == NOON.date() + DAY


@pytest.mark.parametrize(
    ("zone", "first", "expected"),
    [
        ("Pacific/Kiritimati", 10, 10),
        ("Pacific/Kiritimati", 11, 12),
        ("Pacific/Pago_Pago", 9, 10),
        ("Pacific/Pago_Pago", 10, 10),
    ],
)
async def test_days_are_the_person_s(
    store: ReminderStore, zone: str, first: int, expected: int
) -> None:
    """Which day a reminder takes depends on where the person is, up to the ends of the earth."""
    await store.add(SOON._replace(due=datetime(2030, 5, 10, 10, 30, tzinfo=UTC)))
    found = await store.next_free_day(ANN, date(2030, 5, first), ZoneInfo(zone))
    assert found == date(2030, 5, expected)
