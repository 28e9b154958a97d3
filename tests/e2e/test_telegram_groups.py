"""Groups over the fake wire: answers only when asked, shortly, to the one who asked."""

from datetime import UTC, datetime

import pytest

from bot.channels.telegram.links import link
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Clarify, Question, Session
from bot.conversation.records import Profile
from bot.stores.bundle import in_memory
from tests.e2e.wire import (
    ME,
    FakeWire,
    Json,
    Refusal,
    Sent,
    Talk,
    buttons_of,
    corrected,
    links_of,
    mentioning,
    message,
    said,
    started,
)

QUESTION = "What mistakes should I avoid?"
OTHER = "How many sets and reps should I do?"
MISTAKES = "hip-thrust/common-mistakes"
LINK = "https://t.me/guide_bot?start=common-mistakes"
UNSURE = ("what should I change", "is more better", "what about my back then", "what now")
"""Questions of which at least one could mean several things, however the matcher is fitted."""
CHANNEL = {"id": -77, "type": "channel", "title": "News"}
GROUP = {"id": -5, "type": "supergroup", "title": "Gym"}


def card(dialogue: Dialogue, uid: str = MISTAKES) -> str:
    """Return the card of an entry, as short as a group likes it."""
    entry = dialogue.catalogue.entry(uid)
    assert entry is not None
    return dialogue.card(entry, Profile(reply_length="short")).html


def text(sent: list[Sent]) -> str:
    """Return the text of the one message sent."""
    (only,) = sent
    return str(only.params["text"])


MENTIONS = {
    "in front": f"@guide_bot {QUESTION}",
    "in front with a comma": f"@guide_bot, {QUESTION}",
    "behind": f"{QUESTION} @guide_bot",
    "after an emoji of two units": f"🍑 @guide_bot {QUESTION}",
    "in the middle": "What mistakes @guide_bot should I avoid?",
}


@pytest.mark.parametrize("name", MENTIONS)
async def test_a_mention_asks(talk: Talk, dialogue: Dialogue, name: str) -> None:
    """A message that mentions the bot is answered, and the mention is no part of the question."""
    assert card(dialogue) == text(await talk.give(mentioning(MENTIONS[name])))


async def test_a_mention_in_other_letters_asks(talk: Talk, dialogue: Dialogue) -> None:
    """A username is the same in capitals."""
    given = await talk.give(mentioning(f"@Guide_Bot {QUESTION}", "@Guide_Bot"))
    assert card(dialogue) == text(given)


async def test_a_mention_by_name_asks(talk: Talk, dialogue: Dialogue) -> None:
    """A mention that isn't the username, but carries the bot as a user, asks as well."""
    entity = {"type": "text_mention", "offset": 0, "length": 5, "user": ME}
    update = message(chat=-5, text=f"Guide {QUESTION}", entities=[entity])
    assert card(dialogue) == text(await talk.give(update))


async def test_a_mention_below_a_photo_asks(talk: Talk, dialogue: Dialogue) -> None:
    """A caption can ask as well as a text."""
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    entity = {"type": "mention", "offset": 0, "length": 10}
    content: Json = {
        "caption": f"@guide_bot {QUESTION}",
        "caption_entities": [entity],
        "photo": photo,
    }
    assert card(dialogue) == text(await talk.give(message(chat=-5, **content)))


async def test_a_mention_of_somebody_else_gets_nothing(talk: Talk) -> None:
    """What people say to each other isn't answered."""
    assert [] == await talk.give(mentioning(f"@guide_bot2 {QUESTION}", "@guide_bot2"))


async def test_a_reply_to_the_bot_asks(talk: Talk, dialogue: Dialogue) -> None:
    """A reply to a message of the bot's own needs no mention."""
    update = message(chat=-5, text=QUESTION, reply_to_message=said("An answer.", by=ME))
    assert card(dialogue) == text(await talk.give(update))


async def test_a_reply_to_somebody_else_gets_nothing(talk: Talk) -> None:
    """A reply to another person isn't for the bot."""
    update = message(chat=-5, text=QUESTION, reply_to_message=said("Look at my squat."))
    assert [] == await talk.give(update)


