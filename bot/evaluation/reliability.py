"""How far the bot's confidence can be trusted."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from bot.evaluation.asking import Result
from bot.matching.calibration import Array

BINS = 10


class Bin(NamedTuple):
    """The guesses whose confidence lies between two limits: the mean of it, and how many hold."""

    low: float
    high: float
    guesses: int
    confidence: float
    right: float


class Coverage(NamedTuple):
    """The share of questions answered, and the share of those that is wrong, as the floor falls.

    `area` is the mean error over all coverages (AURC; Geifman and El-Yaniv 2017): less is better.
    """

    answered: tuple[float, ...]
    error: tuple[float, ...]
    area: float


def guesses_of(results: Iterable[Result]) -> tuple[Array, Array]:
    """Return the confidence of every guess, and 1 where it is right, else 0; both (n,)."""
    guesses = [result.guess for result in results if result.guess]
    confidence = np.array([guess.confidence for guess in guesses], np.float64)
    return confidence, np.array([guess.right for guess in guesses], np.float64)


def bins_of(results: Iterable[Result]) -> tuple[Bin, ...]:
    """Return the guesses in equal bins of confidence; empty bins are left out."""
    confidence, right = guesses_of(results)
    bin_of = np.minimum((confidence * BINS).astype(int), BINS - 1)
    members = [(at, bin_of == at) for at in range(BINS)]
    return tuple(
        Bin(
            at / BINS,
            (at + 1) / BINS,
            int(inside.sum()),
            float(confidence[inside].mean()),
            float(right[inside].mean()),
        )
        for at, inside in members
        if inside.any()
    )


def coverage_of(results: Iterable[Result]) -> Coverage:
    """Return how the error grows when the guesses are answered from the surest down."""
    confidence, right = guesses_of(results)
    if not len(right):
        return Coverage((), (), 0.0)
    surest = np.argsort(-confidence, kind="stable")
    answered = np.arange(1, len(right) + 1)
    error = np.cumsum(1 - right[surest]) / answered
    return Coverage(
        tuple((answered / len(right)).tolist()), tuple(error.tolist()), float(error.mean())
    )
