"""The real Application over a fake wire: updates in, requests out, all judged independently."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import pytest

from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question, Session, Target
from bot.conversation.records import Speaker
from bot.errors import StoreError
from bot.stores.bundle import in_memory, open_stores
from tests.e2e.wire import (
    FakeWire,
    Json,
    Refusal,
    Sent,
    Talk,
    buttons_of,
    message,
    pressed,
    serving,
    started,
)

QUESTION = "What mistakes should I avoid?"
PICTURED = "hip-thrust/science-trial"
SECRET = "zanzibar kumquat"  # noqa: S105 - a person's words, not a password

ODD_TEXTS = {
    "one emoji": "🍑",
    "a family of emoji": "👩‍👩‍👧‍👦 🏋🏽‍♀️",
    "4096 letters": "a" * 4096,
    "4096 units of emoji": "🍑" * 2048,
    "4096 characters of words": ("hip thrust " * 400)[:4096],
    "4096 characters of many questions": ("how many sets? " * 300)[:4096],
    "4096 question marks": "?" * 4096,
    "4096 lines": "a\n" * 2048,
    "html": "<b>&",
    "an end tag": "</b></i></a>",
    "an entity": "&lt;script&gt; &amp;#0; &nbsp;",
    "a script": "<script>alert(1)</script> hip thrusts",
    "markdown": "*_`[hip](thrust)~||",
    "braces": "{title} {0} {phrase!r} %s %(x)s",
    "control characters": "\x01\x02\x07\x1b[31mhip\x00thrust\x7f",
    "zero width": "h\u200bi\u200dp\ufeff thrust",
    "only invisible": "\u200b\u2060\ufeff",
    "right to left": "كم عدد المجموعات والتكرارات؟",
    "an override": "\u202esets and reps\u202c",
    "chinese": "臀推怎么做？",  # noqa: RUF001 - meant
    "cyrillic": "Сколько подходов делать?",
    "hebrew": "כמה סטים לעשות?",
    "thai": "ฉันควรทำกี่เซต",
    "hindi": "मुझे कितने सेट करने चाहिए?",
    "many accents": "h̷̢̛i̵p̴ ̶t̸h̵r̷u̶s̴t̵" * 20,
    "full width": "ｈｉｐ　ｔｈｒｕｓｔ",  # noqa: RUF001 - meant
    "only digits": "1234567890",
    "only punctuation": "...!!!???;;;---",
    "a link": "https://example.org/?a=1&b=<2>#hip-thrust",
    "a slash alone": "/",
    "a slash with words": "/ how many sets",
    "json": '{"text": null, "chat_id": -1}',
    "a lone combining mark": "\u0301",
    "the highest character": "\U0010ffff\uffff\ufffd",
}

DEAD_BUTTONS = {
    "an entry that is gone": "hip-thrust/no-longer-here",
    "a view of an entry that is gone": "why:no-longer-here",
    "an unknown action": "explode:greeting",
    "nothing": "",
    "colons": "::::",
    "64 bytes": "a" * 64,
    "html": "<b>&",
    "emoji": "🍑🍑🍑",
    "a control character": "\x00",
    "an action without a name": "sources:",
    "a figure of an entry that is gone": "figure:hip-thrust/no-longer-here",
}

NOT_TEXTS: dict[str, Json] = {
    "a photo": {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]},
    "a photo with a caption": {
        "photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}],
        "caption": "is my form good?",
    },
    "a voice message": {"voice": {"file_id": "f", "file_unique_id": "u", "duration": 1}},
    "a video note": {
        "video_note": {"file_id": "f", "file_unique_id": "u", "duration": 1, "length": 1}
    },
    "a sticker": {
        "sticker": {
            "file_id": "f",
            "file_unique_id": "u",
            "type": "regular",
            "width": 1,
            "height": 1,
            "is_animated": False,
            "is_video": False,
        }
    },
    "a location": {"location": {"longitude": 1.0, "latitude": 1.0}},
    "a contact": {"contact": {"phone_number": "1", "first_name": "A"}},
    "a document": {"document": {"file_id": "f", "file_unique_id": "u"}},
    "a die": {"dice": {"emoji": "🎲", "value": 1}},
}


class BrokenStore:
    """A SessionStore that has a fault; its error quotes what it was asked."""

    async def load(self, speaker: Speaker) -> Session:
        """Fail."""
        raise OSError(speaker, SECRET)

    async def save(self, speaker: Speaker, session: Session) -> None:
        """Fail."""
        raise OSError(speaker, session, SECRET)

    async def forget(self, speaker: Speaker) -> None:
        """Fail."""
        raise OSError(speaker, SECRET)


class LostFiles:
    """A FileIdStore whose database is away."""

    async def get(self, figure: str, digest: str) -> str:
        """Fail."""
        raise StoreError(figure, digest)

    async def keep(self, figure: str, digest: str, file_id: str) -> None:
        """Fail."""
        raise StoreError(figure, digest, file_id)


async def test_a_question_gets_exactly_one_message(talk: Talk) -> None:
    """A question leads to one sendMessage and to no other request."""
    assert [each.method for each in await talk.say(QUESTION)] == ["sendMessage"]


async def test_the_message_goes_to_the_chat_of_the_question(talk: Talk) -> None:
    """The answer is sent to the chat in which the question was asked."""
    assert (await talk.say(QUESTION, chat=99))[0].params["chat_id"] == 99


async def test_the_message_says_what_dialogue_says(talk: Talk, dialogue: Dialogue) -> None:
    """The text that is sent is the HTML of Dialogue's reply."""
    expected = dialogue.respond(Question(QUESTION), Session()).reply.html
    assert _text(await talk.say(QUESTION)) == expected


