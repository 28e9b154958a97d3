"""How people are treated over the fake wire: corrections, patience, floods, abuse, no text."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.channels.keeper import Keeper
from bot.channels.telegram.application import take_over
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question, Session, Target
from bot.stores.bundle import in_memory, open_stores
from tests.contract.places import HeldClock
from tests.e2e.wire import (
    FakeWire,
    Json,
    Refusal,
    Sent,
    Talk,
    buttons_of,
    corrected,
    for_ever,
    message,
    started,
)

QUESTION = "What mistakes should I avoid?"
OTHER = "How many sets and reps should I do?"
ABUSE = "you are a useless piece of junk"
RED_FLAG = "I can't feel my legs and I peed myself"
MINUTE = timedelta(minutes=1)


class Room(NamedTuple):
    """A talk with a bot, and the clock that it looks at."""

    talk: Talk
    clock: HeldClock

    async def said(self, count: int, **place: int) -> list[str]:
        """Return what a person was told who asked so often in a row."""
        sent = [each for _ in range(count) for each in await self.talk.say(QUESTION, **place)]
        return [each.params["text"] for each in sent]


@pytest.fixture
async def room(wire: FakeWire, dialogue: Dialogue) -> AsyncIterator[Room]:
    """Return a talk with a bot whose clock stands."""
    clock = HeldClock()
    application = started(dialogue, wire, clock=clock)
    async with application:
        yield Room(Talk(application, wire), clock)


def says(dialogue: Dialogue) -> Any:
    """Return the bot's own sentences."""
    return dialogue.catalogue.knowledge.voice.say


def flood(dialogue: Dialogue) -> str:
    """Return what those are told who write too much."""
    return dialogue.catalogue.knowledge.voice.telegram.say.flood


def answer(dialogue: Dialogue, text: str) -> str:
    """Return the answer to a question without context."""
    return dialogue.respond(Question(text), Session()).reply.html


def texts(sent: list[Sent]) -> list[tuple[str, Any]]:
    """Return the method and the text of each request."""
    return [(each.method, each.params.get("text")) for each in sent]


async def answered(talk: Talk, update: Json) -> int:
    """Let the bot answer a message; return the id that Telegram gave to the answer."""
    await talk.give(update)
    return talk.wire.places[-1]


async def test_a_corrected_question_gets_a_corrected_answer(talk: Talk, dialogue: Dialogue) -> None:
    """The answer that was sent is changed in place to the one for the new words."""
    update = message(text=OTHER)
    place = await answered(talk, update)
    (sent,) = await talk.give(corrected(update, QUESTION))
    expected = ("editMessageText", place, answer(dialogue, QUESTION))
    assert expected == (sent.method, sent.params["message_id"], sent.params["text"])


async def test_a_corrected_answer_has_its_buttons(talk: Talk) -> None:
    """With the words, the buttons change as well."""
    update = message(text=OTHER)
    await talk.give(update)
    (sent,) = await talk.give(corrected(update, QUESTION))
    assert "up:hip-thrust/common-mistakes" in dict(buttons_of(sent.params)).values()


async def test_after_a_correction_why_is_about_the_new_answer(
    talk: Talk, dialogue: Dialogue
) -> None:
    """The conversation goes on from what the question says now."""
    update = message(text=OTHER)
    await talk.give(update)
    await talk.give(corrected(update, QUESTION))
    session = dialogue.respond(Question(QUESTION), Session()).session
    expected = dialogue.respond(Question("why?"), session).reply.html
    assert [("sendMessage", expected)] == texts(await talk.say("why?"))


async def test_an_earlier_question_can_be_corrected(talk: Talk, dialogue: Dialogue) -> None:
    """A question before the last is answered anew in its place, and the last stays the last."""
    first = message(text=OTHER)
    place = await answered(talk, first)
    await talk.say(QUESTION)
    (sent,) = await talk.give(corrected(first, "What is RPE?"))
    session = dialogue.respond(Question(QUESTION), Session()).session
    expected = dialogue.respond(Question("why?"), session).reply.html
    assert (place, expected) == (sent.params["message_id"], texts(await talk.say("why?"))[0][1])


async def test_a_question_corrected_twice(talk: Talk, dialogue: Dialogue) -> None:
    """Each correction changes the same answer."""
    update = message(text=OTHER)
    place = await answered(talk, update)
    await talk.give(corrected(update, "What is RPE?"))
    (sent,) = await talk.give(corrected(update, QUESTION))
    expected = (place, answer(dialogue, QUESTION))
    assert expected == (sent.params["message_id"], sent.params["text"])


