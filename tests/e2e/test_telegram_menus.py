"""Menus, links and what the bot shows of itself, over the fake wire."""

import pytest

from bot.channels.telegram.links import link
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Session, Target
from bot.knowledge.model import Entry
from tests.e2e.test_telegram import run_until_polling
from tests.e2e.wire import FakeWire, Json, Refusal, Sent, Talk, buttons_of, pressed

LONG_SECTION = "page:hip-thrust/terms"


def labels(sent: list[Sent]) -> list[str]:
    """Return the labels under the last message."""
    return [label for label, _ in buttons_of(sent[-1].params)]


async def follow(talk: Talk, payload: str, user: int) -> list[Sent]:
    """Follow a link as somebody."""
    return await talk.say(f"/start {payload}", user=user, chat=user)


def payload_of(dialogue: Dialogue, entry: Entry) -> str:
    """Return what the link to an entry carries."""
    return link("the_bot", dialogue.catalogue.public(entry.uid)).partition("start=")[2]


async def press(talk: Talk, sent: list[Sent], label: str) -> list[Sent]:
    """Press the button with a label under the last message."""
    (data,) = [data for name, data in buttons_of(sent[-1].params) if name == label]
    return await talk.press(data)


async def test_no_page_has_more_than_eight_buttons(talk: Talk, dialogue: Dialogue) -> None:
    """However many entries a section has, a phone shows a page of it whole."""
    sizes, new, seen = [], {"turn:hip-thrust"}, set[str]()
    while new:
        data = new.pop()
        seen.add(data)
        sent = await talk.press(data)
        sizes.append(len(labels(sent)))
        turns = {opens for _, opens in buttons_of(sent[-1].params) if opens[:4] in ("page", "turn")}
        new |= turns - seen
    sections = dialogue.catalogue.knowledge.primary.file.sections
    assert (True, True) == (max(sizes) <= 8, len(seen) > len(sections) + 2)


async def test_all_sections_can_be_reached(talk: Talk, dialogue: Dialogue) -> None:
    """The pages of the menu hold every section once, in order."""
    sent = await talk.say("/menu")
    found = labels(sent)
    while "Next" in labels(sent):
        sent = await press(talk, sent, "Next")
        found += labels(sent)
    titles = [part.title for part in dialogue.catalogue.knowledge.primary.file.sections]
    assert titles == [label for label in found if label not in ("Next", "Previous", "All guides")]


async def test_all_entries_of_a_section_can_be_reached(talk: Talk, dialogue: Dialogue) -> None:
    """The pages of a section hold every entry once, in order."""
    sent = await talk.press(LONG_SECTION)
    found = labels(sent)
    while "Next" in labels(sent):
        sent = await press(talk, sent, "Next")
        found += labels(sent)
    section = dialogue.catalogue.section("hip-thrust", "terms")
    assert section is not None
    asks = [entry.ask for entry in dialogue.catalogue.in_section("hip-thrust", section)]
    ways = ("Next", "Previous", "All sections")
    assert asks == [label for label in found if label not in ways]


async def test_a_page_turns_in_place(talk: Talk) -> None:
    """Turning a page edits the message and sends no other."""
    sent = await press(talk, await talk.say("/menu"), "Next")
    assert ["answerCallbackQuery", "editMessageText"] == [each.method for each in sent]


async def test_the_pressed_message_is_the_one_that_is_edited(talk: Talk) -> None:
    """The page appears where its button was pressed."""
    update = pressed("turn:hip-thrust//1")
    sent = await talk.give(update)
    message = update["callback_query"]["message"]
    expected = (message["chat"]["id"], message["message_id"])
    assert expected == (sent[-1].params["chat_id"], sent[-1].params["message_id"])


async def test_back_and_forth_shows_the_same(talk: Talk) -> None:
    """Previous after Next is the first page again."""
    first = await talk.say("/menu")
    again = await press(talk, await press(talk, first, "Next"), "Previous")
    assert labels(first) == labels(again)


async def test_the_buttons_that_turn_have_a_row_of_their_own(talk: Talk) -> None:
    """Previous and Next stand side by side, apart from what the page offers."""
    rows = (await talk.press("turn:hip-thrust/terms/1"))[-1].params["reply_markup"]
    texts = [[button["text"] for button in row] for row in rows["inline_keyboard"]]
    assert ["Previous", "Next", "All sections"] in texts


async def test_an_entry_of_a_menu_leaves_the_menu_there(talk: Talk) -> None:
    """An answer is a message of its own: the menu stays to go on from."""
    sent = await talk.press(LONG_SECTION)
    opened = await press(talk, sent, labels(sent)[0])
    assert ["answerCallbackQuery", "sendMessage"] == [each.method for each in opened]


