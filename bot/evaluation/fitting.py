"""Fits the calibration to labelled questions of the part that may be used to fit."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question
from bot.evaluation.questions import Conversation, Turn
from bot.matching.calibration import Calibration, calibrate
from bot.matching.matcher import Matcher

FIT = "fit"

_REFERS = tuple(np.arange(0.1, 0.61, 0.02))
_MISSED_RED_FLAG = 15.0
"""How many needless referrals a missed red flag outweighs."""


class Fitted(NamedTuple):
    """A calibration and how many questions it was fitted to."""

    calibration: Calibration
    questions: int


def fit_calibration(
    dialogue: Dialogue, matcher: Matcher, conversations: Iterable[Conversation]
) -> Fitted | None:
    """Return the calibration that suits the single questions of the fit part; None without any.

    What a screen catches never reaches the thresholds, and is left out.
    """
    turns = [
        each.turns[0]
        for each in conversations
        if each.part == FIT and len(each.turns) == 1 and len(each.turns[0].parts) == 1
    ]
    turns = [turn for turn in turns if not any(dialogue.screens(turn.said))]
    if not turns:
        return None
    outside = np.array([label not in _entries(matcher, dialogue) for label in matcher.labels])
    accepted = np.array([_accepted(turn, matcher, dialogue, outside) for turn in turns])
    scores = np.array([matcher.scores(turn.said) for turn in turns])
    calibration = calibrate(scores, accepted, outside)
    return Fitted(replace(calibration, refer=_refer(turns, dialogue)), len(turns))


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


def _refer(turns: Sequence[Turn], dialogue: Dialogue) -> float:
    """Return the threshold of referral that is worth most."""
    masses = np.array([dialogue.rank(Question(turn.said)).safety_mass for turn in turns])
    dangerous = np.array([turn.kind == "safety" for turn in turns])

    def worth(threshold: float) -> float:
        referred = masses >= threshold
        missed = (dangerous & ~referred).sum()
        return -float(_MISSED_RED_FLAG * missed + (~dangerous & referred).sum())

    return float(max(_REFERS, key=worth))
