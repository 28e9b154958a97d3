"""What the bot remembers, over the fake wire: checkpoints, votes, settings, export, forgetting."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.conversation.dialogue import Dialogue
from bot.conversation.records import CheckpointAnswer, ProfileChanges, Vote
from bot.errors import StoreError
from bot.stores.bundle import Stores, in_memory, open_stores
from tests.e2e.wire import (
    FakeWire,
    Sent,
    Talk,
    buttons_of,
    message,
    pressed,
    serving,
    started,
)

PERSON = "telegram:7"
SETS = "How many sets and reps should I do?"
UID = "hip-thrust/sets-reps-effort"
RESUME = "step:hip-thrust"
PERSONAL = ("sessions", "profiles", "checkpoint_answers", "votes", "reminders", "updates")
"""The tables that hold what belongs to a person."""
ANSWERS = ("Grow my glutes", "kind of tired", "yes", "it drifts", "no, often not", "just squats")


@asynccontextmanager
async def bot(wire: FakeWire, dialogue: Dialogue, folder: Path) -> AsyncIterator[Talk]:
    """Run a bot over a file of SQLite, as a process would."""
    async with AsyncExitStack() as stack:
        stores = await stack.enter_async_context(open_stores("", folder))
        application = started(dialogue, wire, stores)
        yield Talk(await stack.enter_async_context(application), wire)


@pytest.fixture
async def talk(wire: FakeWire, dialogue: Dialogue, tmp_path: Path) -> AsyncIterator[Talk]:
    """Return a talk with a bot over a file of SQLite."""
    async with bot(wire, dialogue, tmp_path) as talk:
        yield talk


def text(sent: list[Sent]) -> str:
    """Return the text of the last message sent."""
    return str([each for each in sent if each.method == "sendMessage"][-1].params["text"])


def labels(sent: list[Sent]) -> dict[str, str]:
    """Return the callback data of the last message's buttons, by their labels."""
    return dict(buttons_of(sent[-1].params))


def rows(folder: Path, table: str) -> list[Any]:
    """Return the rows of a table."""
    with closing(sqlite3.connect(folder / "guidebot.db")) as database:
        return database.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - our tables


async def test_the_checkpoints_from_start_to_end(talk: Talk) -> None:
    """Tapped through, six questions end in a conclusion, one message each."""
    sent = await talk.say("/checkpoints")
    for number in range(1, 7):
        assert f"{number} of 6." in text(sent)
        sent = await talk.press(next(iter(labels(sent).values())))
        assert [each.method for each in sent] == ["answerCallbackQuery", "sendMessage"]
    assert text(sent).startswith("Yes. They suit your aim")


async def test_interrupted_and_resumed(talk: Talk) -> None:
    """After another question the button leads back to where the checkpoints were left."""
    await talk.say("/checkpoints")
    await talk.say("grow my glutes")
    interrupted = await talk.say(SETS)
    assert labels(interrupted)["Back to the checkpoints"] == RESUME
    assert "2 of 6." in text(await talk.press(RESUME))


async def test_resumed_after_a_restart(wire: FakeWire, dialogue: Dialogue, tmp_path: Path) -> None:
    """A new process on the same file goes on with the question that was open, and concludes."""
    async with bot(wire, dialogue, tmp_path) as talk:
        await talk.say("/checkpoints")
        for answer in ANSWERS[:3]:
            await talk.say(answer)
    async with bot(wire, dialogue, tmp_path) as talk:
        assert "5 of 6." in text(await talk.say(ANSWERS[3]))
        await talk.say(ANSWERS[4])
        assert "Yes, in place of some heavy hinge work" in text(await talk.say(ANSWERS[5]))


async def test_back_and_start_over(talk: Talk) -> None:
    """The buttons under a question lead to the one before, and to the first."""
    await talk.say("/checkpoints")
    third = [await talk.say(answer) for answer in ANSWERS[:2]][-1]
    assert "2 of 6." in text(await talk.press(labels(third)["Back"]))
    assert "1 of 6." in text(await talk.press(labels(third)["Start over"]))


