"""Raw scores -> probabilities -> thresholds. All parameters are data, fitted on held-out scores."""

from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.model import Knowledge
from bot.matching.confidence import Clues, Sureness, clues_of, covered, fit_sureness, right

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

OFFERED = 3
"""How many entries a did-you-mean offers."""

_TEMPERATURES = tuple(np.geomspace(0.3, 4.0, 28))
_FLOORS = tuple(np.arange(0.30, 0.91, 0.02).round(2))
_MARGINS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3)
_OFFERS = tuple(np.arange(0.15, 0.66, 0.05).round(2))
_TINY = 1e-6


class Costs(NamedTuple):
    """What each outcome of a question is worth to its reader.

    A wrong answer undoes a right one; one to a question that no guide covers undoes two.
    """

    right: float = 1.0
    offered: float = 0.5
    wrong: float = -1.0
    outside_answered: float = -2.0
    outside_offered: float = 0.6
    outside_declined: float = 1.0


def kept_calibration(knowledge: Knowledge, encoder: str) -> "Calibration | None":
    """Return the calibration of calibration.yaml, if it was fitted for these guides and encoder."""
    file = knowledge.calibrated
    names = tuple(guide.id for guide in knowledge.guides)
    if file is None or (file.encoder, file.guides) != (encoder, names):
        return None
    return Calibration(**{each.name: getattr(file, each.name) for each in fields(Calibration)})


@dataclass(frozen=True)
class Calibration:
    """The map from scores to probabilities, and the thresholds of the decision.

    `temperature` turns scores into a distribution (softmax; Guo et al. 2017); for what comes after
    `refer` see `Sureness`: without it, confidence is the first entry's probability. Answer at
    `floor` with `margin` over the second; offer a choice if the first three hold `offer` together;
    else decline. Refer if the safety entries hold `refer` together.
    """

    temperature: float = 1.0
    floor: float = 0.5
    margin: float = 0.1
    offer: float = 0.4
    refer: float = 0.2
    inside: float = 1.0
    level: float = 0.0
    likeness: float = 0.0
    strangeness: float = 0.0
    covered: float = 0.0
    slope: float = 1.0
    shift: float = 0.0

    def distribution(self, scores: NDArray[np.float32]) -> Array:
        """Return the probabilities of `scores` (..., labels); they add up to 1."""
        logits = scores.astype(np.float64) / self.temperature
        raised = np.exp(logits - logits.max(-1, keepdims=True))
        probabilities: Array = raised / raised.sum(-1, keepdims=True)
        return probabilities

    @property
    def sureness(self) -> Sureness:
        """The maps from what is known of a text to how sure an answer to it is."""
        return Sureness(**{name: getattr(self, name) for name in Sureness._fields})

    def covers(self, clues: Clues) -> Array:
        """Return the probability that some entry answers each text."""
        return covered(clues, self.sureness)

    def confidence(self, clues: Clues) -> Array:
        """Return the probability that the first entry answers each text."""
        return self.covers(clues) * right(clues, self.sureness)


class HeldOut(NamedTuple):
    """Texts that were not learned from, to be judged by.

    `scores` and `nearest` (n, labels) are the raw scores and the cosines to the nearest phrasing of
    each label; `accepted` (n, labels) marks the labels that are right; `outside` (labels,) those
    that stand for what no guide covers.
    """

    scores: NDArray[np.float32]
    nearest: NDArray[np.float32]
    accepted: Mask
    outside: Mask


class Calibrated(NamedTuple):
    """A calibration, and the mean worth of what it does with the texts that it was fitted to."""

    calibration: Calibration
    worth: float


def calibrate(held: HeldOut, costs: Costs | None = None) -> Calibrated:
    """Fit every parameter but `refer`."""
    fitted = Calibration(temperature=_best_temperature(held))
    chances = fitted.distribution(held.scores)
    clues = clues_of(chances, held.scores, held.nearest, held.outside)
    inside = np.where(held.outside, 0.0, chances)
    answers = np.any(held.accepted & ~held.outside, axis=1)
    first = held.accepted[np.arange(len(inside)), inside.argmax(1)]
    fitted = replace(fitted, **fit_sureness(clues, answers, first)._asdict())
    sure = fitted.confidence(clues)
    best = _thresholds(sure, inside, held, costs or Costs())
    limits = {"floor": best.floor, "margin": best.margin, "offer": best.offer}
    return Calibrated(replace(fitted, **limits), best.worth / len(held.scores))


def expected_calibration_error(confidence: Array, right: Array, bins: int = 10) -> float:
    """Return the mean gap between confidence and accuracy over equal bins (Naeini et al. 2015)."""
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(float(confidence[bin_of == at].mean() - right[bin_of == at].mean()))
        * float((bin_of == at).mean())
        for at in np.unique(bin_of)
    ]
    return sum(gaps)


def _best_temperature(held: HeldOut) -> float:
    """Return the temperature with the least negative log-likelihood of the right labels."""

    def loss(temperature: float) -> float:
        spread = Calibration(temperature).distribution(held.scores)
        return -float(np.log((spread * held.accepted).sum(1) + _TINY).mean())

    return float(min(_TEMPERATURES, key=loss))


class _Thresholds(NamedTuple):
    """What decides between answering, offering and declining, and what that is worth in all."""

    floor: float
    margin: float
    offer: float
    worth: float


def _thresholds(first: Array, inside: Array, held: HeldOut, costs: Costs) -> _Thresholds:
    """Return the floor, margin and offer that are worth most on the held-out phrasings."""
    ranked = np.argsort(-inside, 1)[:, :OFFERED]
    chances = np.take_along_axis(inside, ranked, 1)
    gap = chances[:, 0] - chances[:, 1]
    answers = held.accepted & ~held.outside
    among = np.take_along_axis(answers, ranked, 1)
    right, listed = among[:, 0], among.any(1)
    is_outside = ~answers.any(1)
    if_answered = np.where(is_outside, costs.outside_answered, costs.wrong)
    if_answered = np.where(right, costs.right, if_answered)
    if_offered = np.where(is_outside, costs.outside_offered, 0.0)
    if_offered = np.where(listed, costs.offered, if_offered)
    if_declined = np.where(is_outside, costs.outside_declined, 0.0)

    def worth(choice: tuple[float, float, float]) -> float:
        floor, margin, offer = choice
        answered = (first >= floor) & (gap >= margin)
        offered = chances.sum(1) >= offer
        return float(
            np.where(answered, if_answered, np.where(offered, if_offered, if_declined)).sum()
        )

    choices = [(a, b, c) for a in _FLOORS for b in _MARGINS for c in _OFFERS]
    best = max(choices, key=worth)
    floor, margin, offer = map(float, best)
    return _Thresholds(floor, margin, offer, worth(best))
