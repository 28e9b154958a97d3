"""The matcher of the bot, and the simpler ways of finding an intent that it is held against."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from bot.matching.encoder import Encoder
from bot.matching.index import build_index
from bot.matching.labelled import reader_of
from bot.matching.matcher import Matcher
from bot.matching.sampling import ROOM, Room
from bot.text import normalise
from tests.benchmarks.datasets import Asked, knowledge_of

Array = NDArray[np.float32]

_GRAMS = range(2, 6)
_PART = 256


class Guess(NamedTuple):
    """The likeliest intent, how likely it is that there is one, and whether to answer at once."""

    intent: str
    score: float
    sure: bool


class Ranker(Protocol):
    """Finds the intent of questions."""

    @property
    def name(self) -> str:
        """What it is called in the table."""
        ...

    def guesses(self, texts: Sequence[str]) -> list[Guess]:
        """Return what each text most likely means."""
        ...


class MatcherRanker:
    """The very matcher of the bot: its reader, index, calibration and ranking."""

    name = "matcher"

    def __init__(self, asked: Sequence[Asked], encoder: Encoder, room: Room = ROOM) -> None:
        """Learn from `asked`; of more than fit into `room`, from a sample."""
        knowledge = knowledge_of("benchmark", asked)
        reader = reader_of(knowledge)
        index = build_index(knowledge, encoder, reader, room=room)
        self.matcher = Matcher(knowledge, index, encoder, reader)

    def guesses(self, texts: Sequence[str]) -> list[Guess]:
        """Rank every text; it is sure by the calibrated floor and margin."""
        return [self._guess(text) for text in texts]

    def _guess(self, text: str) -> Guess:
        """Return the first candidate."""
        ranking, limits = self.matcher.rank(text), self.matcher.calibration
        sure = ranking.confidence >= limits.floor and ranking.margin >= limits.margin
        return Guess(ranking.candidates[0].entry.id, ranking.covered, sure)


class Nearest:
    """The intent of the most similar phrasing; it has no calibration, so it is always sure."""

    def __init__(
        self, name: str, asked: Sequence[Asked], similarity: Callable[[Sequence[str]], Array]
    ) -> None:
        """Choose among `asked` by `similarity`, which turns texts into (texts, asked)."""
        self.name = name
        self._intents = [one.intent for one in asked]
        self._similarity = similarity

    def guesses(self, texts: Sequence[str]) -> list[Guess]:
        """Return the intent of the phrasing nearest to each text, some hundred at a time."""
        return [
            Guess(self._intents[int(row.argmax())], float(row.max()), sure=True)
            for start in range(0, len(texts), _PART)
            for row in self._similarity(texts[start : start + _PART])
        ]


class TfIdf:
    """Sublinear tf-idf of character 2- to 5-grams inside words and of whole words."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Learn the terms of `texts` and how telling each is."""
        terms = [_terms(text) for text in texts]
        self._number = {term: at for at, term in enumerate(sorted(set().union(*terms)))}
        seen = np.zeros(len(self._number), np.float32)
        for found in terms:
            seen[[self._number[term] for term in found]] += 1
        self._telling = np.log((1 + len(texts)) / (1 + seen)) + 1
        self._rows = self._weighed(texts)

    def __call__(self, texts: Sequence[str]) -> Array:
        """Return the cosine of each text and each learned one, (texts, learned)."""
        cosines: Array = self._weighed(texts) @ self._rows.T
        return cosines

    def _weighed(self, texts: Sequence[str]) -> Array:
        """Return a row of length 1 for each text, (texts, terms); zeros if it has no term."""
        rows = np.zeros((len(texts), len(self._number)), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for term, times in _terms(text).items():
                if term in self._number:
                    row[self._number[term]] = 1 + np.log(times)
        rows *= self._telling
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        return rows


def baselines(asked: Sequence[Asked], encoder: Encoder) -> list[Ranker]:
    """Return the ways that the matcher is held against, all of which know `asked`."""
    said = [normalise(one.text) for one in asked]
    vectors = encoder.encode(said)

    def fuzzy(scorer: Callable[..., float]) -> Callable[[Sequence[str]], Array]:
        def similarity(texts: Sequence[str]) -> Array:
            plain = [normalise(text) for text in texts]
            return process.cdist(plain, said, scorer=scorer, dtype=np.float32, workers=-1)

        return similarity

    return [
        Nearest("RapidFuzz WRatio", asked, fuzzy(fuzz.WRatio)),
        Nearest("RapidFuzz token_set", asked, fuzzy(fuzz.token_set_ratio)),
        Nearest("TF-IDF", asked, TfIdf(said)),
        Nearest("nearest vector", asked, lambda texts: encoder.encode(texts) @ vectors.T),
    ]


def _terms(text: str) -> dict[str, int]:
    """Count the terms of `text`: words (marked) and n-grams of the words with their borders."""
    counts: dict[str, int] = {}
    for word in normalise(text).split():
        edged = f" {word} "
        grams = [edged[at : at + n] for n in _GRAMS for at in range(len(edged) - n + 1)]
        for term in (f"={word}", *grams):
            counts[term] = counts.get(term, 0) + 1
    return counts
