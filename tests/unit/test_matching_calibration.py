"""Scores -> probabilities -> thresholds: each step against what is known of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.matching.calibration import (
    Calibration,
    HeldOut,
    calibrate,
    expected_calibration_error,
)
from bot.matching.confidence import Clues, clues_of, platt


def as_scores(values: list[float]) -> NDArray[np.float32]:
    """Return numbers as the scores of one question."""
    return np.array(values, np.float32)


SCORES = st.lists(st.floats(-1, 1.5, width=32), min_size=2, max_size=12).map(as_scores)
OUTSIDE = np.array([False, False, False, True])


def held_out(noise: float) -> HeldOut:
    """Return 200 texts of four labels, told apart with some `noise`."""
    random = np.random.default_rng(3)
    labels = random.integers(0, 4, 200)
    scores = (8 * (np.eye(4)[labels] + noise * random.normal(size=(200, 4)))).astype(np.float32)
    nearest = np.tanh(scores / 8)
    return HeldOut(scores, nearest, np.eye(4, dtype=np.bool_)[labels], OUTSIDE)


def clues(held: HeldOut, calibration: Calibration) -> Clues:
    """Return what is known of held-out texts."""
    chances = calibration.distribution(held.scores)
    return clues_of(chances, held.scores, held.nearest, held.outside)


def clue(first: float, outside: float = 0.0, near: float = 0.5, strange: float = -1.0) -> Clues:
    """Return what is known of a text whose first of two entries has the probability `first`."""
    chances = np.array([first, 1 - first - outside, outside])
    nearest = np.array([near, -1.0, strange], np.float32)
    return clues_of(chances, np.log(chances + 1e-9), nearest, np.array([False, False, True]))


@settings(derandomize=True, deadline=None)
@given(SCORES, st.floats(0.3, 4))
def test_probabilities_add_up_to_one(scores: NDArray[np.float32], temperature: float) -> None:
    """The probabilities of all labels add up to 1, at any temperature."""
    assert Calibration(temperature).distribution(scores).sum() == pytest.approx(1)


@settings(derandomize=True, deadline=None)
@given(SCORES)
def test_a_higher_score_is_never_less_likely(scores: NDArray[np.float32]) -> None:
    """In the order of their scores, the probabilities of the labels never fall."""
    spread = Calibration().distribution(scores)[np.argsort(scores)]
    assert (np.diff(spread) >= 0).all()


def test_each_row_is_a_distribution() -> None:
    """Rows of scores are turned into probabilities one by one."""
    scores = held_out(0.2).scores
    single = [Calibration().distribution(row) for row in scores]
    assert np.array(single) == pytest.approx(Calibration().distribution(scores))


@settings(derandomize=True, deadline=None)
@given(st.floats(0.5, 1), st.floats(0.5, 1), st.floats(0.1, 5), st.floats(-3, 3))
def test_confidence_rises_with_probability(
    one: float, other: float, slope: float, shift: float
) -> None:
    """A more probable first candidate never gets less confidence, and it stays within 0 and 1."""
    low, high = map(clue, sorted((one, other)))
    calibration = Calibration(slope=slope, shift=shift)
    assert 0 <= calibration.confidence(low) <= calibration.confidence(high) <= 1


@pytest.mark.parametrize(("first", "outside"), [(0.6, 0.0), (0.6, 0.3)])
def test_confidence_without_correction_is_the_probability(first: float, outside: float) -> None:
    """Where nothing is fitted, the first entry's probability counts, less what is outside."""
    assert Calibration().confidence(clue(first, outside)) == pytest.approx(first, abs=1e-4)


@pytest.mark.parametrize(("slope", "shift"), [(1.0, 0.0), (0.5, 0.4), (2.0, -1.0)])
def test_platt_recovers_a_known_map(slope: float, shift: float) -> None:
    """From outcomes made with a known map of the log-odds, the fit finds that map."""
    odds = np.linspace(-4, 4, 400)
    right = 1 / (1 + np.exp(-(slope * odds + shift)))
    assert [slope, shift] == pytest.approx(platt(odds[None], right), abs=0.01)


