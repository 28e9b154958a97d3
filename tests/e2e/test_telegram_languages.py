"""Telegram in a person's own language: cards, quiz, reminders, menus, and how it is presented."""

from collections.abc import AsyncIterator

import pytest

from bot.channels.keeper import Keeper
from bot.channels.telegram.courier import Courier
from bot.channels.telegram.introduction import introduce
from bot.conversation.dialogue import Dialogue
from bot.conversation.records import Reminder
from bot.stores.bundle import in_memory
from tests.contract.places import HeldClock
from tests.e2e.test_telegram_reminders import (
    DAY,
    ENTRY,
    NOON,
    PERSON,
    PRESS,
    Desk,
    no_pause,
    question,
    text,
)
from tests.e2e.wire import (
    FakeWire,
    Json,
    Sent,
    Talk,
    buttons_of,
    inline_query,
    mentioning,
    started,
)

QUESTION = "why do I feel it in my quads"
PREGUNTA = "cuánto tiempo descanso entre las series"
PRIVATE = "Pregúntame en privado"
OTHERS = ["", "en", "de", "xx-unknown"]
"""Languages that the bot meets with its first one."""


@pytest.fixture
async def desk(bilingual: Dialogue, wire: FakeWire) -> AsyncIterator[Desk]:
    """Return a bot that speaks Spanish, and to which somebody in Tokyo talks at noon there."""
    clock = HeldClock(NOON)
    stores = in_memory(clock)
    application = started(bilingual, wire, stores, clock)
    courier = Courier(application.bot, bilingual, Keeper(stores, clock), no_pause)
    await stores.profiles.set(PERSON, time_zone="Asia/Tokyo")
    async with application:
        yield Desk(Talk(application, wire), courier, stores, clock)


@pytest.fixture
def talk(desk: Desk) -> Talk:
    """Return a talk with a bot that speaks Spanish."""
    return desk.talk


def labels(params: Json) -> list[str]:
    """Return what stands on the buttons, those with links included."""
    rows = params.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


# inline cards


async def ask(talk: Talk, typed: str, language: str) -> Json:
    """Return the answer to an inline query."""
    (sent,) = await talk.give(inline_query(typed, language=language))
    return sent.params


async def test_a_card_s_words_are_spanish(talk: Talk) -> None:
    """What a card posts has the bot's own words, and its button, in the person's language."""
    card = (await ask(talk, QUESTION, "es"))["results"][0]
    posted = card["input_message_content"]["message_text"]
    assert (True, [PRIVATE]) == ("Evidencia: " in posted, labels(card))


@pytest.mark.parametrize("language", OTHERS)
async def test_a_card_in_any_other_language(talk: Talk, language: str) -> None:
    """Whose language has no voice gets the first one's cards."""
    card = (await ask(talk, QUESTION, language))["results"][0]
    posted = card["input_message_content"]["message_text"]
    assert (True, ["Ask me in private"]) == ("Evidence: " in posted, labels(card))


async def test_without_words_the_cards_are_spanish(talk: Talk) -> None:
    """What people ask most is shown in the person's language too."""
    assert [[PRIVATE]] * 2 == [labels(card) for card in (await ask(talk, "", "es"))["results"][:2]]


async def test_typed_in_spanish_the_button_is_spanish(talk: Talk) -> None:
    """What no guide can answer in its language gets a button in it, whatever the app speaks."""
    assert PRIVATE == (await ask(talk, PREGUNTA, ""))["button"]["text"]


async def test_a_red_flag_typed_in_spanish(talk: Talk) -> None:
    """A Spanish red flag gets its referral alone, whatever the app speaks."""
    cards = (await ask(talk, "tengo un dolor fuerte en el pecho", ""))["results"]
    assert ["safety-emergency"] == [card["id"] for card in cards]


async def test_cards_are_kept_for_the_person_alone(talk: Talk) -> None:
    """With several languages, what one person gets isn't for others who type the same."""
    assert (await ask(talk, QUESTION, "es"))["is_personal"]


# the quiz


async def quiz(talk: Talk, language: str, chat: int = 7) -> Json:
    """Return the poll that ``/quiz`` leads to."""
    sent = await talk.say("/quiz", language=language, chat=chat)
    assert "sendPoll" == sent[-1].method
    return sent[-1].params