async def test_a_message_in_a_topic_that_the_bot_opened_gets_nothing(talk: Talk) -> None:
    """In a forum, every message of a topic counts as a reply to its beginning."""
    opened = {"name": "Glutes", "icon_color": 7322096}
    beginning = said("", by=ME, forum_topic_created=opened)
    assert [] == await talk.give(message(chat=-5, text=QUESTION, reply_to_message=beginning))


async def test_a_mention_alone_asks_what_it_replies_to(talk: Talk, dialogue: Dialogue) -> None:
    """Calling the bot under somebody's question answers that question."""
    given = await talk.give(mentioning("@guide_bot", reply_to_message=said(QUESTION)))
    assert card(dialogue) == text(given)


async def test_a_mention_without_words_offers_a_start(talk: Talk, dialogue: Dialogue) -> None:
    """A mention alone, in reply to nothing, gets the line for empty questions."""
    expected = dialogue.catalogue.knowledge.voice.say.empty
    assert expected == text(await talk.give(mentioning("@guide_bot"))).split("\n")[0]


async def test_the_answer_replies_to_the_one_who_asked(talk: Talk) -> None:
    """The answer quotes the question, and comes too if that was deleted meanwhile."""
    update = mentioning(f"@guide_bot {QUESTION}")
    (sent,) = await talk.give(update)
    expected = {
        "message_id": update["message"]["message_id"],
        "allow_sending_without_reply": True,
    }
    assert expected == sent.params["reply_parameters"]


async def test_the_answer_has_one_button(talk: Talk) -> None:
    """Under an answer stands only the way to its topic in the private chat."""
    (sent,) = await talk.give(mentioning(f"@guide_bot {QUESTION}"))
    assert ([LINK], []) == (links_of(sent.params), buttons_of(sent.params))


async def test_the_answer_asks_nothing_back(talk: Talk, dialogue: Dialogue) -> None:
    """The checkpoint, whose options would be buttons, is left out."""
    entry = dialogue.catalogue.entry(MISTAKES)
    assert entry is not None
    assert entry.checkpoint is not None
    assert entry.checkpoint.question not in text(
        await talk.give(mentioning(f"@guide_bot {QUESTION}"))
    )


async def test_what_could_be_meant_stands_in_the_text(talk: Talk, dialogue: Dialogue) -> None:
    """A did-you-mean lists its questions as links to the private chat, without more buttons."""
    decided = ((text, dialogue.decide(Question(text), Session())) for text in UNSURE)
    offers = {text: one for text, one in decided if isinstance(one, Clarify)}
    text, decision = next(iter(offers.items()))
    (sent,) = await talk.give(mentioning(f"@guide_bot {text}"))
    names = [dialogue.catalogue.public(one.uid) for one in decision.options]
    links = [f'<a href="{link("guide_bot", name)}">' for name in names]
    shown = [one for one in links if one in sent.params["text"]]
    assert (links, ["https://t.me/guide_bot"]) == (shown, links_of(sent.params))


async def test_a_red_flag_gets_the_referral(talk: Talk, dialogue: Dialogue) -> None:
    """In a group a red flag leads to care as everywhere."""
    given = await talk.give(mentioning("@guide_bot I can't feel my legs and I peed myself"))
    assert card(dialogue, "safety-emergency") == text(given)


async def test_why_in_a_reply_is_about_the_last_answer(talk: Talk, dialogue: Dialogue) -> None:
    """A person's follow-up on their last answer in the group is understood."""
    session = dialogue.respond(Question(QUESTION), Session()).session
    expected = dialogue.respond(Question("why?"), session).reply.html
    await talk.give(mentioning(f"@guide_bot {QUESTION}"))
    update = message(chat=-5, text="why?", reply_to_message=said("An answer.", by=ME))
    assert expected == text(await talk.give(update))


@pytest.mark.parametrize("command", ["/mistakes", "/mistakes@guide_bot", "/MISTAKES@Guide_Bot"])
async def test_a_command_is_answered(talk: Talk, dialogue: Dialogue, command: str) -> None:
    """A command of the bot's is answered with the card that it opens, addressed or not."""
    assert card(dialogue) == text(await talk.say(command, chat=-5))


@pytest.mark.parametrize(
    "command", ["/mistakes@other_bot", "/frobnicate", "/quiz@other_bot", "/reminders"]
)
async def test_a_command_of_other_bots_gets_nothing(talk: Talk, command: str) -> None:
    """A command that names another bot, or that only another may know, is left to it."""
    assert [] == await talk.say(command, chat=-5)