async def test_what_was_said_is_told_and_cleared(talk: Talk) -> None:
    """/profile says what was answered in words; its button clears it."""
    await talk.say("/checkpoints")
    await talk.say("grow my glutes")
    profile = await talk.say("/profile")
    assert "What it's for: Grow my glutes" in text(profile)
    await talk.press(labels(profile)["Forget what I told you"])
    assert "Grow my glutes" not in text(await talk.say("/profile"))


async def test_a_vote_is_noted_and_changed(talk: Talk, tmp_path: Path) -> None:
    """Thumbs are acknowledged beside the button; the later vote is the one that is kept."""
    buttons = labels(await talk.say(SETS))
    up = await talk.press(buttons["\N{THUMBS UP SIGN}"])
    assert [(each.method, each.params.get("text")) for each in up] == [
        ("answerCallbackQuery", "Noted, thank you.")
    ]
    down = await talk.press(buttons["\N{THUMBS DOWN SIGN}"])
    assert [each.method for each in down] == ["answerCallbackQuery", "sendMessage"]
    await talk.press(labels(down)["I doubt it"])
    assert [row[:4] for row in rows(tmp_path, "votes")] == [(PERSON, UID, -1, "doubt")]


async def test_thumbs_have_a_row_of_their_own(talk: Talk) -> None:
    """The two thumbs stand side by side below the other buttons."""
    keyboard = (await talk.say(SETS))[-1].params["reply_markup"]["inline_keyboard"]
    assert [button["callback_data"] for button in keyboard[-1]] == [f"up:{UID}", f"down:{UID}"]


async def test_questions_in_vain_are_kept_without_a_person(talk: Talk, tmp_path: Path) -> None:
    """What isn't covered, none of these, and thumbs down are kept, and nobody's name with them."""
    await talk.say("what should I eat after training, chicken or fish?")
    await talk.say("my back is fine")
    await talk.press("none:these")
    await talk.say(SETS)
    await talk.press(f"down:{UID}")
    kept = rows(tmp_path, "misses")
    assert [row[2] for row in kept] == ["abstain", "none_of_these", "thumbs_down"]
    assert "7" not in {str(value) for row in kept for value in row[1:]}


async def test_settings_last(wire: FakeWire, dialogue: Dialogue, tmp_path: Path) -> None:
    """What was set in one process holds in the next."""
    async with bot(wire, dialogue, tmp_path) as talk:
        await talk.press(labels(await talk.say("/settings"))["Text only"])
        await talk.press("set:zone/Europe/Berlin")
    async with bot(wire, dialogue, tmp_path) as talk:
        said = text(await talk.say("/settings"))
        assert ("Text only" in said, "Berlin" in said) == (True, True)


async def test_the_export_is_a_document(talk: Talk, wire: FakeWire) -> None:
    """/export sends a line and a file of JSON that holds what was said, set and voted."""
    await talk.say("/checkpoints")
    await talk.say("grow my glutes")
    await talk.press("set:length/short")
    await talk.press(f"up:{UID}")
    sent = await talk.say("/export")
    assert [each.method for each in sent] == ["sendMessage", "sendDocument"]
    content = wire.files[-1]
    assert isinstance(content, bytes)
    data = json.loads(content)
    assert (
        [("hip-thrust/job", "glutes")],
        ["short"],
        [(UID, 1)],
    ) == (
        [(row["question"], row["option"]) for row in data["checkpoint_answers"]],
        [row["reply_length"] for row in data["profiles"]],
        [(row["entry"], row["value"]) for row in data["votes"]],
    )


async def test_forget_erases_every_row(talk: Talk, tmp_path: Path) -> None:
    """After /forget and its one confirmation no table has a row of the person."""
    await talk.say("/checkpoints")
    await talk.say("grow my glutes")
    await talk.press(f"up:{UID}")
    await talk.say(SETS)
    asked = await talk.say("/forget")
    await talk.press(labels(asked)["Erase everything"])
    assert {} == {table: kept for table in PERSONAL if (kept := rows(tmp_path, table))}


