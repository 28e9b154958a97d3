"""Weights and calibration by cross-validation."""

from collections.abc import Callable

import numpy as np
import pytest

from bot.knowledge.base import Phrase
from bot.matching.confidence import clues_of
from bot.matching.labelled import Labelled
from bot.matching.material import Material
from bot.matching.selection import NEARNESS, VECTOR, Selected, select
from bot.matching.wording import Wording

COLOURS = ("red", "green", "blue", "pale", "dark", "bright")
THINGS = ("apple", "engine", "violin")


def learned(voice: Callable[[int], str]) -> Labelled:
    """Return six phrasings of each thing, the one with number n in the voice ``voice(n)``."""
    phrases = [
        Phrase(f"{colour} {thing}", voice(at), "", 1)
        for thing in THINGS
        for at, colour in enumerate(COLOURS)
    ]
    labels = np.repeat(np.arange(len(THINGS)), len(COLOURS))
    return Labelled(THINGS, frozenset({"violin"}), tuple(phrases), labels)


def selected(found: Labelled) -> Selected:
    """Return what suits `found`, with vectors that say nothing."""
    texts = [phrase.text for phrase in found.phrases]
    wording = Wording.learn(texts)
    vectors = np.ones((len(texts), 1), np.float32)
    rows = [*map(wording.row, texts)]
    return select(Material(rows, len(wording.terms), vectors, found.label_of, 3), found)


def test_the_weights_are_of_the_grid() -> None:
    """What is chosen is one of the weights that are tried."""
    weights = selected(learned(lambda _: "author")).weights
    assert weights.vector in VECTOR
    assert weights.nearness in NEARNESS


def test_clear_phrasings_are_answered() -> None:
    """Where phrasings held out are all right, their confidence is above the floor."""
    calibration = selected(learned(lambda _: "author")).calibration
    scores, nearest = np.array([5.0, 0.0], np.float32), np.array([1.0, 0.0], np.float32)
    clues = clues_of(np.array([0.99, 0.01]), scores, nearest, np.array([False, False]))
    assert calibration.floor <= calibration.confidence(clues)


def test_selecting_twice_gives_the_same() -> None:
    """The sample and the folds depend on the phrasings only."""
    assert selected(learned(str)) == selected(learned(str))


@pytest.mark.parametrize("voice", [str, lambda _: "author"], ids=["voices", "one voice"])
def test_no_label_is_held_out_whole(voice: Callable[[int], str]) -> None:
    """With each fold held out, something is left to learn every label from."""
    found = learned(voice)
    left = [{*found.label_of[found.folds != fold].tolist()} for fold in {*found.folds.tolist()}]
    assert all({0, 1, 2} == labels for labels in left)