async def test_a_quiz_s_buttons_are_spanish(talk: Talk) -> None:
    """The buttons under a quiz are in the person's language."""
    assert ["La respuesta con fuentes", "Otra pregunta"] == labels(await quiz(talk, "es"))


async def test_a_quiz_s_button_in_a_group_is_spanish(talk: Talk) -> None:
    """In a group, too, it is in the language of who asked for it."""
    assert ["La respuesta con fuentes"] == labels(await quiz(talk, "es", chat=-5))


@pytest.mark.parametrize("language", OTHERS)
async def test_a_quiz_in_any_other_language(talk: Talk, language: str) -> None:
    """Whose language has no voice plays in the first one."""
    assert ["The cited answer", "Another question"] == labels(await quiz(talk, language))


# a reminder is offered and set


async def press(desk: Desk, data: str = PRESS, language: str = "es", user: int = 7) -> list[Sent]:
    """Return what pressing a button leads to."""
    return await desk.talk.press(data, language=language, user=user, chat=user)


async def test_a_reminder_is_offered_in_spanish(talk: Talk) -> None:
    """The button under an answer is in the language of the answer."""
    sent = await talk.say("/start progression", language="es")
    assert "Recuérdamelo en una semana" in labels(sent[-1].params)


async def test_a_reminder_is_confirmed_in_spanish(desk: Desk, bilingual: Dialogue) -> None:
    """What is said when one is set is in the person's language, and so is the day."""
    expected = f"De acuerdo. El viernes 17 de mayo te preguntaré: {question(bilingual)} "
    assert text(await press(desk)).startswith(expected)


@pytest.mark.parametrize("language", OTHERS)
async def test_a_reminder_is_confirmed_in_any_other_language(desk: Desk, language: str) -> None:
    """Whose language has no voice is told in the first one."""
    assert "On Friday 17 May I'll ask you" in text(await press(desk, language=language))


async def test_a_reminder_set_twice_says_so_in_spanish(desk: Desk) -> None:
    """That it is there already is told in the person's language."""
    await press(desk)
    assert "Ese ya lo tienes: te preguntaré el viernes 17 de mayo." in text(await press(desk))


async def test_the_zone_is_asked_for_in_spanish(desk: Desk) -> None:
    """Who speaks Spanish picks among cities where it is spoken."""
    sent = await press(desk, user=8)
    assert "Ciudad de México -6" in labels(sent[-1].params)


async def test_a_zone_picked_in_spanish(desk: Desk) -> None:
    """A city's button keeps its zone, though the app may speak another language by then."""
    sent = await press(desk, user=8)
    (data,) = [data for label, data in buttons_of(sent[-1].params) if label == "Madrid +2"]
    await press(desk, data, language="en", user=8)
    assert "Europe/Madrid" == (await desk.stores.profiles.all("telegram:8")).time_zone


async def test_a_zone_of_an_older_button(desk: Desk) -> None:
    """A number alone, as earlier versions wrote it, means a city of the first language."""
    await press(desk, f"city:0/{ENTRY}", user=8)
    assert "Pacific/Honolulu" == (await desk.stores.profiles.all("telegram:8")).time_zone


# a reminder is listed, cancelled and sent


async def test_the_list_is_spanish(desk: Desk, bilingual: Dialogue) -> None:
    """``/reminders`` says days and buttons in the person's language."""
    await press(desk)
    sent = await desk.talk.say("/reminders", language="es")
    expected = f"Qué te preguntaré y cuándo:\nEl viernes 17 de mayo: {question(bilingual)}"
    assert (expected, ["Cancelar vie 17 may"]) == (text(sent), labels(sent[-1].params))


async def test_cancelled_the_list_is_spanish(desk: Desk) -> None:
    """What is left after the last one is cancelled is said in the person's language."""
    await press(desk)
    assert text(await press(desk, "cancel:1")).startswith("No tengo nada que recordarte.")


