"""Settings, votes, questions in vain and a person's own pages, on the guide that ships."""

from zoneinfo import available_timezones

import pytest

from bot.conversation.dialogue import Dialogue
from bot.conversation.effects import Cast, Change, Clear, Export, Forget, Missed, settings_after
from bot.conversation.model import Question, Reply, Session, Target
from bot.conversation.records import Profile, Vote
from bot.knowledge.base import PAGES
from bot.knowledge.citations import first_sentences

SETS = "How many sets and reps should I do?"
UID = "hip-thrust/sets-reps-effort"
MISTAKES = Target("", "hip-thrust/mistake-lumbar-finish")
ELSEWHERE = "what should I eat after training, chicken or fish?"


def opened(dialogue: Dialogue, target: Target, profile: Profile) -> Reply:
    """Return what a button opens for somebody."""
    return dialogue.open(target, Session(), profile).reply


def asked(dialogue: Dialogue, text: str) -> Session:
    """Return the session after a question."""
    return dialogue.respond(Question(text), Session()).session


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(dialogue: Dialogue, page: str) -> None:
    """Each of a person's own pages says something and offers where to go on."""
    reply = dialogue.open(Target("mine", page), Session()).reply
    assert (reply.decision, bool(reply.text), bool(reply.buttons)) == ("clarify", True, True)


def test_the_privacy_page_has_five_lines(dialogue: Dialogue) -> None:
    """Below its first line, what is stored and for how long stands in five."""
    text = dialogue.open(Target("mine", "privacy"), Session()).reply.text
    assert [f"{number}." for number in range(1, 6)] == [line[:2] for line in text.split("\n")[1:]]
    assert ("180 days" in text, "90 days" in text) == (True, True)


@pytest.mark.parametrize(
    ("name", "effect"), [("clear", Clear()), ("forget-now", Forget()), ("export", Export())]
)
def test_a_page_that_does_something(dialogue: Dialogue, name: str, effect: object) -> None:
    """Some pages come with what they promise."""
    assert dialogue.open(Target("mine", name), Session()).effects == (effect,)


def test_forget_asks_first(dialogue: Dialogue) -> None:
    """Nothing is erased before the one question whether it's meant."""
    outcome = dialogue.open(Target("mine", "forget"), Session())
    assert (outcome.effects, outcome.reply.buttons[0].opens.name) == ((), "forget-now")


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("length/short", {"reply_length": "short"}),
        ("length/full", {"reply_length": "full"}),
        ("look/text", {"text_only": True}),
        ("look/pictures", {"text_only": False}),
        ("zone/Europe/Berlin", {"time_zone": "Europe/Berlin"}),
    ],
)
def test_a_setting_is_changed(dialogue: Dialogue, name: str, changes: dict[str, object]) -> None:
    """A button of the settings changes one of them."""
    (effect,) = dialogue.open(Target("set", name), Session()).effects
    assert isinstance(effect, Change)
    assert effect.changes == changes


@pytest.mark.parametrize("name", ["length/long", "look/", "zone/Mars/Crater", "colour/red", ""])
def test_a_setting_that_is_none(dialogue: Dialogue, name: str) -> None:
    """A setting that doesn't exist changes nothing."""
    assert dialogue.open(Target("set", name), Session()).effects == ()


def test_the_settings_show_the_change(dialogue: Dialogue) -> None:
    """After a change the page shows what holds now."""
    assert "Text only" in dialogue.open(Target("set", "look/text"), Session()).reply.text


def test_every_time_zone_exists(dialogue: Dialogue) -> None:
    """The zones to choose from are zones of the world's database."""
    zones = {each.zone for each in dialogue.catalogue.knowledge.voice.personal.zones}
    assert zones <= available_timezones()


def test_short_answers_keep_their_caveat(dialogue: Dialogue) -> None:
    """A short answer has fewer sentences, a source, and the whole caveat."""
    entry = dialogue.catalogue.find(MISTAKES.name.partition("/")[2])
    assert entry is not None
    short = opened(dialogue, MISTAKES, Profile(reply_length="short"))
    normal = opened(dialogue, MISTAKES, Profile())
    assert len(short.text) < len(normal.text)
    assert short.citations
    assert normal.text.split("\n\n")[1].split(".[")[0] in short.text


def test_full_answers_have_more(dialogue: Dialogue) -> None:
    """A full answer takes in what the button More shows, and has no such button."""
    more = dialogue.open(Target("more", UID), Session()).reply.text.split("\n\n")[1]
    full = opened(dialogue, Target("", UID), Profile(reply_length="full"))
    assert more.split("[")[0] in full.text
    assert "more" not in {button.opens.action for button in full.buttons}


def test_every_answer_fits_at_every_length(dialogue: Dialogue) -> None:
    """No length of reply makes a message too long for Telegram."""
    cut = [
        entry.id
        for entry in dialogue.catalogue.knowledge.entries
        for profile in (Profile(reply_length="short"), Profile(reply_length="full"))
        if opened(dialogue, Target("", entry.uid), profile).cut
    ]
    assert cut == []


def test_the_first_sentences_cite() -> None:
    """Cut short, a text keeps as many sentences as it takes to cite something."""
    text = "One is here. Two is longer. [guide] Three is here too. [guide]"
    assert first_sentences(text, 5) == "One is here. Two is longer. [guide]"


def test_text_only_has_no_picture(dialogue: Dialogue) -> None:
    """In text only, a picture is told in words, and thumbs have words too."""
    view, plain = Target("figure", UID), Profile(text_only=True)
    reply = opened(dialogue, view, plain)
    assert (reply.picture, "In the picture:" in reply.text) == (None, True)
    labels = [button.label for button in opened(dialogue, Target("", UID), plain).feedback]
    assert labels == ["Helpful", "Not helpful"]


