"""New texts from the words of old ones: half sentences, gaps and mixtures, as people type them."""

from collections.abc import Sequence
from random import Random

_GAP = 0.15
_LEAST_KEPT = 0.6


def recombined(texts: Sequence[str], most: int, random: Random) -> list[str]:
    """Return at most `most` different texts, each made of one or two of `texts`."""
    made: dict[str, None] = {}
    if texts:
        for _ in range(most):
            make = random.choice(_WAYS)
            words = make(random.choice(texts).split(), random.choice(texts).split(), random)
            made[" ".join(words)] = None
    made.pop("", None)
    return list(made)


def _stretch(words: list[str], _other: list[str], random: Random) -> list[str]:
    """Return a run of at least three fifths of the words."""
    size = round(len(words) * random.uniform(_LEAST_KEPT, 1))
    start = random.randint(0, len(words) - size)
    return words[start : start + size]


def _gaps(words: list[str], _other: list[str], random: Random) -> list[str]:
    """Return the words without every seventh or so."""
    return [word for word in words if random.random() > _GAP]


def _halves(words: list[str], other: list[str], _random: Random) -> list[str]:
    """Return one text's first half and the other's second."""
    return words[: (len(words) + 1) // 2] + other[len(other) // 2 :]


def _stranger(words: list[str], other: list[str], random: Random) -> list[str]:
    """Return the words with one of the other text's in the place of one."""
    at = random.randrange(len(words))
    return [*words[:at], random.choice(other), *words[at + 1 :]]


_WAYS = (_stretch, _gaps, _halves, _stranger)