@pytest.mark.parametrize(
    ("command", "link"),
    [
        ("/menu", "https://t.me/guide_bot?start=menu"),
        ("/terms@guide_bot", "https://t.me/guide_bot?start=terms"),
        ("/reminders@guide_bot", "https://t.me/guide_bot"),
        ("/frobnicate@guide_bot", "https://t.me/guide_bot"),
    ],
)
async def test_what_needs_buttons_is_for_the_private_chat(
    talk: Talk, dialogue: Dialogue, command: str, link: str
) -> None:
    """Menus and all that is personal are not done in a group; a button leads to the right place."""
    (sent,) = await talk.say(command, chat=-5)
    expected = dialogue.catalogue.knowledge.voice.telegram.say.in_private
    assert (expected, [link]) == (sent.params["text"], links_of(sent.params))


async def test_a_menu_that_is_asked_for_is_for_the_private_chat(talk: Talk) -> None:
    """Asked in words, too, the menu opens in private."""
    (sent,) = await talk.give(mentioning("@guide_bot menu"))
    assert ["https://t.me/guide_bot?start=menu"] == links_of(sent.params)


@pytest.mark.parametrize("words", ["settings", "forget me"])
async def test_what_is_personal_is_not_talked_about(
    talk: Talk, dialogue: Dialogue, words: str
) -> None:
    """Asked in words, too, a person's own pages are for the private chat."""
    expected = dialogue.catalogue.knowledge.voice.personal.say.private_only
    assert expected == text(await talk.give(mentioning(f"@guide_bot {words}")))


async def test_no_checkpoints_begin_in_a_group(talk: Talk, dialogue: Dialogue) -> None:
    """The answer on checkpoints is shown, but what is said next answers no question of theirs."""
    expected = dialogue.catalogue.knowledge.voice.personal.say.private_only
    first = text(await talk.give(mentioning("@guide_bot checkpoints")))
    update = message(chat=-5, text="back", reply_to_message=said(first, by=ME))
    assert card(dialogue, "hip-thrust/decision-checkpoints") == first
    assert expected != text(await talk.give(update))


async def test_an_anonymous_admin_is_answered(talk: Talk, dialogue: Dialogue) -> None:
    """Who writes as the group itself is answered in the group."""
    admin = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    content: Json = {"sender_chat": GROUP, "from": admin}
    update = mentioning(f"@guide_bot {QUESTION}", **content)
    assert card(dialogue) == text(await talk.give(update))


async def test_who_writes_as_a_channel_is_answered(talk: Talk, dialogue: Dialogue) -> None:
    """Who writes in the group as a channel of theirs is answered."""
    sender = {"id": 136817688, "is_bot": True, "first_name": "Channel"}
    content: Json = {"sender_chat": CHANNEL, "from": sender}
    update = mentioning(f"@guide_bot {QUESTION}", **content)
    assert card(dialogue) == text(await talk.give(update))


async def test_a_post_forwarded_from_the_channel_gets_nothing(talk: Talk) -> None:
    """What Telegram copies from a channel into its group isn't a question to the bot."""
    telegram = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
    content: Json = {"sender_chat": CHANNEL, "is_automatic_forward": True, "from": telegram}
    assert [] == await talk.give(mentioning(f"@guide_bot {QUESTION}", **content))


async def test_a_channel_s_own_post_gets_nothing(talk: Talk) -> None:
    """In a channel the bot keeps still."""
    entity = {"type": "mention", "offset": 0, "length": 10}
    post = {
        **said(f"@guide_bot {QUESTION}", entities=[entity]),
        "chat": CHANNEL,
        "sender_chat": CHANNEL,
    }
    assert [] == await talk.give({"update_id": 1, "channel_post": post})


async def test_a_corrected_question_has_its_answer_changed(talk: Talk, dialogue: Dialogue) -> None:
    """The answer to a mention that is edited is edited as well, and no message is added."""
    update = mentioning(f"@guide_bot {OTHER}")
    await talk.give(update)
    edited = mentioning(f"@guide_bot {QUESTION}")["message"]
    edited |= {"message_id": update["message"]["message_id"], "edit_date": 1}
    (sent,) = await talk.give({"update_id": 1, "edited_message": edited})
    assert ("editMessageText", card(dialogue)) == (sent.method, sent.params["text"])


