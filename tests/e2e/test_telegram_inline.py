"""Inline mode over the fake wire: cards for what is typed after the bot's name in any chat."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.channels.telegram.arrivals import KINDS
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Answer, Question, Session
from bot.conversation.records import Count
from bot.errors import StoreError
from bot.stores.bundle import in_memory
from bot.stores.memory.counters import MemoryCounterStore
from bot.stores.memory.tables import Tables
from tests.contract.places import HeldClock
from tests.e2e.test_telegram import ODD_TEXTS
from tests.e2e.wire import FakeWire, Json, Refusal, Talk, inline_query, links_of, started

QUESTION = "why do I feel it in my quads"
SETS = "How many sets and reps should I do?"
RED_FLAG = "I can't feel my legs and I peed myself"
UNCOVERED = "how do I grind coffee beans"


class LostCounters(MemoryCounterStore):
    """A CounterStore whose database is away."""

    async def between(self, first: date, last: date) -> tuple[Count, ...]:
        """Fail."""
        raise StoreError(first, last)


async def ask(talk: Talk, text: str) -> Json:
    """Return the one answer that an inline query got."""
    (sent,) = await talk.give(inline_query(text))
    assert sent.method == "answerInlineQuery"
    return sent.params


async def test_the_likeliest_answer_comes_first(talk: Talk, dialogue: Dialogue) -> None:
    """The first card has the title of the entry that Dialogue would answer with."""
    decision = dialogue.decide(Question(QUESTION), Session())
    assert isinstance(decision, Answer)
    expected = decision.items[0].entry.title
    assert expected == (await ask(talk, QUESTION))["results"][0]["title"]


async def test_there_are_several_cards_and_at_most_ten(talk: Talk) -> None:
    """What else could be meant stands below, each entry once."""
    ids = [card["id"] for card in (await ask(talk, QUESTION))["results"]]
    assert (True, len(ids)) == (1 < len(ids) <= 10, len(set(ids)))


async def test_what_the_matcher_ranks_keeps_its_order(talk: Talk, dialogue: Dialogue) -> None:
    """The ranked entries that are cards stand in the order of the ranking."""
    ids = [card["id"] for card in (await ask(talk, QUESTION))["results"]]
    ranked = [one.entry.uid for one in dialogue.rank(Question(QUESTION)).candidates]
    shown = [uid for uid in ranked if uid in ids]
    assert shown == ids[: len(shown)]


async def test_a_card_posts_the_cited_answer(talk: Talk, dialogue: Dialogue) -> None:
    """What a card posts is the entry's answer, caveat and sources as HTML, without a preview."""
    card = (await ask(talk, QUESTION))["results"][0]
    entry = dialogue.catalogue.entry(card["id"])
    assert entry is not None
    content = card["input_message_content"]
    expected = (dialogue.card(entry).html, "HTML", True)
    given = (content["message_text"], content["parse_mode"])
    assert expected == (*given, content["link_preview_options"]["is_disabled"])


async def test_a_card_is_described_by_the_answer_s_first_words(
    talk: Talk, dialogue: Dialogue
) -> None:
    """Below the title stands how the answer begins."""
    card = (await ask(talk, QUESTION))["results"][0]
    entry = dialogue.catalogue.entry(card["id"])
    assert entry is not None
    assert entry.answer[:30] == card["description"][:30]


async def test_a_card_leads_to_the_private_chat(talk: Talk) -> None:
    """The button under a posted card opens its topic in the private chat."""
    card = (await ask(talk, QUESTION))["results"][0]
    topic = card["id"].removeprefix("hip-thrust/")
    assert [f"https://t.me/guide_bot?start={topic}"] == links_of(card)


async def test_every_entry_makes_a_card_that_telegram_takes(talk: Talk, dialogue: Dialogue) -> None:
    """Whatever entry is asked for, its card comes first and no request is refused."""
    entries = [entry for entry in dialogue.catalogue.knowledge.entries if entry.scope != "talk"]
    first = [(await ask(talk, entry.ask))["results"][0]["id"] for entry in entries]
    assert [entry.uid for entry in entries] == first


async def test_a_red_flag_gets_the_referral_alone(talk: Talk) -> None:
    """A question with a red flag offers its referral and nothing to train by."""
    assert ["safety-emergency"] == [card["id"] for card in (await ask(talk, RED_FLAG))["results"]]


