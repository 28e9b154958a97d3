"""What fits the person, over the fake wire: what they said, settings, votes, did you mean."""

from dataclasses import replace

import pytest

from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Answer, Clarify, Question, Session
from bot.conversation.policy import LEAST_OFFERED
from bot.conversation.writing import SHORT
from bot.stores.bundle import in_memory
from tests.contract.places import HeldClock
from tests.e2e.wire import FakeWire, Sent, Talk, buttons_of, started

SETS = "How many sets and reps should I do?"
CLOSE = (
    "feet more open activates more the side of glute?",
    "Should I tuck the pelvis under at lockout?",
    "grow glute main goal plan",
    "sqaut or hip thurst for butt",
    "foot placemnt hip thurst",
)
"""Questions of which at least one has an answer and a runner-up, however the matcher is fitted."""
UID = "hip-thrust/sets-reps-effort"
PICTURED = "hip-thrust/science-trial"
EMOJI = 0x1F000
"""From here on Unicode has pictures."""


def text(sent: list[Sent]) -> str:
    """Return the text of the last message sent or changed."""
    return str(sent[-1].params["text"])


def labels(sent: list[Sent]) -> dict[str, str]:
    """Return the callback data of the last message's buttons, by their labels."""
    return dict(buttons_of(sent[-1].params))


def methods(sent: list[Sent]) -> list[str]:
    """Return the methods of requests."""
    return [each.method for each in sent]


async def test_later_answers_say_what_was_said(talk: Talk) -> None:
    """Who said that hinges leave their back tired is reminded of it where it counts."""
    await talk.press("step:hip-thrust/back/tired")
    await talk.say("stop")
    assert "You said hinges leave your back tired: " in text(await talk.say(SETS))


async def test_others_are_not_told(talk: Talk) -> None:
    """What one person said stays out of another's answers."""
    await talk.press("step:hip-thrust/back/tired")
    assert "You said" not in text(await talk.say(SETS, user=8, chat=8))


async def test_once_cleared_it_is_not_said(talk: Talk) -> None:
    """What was cleared under /profile no longer changes answers."""
    await talk.press("step:hip-thrust/back/tired")
    await talk.press(labels(await talk.say("/profile"))["Forget what I told you"])
    assert "You said" not in text(await talk.say(SETS))


async def test_the_conclusion_names_its_reasons(talk: Talk) -> None:
    """It says why, cites, and says what would change it."""
    await talk.say("/checkpoints")
    for answer in ("glutes", "tired", "clearly", "steady", "often-not", "covered"):
        questions = ("job", "back", "glutes", "setup", "recovery", "rest")
        at = ("glutes", "tired", "clearly", "steady", "often-not", "covered").index(answer)
        sent = await talk.press(f"step:hip-thrust/{questions[at]}/{answer}")
    said = text(sent)
    parts = ("heavy hinges already cost your other work", "What would change it: ", "[1]")
    assert [True] * 3 == [part in said for part in parts]


async def test_settings_change_in_place(talk: Talk) -> None:
    """A changed setting changes the page with the buttons, and sends no other message."""
    page = await talk.say("/settings")
    sent = await talk.press(labels(page)["Shorter replies"])
    assert (["answerCallbackQuery", "editMessageText"], True) == (
        methods(sent),
        "Shorter replies" in text(sent),
    )


async def test_forgetting_takes_the_place_of_the_question(talk: Talk, dialogue: Dialogue) -> None:
    """After "Delete me" is confirmed nothing is left to press twice."""
    asked = await talk.press(labels(await talk.say("/settings"))["Delete me"])
    sent = await talk.press(labels(asked)["Erase everything"])
    expected = dialogue.catalogue.knowledge.voice.personal.say.forgotten
    assert ("editMessageText", expected) == (sent[-1].method, text(sent))


async def test_the_time_zone_is_set_by_buttons(talk: Talk) -> None:
    """Under /settings a city's button sets the zone and shows the settings again."""
    zones = await talk.press(labels(await talk.say("/settings"))["Time zone"])
    assert "Berlin" in text(await talk.press(labels(zones)["Berlin"]))


async def test_shorter_and_fuller(talk: Talk, dialogue: Dialogue) -> None:
    """The same answer comes shorter, normal or fuller."""
    entries = dialogue.catalogue.knowledge.primary.entries
    uid = next(one.uid for one in entries if one.more and len(one.answer) > SHORT + 100)
    lengths = []
    for length in ("short", "normal", "full"):
        await talk.press(f"set:length/{length}")
        lengths.append(len(text(await talk.press(uid))))
    assert sorted(set(lengths)) == lengths


async def test_text_only_has_no_pictures(talk: Talk, dialogue: Dialogue) -> None:
    """Who wants text only gets a picture in words."""
    await talk.press("set:look/text")
    sent = await talk.press(f"figure:{PICTURED}")
    assert ("sendMessage", True) == (
        sent[-1].method,
        dialogue.catalogue.knowledge.figures[0].alt in text(sent),
    )