async def test_a_corrected_answer_to_a_checkpoint(talk: Talk) -> None:
    """What is corrected is read as the answer to the question that it answered."""
    await talk.say("/checkpoints")
    await talk.say("grow my glutes")
    update = message(text="fine")
    await talk.give(update)
    (sent,) = await talk.give(corrected(update, "tired"))
    profile = (await talk.say("/profile"))[-1].params["text"]
    assert ("editMessageText", True, True) == (
        sent.method,
        "3 of 6." in sent.params["text"],
        "Your back: Tired" in profile,
    )


async def test_a_correction_does_not_set_the_checkpoints_back(talk: Talk) -> None:
    """Who has gone on since stays where they are."""
    await talk.say("/checkpoints")
    update = message(text="grow my glutes")
    await talk.give(update)
    await talk.say("fine")
    await talk.give(corrected(update, "get stronger"))
    assert "4 of 6." in (await talk.say("yes"))[-1].params["text"]


async def test_a_button_since_then_keeps_its_place(talk: Talk) -> None:
    """Who has gone on with a button stays where they are, too."""
    await talk.say("/checkpoints")
    update = message(text="grow my glutes")
    await talk.give(update)
    await talk.press("step:hip-thrust/back/fresh")
    await talk.give(corrected(update, "get stronger"))
    assert "4 of 6." in (await talk.say("yes"))[-1].params["text"]


async def test_a_message_that_comes_twice_answers_once(talk: Talk) -> None:
    """What Telegram sends again, as after a crash, doesn't answer the next question as well."""
    await talk.say("/checkpoints")
    update = message(text="1")
    await talk.give(update)
    again = await talk.give(update)
    assert ("editMessageText", True) == (again[-1].method, "2 of 6." in again[-1].params["text"])


async def test_a_corrected_command(talk: Talk, dialogue: Dialogue) -> None:
    """A mistyped command that is corrected shows what it stands for, in place."""
    update = message(text="/mistaks")
    await talk.give(update)
    expected = dialogue.open(Target("", "hip-thrust/common-mistakes"), Session()).reply.html
    sent = await talk.give(corrected(update, "/mistakes"))
    assert [("editMessageText", expected)] == texts(sent)


async def test_a_correction_that_changes_nothing(talk: Talk) -> None:
    """Telegram's "message is not modified" is no failure, and nothing more is sent."""
    update = message(text=QUESTION)
    await talk.give(update)
    same = "Bad Request: message is not modified: specified new message content is the same"
    talk.wire.failures["editMessageText"] = [Refusal(400, same)]
    sent = await talk.give(corrected(update, f"{QUESTION} "))
    assert ["editMessageText"] == [each.method for each in sent]


async def test_an_answer_that_cannot_be_edited_comes_anew(talk: Talk, dialogue: Dialogue) -> None:
    """When the old answer was deleted, a new one quotes the corrected question."""
    update = message(text=OTHER)
    await talk.give(update)
    gone = "Bad Request: message to edit not found"
    talk.wire.failures["editMessageText"] = [Refusal(400, gone)]
    sent = await talk.give(corrected(update, QUESTION))
    quoted = sent[-1].params["reply_parameters"]["message_id"]
    expected = (answer(dialogue, QUESTION), update["message"]["message_id"])
    assert expected == (sent[-1].params["text"], quoted)


async def test_an_unknown_question_that_is_corrected(talk: Talk, dialogue: Dialogue) -> None:
    """A question whose answer isn't known any more gets one."""
    sent = await talk.give(corrected(message(text=OTHER), QUESTION))
    assert [("sendMessage", answer(dialogue, QUESTION))] == texts(sent)


async def test_a_picture_whose_question_is_corrected(talk: Talk) -> None:
    """A question that becomes one for a picture gets it below."""
    await talk.say("/start science-trial")
    update = message(text="why?")
    await talk.give(update)
    sent = await talk.give(corrected(update, "show me"))
    assert ["sendPhoto"] == [each.method for each in sent]


async def test_a_correction_after_a_restart(
    wire: FakeWire, dialogue: Dialogue, tmp_path: Path
) -> None:
    """A new process on the same file knows which answer to change."""
    update = message(text=OTHER)
    async with open_stores("", tmp_path) as stores, started(dialogue, wire, stores) as application:
        place = await answered(Talk(application, wire), update)
    async with open_stores("", tmp_path) as stores, started(dialogue, wire, stores) as application:
        (sent,) = await Talk(application, wire).give(corrected(update, QUESTION))
    assert ("editMessageText", place) == (sent.method, sent.params["message_id"])