async def test_forget_erases_what_was_taken_in(
    wire: FakeWire, dialogue: Dialogue, tmp_path: Path
) -> None:
    """The updates that led there, the last one included, leave none of their words behind."""
    stop = asyncio.Event()
    async with open_stores("", tmp_path) as stores, asyncio.timeout(30):
        service = serving(started(dialogue, wire, stores), dialogue, stores)
        running = asyncio.create_task(service.poll(stop))
        await wire.polled.wait()
        await service.intake.take(message(text=SETS), pressed("mine:forget-now"))
        stop.set()
        await running
    kept = {table: found for table in PERSONAL if (found := rows(tmp_path, table))}
    assert ({}, True) == (kept, "editMessageText" in [each.method for each in wire.sent])


async def test_forget_leaves_others_alone(talk: Talk, tmp_path: Path) -> None:
    """Only the person who asks is forgotten."""
    for user in (7, 8):
        await talk.press(f"up:{UID}", user=user, chat=user)
    await talk.press("mine:forget-now")
    assert [row[0] for row in rows(tmp_path, "votes")] == ["telegram:8"]


@pytest.mark.parametrize("command", ["/profile", "/export", "/forget", "/settings", "/checkpoints"])
async def test_what_is_personal_stays_private(talk: Talk, dialogue: Dialogue, command: str) -> None:
    """In a group, what belongs to one person is asked for in private instead."""
    expected = dialogue.catalogue.knowledge.voice.personal.say.private_only
    sent = await talk.say(command, chat=-5)
    assert [each.params.get("text") for each in sent] == [expected]


class LostProfiles:
    """A ProfileStore whose database is away."""

    async def all(self, person: str) -> Any:
        """Fail."""
        raise StoreError(person)

    async def set(self, person: str, **changes: ProfileChanges) -> None:
        """Fail."""
        raise StoreError(person, changes)

    async def answer(self, person: str, question: str, answer: CheckpointAnswer) -> None:
        """Fail."""
        raise StoreError(person, question, answer)

    async def clear(self, person: str) -> None:
        """Fail."""
        raise StoreError(person)


class LostVotes:
    """A VoteStore whose database is away."""

    async def vote(self, person: str, entry: str, vote: Vote) -> None:
        """Fail."""
        raise StoreError(person, entry, vote)


@pytest.fixture
async def lost(wire: FakeWire, dialogue: Dialogue) -> AsyncIterator[Talk]:
    """Return a talk with a bot that can't keep settings or votes."""
    stores: Stores = replace(in_memory(), profiles=LostProfiles(), votes=LostVotes())  # type: ignore[arg-type] # what's used
    application = started(dialogue, wire, stores)
    async with application:
        yield Talk(application, wire)


async def test_what_cannot_be_kept_is_not_promised(lost: Talk, dialogue: Dialogue) -> None:
    """When a setting or an answer can't be kept, the person is told so."""
    expected = dialogue.catalogue.knowledge.voice.personal.say.not_kept
    pressed = ("set:length/short", "mine:clear", "step:hip-thrust/job/glutes")
    assert [text(await lost.press(data)) for data in pressed] == [expected] * 3


async def test_a_vote_that_cannot_be_kept_gets_no_thanks(lost: Talk, dialogue: Dialogue) -> None:
    """When a vote can't be kept, the notice says so."""
    expected = dialogue.catalogue.knowledge.voice.personal.say.not_kept
    assert [each.params.get("text") for each in await lost.press(f"up:{UID}")] == [expected]


async def test_without_its_memory_a_question_is_answered(lost: Talk) -> None:
    """What needs no memory is answered all the same."""
    assert "Try 2 to 5 sets" in text(await lost.say(SETS))