async def test_text_only_has_no_emoji(talk: Talk, dialogue: Dialogue) -> None:
    """Neither commands nor answers nor buttons have a sign that a screen reader would spell out."""
    await talk.press("set:look/text")
    sent = [each for item, _ in dialogue.catalogue.commands() for each in await one(talk, item)]
    sent += await talk.say(SETS, user=7)
    sent += await talk.press(f"down:{UID}")
    assert not [char for each in sent for char in str(each.params) if ord(char) >= EMOJI]


async def one(talk: Talk, item: object) -> list[Sent]:
    """Return what a command leads to."""
    return await talk.say(f"/{item.command}")  # type: ignore[attr-defined] # a Command


def close(dialogue: Dialogue) -> tuple[str, str, str]:
    """Return a question that is answered, with the entries that answer it and come second."""
    for asked in CLOSE:
        decision = dialogue.decide(Question(asked), Session())
        second = dialogue.rank(Question(asked)).candidates[1]
        calm = second.entry.section not in ("safety", "talk")
        if isinstance(decision, Answer) and calm and second.probability > LEAST_OFFERED:
            return asked, decision.items[0].entry.uid, second.entry.uid
    raise LookupError


async def test_thumbs_down_asks_what_was_wrong(talk: Talk, dialogue: Dialogue) -> None:
    """It offers three reasons and the runner-up of the question that was asked."""
    asked, uid, second = close(dialogue)
    await talk.say(asked)
    sent = await talk.press(f"down:{uid}")
    wrong = dialogue.catalogue.knowledge.voice.personal.wrong.values()
    reasons = [labels(sent)[label].partition(":")[0] for label in wrong]
    assert (["topic", "unclear", "doubt"], True) == (reasons, second in labels(sent).values())


async def test_a_vote_is_one_a_person_and_answer(wire: FakeWire, dialogue: Dialogue) -> None:
    """However often they press, the last vote is the one that counts; others have their own."""
    stores = in_memory(HeldClock())
    async with started(dialogue, wire, stores) as application:
        talk = Talk(application, wire)
        for data in ("up", "down", "unclear", "up"):
            await talk.press(f"{data}:{UID}")
        await talk.press(f"up:{UID}", user=8, chat=8)
    assert [(UID, 2, 0)] == [tuple(one) for one in await stores.votes.sums()]


UNSURE = ("what should I change", "is more better", "what about my back then", "what now")
"""Questions of which at least one could mean several things, however the matcher is fitted."""


async def test_did_you_mean_and_none_of_these(wire: FakeWire, dialogue: Dialogue) -> None:
    """Full questions are buttons; "none of these" is kept and leads to others and the menu."""
    decided = ((text, dialogue.decide(Question(text), Session())) for text in UNSURE)
    said, decision = next((text, one) for text, one in decided if isinstance(one, Clarify))
    stores = in_memory()
    voice = dialogue.catalogue.knowledge.voice
    async with started(dialogue, wire, stores) as application:
        talk = Talk(application, wire)
        asked = await talk.say(said)
        none = await talk.press(labels(asked)[voice.labels.none_of_these])
    offered = [*(entry.ask for entry in decision.options), voice.labels.none_of_these]
    kept = await stores.misses.since(HeldClock().now.replace(year=2020))
    assert (offered, ["none_of_these"], voice.labels.everything) == (
        list(labels(asked)),
        [miss.kind for miss in kept],
        list(labels(none))[-1],
    )


@pytest.mark.parametrize("command", ["/menu", "/terms"])
async def test_a_menu_leads_back_to_the_checkpoints(talk: Talk, command: str) -> None:
    """Each page of a menu that interrupts the checkpoints has the way back to them."""
    await talk.say("/checkpoints")
    sent, pages = await talk.say(command), []
    while True:
        pages.append("Back to the checkpoints" in labels(sent))
        if "Next" not in labels(sent):
            break
        sent = await talk.press(labels(sent)["Next"])
    assert (True, [True] * len(pages)) == (len(pages) > 1, pages)


async def test_the_way_back_stands_on_no_other_menu(talk: Talk) -> None:
    """Without open checkpoints there is nothing to go back to."""
    assert "Back to the checkpoints" not in labels(await talk.say("/menu"))


async def test_counted_are_questions_never_people(wire: FakeWire, dialogue: Dialogue) -> None:
    """What is counted of a question names the answer and the day, and nobody."""
    clock = HeldClock()
    stores = replace(in_memory(clock))
    async with started(dialogue, wire, stores, clock) as application:
        await Talk(application, wire).say(SETS)
    kept = await stores.counters.between(clock.now.date(), clock.now.date())
    assert (True, False) == (UID in str(kept), "telegram:7" in str(kept))
