"""What every ProfileStore promises."""

import asyncio
from datetime import UTC, datetime, time, timedelta, timezone

import pytest

from bot.conversation.ports import ProfileStore
from bot.conversation.records import CheckpointAnswer, Profile, ProfileChanges, QuietHours
from bot.stores.bundle import Stores

ANN, BOB = "telegram:1", "telegram:2"
NIGHT = QuietHours(time(22), time(7, 30))
WEEKLY = CheckpointAnswer("weekly", datetime(2030, 5, 1, 8, 15, tzinfo=UTC))
DAILY = CheckpointAnswer("daily", datetime(2030, 5, 2, 8, 15, tzinfo=UTC))

CHANGES: tuple[tuple[ProfileChanges, Profile], ...] = (
    ({"reply_length": "short"}, Profile(reply_length="short")),
    ({"reply_length": "full"}, Profile(reply_length="full")),
    ({"text_only": True}, Profile(text_only=True)),
    ({"time_zone": "Asia/Kolkata"}, Profile(time_zone="Asia/Kolkata")),
    ({"quiet_hours": NIGHT}, Profile(quiet_hours=NIGHT)),
    ({"language": "pt-BR"}, Profile(language="pt-BR")),
    (
        {"text_only": True, "language": "de"},
        Profile(text_only=True, language="de"),
    ),
    ({}, Profile()),
)


@pytest.fixture
def store(stores: Stores) -> ProfileStore:
    """Return an empty store of each kind."""
    return stores.profiles


async def test_somebody_unknown_has_the_default_profile(store: ProfileStore) -> None:
    """Of a person who set nothing, nothing is known."""
    assert await store.all(ANN) == Profile()


@pytest.mark.parametrize(("changes", "expected"), CHANGES)
async def test_a_setting_that_is_set(
    store: ProfileStore, changes: ProfileChanges, expected: Profile
) -> None:
    """A setting comes back as it was set; the others have their defaults."""
    await store.set(ANN, **changes)
    assert await store.all(ANN) == expected


async def test_setting_one_leaves_the_others(store: ProfileStore) -> None:
    """A change of one setting changes only that one."""
    await store.set(ANN, reply_length="full", quiet_hours=NIGHT)
    await store.set(ANN, reply_length="short")
    assert await store.all(ANN) == Profile(reply_length="short", quiet_hours=NIGHT)


async def test_setting_leaves_the_answers(store: ProfileStore) -> None:
    """A change of a setting leaves what the person said."""
    await store.answer(ANN, "how-often", WEEKLY)
    await store.set(ANN, text_only=True)
    assert await store.all(ANN) == Profile(text_only=True, answers={"how-often": WEEKLY})


async def test_quiet_hours_can_be_taken_back(store: ProfileStore) -> None:
    """Quiet hours set to nothing are none."""
    await store.set(ANN, quiet_hours=NIGHT)
    await store.set(ANN, quiet_hours=None)
    assert await store.all(ANN) == Profile()


async def test_answers_are_kept_with_their_time(store: ProfileStore) -> None:
    """What a person said to each question comes back, with its time."""
    await store.answer(ANN, "how-often", WEEKLY)
    await store.answer(ANN, "since-when", DAILY)
    assert await store.all(ANN) == Profile(answers={"how-often": WEEKLY, "since-when": DAILY})


async def test_a_new_answer_replaces(store: ProfileStore) -> None:
    """A question has one answer, the last one."""
    await store.answer(ANN, "how-often", WEEKLY)
    await store.answer(ANN, "how-often", DAILY)
    assert await store.all(ANN) == Profile(answers={"how-often": DAILY})


async def test_an_answer_from_another_zone(store: ProfileStore) -> None:
    """The time of an answer is the same moment, whatever zone it was given in."""
    there = WEEKLY.at.astimezone(timezone(timedelta(hours=-9)))
    await store.answer(ANN, "how-often", CheckpointAnswer("weekly", there))
    assert await store.all(ANN) == Profile(answers={"how-often": WEEKLY})


async def test_people_are_apart(store: ProfileStore) -> None:
    """What one person set and said isn't another's."""
    await store.set(ANN, text_only=True)
    await store.answer(ANN, "how-often", WEEKLY)
    assert await store.all(BOB) == Profile()


async def test_a_cleared_profile_is_the_default(store: ProfileStore) -> None:
    """After clearing, nothing is known, the answers included."""
    await store.set(ANN, text_only=True)
    await store.answer(ANN, "how-often", WEEKLY)
    await store.clear(ANN)
    await store.set(ANN, language="de")
    assert await store.all(ANN) == Profile(language="de")


async def test_clearing_leaves_other_people(store: ProfileStore) -> None:
    """Clearing one profile leaves another person's."""
    await store.set(BOB, text_only=True)
    await store.answer(BOB, "how-often", WEEKLY)
    await store.clear(ANN)
    assert await store.all(BOB) == Profile(text_only=True, answers={"how-often": WEEKLY})


async def test_changes_side_by_side(store: ProfileStore) -> None:
    """Settings changed at the same time don't undo each other."""
    await asyncio.gather(
        store.set(ANN, reply_length="short"),
        store.set(ANN, text_only=True),
        store.set(ANN, time_zone="Europe/Rome"),
        store.answer(ANN, "how-often", WEEKLY),
        store.answer(ANN, "since-when", DAILY),
    )
    expected = Profile(
        reply_length="short",
        text_only=True,
        time_zone="Europe/Rome",
        answers={"how-often": WEEKLY, "since-when": DAILY},
    )
    assert await store.all(ANN) == expected