async def test_a_page_pressed_twice_does_no_harm(talk: Talk) -> None:
    """Telegram's "message is not modified" is not answered with another message."""
    same = "Bad Request: message is not modified: specified new message content is the same"
    talk.wire.failures["editMessageText"] = [Refusal(400, same)]
    sent = await talk.press(LONG_SECTION)
    assert ["answerCallbackQuery", "editMessageText"] == [each.method for each in sent]


async def test_a_page_that_cannot_be_edited_comes_anew(talk: Talk) -> None:
    """When the old message can't be changed any more, the page is sent below it."""
    old = "Bad Request: message can't be edited"
    talk.wire.failures["editMessageText"] = [Refusal(400, old)]
    sent = await talk.press(LONG_SECTION)
    assert ("sendMessage", sent[-2].params["text"]) == (sent[-1].method, sent[-1].params["text"])


@pytest.mark.parametrize(
    "data", ["turn:", "turn:x", "page:x/y/z", "turn:hip-thrust//99", "turn:hip-thrust//x", "page:/"]
)
async def test_a_page_that_is_gone_shows_a_menu(talk: Talk, data: str) -> None:
    """A page that no longer exists leads to one that does."""
    sent = await talk.press(data)
    assert (True, "editMessageText") == (len(labels(sent)) > 2, sent[-1].method)


async def test_a_link_may_name_the_guide(talk: Talk, dialogue: Dialogue) -> None:
    """A topic's full name, with two underscores for its slash, opens it."""
    target = Target("", "hip-thrust/common-mistakes")
    expected = dialogue.open(target, Session()).reply.html
    sent = await talk.say("/start hip-thrust__common-mistakes")
    assert expected == sent[-1].params["text"]


@pytest.mark.parametrize("command", ["menu", "terms", "help", "quick"])
async def test_a_link_opens_a_command(talk: Talk, dialogue: Dialogue, command: str) -> None:
    """What a group sends to the private chat opens there."""
    targets = {item.command: target for item, target in dialogue.catalogue.commands()}
    expected = dialogue.open(targets[command], Session()).reply.html
    assert expected == (await talk.say(f"/start {command}"))[-1].params["text"]


@pytest.mark.parametrize(
    "payload", ["no-such-topic", "a" * 64, "a" * 65, "<b>", "vs%2Dsquat", "__", "/", "é", "🍑"]
)
async def test_a_link_to_nothing_says_so(talk: Talk, dialogue: Dialogue, payload: str) -> None:
    """A link to a topic that doesn't exist gets a clear line and a start."""
    expected = dialogue.catalogue.knowledge.voice.telegram.say.unknown_link
    sent = await talk.say(f"/start {payload}")
    assert (expected, True) == (sent[-1].params["text"], len(labels(sent)) > 1)


async def test_every_topic_has_a_link_that_opens_it(talk: Talk, dialogue: Dialogue) -> None:
    """Whatever entry a link names, it opens that entry."""
    entries = dialogue.catalogue.knowledge.entries
    wrong = [
        entry.uid
        for user, entry in enumerate(entries, start=1)
        if (await follow(talk, payload_of(dialogue, entry), user))[-1].params["text"]
        != dialogue.open(Target("", entry.uid), Session()).reply.html
    ]
    assert [] == wrong


async def test_the_bot_introduces_itself(wire: FakeWire, dialogue: Dialogue) -> None:
    """A start tells Telegram the name and both descriptions of voice.yaml."""
    voice = dialogue.catalogue.knowledge.voice
    await run_until_polling(wire, dialogue)
    expected: Json = {
        "name": voice.name,
        "description": voice.telegram.description,
        "short_description": voice.telegram.short_description,
    }
    assert expected == {name: wire.told[""][name] for name in expected}


async def test_the_bot_does_not_repeat_itself(wire: FakeWire, dialogue: Dialogue) -> None:
    """A start sends nothing that Telegram already shows."""
    await run_until_polling(wire, dialogue)
    wire.sent.clear()
    await run_until_polling(wire, dialogue)
    assert [] == [each.method for each in wire.sent if each.method.startswith("set")]


async def test_one_change_is_told_alone(wire: FakeWire, dialogue: Dialogue) -> None:
    """Only what differs from voice.yaml is sent."""
    await run_until_polling(wire, dialogue)
    wire.told[""]["description"] = "Something older."
    wire.sent.clear()
    await run_until_polling(wire, dialogue)
    set_anew = [each.method for each in wire.sent if each.method.startswith("set")]
    assert ["setMyDescription"] == set_anew


@pytest.mark.parametrize("method", ["setMyName", "getMyName", "setMyDescription"])
async def test_an_introduction_that_fails_does_not_keep_the_bot_from_polling(
    wire: FakeWire, dialogue: Dialogue, method: str
) -> None:
    """The bot answers even when Telegram refuses to show its name."""
    wire.failures[method] = [Refusal(429, "Too Many Requests: retry later", retry_after=3600)]
    await run_until_polling(wire, dialogue)
    assert wire.polled.is_set()