def test_perfect_confidence_has_no_calibration_error() -> None:
    """If 7 of 10 answers given with 0.7 are right, the error is 0."""
    right = np.array([1.0] * 7 + [0.0] * 3)
    assert expected_calibration_error(np.full(10, 0.7), right) == pytest.approx(0)


def test_calibration_error_is_the_gap() -> None:
    """Always sure and right half of the time is an error of one half."""
    right = np.array([1.0, 0.0] * 5)
    assert expected_calibration_error(np.ones(10), right) == pytest.approx(0.5)


@pytest.mark.parametrize("noise", [0.0, 0.2, 0.6, 2.0])
def test_thresholds_are_probabilities(noise: float) -> None:
    """However well the phrasings are told apart, every threshold lies between 0 and 1."""
    fitted = calibrate(held_out(noise)).calibration
    thresholds = (fitted.floor, fitted.margin, fitted.offer, fitted.refer)
    assert all(0 <= threshold <= 1 for threshold in thresholds)


@pytest.mark.parametrize("noise", [0.0, 0.2, 0.6, 2.0])
def test_the_fitted_map_is_finite_and_rises(noise: float) -> None:
    """However well the phrasings are told apart, the map to confidence is finite and rises."""
    fitted = calibrate(held_out(noise)).calibration
    confidence = [fitted.confidence(clue(each)) for each in np.linspace(0.5, 1, 50)]
    assert np.isfinite(confidence).all()
    assert (np.diff(confidence) >= 0).all()


def test_confidence_on_held_out_scores_is_calibrated() -> None:
    """On the scores that it was fitted to, confidence misses accuracy by less than 10 points."""
    held = held_out(0.4)
    fitted = calibrate(held).calibration
    inside = np.where(OUTSIDE, 0.0, fitted.distribution(held.scores))
    at = np.arange(200), inside.argmax(1)
    confidence = fitted.confidence(clues(held, fitted))
    right = held.accepted[at].astype(np.float64)
    assert expected_calibration_error(confidence, right) < 0.1


def test_calibrating_twice_gives_the_same() -> None:
    """Fitting draws no random numbers."""
    assert calibrate(held_out(0.4)) == calibrate(held_out(0.4))


def test_well_told_phrasings_get_answers() -> None:
    """Where held-out phrasings are all right, the first candidate of each is sure enough."""
    held = held_out(0.05)
    fitted = calibrate(held).calibration
    known = ~held.accepted[:, 3]
    assert (fitted.confidence(clues(held, fitted))[known] >= fitted.floor).all()


def test_clear_texts_are_worth_more() -> None:
    """The better texts are told apart, the more is what is done with them worth."""
    clear, dim = (calibrate(held_out(noise)).worth for noise in (0.1, 1.0))
    assert dim < clear <= 1


@pytest.mark.parametrize("name", ["level", "likeness", "strangeness"])
def test_what_else_is_known_counts(name: str) -> None:
    """A weight on the energy, or on what is nearest within or outside, tells two texts apart."""
    calibration = Calibration(**{name: 1.0})
    far, near = clue(0.7, 0.0, 0.2, 0.9), clue(0.7, 0.0, 0.9, 0.2)
    near = near._replace(energy=near.energy + 1)
    assert calibration.covers(far) < calibration.covers(near)


def test_what_is_not_covered_has_no_confidence() -> None:
    """However clear one entry is among all, an answer is no surer than that any entry covers it."""
    calibration = Calibration(covered=-20.0)
    assert calibration.confidence(clue(0.999)) <= calibration.covers(clue(0.999)) < 0.01


@pytest.mark.parametrize("name", ["level", "likeness", "strangeness"])
def test_nothing_good_lowers_confidence(name: str) -> None:
    """What is high where nothing is covered is ignored, not taken for a good sign."""
    held = held_out(0.4)
    fitted = calibrate(held._replace(nearest=-held.nearest)).calibration
    assert getattr(fitted, name) >= 0
