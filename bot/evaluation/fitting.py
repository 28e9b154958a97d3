"""Fits the calibration to labelled questions of the part that may be used to fit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.conversation.dialogue import Dialogue
from bot.evaluation.questions import Conversation, Turn
from bot.matching.calibration import Calibration, HeldOut, calibrate
from bot.matching.matcher import Matcher
from bot.matching.material import FeatureWeights
from bot.matching.selection import NEARNESS

FIT = "fit"

_REFERS = tuple(np.arange(0.1, 0.61, 0.02))
_MISSED_RED_FLAG = 15.0
"""How many needless referrals a missed red flag outweighs."""


class Fitted(NamedTuple):
    """Weights and a calibration, and how many questions they were fitted to."""

    weights: FeatureWeights
    calibration: Calibration
    questions: int


class _Asked(NamedTuple):
    """Questions, asked of matchers: what speaks for each label, by the vectors' weight."""

    turns: Sequence[Turn]
    accepted: NDArray[np.bool_]
    outside: NDArray[np.bool_]
    evidence: Mapping[float, tuple[NDArray[np.float32], NDArray[np.float32]]]

    def held_out(self, weights: FeatureWeights) -> HeldOut:
        """Return the questions as texts that were not learned from."""
        scores, nearest = self.evidence[weights.vector]
        every = scores + np.float32(weights.nearness) * nearest
        return HeldOut(every, nearest, self.accepted, self.outside)


def fit_calibration(
    dialogue: Dialogue, matchers: Sequence[Matcher], conversations: Iterable[Conversation]
) -> Fitted | None:
    """Return what suits the single questions of the fit part; None without any.

    `matchers` differ in the weight of vectors and have no nearness. What a screen catches never
    reaches the thresholds, and is left out.
    """
    turns = [
        each.turns[0]
        for each in conversations
        if each.part == FIT and len(each.turns) == 1 and len(each.turns[0].parts) == 1
    ]
    turns = [turn for turn in turns if not any(dialogue.screens(turn.said))]
    if not turns:
        return None
    asked = _asked(turns, dialogue, matchers)
    options = [FeatureWeights(*pair) for pair in product(asked.evidence, NEARNESS)]
    safety = matchers[0].safety

    def fitted(weights: FeatureWeights) -> tuple[float, Fitted]:
        held = asked.held_out(weights)
        calibration, worth = calibrate(held)
        refer = _refer(turns, calibration.distribution(held.scores)[:, safety].sum(1))
        whole = worth * len(turns) + refer.worth
        return whole, Fitted(weights, replace(calibration, refer=refer.threshold), len(turns))

    return max(map(fitted, options), key=lambda found: found[0])[1]


def _asked(turns: Sequence[Turn], dialogue: Dialogue, matchers: Sequence[Matcher]) -> _Asked:
    """Ask every matcher every question."""
    outside = np.array(
        [label not in _entries(matchers[0], dialogue) for label in matchers[0].labels]
    )
    accepted = np.array([_accepted(turn, matchers[0], dialogue, outside) for turn in turns])
    evidence = {}
    for matcher in matchers:
        found = list(matcher.evidences([turn.said for turn in turns]))
        evidence[matcher.weights.vector] = (
            np.array([each.scores for each in found]),
            np.array([each.nearest.cosines for each in found]),
        )
    return _Asked(turns, accepted, outside, evidence)


def _entries(matcher: Matcher, dialogue: Dialogue) -> set[str]:
    """Return the labels that are entries; the others are outside fields."""
    return {label for label in matcher.labels if dialogue.catalogue.entry(label)}


def _accepted(
    turn: Turn, matcher: Matcher, dialogue: Dialogue, outside: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return which labels are right for a question, (labels,)."""
    if turn.kind == "outside":
        return outside
    names = [dialogue.catalogue.find(name) for name in turn.expected]
    uids = {entry.uid for entry in names if entry}
    return np.array([label in uids for label in matcher.labels])


class _Referral(NamedTuple):
    """The threshold of referral, and what it is worth in all."""

    threshold: float
    worth: float


def _refer(turns: Sequence[Turn], masses: NDArray[np.float64]) -> _Referral:
    """Return the threshold of referral that is worth most; `masses` are those of safety entries."""
    dangerous = np.array([turn.kind == "safety" for turn in turns])

    def worth(threshold: float) -> float:
        referred = masses >= threshold
        missed = (dangerous & ~referred).sum()
        return -float(_MISSED_RED_FLAG * missed + (~dangerous & referred).sum())

    best = max(_REFERS, key=worth)
    return _Referral(float(best), worth(best))
