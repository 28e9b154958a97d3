"""A question -> a Ranking of what could be meant, with its evidence."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.model import Entry, Knowledge, Outside
from bot.matching.calibration import kept
from bot.matching.encoder import Encoder
from bot.matching.features import sort_similarity, sort_words
from bot.matching.index import SearchIndex
from bot.matching.kernel import kernel
from bot.matching.reading import Reader, Reading
from bot.matching.vectors import question_vectors

_RANKED = 5
_SPELLED = 2000
_TINY = 1e-12


class Candidate(NamedTuple):
    """An entry that could be meant: how likely, and the phrasing most like the question."""

    entry: Entry
    probability: float
    score: float
    phrase: str


class Ranking(NamedTuple):
    """What a question could mean. Probabilities are of the whole: entries and outside together.

    `confidence` is the calibrated probability that the first candidate is right; `outside` is
    the likeliest outside field and `outside_mass` the probability of all of them.
    """

    reading: Reading
    candidates: tuple[Candidate, ...]
    confidence: float
    outside: Outside | None
    outside_mass: float
    safety_mass: float

    @property
    def margin(self) -> float:
        """How far the first candidate is ahead of the second."""
        first, *others = (candidate.probability for candidate in self.candidates)
        return first - max(others, default=0.0)


class Likeness(NamedTuple):
    """How like a question a phrasing is: by the cosine of their vectors, and by spelling."""

    cosine: float
    spelling: float


class Matcher:
    """Ranks the entries of all guides, or of one, by how likely a question means them."""

    def __init__(
        self, knowledge: Knowledge, index: SearchIndex, encoder: Encoder, reader: Reader
    ) -> None:
        """Join the parts; `index` must have been built from `knowledge` with `encoder`."""
        self._index = index
        self._encoder = encoder
        self.encoder = encoder.name
        self.reader = reader
        self.calibration = kept(knowledge, encoder.name) or index.calibration
        self.weights = index.weights
        self._owners: list[Entry | Outside] = [*knowledge.entries, *knowledge.outside]
        self._outside = index.learned.outside_mask
        self.labels = index.learned.labels
        self._safety = np.array(
            [isinstance(one, Entry) and one.section == "safety" for one in self._owners]
        )
        self._everywhere = self._allowed("")
        self._spellings = np.array(index.spellings, dtype=object)
        self._coefficients = np.ascontiguousarray(index.coefficients.T)
        self._rows = [
            np.flatnonzero(index.learned.label_of == at) for at in range(len(self._owners))
        ]

    def rank(
        self, question: str, guide: str = "", near: Mapping[str, float] | None = None
    ) -> Ranking:
        """Rank the entries for `question`; with `guide`, only that guide's and the shared ones.

        `near` says how much likelier than otherwise some entries are, by uid.
        """
        reading = self.reader.read(question)
        similar = self._similarities(reading)
        scores = self._scores(reading, similar)
        chances = self.calibration.distribution(scores)
        if near:
            chances *= [near.get(label, 1.0) for label in self.labels]
        allowed = self._allowed(guide) if guide else self._everywhere
        chances = np.where(allowed, chances, 0.0) / max(chances[allowed].sum(), _TINY)
        inside = np.where(self._outside, 0.0, chances)
        ranked = np.argsort(-np.where(allowed & ~self._outside, inside, -1.0))
        best = ranked[: min(_RANKED, int((allowed & ~self._outside).sum()))]
        return Ranking(
            reading,
            tuple(self._candidate(int(at), inside, similar) for at in best),
            float(self.calibration.confidence(float(inside[best[0]]), float(scores[best[0]]))),
            self._likeliest_outside(chances),
            float(chances[self._outside].sum()),
            float(chances[self._safety].sum()),
        )

    def scores(self, question: str) -> NDArray[np.float32]:
        """Return the raw score of every label for `question`, in the order of `labels`."""
        reading = self.reader.read(question)
        return self._scores(reading, self._similarities(reading))

    def _scores(self, reading: Reading, similar: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the scores (labels,) of a question with the kernel `similar` (phrasings,)."""
        row = self._index.wording.row(reading.understood)
        worded: NDArray[np.float32] = row.weights @ self._index.terms[row.terms]
        return self._index.bias + self._coefficients @ similar + worded

    def likeness(self, reading: Reading, phrase: str) -> Likeness:
        """Return both similarities, of which the kernel is made, of a question and a phrasing."""
        return self.likenesses(reading, (phrase,))[0]

    def likenesses(self, reading: Reading, phrases: Sequence[str]) -> tuple[Likeness, ...]:
        """Return the similarities of a question and each phrasing."""
        others = [self.reader.read(phrase) for phrase in phrases]
        vectors = question_vectors(self._encoder, [reading, *others]) @ self._index.basis
        written = [sort_words(other.understood) for other in others]
        spelled = sort_similarity([sort_words(reading.understood)], written)[0]
        cosines = vectors[1:] @ vectors[0]
        return tuple(map(Likeness, cosines.tolist(), spelled.tolist()))

    def _similarities(self, reading: Reading) -> NDArray[np.float32]:
        """Return the kernel of the question and every phrasing, shape (phrasings,)."""
        vector = question_vectors(self._encoder, [reading])[0] @ self._index.basis
        cosines = self._index.vectors @ vector
        weights = self._index.weights
        alike = self._spelling(reading, cosines) if weights.spelling else None
        return kernel(cosines, alike, weights)

    def _spelling(self, reading: Reading, cosines: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the spelling similarities of the phrasings nearest in meaning.

        The rest have their usual one: measured, that costs no accuracy and saves most of the time.
        """
        words = [sort_words(reading.understood)]
        if len(cosines) <= _SPELLED:
            every: NDArray[np.float32] = sort_similarity(words, self._spellings.tolist())[0]
            return every
        near = np.argpartition(-cosines, _SPELLED)[:_SPELLED]
        alike = self._index.usual.copy()
        alike[near] = sort_similarity(words, self._spellings[near].tolist())[0]
        return alike

    def _candidate(
        self, at: int, chances: NDArray[np.float64], similar: NDArray[np.float32]
    ) -> Candidate:
        """Return the entry with label `at` and its phrasing most like the question."""
        entry = self._owners[at]
        assert isinstance(entry, Entry)  # noqa: S101 - outside labels have probability 0
        rows = self._rows[at]
        nearest = int(rows[similar[rows].argmax()])
        phrase = self._index.learned.phrases[nearest].text
        return Candidate(entry, float(chances[at]), float(similar[nearest]), phrase)

    def _likeliest_outside(self, chances: NDArray[np.float64]) -> Outside | None:
        """Return the likeliest outside field, if any guide has one."""
        if not self._outside.any():
            return None
        group = self._owners[int(np.where(self._outside, chances, -1).argmax())]
        return group if isinstance(group, Outside) else None

    def _allowed(self, guide: str) -> NDArray[np.bool_]:
        """Which labels belong to `guide` or to no guide; all of them if `guide` is empty."""
        return np.array([not guide or one.guide in ("", guide) for one in self._owners])