async def test_a_mention_added_later_asks(talk: Talk, dialogue: Dialogue) -> None:
    """A message that mentions the bot only once it is edited is answered below."""
    edited = mentioning(f"@guide_bot {QUESTION}")["message"]
    (sent,) = await talk.give({"update_id": 1, "edited_message": {**edited, "edit_date": 1}})
    assert ("sendMessage", card(dialogue)) == (sent.method, sent.params["text"])


async def test_an_edited_command_gets_nothing(talk: Talk) -> None:
    """In a group only questions are corrected."""
    command = message(chat=-5, text="/mistakes")
    assert [] == await talk.give(corrected(command, "/mistakes@guide_bot"))


async def test_edited_talk_gets_nothing(talk: Talk) -> None:
    """What people correct of what they say to each other isn't for the bot."""
    assert [] == await talk.give(corrected(message(chat=-5, text="hi"), QUESTION))


async def test_an_answer_is_shorter_than_in_private(talk: Talk, dialogue: Dialogue) -> None:
    """In a group an answer is cut to its first sentences; its caveat and sources stay."""
    entry = dialogue.catalogue.entry(MISTAKES)
    assert entry is not None
    assert len(text(await talk.give(mentioning(f"@guide_bot {QUESTION}")))) < len(
        dialogue.card(entry).html
    )


async def test_a_question_in_vain_is_kept(wire: FakeWire, dialogue: Dialogue) -> None:
    """What isn't covered counts in a group as well: its words are kept, without a person."""
    stores = in_memory()
    application = started(dialogue, wire, stores)
    async with application:
        await Talk(application, wire).give(mentioning("@guide_bot how do I grind coffee beans"))
    kept = await stores.misses.since(datetime(2020, 1, 1, tzinfo=UTC))
    assert [("how do i grind coffee beans", "abstain")] == [(one.text, one.kind) for one in kept]


@pytest.mark.parametrize("admin", [False, True])
async def test_should_i_begins_nothing_personal(
    talk: Talk, dialogue: Dialogue, *, admin: bool
) -> None:
    """After the answer to "should I?", the next mention is a question, whoever asks."""
    content: Json = {"sender_chat": GROUP} if admin else {}
    await talk.give(mentioning("@guide_bot should I hip thrust?", **content))
    given = await talk.give(mentioning(f"@guide_bot {QUESTION}", **content))
    again = await talk.give(mentioning("@guide_bot start over", **content))
    expected = dialogue.catalogue.knowledge.voice.personal.say.private_only
    assert (card(dialogue), False) == (text(given), expected == text(again))


async def test_what_people_say_to_each_other_is_no_flood(talk: Talk, dialogue: Dialogue) -> None:
    """However much a person tells the group, their first question to the bot is answered."""
    for _ in range(30):
        await talk.give(message(chat=-5, text="nice lift"))
    assert card(dialogue) == text(await talk.give(mentioning(f"@guide_bot {QUESTION}")))


async def test_who_floods_a_group_is_told_once(talk: Talk, dialogue: Dialogue) -> None:
    """After twenty answers in a minute one reply says that it's too much; then comes none."""
    sent = [text for _ in range(25) for text in await talk.give(mentioning(f"@guide_bot {OTHER}"))]
    flood = dialogue.catalogue.knowledge.voice.telegram.say.flood
    said = [each.params["text"] == flood for each in sent]
    assert [False] * 20 + [True] == said


@pytest.mark.parametrize("chat", [7, -5])
async def test_a_posted_card_gets_no_answer(talk: Talk, chat: int) -> None:
    """A card that a person posted from inline mode isn't a question."""
    update = message(chat=chat, text=f"@guide_bot {QUESTION}", via_bot=ME)
    assert [] == await talk.give(update)


async def test_a_group_that_silenced_the_bot_does_no_harm(talk: Talk) -> None:
    """After Telegram forbade a message to a group, the next question is answered."""
    blocked = [Refusal(403, "Forbidden: bot was kicked from the supergroup chat")] * 2
    talk.wire.failures["sendMessage"] = list[Exception](blocked)
    await talk.give(mentioning(f"@guide_bot {QUESTION}"))
    assert 1 == len(await talk.say(QUESTION, user=8, chat=8))
