"""How a question is read: fillers, synonyms, repairs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.dialogue import Dialogue
from bot.knowledge.model import Knowledge
from bot.matching.english import english_words
from bot.matching.labelled import reader_of
from bot.matching.reading import Reader, Reading

PHRASINGS = [
    "how many sets for glutes",
    "hip thrust or squat",
    "where do my feet go from week to week",
    "is the smith machine better",
]
FILLERS = ["hey", "hey bot", "please", "i was wondering", "so"]
SYNONYMS = {"hip thrust": ["hip trust"], "hamstrings": ["hammies"], "you": ["u"]}


@pytest.fixture(scope="module")
def reader() -> Reader:
    """Return a Reader with a small vocabulary."""
    return Reader(PHRASINGS, FILLERS, SYNONYMS, keep=["rpe", "plotkin"])


@pytest.fixture(scope="module")
def real(knowledge: Knowledge) -> Reader:
    """Return the Reader of the knowledge that ships."""
    return reader_of(knowledge)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Hey bot, how many sets?", "how many sets"),
        ("hey, so, how many sets please", "how many sets"),
        ("How many sets, please, hey?", "how many sets"),
        ("I was wondering how many sets", "how many sets"),
    ],
)
def test_fillers_fall_off_both_ends(reader: Reader, typed: str, expected: str) -> None:
    """Fillers at the beginning and the end are dropped, several of them too."""
    assert expected == reader.read(typed).typed


def test_a_filler_in_the_middle_stays(reader: Reader) -> None:
    """Only the ends are trimmed: inside, the same word may mean something."""
    assert reader.read("sets so hard").typed == "sets so hard"


@pytest.mark.parametrize("typed", ["please", "hey bot", "hey bot please", "so so so"])
def test_a_question_of_fillers_keeps_something(reader: Reader, typed: str) -> None:
    """A message of fillers only is never read as nothing."""
    assert reader.read(typed).understood


def test_a_single_filler_is_kept(reader: Reader) -> None:
    """One filler alone is the question."""
    assert Reading("please", "please") == reader.read("Please!")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("hammies", "hamstrings"),
        ("can u squat", "can you squat"),
        ("is hip trust better", "is hip thrust better"),
    ],
)
def test_synonyms_become_plain_words(reader: Reader, typed: str, expected: str) -> None:
    """What people say becomes the plain phrase, several words at once if need be."""
    assert expected == reader.read(typed).understood


def test_typed_keeps_the_slang(reader: Reader) -> None:
    """Synonyms change what is understood, not what was typed."""
    assert reader.read("my hammies").typed == "my hammies"


@pytest.mark.parametrize(
    ("typed", "expected"), [("glutse", "glutes"), ("squast", "squat"), ("machien", "machine")]
)
def test_a_typing_slip_is_repaired(reader: Reader, typed: str, expected: str) -> None:
    """An unknown word becomes the known word that was meant."""
    assert expected == reader.read(typed).understood


def test_a_message_of_slips_is_repaired_in_part(reader: Reader) -> None:
    """So many slips that repairing them all would keep others waiting are left as they are."""
    reading = reader.read(" ".join(["glutse"] * 500))
    assert (True, True) == ("glutes" in reading.understood, "glutse" in reading.understood)


def test_a_repair_is_reported(reader: Reader) -> None:
    """A reading says which words were repaired, before and after."""
    assert reader.read("glutse").repaired == (("glutse", "glutes"),)


def test_dropped_fillers_are_reported(reader: Reader) -> None:
    """A reading says what fell off each end."""
    assert reader.read("hey bot, so, how many sets please").dropped == ("hey bot so", "please")


def test_a_synonym_is_reported(reader: Reader) -> None:
    """A reading says which phrases became plain ones, in the order said."""
    changes = (("u", "you"), ("hip trust", "hip thrust"))
    assert changes == reader.read("can u hip trust").replaced


def test_a_name_of_the_subject_is_reported(real: Reader) -> None:
    """A name of what the whole guide is about is replaced by nothing."""
    assert ("hip thrusts", "") in real.read("how often should i do hip thrusts").replaced


def test_the_shipped_vocabulary_repairs_glutes(real: Reader) -> None:
    """With the knowledge that ships, "glutse" means "glutes"."""
    assert real.read("glutse").understood == "glutes"


def test_two_words_without_a_space_are_split(reader: Reader) -> None:
    """Of "hipthrust", two words are made that are known."""
    assert reader.read("hipthrust").understood == "hip thrust"


@pytest.mark.parametrize("word", ["form", "squad", "better", "thirst", "fee"])
def test_a_real_word_is_never_repaired(reader: Reader, word: str) -> None:
    """A common English word stays, however near it is to a known one."""
    assert word == reader.read(word).understood


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.sampled_from(sorted(english_words())))
def test_no_english_word_is_ever_repaired(reader: Reader, word: str) -> None:
    """Not one word of the list of English words is taken for a slip."""
    assert reader.read(word).repaired == ()


@pytest.mark.parametrize("word", ["rpe", "plotkin", "plotkn1", "abc", "приседания"])
def test_some_words_are_left_alone(reader: Reader, word: str) -> None:
    """Kept words, short words, words with digits and other scripts are not repaired."""
    assert word == reader.read(word).understood


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.text(max_size=60))
def test_anything_can_be_read(real: Reader, text: str) -> None:
    """Whatever is typed, the reading is words with single spaces, and its repairs were in it."""
    reading = real.read(text)
    assert " ".join(reading.understood.split()) == reading.understood
    assert all(before in reading.typed.split() for before, _ in reading.repaired)


def test_reading_twice_changes_nothing(real: Reader, knowledge: Knowledge) -> None:
    """What was understood is understood the same when it is read again."""
    texts = {phrase.text for entry in knowledge.entries for phrase in entry.phrases[:20]}
    once = {real.read(text).understood for text in texts}
    changed = {text: again for text in once if (again := real.read(text).understood) != text}
    assert changed == {}


def test_the_dialogue_reads_with_the_same_words(dialogue: Dialogue, real: Reader) -> None:
    """The matcher's reader is the one that the knowledge gives."""
    text = "hey bot how many sets for my hammies pls"
    assert real.read(text) == dialogue._matcher.reader.read(text)