@pytest.mark.parametrize("text", ["", "   ", "🍑", "?!"])
async def test_without_words_the_featured_answers_come(
    talk: Talk, dialogue: Dialogue, text: str
) -> None:
    """Before anything is typed, the cards are what people ask most."""
    expected = [entry.uid for entry in dialogue.catalogue.featured()[:10]]
    assert expected == [card["id"] for card in (await ask(talk, text))["results"]]


async def test_without_words_the_most_asked_come_first(talk: Talk, dialogue: Dialogue) -> None:
    """What people asked in this month stands before what the guide features, most asked first."""
    for text in ("What is RPE?", RED_FLAG, "what are you?", SETS, SETS):
        await talk.say(text)
    ids = [card["id"] for card in (await ask(talk, ""))["results"]]
    featured = [entry.uid for entry in dialogue.catalogue.featured()]
    asked = ["hip-thrust/sets-reps-effort", "hip-thrust/term-rpe"]
    assert [*asked, *(uid for uid in featured if uid not in asked)][:10] == ids


async def test_what_is_asked_most_is_read_now_and_then(wire: FakeWire, dialogue: Dialogue) -> None:
    """With each letter nobody waits for the database: the list is good for five minutes."""
    clock = HeldClock()
    async with started(dialogue, wire, clock=clock) as application:
        talk, first = Talk(application, wire), []
        for wait in (timedelta(), timedelta(minutes=4), timedelta(minutes=1)):
            clock.now += wait
            first.append((await ask(talk, ""))["results"][0]["id"])
            await talk.say("What is RPE?")
    featured = dialogue.catalogue.featured()[0].uid
    assert [featured, featured, "hip-thrust/term-rpe"] == first


async def test_what_was_asked_long_ago_does_not_count(wire: FakeWire, dialogue: Dialogue) -> None:
    """After a month, other things are asked most."""
    clock = HeldClock()
    async with started(dialogue, wire, clock=clock) as application:
        talk = Talk(application, wire)
        await talk.say("What is RPE?")
        clock.now += timedelta(days=31)
        found = (await ask(talk, ""))["results"][0]["id"]
    assert dialogue.catalogue.featured()[0].uid == found


async def test_without_its_database_the_featured_answers_come(
    wire: FakeWire, dialogue: Dialogue
) -> None:
    """A database that is away doesn't keep the cards back."""
    stores = replace(in_memory(), counters=LostCounters(Tables()))
    async with started(dialogue, wire, stores) as application:
        found = (await ask(Talk(application, wire), ""))["results"]
    assert [one.uid for one in dialogue.catalogue.featured()[:10]] == [one["id"] for one in found]


async def test_what_is_not_covered_gets_no_card(talk: Talk) -> None:
    """Instead of a near miss, there is a button that leads to the private chat."""
    answer = await ask(talk, UNCOVERED)
    button = {"text": "Ask me in private", "start_parameter": "help"}
    assert ([], button) == (answer["results"], answer["button"])


async def test_with_cards_there_is_no_button_above(talk: Talk) -> None:
    """The button is for queries without a card only."""
    assert "button" not in await ask(talk, QUESTION)


async def test_answers_may_be_kept_for_everybody(talk: Talk) -> None:
    """The same query has the same answer for all, for five minutes."""
    answer = await ask(talk, QUESTION)
    assert (False, 300) == (answer["is_personal"], answer["cache_time"])


@pytest.mark.parametrize("name", ODD_TEXTS)
async def test_an_odd_query_gets_one_answer(talk: Talk, name: str) -> None:
    """Whatever is typed, up to Telegram's 256 characters, one answer comes that Telegram takes."""
    assert "results" in await ask(talk, ODD_TEXTS[name][:256])


async def test_every_text_on_a_card_is_curated(talk: Talk) -> None:
    """Titles and texts of cards are those of entries; nothing that was typed gets in."""
    cards = (await ask(talk, f"{QUESTION} zanzibar"))["results"]
    assert (True, False) == (bool(cards), "zanzibar" in str(cards))


async def test_a_query_answered_too_late_does_no_harm(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    """Telegram's refusal of a late answer is no failure."""
    talk.wire.failures["answerInlineQuery"] = [Refusal(400, "Bad Request: query is too old")]
    await talk.give(inline_query(QUESTION))
    assert [] == [each for each in caplog.records if each.levelname == "ERROR"]


def test_inline_queries_are_asked_for() -> None:
    """Telegram sends the kinds of update that polling names only."""
    assert "inline_query" in KINDS
