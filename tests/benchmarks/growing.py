"""As many phrasings as wanted: those of the public data sets first, then texts made of them.

CLINC150 and BANKING77 together have 227 intents and about 25,000 different phrasings to learn from.
Every intent gets the same number. Where its own are too few, more are made from them by
recombination (parts, gaps, halves of two, a word of another), every second with two slips of the
keyboard: so a large set has more spellings than a small one, and hardly more meanings.
"""

from collections.abc import Iterator
from random import Random

from bot.distillation.recombination import recombined
from tests.benchmarks.datasets import Asked, DataSet, sampled, slipped

_TOO_SHORT = 2
"""So few letters, and two slips leave nothing."""


def learned(every: list[DataSet], size: int, seed: int) -> list[Asked]:
    """Return `size` phrasings of the intents of all data sets, the same number of each."""
    of = {
        _name(data, intent): texts
        for data in every
        for intent, texts in sorted(data.learned.items())
    }
    shares = (size * at // len(of) for at in range(1, len(of) + 1))
    found: list[Asked] = []
    for (intent, texts), until in zip(of.items(), shares, strict=True):
        found += (Asked(text, intent) for text in _some(texts, until - len(found), seed))
    return found


def judged(every: list[DataSet], size: int, seed: int) -> list[Asked]:
    """Return `size` questions to be judged on, as many of each data set; nobody learns them."""
    return [
        Asked(text, _name(data, intent))
        for data in every
        for text, intent in sampled(data.inside, size // len(every), seed)
    ]


def _name(data: DataSet, intent: str) -> str:
    """Return the name of an intent among those of all data sets."""
    return f"{data.name} {intent}"


def _some(texts: list[str], count: int, seed: int) -> list[str]:
    """Return `count` different texts: those of `texts` in disorder, then made ones."""
    random = Random(f"{seed} {texts[0]}")
    found = dict.fromkeys(random.sample(texts, len(texts)))
    made = _made(texts, random)
    while len(found) < count:
        found[next(made)] = None
    return list(found)[:count]


def _made(texts: list[str], random: Random) -> Iterator[str]:
    """Yield texts made of `texts` for ever, every second with slips."""
    while True:
        for text in recombined(texts, len(texts), random):
            yield text
            if len(text) > _TOO_SHORT:
                yield slipped([Asked(text, "")], random.randrange(1 << 30))[0].text