async def test_the_message_is_sent_as_html(talk: Talk) -> None:
    """Telegram is told to read the text as HTML."""
    assert (await talk.say(QUESTION))[0].params["parse_mode"] == "HTML"


async def test_the_message_has_the_buttons_of_dialogue(talk: Talk, dialogue: Dialogue) -> None:
    """The buttons that are sent are those of Dialogue's reply, in order, those to vote last."""
    reply = dialogue.respond(Question(QUESTION), Session()).reply
    buttons = (*reply.buttons, *reply.feedback)
    expected = [(button.label, str(button.opens)) for button in buttons]
    assert buttons_of((await talk.say(QUESTION))[0].params) == expected


async def test_links_are_not_previewed(talk: Talk) -> None:
    """A cited source doesn't push a preview below the answer."""
    options = (await talk.say(QUESTION))[0].params["link_preview_options"]
    assert options["is_disabled"] is True


@pytest.mark.parametrize("name", ODD_TEXTS)
async def test_an_odd_text_gets_one_message(talk: Talk, name: str) -> None:
    """Whatever a person types, one message answers it."""
    assert [each.method for each in await talk.say(ODD_TEXTS[name])] == ["sendMessage"]


async def test_every_command_opens_what_it_stands_for(talk: Talk, dialogue: Dialogue) -> None:
    """Each command of the menu gets one message: what Dialogue opens for it."""
    expected = {
        item.command: [dialogue.open(target, Session()).reply.html]
        for item, target in dialogue.catalogue.commands()
    }
    given = {
        command: [each.params["text"] for each in await talk.say(f"/{command}") if _says(each)]
        for command in expected
    }
    assert given == expected


@pytest.mark.parametrize("text", ["/nonsense", "/frobnicate now", "/HELP", "/help@guide_bot", "/x"])
async def test_an_unknown_command_gets_the_help(talk: Talk, dialogue: Dialogue, text: str) -> None:
    """A command that the bot doesn't have is answered with the help, as /help is."""
    expected = dialogue.open(Target("", "help"), Session()).reply.html
    assert _text(await talk.say(text)) == expected