def test_an_answer_can_be_voted_on(dialogue: Dialogue) -> None:
    """Below an answer stand two buttons of their own; below talk and referrals there are none."""
    names = (UID, "help", "safety-pain")
    found = [len(opened(dialogue, Target("", name), Profile()).feedback) for name in names]
    assert found == [2, 0, 0]


def test_thumbs_up_is_a_vote(dialogue: Dialogue) -> None:
    """Thumbs up keeps a vote and says no more than thanks."""
    outcome = dialogue.open(Target("up", UID), Session())
    assert (outcome.effects, outcome.reply.notice) == ((Cast(UID, Vote(1)),), True)


def test_thumbs_down_asks_what_was_wrong(dialogue: Dialogue) -> None:
    """Thumbs down keeps a vote and the question, and offers reasons and what came second."""
    outcome = dialogue.open(Target("down", UID), asked(dialogue, "how many sets should I do"))
    vote, missed = outcome.effects
    assert vote == Cast(UID, Vote(-1))
    assert isinstance(missed, Missed)
    assert missed[:2] == ("how many sets should i do", "thumbs_down")
    actions = [button.opens.action for button in outcome.reply.buttons]
    assert actions[:4] == ["topic", "unclear", "doubt", ""]


def test_thumbs_down_twice_is_one_miss(dialogue: Dialogue) -> None:
    """The question is kept as one in vain once, however often thumbs go down."""
    first = dialogue.open(Target("down", UID), asked(dialogue, SETS))
    second = dialogue.open(Target("down", UID), first.session)
    assert second.effects == (Cast(UID, Vote(-1)),)


def test_thumbs_down_on_an_answer_nobody_asked_for(dialogue: Dialogue) -> None:
    """An answer that was opened by a button has no question to keep."""
    session = dialogue.open(Target("", UID), asked(dialogue, ELSEWHERE)).session
    assert dialogue.open(Target("down", UID), session).effects == (Cast(UID, Vote(-1)),)


@pytest.mark.parametrize("reason", ["topic", "unclear", "doubt"])
def test_a_reason_is_kept_with_the_vote(dialogue: Dialogue, reason: str) -> None:
    """What was wrong replaces the vote by one with a reason."""
    effects = dialogue.open(Target(reason, UID), Session()).effects
    assert effects == (Cast(UID, Vote(-1, reason)),)


@pytest.mark.parametrize("action", ["up", "down", "topic", "unclear", "doubt"])
def test_a_vote_on_nothing(dialogue: Dialogue, action: str) -> None:
    """A vote on an entry that is gone is a dead button."""
    outcome = dialogue.open(Target(action, "hip-thrust/gone"), Session())
    assert (outcome.effects, "older version" in outcome.reply.text) == ((), True)


def test_what_is_not_covered_is_missed(dialogue: Dialogue) -> None:
    """A question that the guide doesn't cover is kept as it was normalised."""
    (missed,) = dialogue.respond(Question(ELSEWHERE), Session()).effects
    assert isinstance(missed, Missed)
    expected = ("what should i eat after training chicken or fish", "abstain")
    assert expected == missed[:2]


@pytest.mark.parametrize("text", ["", "?!", "why?", SETS, "thank you"])
def test_what_is_no_question_in_vain(dialogue: Dialogue, text: str) -> None:
    """What was answered, or holds no question, isn't kept as one in vain."""
    assert dialogue.respond(Question(text), Session()).effects == ()


@pytest.mark.parametrize("how", [Target("none", "these"), "None of these"])
def test_none_of_these_is_missed_and_offers_others(dialogue: Dialogue, how: Target | str) -> None:
    """None of these, tapped or typed, keeps the question and offers what wasn't offered yet."""
    text = "foot"
    first = dialogue.respond(Question(text), Session())
    assert first.reply.decision == "clarify"
    answer = dialogue.open if isinstance(how, Target) else dialogue.respond
    said = how if isinstance(how, Target) else Question(how)
    outcome = answer(said, first.session)  # type: ignore[arg-type] # the pair fits
    (missed,) = outcome.effects
    assert isinstance(missed, Missed)
    assert missed == Missed(text, "none_of_these", first.reply.topics)
    assert not set(first.reply.topics) & set(outcome.reply.topics)
    assert outcome.reply.buttons[-1].opens.action == "menu"


def test_none_of_nothing(dialogue: Dialogue) -> None:
    """Without a question, none of these offers what people ask most, and keeps nothing."""
    outcome = dialogue.open(Target("none", "these"), Session())
    assert (outcome.effects, bool(outcome.reply.topics)) == ((), True)


def test_a_referral_keeps_no_words(dialogue: Dialogue) -> None:
    """What led to a referral is not remembered."""
    assert asked(dialogue, "my groin is numb since yesterday").asked == ""


def test_forgetting_ends_in_a_new_session(dialogue: Dialogue) -> None:
    """After everything is erased the session is as if nothing had been said."""
    session = dialogue.open(Target("mine", "forget-now"), asked(dialogue, SETS)).session
    assert session == Session()


@pytest.mark.parametrize(
    ("said", "page"),
    [("settings", "settings"), ("what do you know about me", "profile"), ("delete me", "forget")],
)
def test_a_page_can_be_asked_for(dialogue: Dialogue, said: str, page: str) -> None:
    """A page of one's own opens by a few words too."""
    expected = dialogue.open(Target("mine", page), Session()).reply
    assert expected == dialogue.respond(Question(said), Session()).reply


def test_effects_on_settings() -> None:
    """Settings after a change, and after everything was erased."""
    short = settings_after(Profile(), [Change({"reply_length": "short"})])
    assert (short, settings_after(short, [Forget()])) == (Profile("short"), Profile())