async def test_a_person_may_ask_twenty_times_a_minute(room: Room, dialogue: Dialogue) -> None:
    """Twenty questions within a minute are all answered."""
    assert [answer(dialogue, QUESTION)] * 20 == await room.said(20)


async def test_who_floods_is_told_once(room: Room, dialogue: Dialogue) -> None:
    """The question after that is met with one line, and those after it with nothing."""
    assert flood(dialogue) == "".join((await room.said(40))[20:])


async def test_who_flooded_is_ignored_for_the_minute(room: Room, dialogue: Dialogue) -> None:
    """Until a minute has passed since the line, nothing is answered; then everything is."""
    await room.said(21)
    room.clock.now += MINUTE - timedelta(seconds=1)
    ignored = await room.said(1)
    room.clock.now += timedelta(seconds=1)
    assert ([], [answer(dialogue, QUESTION)]) == (ignored, await room.said(1))


async def test_a_flood_is_one_person_s(room: Room, dialogue: Dialogue) -> None:
    """Others are answered meanwhile."""
    await room.said(25)
    assert [answer(dialogue, QUESTION)] == await room.said(1, user=8, chat=8)


async def test_without_a_limit_nobody_floods(talk: Talk, dialogue: Dialogue) -> None:
    """0 means that every message is answered."""
    take_over(talk.application, dialogue, Keeper(in_memory(), HeldClock()), 0, for_ever)
    sent = [each for _ in range(50) for each in await talk.say(QUESTION)]
    assert [answer(dialogue, QUESTION)] * 50 == [each.params["text"] for each in sent]


async def test_buttons_are_no_flood(room: Room) -> None:
    """Who taps through menus and checkpoints isn't stopped."""
    sent = [await room.talk.press("hip-thrust/progression") for _ in range(30)]
    assert [["answerCallbackQuery", "sendMessage"]] * 30 == [
        [each.method for each in one] for one in sent
    ]


async def test_what_is_no_text_can_flood(room: Room, dialogue: Dialogue) -> None:
    """Stickers count like words."""
    dice: Json = {"dice": {"emoji": "\N{GAME DIE}", "value": 1}}
    sent = [each for _ in range(30) for each in await room.talk.give(message(**dice))]
    assert [says(dialogue).not_text] * 20 + [flood(dialogue)] == [text for _, text in texts(sent)]


async def test_abuse_gets_a_calm_line(talk: Talk, dialogue: Dialogue) -> None:
    """Who abuses the bot is answered without scolding."""
    assert [("sendMessage", says(dialogue).abuse)] == texts(await talk.say(ABUSE))


async def test_abuse_gets_it_once(talk: Talk) -> None:
    """Abuse that goes on is met with silence."""
    await talk.say(ABUSE)
    assert [[], []] == [await talk.say("stfu bot"), await talk.say(ABUSE)]


async def test_after_abuse_a_question_is_answered(talk: Talk, dialogue: Dialogue) -> None:
    """Nobody is punished for it."""
    await talk.say(ABUSE)
    assert [("sendMessage", answer(dialogue, QUESTION))] == texts(await talk.say(QUESTION))


@pytest.mark.parametrize(
    "text", ["how the fuck do I set up the bench, you stupid bot", "are hip thrusts useless?"]
)
async def test_a_question_with_rude_words_is_a_question(
    talk: Talk, dialogue: Dialogue, text: str
) -> None:
    """What the guide covers is answered, whatever words are in it."""
    assert [("sendMessage", says(dialogue).abuse)] != texts(await talk.say(text))


async def test_abuse_is_not_kept(wire: FakeWire, dialogue: Dialogue) -> None:
    """It is no question in vain."""
    stores = in_memory()
    async with started(dialogue, wire, stores) as application:
        await Talk(application, wire).say(ABUSE)
    assert () == await stores.misses.since(HeldClock().now - timedelta(days=9999))


async def test_an_album_gets_one_line(talk: Talk, dialogue: Dialogue) -> None:
    """Ten photos sent together are met with the line once; the next photo with another."""
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    album: Json = {"photo": photo, "media_group_id": "1"}
    sent = [each for _ in range(10) for each in await talk.give(message(**album))]
    sent += await talk.give(message(photo=photo))
    assert [("sendMessage", says(dialogue).not_text)] * 2 == texts(sent)


async def test_a_red_flag_below_a_photo_is_seen(talk: Talk, dialogue: Dialogue) -> None:
    """A caption that needs care is answered with it."""
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    sent = await talk.give(message(photo=photo, caption=RED_FLAG))
    assert [("sendMessage", answer(dialogue, RED_FLAG))] == texts(sent)