async def test_a_deep_link_opens_its_topic(talk: Talk, dialogue: Dialogue) -> None:
    """``/start common-mistakes``, which a t.me link sends, opens that topic."""
    target = Target("", "hip-thrust/common-mistakes")
    expected = dialogue.open(target, Session()).reply.html
    assert _text(await talk.say("/start common-mistakes")) == expected


async def test_every_button_of_an_answer_opens_something(talk: Talk, dialogue: Dialogue) -> None:
    """No button under an answer is dead."""
    buttons = buttons_of((await talk.say(QUESTION))[0].params)
    dead = [label for label, data in buttons if _is_dead(await talk.press(data), dialogue)]
    assert (len(buttons) > 2, dead) == (True, [])


async def test_every_button_that_can_be_reached_opens_something(
    talk: Talk, dialogue: Dialogue
) -> None:
    """From the commands on, however far one presses, each button leads to a live message."""
    new = {
        data
        for item, _ in dialogue.catalogue.commands()
        for _, data in buttons_of((await talk.say(f"/{item.command}"))[-1].params)
    }
    seen, dead = set[str](), []
    while new:
        data = new.pop()
        seen.add(data)
        sent = await talk.press(data)
        if _is_dead(sent, dialogue):
            dead.append(data)
        new |= {opens for _, opens in buttons_of(sent[-1].params)} - seen
    assert dead == []


async def test_a_pressed_button_stops_spinning_first(talk: Talk) -> None:
    """A press is acknowledged, then answered with one message."""
    sent = await talk.press("hip-thrust/common-mistakes")
    assert [each.method for each in sent] == ["answerCallbackQuery", "sendMessage"]


@pytest.mark.parametrize("name", DEAD_BUTTONS)
async def test_a_dead_button_gets_the_kind_reply(talk: Talk, dialogue: Dialogue, name: str) -> None:
    """A button whose target is gone, or was never one, says so and offers a start."""
    expected = escape(_say(dialogue).stale_button, quote=False)
    assert _text(await talk.press(DEAD_BUTTONS[name])) == expected


@pytest.mark.parametrize("data", ["menu:nowhere", "menu:", "menu:hip-thrust/no-such-section"])
async def test_a_dead_menu_shows_all_sections(talk: Talk, dialogue: Dialogue, data: str) -> None:
    """A menu that is gone opens the menu of all sections instead."""
    expected = dialogue.open(Target("menu", "hip-thrust"), Session()).reply.html
    assert _text(await talk.press(data)) == expected


async def test_a_button_pressed_too_long_ago_still_opens(talk: Talk, dialogue: Dialogue) -> None:
    """Telegram's refusal to acknowledge an old press doesn't keep the answer back."""
    refusal = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    talk.wire.failures["answerCallbackQuery"] = [Refusal(400, refusal)]
    expected = dialogue.open(Target("", "hip-thrust/common-mistakes"), Session()).reply.html
    assert _text(await talk.press("hip-thrust/common-mistakes")) == expected


async def test_a_button_under_a_message_too_old_to_read_still_opens(
    talk: Talk, dialogue: Dialogue
) -> None:
    """Telegram hides old messages from bots; the press of a button under one is answered."""
    expected = dialogue.open(Target("", "hip-thrust/common-mistakes"), Session()).reply.html
    sent = await talk.give(pressed("hip-thrust/common-mistakes", seen=False))
    assert [each.params["text"] for each in sent if each.method == "sendMessage"] == [expected]


@pytest.mark.parametrize("name", NOT_TEXTS)
async def test_what_is_no_text_gets_the_one_line(talk: Talk, dialogue: Dialogue, name: str) -> None:
    """A photo, a voice message and the like get the line that only text can be read."""
    sent = await talk.give(message(**NOT_TEXTS[name]))
    assert [each.params.get("text") for each in sent] == [_say(dialogue).not_text]