async def test_it_is_sent_in_spanish(desk: Desk, bilingual: Dialogue) -> None:
    """It comes in the language in which it was set, as Telegram tells none by then."""
    await press(desk)
    (sent,) = await desk.after(7 * DAY)
    expected = f"Me pediste que volviera con esto: {question(bilingual)}"
    assert (expected, "Recuérdamelo en una semana") == (text([sent]), labels(sent.params)[-1])


async def test_it_is_sent_in_a_language_set_since(desk: Desk) -> None:
    """A language that a person has set meanwhile counts more."""
    await press(desk)
    await desk.stores.profiles.set(PERSON, language="en")
    assert text(await desk.after(7 * DAY)).startswith("You asked me")


@pytest.mark.parametrize("kept", ["reminder", "reminder.de"])
async def test_it_is_sent_without_a_known_language(desk: Desk, kept: str) -> None:
    """Set by an earlier version, or in a language whose voice is gone, it comes in the first."""
    await desk.stores.reminders.add(Reminder(PERSON, PERSON, ENTRY, kept, NOON))
    assert text(await desk.after(DAY)).startswith("You asked me")


# menus and groups


async def test_a_menu_s_pages_turn_in_spanish(talk: Talk) -> None:
    """The buttons to other pages are in the language of the menu."""
    sent = await talk.press("turn:hip-thrust/terms/1", language="es")
    assert {"Anterior", "Siguiente"} <= set(labels(sent[-1].params))


async def test_a_group_is_answered_in_spanish(talk: Talk) -> None:
    """In a group, an answer and its button are in the language of who asked."""
    (sent,) = await talk.give(mentioning(f"@guide_bot {QUESTION}", language="es"))
    assert (True, [PRIVATE]) == ("Evidencia: " in text([sent]), labels(sent.params))


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("/quick", "Evidencia: "),
        ("/menu", "Eso va mejor en privado"),
        ("/privacy", "Eso queda entre nosotros."),
    ],
)
async def test_a_command_in_a_group_in_spanish(talk: Talk, command: str, expected: str) -> None:
    """What a command shows in a group, too."""
    assert expected in text(await talk.say(command, language="es", chat=-5))


# what Telegram shows of the bot


async def told(wire: FakeWire, dialogue: Dialogue) -> dict[str, Json]:
    """Return what Telegram shows after an introduction, by language."""
    async with started(dialogue, wire) as application:
        await introduce(application.bot, dialogue)
    return wire.told


async def test_the_command_menu_is_in_every_language(wire: FakeWire, bilingual: Dialogue) -> None:
    """Each language has the same commands in the same order; the first is everybody else's."""
    shown = await told(wire, bilingual)
    commands = [[one["command"] for one in shown[code]["commands"]] for code in ("", "es")]
    assert ({"", "es"}, commands[0]) == (set(shown), commands[1])


async def test_no_command_is_described_in_english(wire: FakeWire, bilingual: Dialogue) -> None:
    """The Spanish menu describes every command in Spanish, those of the guides included."""
    shown = await told(wire, bilingual)
    english, spanish = (
        {tuple(one.values()) for one in shown[code]["commands"]} for code in ("", "es")
    )
    assert set() == english & spanish


async def test_the_menu_translates_no_command_that_is_not_there(bilingual: Dialogue) -> None:
    """What the Spanish voice says of guides' commands belongs to commands that they have."""
    knowledge = bilingual.others["es"].catalogue.knowledge
    known = {item.command for guide in knowledge.guides for item in guide.file.commands}
    assert known == set(knowledge.voice.telegram.commands.guides)


async def test_the_descriptions_are_spanish(wire: FakeWire, bilingual: Dialogue) -> None:
    """Name and descriptions are told in Spanish to people whose Telegram speaks it."""
    voice = bilingual.others["es"].catalogue.knowledge.voice
    shown = (await told(wire, bilingual))["es"]
    expected = (voice.name, voice.telegram.description, voice.telegram.short_description)
    assert expected == tuple(shown[name] for name in ("name", "description", "short_description"))


async def test_no_language_is_told_twice(wire: FakeWire, bilingual: Dialogue) -> None:
    """A start sends nothing that Telegram already shows in a language."""
    await told(wire, bilingual)
    wire.sent.clear()
    await told(wire, bilingual)
    assert [] == [each.method for each in wire.sent if each.method.startswith("set")]
