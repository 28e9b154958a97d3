"""How a question is dressed changes neither what it is taken to mean nor what is decided."""

import random
import string
from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question, Session
from bot.knowledge.model import Knowledge

SAMPLE = 300
KEPT = 0.97
QUESTIONS = (
    "How long should tea steep?",
    "How hot should the water be?",
    "Does tea keep me awake?",
    "How long for green tea?",
    "what's an infusion",
    "can't sleep after a brew",
)
FILLERS = ("please", "so", "so please", "please so")
MARKS = ("?", "??", "!", "...", " ?!", "…", ",")
EMOJI = ("🍵", "🙏", "😂", "👀", "🙏🏽", "❤️", "🤷‍♀️")
APOSTROPHES = ("\u2019", "`", "\u00b4", "\u02bc")
NO_APOSTROPHES = str.maketrans("", "", "'\u2019")
FORMS = (
    ("how long should tea steep", "how long should teas steep"),
    ("how long should tea steep", "how long should tea be steeped"),
    ("how long should tea steep", "how long should the tea be steeping"),
    ("is boiling water bad for leaves", "is boiling water bad for a leaf"),
    ("does tea keep me awake", "did tea keep me awake"),
    ("does tea keep me awake", "do teas keep me awake"),
    ("what is an infusion", "what are infusions"),
    ("green tea gets bitter on me, when to stop", "green tea got bitter on me, when to stop"),
    ("what is the best flavour of green tea", "what is the best flavor of green tea"),
    ("how much litre water heat", "how much liter water heat"),
    ("i realise tea keeps me awake", "i realize tea keeps me awake"),
    ("is grey tea at night ok", "is gray tea at night ok"),
)


def outcome(dialogue: Dialogue, text: str) -> tuple[str, tuple[str, ...]]:
    """Return what is decided on `text`, and the topics shown."""
    reply = dialogue.respond(Question(text), Session()).reply
    return reply.decision, reply.topics


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(QUESTIONS), st.sampled_from(("", *FILLERS)), st.sampled_from(FILLERS))
def test_politeness_changes_nothing(
    tea_dialogue: Dialogue, text: str, before: str, after: str
) -> None:
    """Fillers around a question leave its topic and decision as they are."""
    assert outcome(tea_dialogue, text) == outcome(tea_dialogue, f"{before} {text} {after}")


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(QUESTIONS), st.data())
def test_capitals_change_nothing(tea_dialogue: Dialogue, text: str, data: st.DataObject) -> None:
    """Any letters in capitals leave the topic and decision as they are."""
    capital = data.draw(st.lists(st.booleans(), min_size=len(text), max_size=len(text)))
    shouted = "".join(
        letter.upper() if loud else letter.lower()
        for letter, loud in zip(text, capital, strict=True)
    )
    assert outcome(tea_dialogue, text) == outcome(tea_dialogue, shouted)


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(QUESTIONS),
    st.lists(st.sampled_from((*MARKS, *EMOJI)), max_size=4),
    st.lists(st.sampled_from(EMOJI), max_size=2),
)
def test_marks_and_emoji_change_nothing(
    tea_dialogue: Dialogue, text: str, after: Sequence[str], before: Sequence[str]
) -> None:
    """Punctuation behind and emoji around a question leave its topic and decision as they are."""
    dressed = f"{''.join(before)}{text}{''.join(after)}"
    assert outcome(tea_dialogue, text) == outcome(tea_dialogue, dressed)


@given(st.sampled_from(QUESTIONS), st.sampled_from(("", *APOSTROPHES)))
def test_apostrophes_change_nothing(tea_dialogue: Dialogue, text: str, sign: str) -> None:
    """Another apostrophe, or none, leaves the topic and decision as they are."""
    assert outcome(tea_dialogue, text) == outcome(tea_dialogue, text.replace("'", sign))


@pytest.mark.parametrize(("one", "other"), FORMS)
def test_grammar_and_spelling_change_nothing(tea_dialogue: Dialogue, one: str, other: str) -> None:
    """Plural, tense, British and American spelling leave the topic and decision as they are."""
    assert outcome(tea_dialogue, one) == outcome(tea_dialogue, other)


def with_a_typo(text: str) -> str:
    """Return `text` with one slip inside one of its words of four letters or more."""
    chance = random.Random(text)
    words = text.split()
    long = [at for at, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    if not long:
        return text
    at = chance.choice(long)
    word, where = words[at], chance.randrange(1, len(words[at]) - 1)
    letter = chance.choice(string.ascii_lowercase)
    left, this, after, rest = word[:where], word[where], word[where + 1], word[where + 2 :]
    slips = (left + after + this + rest, left + after + rest, left + letter + word[where:])
    words[at] = chance.choice((*slips, left + letter + after + rest))
    return " ".join(words)


NOISES: Mapping[str, Callable[[str], str]] = {
    "one typo": with_a_typo,
    "capitals": str.upper,
    "trailing emoji": lambda text: f"{text} 😅",
    "pls": lambda text: f"{text} pls",
    "no apostrophes": lambda text: text.translate(NO_APOSTROPHES),
}


@pytest.fixture(scope="module")
def sample(knowledge: Knowledge, dialogue: Dialogue) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Return 300 phrasings of the guide's entries that are answered, with what came of each."""
    texts = [phrase.text for entry in knowledge.primary.entries for phrase in entry.phrases]
    random.Random(0).shuffle(texts)
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for text in texts:
        reply = outcome(dialogue, text)
        if reply[0] == "answer":
            found[text] = reply
        if len(found) == SAMPLE:
            break
    return found


@pytest.mark.parametrize("noise", NOISES)
def test_noise_keeps_the_answer(
    dialogue: Dialogue, sample: Mapping[str, tuple[str, tuple[str, ...]]], noise: str
) -> None:
    """A question repeated with noise keeps its answer, 97 times in 100."""
    kept = [
        before[1][:1] == outcome(dialogue, NOISES[noise](text))[1][:1]
        for text, before in sample.items()
    ]
    assert sum(kept) >= KEPT * SAMPLE