@pytest.mark.parametrize("content", [{"group_chat_created": True}, {"new_chat_title": "Gym"}])
async def test_a_service_message_gets_nothing(talk: Talk, content: Json) -> None:
    """What Telegram itself writes into a chat isn't answered."""
    assert await talk.give(message(**content)) == []


async def test_chatter_in_a_group_gets_nothing(talk: Talk) -> None:
    """In a group only commands and buttons are answered, not what people tell each other."""
    assert await talk.say(QUESTION, chat=-5) == []


async def test_a_command_in_a_group_is_answered_there(talk: Talk) -> None:
    """A command in a group gets its message in that group."""
    assert (await talk.say("/quick@guide_bot", chat=-5))[0].params["chat_id"] == -5


async def test_why_explains_the_last_answer(talk: Talk, dialogue: Dialogue) -> None:
    """The question "why?" after an answer shows why that answer was chosen."""
    session = dialogue.respond(Question(QUESTION), Session()).session
    expected = dialogue.respond(Question("why?"), session).reply.html
    await talk.say(QUESTION)
    assert _text(await talk.say("why?")) == expected


async def test_the_why_button_explains_the_last_answer(talk: Talk, dialogue: Dialogue) -> None:
    """The button Why? shows the phrasing that matched, as the typed question does."""
    session = dialogue.respond(Question(QUESTION), Session()).session
    expected = dialogue.open(Target("why", session.last), session).reply.html
    await talk.say(QUESTION)
    assert _text(await talk.press(f"why:{session.last}")) == expected


async def test_why_works_after_a_command(talk: Talk, dialogue: Dialogue) -> None:
    """An answer that a command opened can be asked about as well."""
    session = dialogue.open(Target("", "hip-thrust/quick-answer"), Session()).session
    expected = dialogue.respond(Question("why?"), session).reply.html
    await talk.say("/quick")
    assert _text(await talk.say("why?")) == expected


async def test_the_button_that_shows_sends_the_picture(talk: Talk, dialogue: Dialogue) -> None:
    """Pressed under its answer, Show me sends one photo: the figure's own file."""
    sent = await talk.say("/start science-trial")
    label = dialogue.catalogue.knowledge.voice.labels.figure
    (data,) = [opens for name, opens in buttons_of(sent[-1].params) if name == label]
    pressed_after = await talk.press(data)
    path = dialogue.catalogue.knowledge.figures[0].path
    assert ["answerCallbackQuery", "sendPhoto"] == [each.method for each in pressed_after]
    assert [path.read_bytes()] == talk.wire.files


async def test_a_picture_is_sent_with_its_caption(talk: Talk, dialogue: Dialogue) -> None:
    """Below the photo stand the words and the buttons of Dialogue's reply, as HTML."""
    reply = dialogue.open(Target("figure", PICTURED), Session()).reply
    params = (await talk.press(f"figure:{PICTURED}"))[-1].params
    buttons = [(button.label, str(button.opens)) for button in reply.buttons]
    assert (reply.html, "HTML") == (params["caption"], params["parse_mode"])
    assert buttons == buttons_of(params)


async def test_every_picture_is_uploaded_once(talk: Talk, dialogue: Dialogue) -> None:
    """Whichever entry has a figure, its picture is sent; by the id of the file from then on."""
    figures = dialogue.catalogue.knowledge.figures
    for figure in figures:
        for name in figure.entries:
            await talk.press(f"figure:{figure.guide}/{name}")
    photos = [each for each in talk.wire.sent if each.method == "sendPhoto"]
    shown = sum(len(figure.entries) for figure in figures)
    assert (shown, len(figures)) == (len(photos), len(talk.wire.files))


async def test_a_picture_sent_before_a_restart_is_not_uploaded_again(
    wire: FakeWire, dialogue: Dialogue, tmp_path: Path
) -> None:
    """A new process on the same file sends the id that Telegram gave to the old one."""
    for _ in range(2):
        async with (
            open_stores("", tmp_path) as stores,
            started(dialogue, wire, stores) as application,
        ):
            await Talk(application, wire).press(f"figure:{PICTURED}")
    assert ("photo-1", 1) == (wire.sent[-1].params["photo"], len(wire.files))


