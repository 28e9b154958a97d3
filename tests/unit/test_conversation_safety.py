"""Red flags: lists near each other, phrases, stars, idioms, and which screen leads."""

import pytest

from bot.conversation.phrases import PhraseFinder
from bot.conversation.safety import SafetyScreen
from bot.knowledge.model import Knowledge
from bot.knowledge.voice import SafetyFile, Screen


@pytest.fixture(scope="module")
def screen() -> SafetyScreen:
    """Return a screen with one rule of each kind."""
    return SafetyScreen(
        SafetyFile(
            sources={},
            words={
                "numb": ("numb*", "cant feel", "no feeling"),
                "saddle": ("groin", "between my legs"),
                "calm": ("study", "no pain"),
                "both": ("both",),
                "legs": ("both legs", "legs"),
                "itis": ("*itis",),
                "joint": ("hip", "knee"),
            },
            idioms=("numb* the mind", "groin strain song"),
            screens=(
                Screen(id="trauma", opens="emergency", phrases=("car crash", "fell off a")),
                Screen(id="saddle", opens="emergency", near=("numb", "saddle"), within=3),
                Screen(id="legs", opens="emergency", near=("both", "legs"), within=4),
                Screen(id="expecting", opens="pregnancy", phrases=("pregnan*", "c section")),
                Screen(id="joint", opens="pain", near=("itis", "joint"), unless=("calm",)),
                Screen(id="sharp", opens="pain", phrases=("sharp pain",), unless=("calm",)),
            ),
        )
    )


def fired(screen: SafetyScreen, *texts: str) -> str:
    """Return the id of the screen that fires on a question, or nothing."""
    found = screen.first(*texts)
    return found.id if found else ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I was in a car crash", "trauma"),
        ("CAR   CRASH!!", "trauma"),
        ("car, crash", "trauma"),
        ("a crash of my car", ""),
        ("scar crash", ""),
        ("my groin is numb", "saddle"),
        ("numb between my legs", "saddle"),
        ("I can't feel my groin", "saddle"),
        ("I can\u2019t feel my groin", "saddle"),
        ("groin stretch", ""),
        ("numb", ""),
        ("", ""),
    ],
)
def test_a_screen_fires_on_whole_words_only(screen: SafetyScreen, text: str, expected: str) -> None:
    """Phrases and lists are found as whole words, however they are punctuated."""
    assert expected == fired(screen, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pregnant", "expecting"),
        ("pregnancy", "expecting"),
        ("pregnan", "expecting"),
        ("a pregnancytest", "expecting"),
        ("impregnant", ""),
        ("c-section", "expecting"),
    ],
)
def test_a_star_stands_for_any_ending(screen: SafetyScreen, text: str, expected: str) -> None:
    """A star at a word's end fits every ending, and none too; not another beginning."""
    assert expected == fired(screen, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("bursitis hip", "joint"), ("knee tendonitis", "joint"), ("itish hip", "")],
)
def test_a_star_stands_for_any_beginning(screen: SafetyScreen, text: str, expected: str) -> None:
    """A star at a word's beginning fits every beginning."""
    assert expected == fired(screen, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("numb groin", "saddle"),
        ("numb a b groin", "saddle"),
        ("numb a b c groin", ""),
        ("groin a b numb", "saddle"),
        ("groin a b c numb", ""),
        ("numb a b c groin numb", "saddle"),
    ],
)
def test_near_counts_words_between(screen: SafetyScreen, text: str, expected: str) -> None:
    """Lists must stand within so many words, in any order; the nearest pair counts."""
    assert expected == fired(screen, text)


def test_one_word_is_not_near_itself(screen: SafetyScreen) -> None:
    """A word that is in two lists doesn't make a screen fire alone: "both legs" needs two."""
    assert fired(screen, "both") == ""


def test_overlapping_phrases_are_not_near(screen: SafetyScreen) -> None:
    """Two lists that match overlapping words need another match for one of them."""
    assert fired(screen, "both legs") == "legs"


@pytest.mark.parametrize("text", ["a study on sharp pain", "no pain, not a sharp pain"])
def test_unless_keeps_a_screen_quiet(screen: SafetyScreen, text: str) -> None:
    """An item of an `unless` list anywhere in the question silences the screen."""
    assert fired(screen, text) == ""


def test_unless_silences_its_own_screen_only(screen: SafetyScreen) -> None:
    """Another screen still fires, whatever silenced the first."""
    assert fired(screen, "I read a study, now my groin is numb") == "saddle"


def test_idioms_are_taken_out(screen: SafetyScreen) -> None:
    """Words of an idiom are no red flag."""
    assert fired(screen, "numbing the mind, groin ok") == ""


def test_what_stands_beside_an_idiom_counts(screen: SafetyScreen) -> None:
    """An idiom hides its own words only."""
    assert fired(screen, "numbs the mind but my groin is numb") == "saddle"


def test_words_keep_their_distance_around_an_idiom(screen: SafetyScreen) -> None:
    """Taking an idiom out doesn't move the words around it together."""
    assert fired(screen, "numb groin strain song groin") == ""


def test_the_first_screen_leads(screen: SafetyScreen) -> None:
    """If several screens fire, the first in the file wins, wherever its words stand."""
    assert fired(screen, "pregnant, sharp pain after a car crash") == "trauma"


def test_any_form_of_the_question_counts(screen: SafetyScreen) -> None:
    """A red flag in the typed or in the repaired form is enough."""
    assert fired(screen, "i am pergnant", "i am pregnant") == "expecting"


def test_forms_are_not_mixed(screen: SafetyScreen) -> None:
    """Words of two forms never stand near each other."""
    assert fired(screen, "numb", "groin") == ""


def test_every_shipped_phrase_fires(knowledge: Knowledge) -> None:
    """Every phrase of the shipped screens makes some screen fire, stars left out."""
    screen = SafetyScreen(knowledge.safety)
    phrases = [phrase for each in knowledge.safety.screens for phrase in each.phrases]
    assert [text for text in phrases if not screen.first(text.replace("*", ""))] == []


def test_no_shipped_idiom_fires(knowledge: Knowledge) -> None:
    """No shipped idiom makes a screen fire, stars left out."""
    screen = SafetyScreen(knowledge.safety)
    idioms = [idiom.replace("*", "") for idiom in knowledge.safety.idioms]
    assert [text for text in idioms if screen.first(text)] == []


def test_every_screen_that_fires_is_told(screen: SafetyScreen) -> None:
    """All screens that fire are told, in the order of the file."""
    found = [each.id for each in screen.fired("sharp pain, numb groin, car crash")]
    assert found == ["trauma", "saddle", "sharp"]


def test_a_long_question_is_screened_to_its_end(knowledge: Knowledge) -> None:
    """A red flag after 10,000 characters is seen."""
    screen = SafetyScreen(knowledge.safety)
    assert screen.first("how many sets " * 715 + "my groin is numb") is not None


def test_a_finder_returns_first_and_last_word() -> None:
    """What is found comes with the index of its first and last word, as often as it stands."""
    found = PhraseFinder({"lift": ["hip thrust*"]}).find(["hip", "thrusts", "or", "hip", "thrust"])
    assert found == {"lift": [(0, 1), (3, 4)]}
