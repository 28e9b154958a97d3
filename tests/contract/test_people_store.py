"""What every PeopleStore promises: to forget, to tell and to prune, over all stores."""

import json
from datetime import time, timedelta
from typing import Any

import pytest

from bot.conversation.model import Match, Session
from bot.conversation.records import (
    Arrival,
    CheckpointAnswer,
    Miss,
    Profile,
    QuietHours,
    Reminder,
    Retention,
    Speaker,
    Vote,
    VoteSum,
)
from bot.stores.bundle import Stores
from tests.contract.places import NOON, HeldClock

ANN, BOB, GROUP = "telegram:1", "telegram:12", "telegram:-100"
SESSION = Session("tea/brew", Match("how to brew", 0.5, "tea/pour", 0.25, 0.75))
SAID = CheckpointAnswer("weekly", NOON)
NIGHT = QuietHours(time(22), time(7))
DAY = timedelta(days=1)
HALF_YEAR = timedelta(days=180)
EMPTY: dict[str, list[Any]] = {
    "sessions": [],
    "profiles": [],
    "checkpoint_answers": [],
    "votes": [],
    "reminders": [],
    "updates": [],
}


async def test_everything_is_told(stores: Stores) -> None:
    """An export has all that was kept of a person, as plain JSON data."""
    reminder = await _fill(stores, ANN)
    match = ["how to brew", 0.5, "tea/pour", 0.25, 0.75]
    moment = {"asked": "", "step": "", "paused": False, "quizzed": "", "calmed": False}
    session = {"last": "tea/brew", "match": match, **moment, "exchanges": []}
    content = {"version": 1, "session": session}
    expected = {
        "sessions": [
            {"chat": GROUP, "content": content, "used_on": "2030-05-10"},
            {"chat": ANN, "content": content, "used_on": "2030-05-10"},
        ],
        "profiles": [
            {
                "used_on": "2030-05-10",
                "reply_length": "short",
                "text_only": False,
                "time_zone": "Europe/Rome",
                "quiet_start": "22:00:00",
                "quiet_end": "07:00:00",
                "language": "it",
            }
        ],
        "checkpoint_answers": [
            {"question": "how-often", "option": "weekly", "at": "2030-05-10T12:00:00+00:00"}
        ],
        "votes": [
            {"entry": "tea/brew", "value": -1, "reason": "too-long", "given_on": "2030-05-10"}
        ],
        "reminders": [
            {
                "id": reminder,
                "chat": GROUP,
                "entry": "tea/brew",
                "text": "did-you-steep",
                "due": "2030-05-10T12:00:00+00:00",
                "done_at": None,
            }
        ],
        "updates": [
            {
                "id": 1,
                "chat": ANN,
                "claimed_at": "2030-05-10T12:00:00+00:00",
                "answered_at": None,
                "content": {},
            }
        ],
    }
    assert await stores.people.export(ANN) == expected


async def test_an_export_is_json(stores: Stores) -> None:
    """An export comes through JSON unchanged, whatever was claimed, sent and answered."""
    await stores.reminders.done(await _fill(stores, ANN))
    await stores.updates.answered([1])
    exported = await stores.people.export(ANN)
    assert json.loads(json.dumps(exported)) == exported


async def test_of_somebody_unknown_nothing_is_told(stores: Stores) -> None:
    """An export of a person of whom nothing is kept has empty lists."""
    await _fill(stores, BOB)
    assert await stores.people.export(ANN) == EMPTY


async def test_a_forgotten_person_has_left_nothing(stores: Stores) -> None:
    """After forgetting, an export is empty."""
    await _fill(stores, ANN)
    await stores.people.forget(ANN)
    assert await stores.people.export(ANN) == EMPTY


async def test_a_forgotten_person_is_a_stranger_in_every_store(stores: Stores) -> None:
    """After forgetting, no store knows the person any more."""
    reminder = await _fill(stores, ANN)
    await stores.people.forget(ANN)
    found = [
        await stores.sessions.load(Speaker(ANN, ANN)),
        await stores.sessions.load(Speaker(ANN, GROUP)),
        await stores.profiles.all(ANN),
        await stores.votes.of(ANN, "tea/brew"),
        await stores.votes.sums(),
        await stores.reminders.pending(ANN),
        await stores.reminders.cancel(ANN, reminder),
        await stores.reminders.due(NOON),
        await stores.updates.claim([Arrival(1, ANN, "{}")]),
    ]
    assert found == [Session(), Session(), Profile(), None, (), (), False, (), {1}]