async def test_a_file_id_that_is_no_good_is_replaced(talk: Talk) -> None:
    """When Telegram no longer knows the id, the file is uploaded, and its new id is used."""
    await talk.press(f"figure:{PICTURED}")
    wrong = Refusal(400, "Bad Request: wrong file identifier/HTTP URL specified")
    talk.wire.failures["sendPhoto"] = [wrong]
    await talk.press(f"figure:{PICTURED}")
    last = await talk.press(f"figure:{PICTURED}")
    assert (2, "photo-2") == (len(talk.wire.files), last[-1].params["photo"])


async def test_without_file_ids_pictures_are_uploaded(wire: FakeWire, dialogue: Dialogue) -> None:
    """A database that is away doesn't keep a picture back."""
    stores = replace(in_memory(), files=LostFiles())
    async with started(dialogue, wire, stores) as application:
        talk = Talk(application, wire)
        sent = [(await talk.press(f"figure:{PICTURED}"))[-1].method for _ in range(2)]
    assert (["sendPhoto"] * 2, 2) == (sent, len(wire.files))


async def test_a_picture_that_cannot_be_sent_is_told_in_words(
    talk: Talk, dialogue: Dialogue
) -> None:
    """When Telegram doesn't take the photo, its caption comes as a message with its buttons."""
    reply = dialogue.open(Target("figure", PICTURED), Session()).reply
    talk.wire.failures["sendPhoto"] = [
        Refusal(400, "Bad Request: not enough rights to send photos")
    ]
    sent = await talk.press(f"figure:{PICTURED}")
    buttons = [(button.label, str(button.opens)) for button in reply.buttons]
    assert ["answerCallbackQuery", "sendPhoto", "sendMessage"] == [each.method for each in sent]
    assert (reply.html, buttons) == (_text(sent), buttons_of(sent[-1].params))


async def test_a_picture_that_is_gone_is_told_in_words(
    wire: FakeWire, dialogue: Dialogue, tmp_path: Path
) -> None:
    """When the file isn't there, its caption comes as a message."""
    guide = dialogue.catalogue.knowledge.primary
    lost = tuple(figure.model_copy(update={"path": tmp_path / "no"}) for figure in guide.figures)
    knowledge = dialogue.catalogue.knowledge.model_copy(
        update={"guides": (guide.model_copy(update={"figures": lost}),)}
    )
    application = started(Dialogue(knowledge, dialogue._matcher), wire)
    async with application:
        sent = await Talk(application, wire).press(f"figure:{PICTURED}")
    assert ["answerCallbackQuery", "sendMessage"] == [each.method for each in sent]


async def test_show_me_is_understood(talk: Talk) -> None:
    """Typed after an answer that has a figure, "show me" sends it."""
    await talk.say("/start science-trial")
    assert [each.method for each in await talk.say("show me")] == ["sendPhoto"]


async def test_after_a_picture_why_is_still_about_the_answer(
    talk: Talk, dialogue: Dialogue
) -> None:
    """A picture is a view of the last answer, which stays the last answer."""
    await talk.say("/start science-trial")
    session = dialogue.open(Target("", PICTURED), Session()).session
    expected = dialogue.respond(Question("why?"), session).reply.html
    await talk.say("show me")
    assert _text(await talk.say("why?")) == expected


@pytest.mark.parametrize("place", [{"user": 8}, {"chat": 8}, {"user": 8, "chat": 8}])
async def test_a_session_is_of_one_person_in_one_chat(
    talk: Talk, dialogue: Dialogue, place: dict[str, int]
) -> None:
    """Somebody else, or the same person elsewhere, has had no answer to ask "why?" about."""
    expected = escape(_say(dialogue).nothing_yet, quote=False)
    await talk.say(QUESTION)
    assert _text(await talk.say("why?", **place)) == expected


FAILURES: dict[str, Callable[[], Exception]] = {
    "the network breaks": lambda: RuntimeError(f"could not post {SECRET}"),
    "telegram refuses": lambda: Refusal(400, f"Bad Request: {SECRET}"),
    "telegram is down": lambda: Refusal(502, f"Bad Gateway {SECRET}"),
}


LOSSES: dict[str, Callable[[], Exception]] = {
    "the network breaks": FAILURES["the network breaks"],
    "telegram is down": FAILURES["telegram is down"],
    "too many": lambda: Refusal(429, "Too Many Requests: retry after 3", retry_after=3),
}


async def test_a_failed_answer_is_followed_by_an_apology(talk: Talk, dialogue: Dialogue) -> None:
    """A person whose answer couldn't be sent is told so."""
    talk.wire.failures["sendMessage"] = [Refusal(400, f"Bad Request: {SECRET}")]
    assert _text(await talk.say(QUESTION)) == _say(dialogue).failure


@pytest.mark.parametrize("name", LOSSES)
async def test_an_answer_that_was_lost_is_sent_again(
    talk: Talk, dialogue: Dialogue, name: str
) -> None:
    """Whatever becomes of the way to Telegram, the answer comes, once it can."""
    expected = dialogue.respond(Question(QUESTION), Session()).reply.html
    talk.wire.failures["sendMessage"] = [LOSSES[name]() for _ in range(3)]
    sent = await talk.say(QUESTION)
    assert [expected] * 4 == [each.params["text"] for each in sent]