async def test_forgetting_leaves_other_people(stores: Stores) -> None:
    """Forgetting one person changes nothing of another's, however alike their names are."""
    await _fill(stores, BOB)
    before = await stores.people.export(BOB)
    await stores.people.forget(ANN)
    assert await stores.people.export(BOB) == before


async def test_forgetting_leaves_what_belongs_to_nobody(stores: Stores) -> None:
    """Misses, counters and file ids stay: they don't know the person."""
    await stores.misses.add(Miss("tee", "abstain", NOON))
    await stores.counters.add(NOON.date(), "entry", "tea/brew")
    await stores.files.keep("brewing.png", "aa", "AgAC-1")
    await stores.people.forget(ANN)
    left = [
        len(await stores.misses.since(NOON)),
        len(await stores.counters.between(NOON.date(), NOON.date())),
        await stores.files.get("brewing.png", "aa"),
    ]
    assert left == [1, 1, "AgAC-1"]


async def test_a_forgotten_person_can_come_back(stores: Stores) -> None:
    """After forgetting, a person begins like a new one."""
    await _fill(stores, ANN)
    await stores.people.forget(ANN)
    await stores.profiles.set(ANN, text_only=True)
    assert await stores.profiles.all(ANN) == Profile(text_only=True)


@pytest.mark.parametrize(("days", "expected"), [(0, 0), (1, 5)])
async def test_people_are_kept_for_so_long(stores: Stores, days: int, expected: int) -> None:
    """What was last used before a day is deleted and counted; that day itself stays."""
    await _fill(stores, ANN)
    assert await stores.people.prune(NOON.date() + days * DAY) == expected


async def test_who_comes_back_keeps_their_profile(stores: Stores, clock: HeldClock) -> None:
    """A profile is in use as long as its person has a session, even if it isn't changed."""
    await _fill(stores, ANN)
    clock.now = NOON + 9 * DAY
    await stores.sessions.save(Speaker(ANN, ANN), SESSION)
    await stores.people.prune(NOON.date() + 5 * DAY)
    assert (await stores.profiles.all(ANN)).answers == {"how-often": SAID}


async def test_only_the_used_session_stays(stores: Stores, clock: HeldClock) -> None:
    """Of a person's conversations, the old one goes and the new one stays."""
    await _fill(stores, ANN)
    clock.now = NOON + 9 * DAY
    await stores.sessions.save(Speaker(ANN, ANN), SESSION)
    await stores.people.prune(NOON.date() + 5 * DAY)
    loaded = [await stores.sessions.load(Speaker(ANN, chat)) for chat in (ANN, GROUP)]
    assert loaded == [SESSION, Session()]


async def test_a_reminder_for_later_stays(stores: Stores) -> None:
    """A reminder counts from when it is due."""
    later = await stores.reminders.add(
        Reminder(ANN, ANN, "tea/brew", "did-you-steep", NOON + 300 * DAY)
    )
    await stores.people.prune(NOON.date() + HALF_YEAR)
    assert await stores.reminders.pending(ANN) == (later,)


async def test_retention_is_kept_in_all_stores(stores: Stores) -> None:
    """Pruning deletes people's things, misses and updates, each after its own time."""
    await _fill(stores, ANN)
    await stores.updates.answered([each.update for each in await stores.updates.waiting(ANN)])
    await stores.misses.add(Miss("tee", "abstain", NOON))
    limits = Retention(people=100 * DAY, misses=50 * DAY, updates=2 * DAY)
    pruned = [await stores.prune(NOON + days * DAY, limits) for days in (1, 3, 49, 51, 100, 101)]
    assert pruned == [0, 1, 0, 1, 0, 5]


async def test_the_sums_of_those_who_left(stores: Stores) -> None:
    """A forgotten person's vote no longer counts; the others' do."""
    await _fill(stores, ANN)
    await _fill(stores, BOB)
    await stores.people.forget(ANN)
    assert await stores.votes.sums() == (VoteSum("tea/brew", 0, 1),)


async def _fill(stores: Stores, person: str) -> int:
    """Keep something of `person` in every store; return the id of their reminder."""
    await stores.sessions.save(Speaker(person, person), SESSION)
    await stores.sessions.save(Speaker(person, GROUP), SESSION)
    await stores.profiles.set(
        person,
        reply_length="short",
        time_zone="Europe/Rome",
        quiet_hours=NIGHT,
        language="it",
    )
    await stores.profiles.answer(person, "how-often", SAID)
    await stores.votes.vote(person, "tea/brew", Vote(-1, "too-long"))
    await stores.updates.claim([Arrival(1 if person == ANN else 2, person, "{}")])
    reminder = Reminder(person, GROUP, "tea/brew", "did-you-steep", NOON)
    return (await stores.reminders.add(reminder)).id