@pytest.mark.parametrize("name", FAILURES)
async def test_a_failure_logs_nothing_that_the_person_said(
    talk: Talk, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """Neither the question nor an error that quotes it gets into the log."""
    talk.wire.failures["sendMessage"] = [FAILURES[name]()]
    await talk.say(f"does {SECRET} help with hip thrusts?")
    assert (bool(caplog.records), SECRET in caplog.text) == (True, False)


async def test_an_apology_that_fails_logs_nothing_that_the_person_said(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    """When even the apology can't be sent, the log still holds none of the person's words."""
    refused = [Refusal(400, f"Bad Request: {SECRET}") for _ in range(2)]
    talk.wire.failures["sendMessage"] = list[Exception](refused)
    await talk.say(f"does {SECRET} help with hip thrusts?")
    assert (bool(caplog.records), SECRET in caplog.text) == (True, False)


async def test_a_working_answer_logs_nothing_that_the_person_said(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    """At the most talkative level, an answered question leaves no words in the log."""
    caplog.set_level("DEBUG", logger="bot")
    await talk.say(f"does {SECRET} help with hip thrusts?")
    assert SECRET not in caplog.text


async def test_a_person_who_blocked_the_bot_does_no_harm(talk: Talk) -> None:
    """After Telegram forbade a message to one person, the next question is answered."""
    blocked = [Refusal(403, "Forbidden: bot was blocked by the user") for _ in range(2)]
    talk.wire.failures["sendMessage"] = list[Exception](blocked)
    await talk.say(QUESTION)
    assert len(await talk.say(QUESTION, user=8, chat=8)) == 1


@pytest.fixture
async def broken(wire: FakeWire, dialogue: Dialogue) -> AsyncIterator[Talk]:
    """Return a talk with a bot whose session store fails."""
    application = started(dialogue, wire, replace(in_memory(), sessions=BrokenStore()))
    async with application:
        yield Talk(application, wire)


async def test_a_broken_store_is_apologised_for(broken: Talk, dialogue: Dialogue) -> None:
    """When sessions can't be read, the person is told that something went wrong."""
    assert _text(await broken.say(QUESTION)) == _say(dialogue).failure


async def test_a_broken_store_logs_nothing_that_the_person_said(
    broken: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    """An error that quotes a person's session is logged without its message."""
    await broken.say(QUESTION)
    assert (bool(caplog.records), SECRET in caplog.text) == (True, False)


@pytest.fixture
async def forgetful(wire: FakeWire, dialogue: Dialogue, tmp_path: Path) -> AsyncIterator[Talk]:
    """Return a talk with a bot whose database can't be used any more."""
    async with open_stores("", tmp_path) as stores:
        with closing(sqlite3.connect(tmp_path / "guidebot.db")) as database:
            database.execute("DROP TABLE sessions")
        application = started(dialogue, wire, stores)
        async with application:
            yield Talk(application, wire)


async def test_without_its_database_the_bot_answers(forgetful: Talk, dialogue: Dialogue) -> None:
    """An answer needs no memory: each question gets the one message that it would get anyway."""
    expected = dialogue.respond(Question(QUESTION), Session()).reply.html
    said = [await forgetful.say(QUESTION) for _ in range(2)]
    assert [[each.params["text"] for each in sent] for sent in said] == [[expected]] * 2


async def test_without_its_database_the_bot_says_so_in_the_log(
    forgetful: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    """That a conversation is neither remembered nor kept is logged, with the reason."""
    await forgetful.say(QUESTION)
    because = "the database can't be used (SQLITE_ERROR): check DATABASE_URL"
    expected = [
        f"a conversation is not remembered: {because}",
        f"a conversation is not kept: {because}",
    ]
    assert [each.getMessage() for each in caplog.records if "bot" in each.name] == expected


async def test_the_command_menu_is_set_when_it_differs(wire: FakeWire, dialogue: Dialogue) -> None:
    """A start tells Telegram every command, the catalogue's in its order, then Telegram's own."""
    own = dialogue.catalogue.knowledge.voice.telegram.commands
    expected = [
        *(
            {"command": item.command, "description": item.description}
            for item, _ in dialogue.catalogue.commands()
        ),
        {"command": "quiz", "description": own.quiz},
        {"command": "reminders", "description": own.reminders},
    ]
    await run_until_polling(wire, dialogue)
    assert wire.told[""]["commands"] == expected


async def test_the_command_menu_is_left_alone_when_it_is_right(
    wire: FakeWire, dialogue: Dialogue
) -> None:
    """A start doesn't send a menu that Telegram already has."""
    await run_until_polling(wire, dialogue)
    wire.sent.clear()
    await run_until_polling(wire, dialogue)
    assert "setMyCommands" not in [each.method for each in wire.sent]


async def test_a_menu_that_cannot_be_set_does_not_keep_the_bot_from_polling(
    wire: FakeWire, dialogue: Dialogue
) -> None:
    """The bot answers even when Telegram refuses its menu."""
    wire.failures["setMyCommands"] = [Refusal(500, "Internal Server Error")]
    await run_until_polling(wire, dialogue)
    assert wire.polled.is_set()


async def run_until_polling(wire: FakeWire, dialogue: Dialogue) -> None:
    """Run the bot as a process would, and stop it once it polls."""
    wire.polled.clear()
    stop = asyncio.Event()
    async with asyncio.timeout(10):
        run = asyncio.create_task(serving(started(dialogue, wire), dialogue).poll(stop))
        polled = asyncio.create_task(wire.polled.wait())
        await asyncio.wait({run, polled}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        polled.cancel()
        await run


def _text(sent: list[Sent]) -> str:
    """Return the first paragraph or the whole text of the last message sent."""
    return str(sent[-1].params["text"])


def _says(sent: Sent) -> bool:
    """Return whether a request is a message in words."""
    return sent.method == "sendMessage"


def _is_dead(sent: list[Sent], dialogue: Dialogue) -> bool:
    """Return whether a press led to no message, or to the one for dead buttons."""
    said = [text for each in sent if (text := each.params.get("text", each.params.get("caption")))]
    return said in ([], [escape(_say(dialogue).stale_button, quote=False)])


def _say(dialogue: Dialogue) -> Any:
    """Return the bot's own sentences."""
    return dialogue.catalogue.knowledge.voice.say
