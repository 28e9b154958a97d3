"""A question -> a Ranking of what could be meant, with its evidence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.model import Entry, Knowledge, Outside
from bot.matching.calibration import kept_calibration
from bot.matching.confidence import clues_of
from bot.matching.encoder import Encoder
from bot.matching.features import sort_similarity, sort_words
from bot.matching.index import SearchIndex
from bot.matching.material import scores
from bot.matching.nearest import Nearest, NearestFinder
from bot.matching.reading import Reader, Reading
from bot.matching.vectors import question_vectors
from bot.text import normalise

_RANKED = 5
_REMEMBERED = 512
"""Questions whose evidence is remembered: each is ranked several times, and many are prepared for
at once. Some 2 kB each."""
_TOGETHER = 32
_TELLING = 6
_TINY = 1e-12
_OTHER_GUIDE = np.float32(np.log(0.1))
_OUTSIDE = np.float32(np.log(0.3))
"""What the name of a guide's subject takes from the scores of other guides' entries, and of what no
guide covers: readers name it six times as often in a question that the guide answers."""


class Candidate(NamedTuple):
    """An entry that could be meant: how likely, and the phrasing most like the question.

    `score` is the cosine to that phrasing, at least 0.
    """

    entry: Entry
    probability: float
    score: float
    phrase: str


class Ranking(NamedTuple):
    """What a question could mean. Probabilities are of the whole: entries and outside together.

    `confidence` is the calibrated probability that the first candidate is right, and `covered` that
    any entry is; `outside` is the likeliest outside field and `outside_mass` the probability of all
    of them.
    """

    reading: Reading
    candidates: tuple[Candidate, ...]
    confidence: float
    covered: float
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


class Evidence(NamedTuple):
    """What speaks for each label: its raw score (labels,), and its nearest phrasing."""

    scores: NDArray[np.float32]
    nearest: Nearest


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
        self.calibration = kept_calibration(knowledge, encoder.name) or index.calibration
        self.weights = index.weights
        self.provisional = index.provisional
        self._owners: list[Entry | Outside] = [*knowledge.entries, *knowledge.outside]
        self._outside = index.learned.outside_mask
        self.labels = index.learned.labels
        self.safety = np.array(
            [isinstance(one, Entry) and one.section == "safety" for one in self._owners]
        )
        self._everywhere = self._allowed("")
        self._subjects = {
            normalise(name): guide.id for guide in knowledge.guides for name in guide.words.subject
        }
        label_of = index.learned.label_of
        self._finder = NearestFinder(index.vectors, label_of, len(self._owners))
        self._weighed: dict[Reading, Evidence] = {}

    def rank(
        self, question: str, guide: str = "", near: Mapping[str, float] | None = None
    ) -> Ranking:
        """Rank the entries for `question`; with `guide`, only that guide's and the shared ones.

        `near` says how much likelier than otherwise some entries are, by uid.
        """
        reading = self.reader.read(question)
        evidence = self._evidence(reading)
        chances = self.calibration.distribution(evidence.scores)
        if near:
            chances *= [near.get(label, 1.0) for label in self.labels]
        allowed = self._allowed(guide) if guide else self._everywhere
        chances = np.where(allowed, chances, 0.0) / max(chances[allowed].sum(), _TINY)
        inside = np.where(self._outside, 0.0, chances)
        ranked = np.argsort(-np.where(allowed & ~self._outside, inside, -1.0))
        best = ranked[: min(_RANKED, int((allowed & ~self._outside).sum()))]
        clues = clues_of(
            chances,
            np.where(allowed, evidence.scores, -np.inf),
            np.where(allowed, evidence.nearest.cosines, -1),
            self._outside,
        )
        return Ranking(
            reading,
            tuple(self._candidate(int(at), inside, evidence) for at in best),
            float(self.calibration.confidence(clues)),
            float(self.calibration.covers(clues)),
            self._likeliest_outside(chances),
            float(chances[self._outside].sum()),
            float(chances[self.safety].sum()),
        )

    @property
    def index(self) -> SearchIndex:
        """What it has learned, for a matcher of nearly the same knowledge."""
        return self._index

    def prepare(self, questions: Iterable[str]) -> None:
        """Weigh `questions` together, which costs less than one by one, before they are ranked."""
        readings = {self.reader.read(question): None for question in questions}
        fresh = [reading for reading in readings if reading not in self._weighed]
        for start in range(0, len(fresh), _TOGETHER):
            self._weigh(fresh[start : start + _TOGETHER])

    def evidence(self, question: str) -> Evidence:
        """Return what speaks for every label for `question`, in the order of `labels`."""
        return self._evidence(self.reader.read(question))

    def evidences(self, questions: Sequence[str]) -> Iterator[Evidence]:
        """Yield the evidence for each of many questions, which are weighed together."""
        for start in range(0, len(questions), _TOGETHER):
            some = questions[start : start + _TOGETHER]
            self.prepare(some)
            yield from map(self.evidence, some)

    def _evidence(self, reading: Reading) -> Evidence:
        """Return what speaks for every label, from memory if it was weighed lately."""
        return self._weighed.get(reading) or self._weigh([reading])[0]

    def _weigh(self, readings: Sequence[Reading]) -> list[Evidence]:
        """Weigh several questions, and remember what speaks for what."""
        vectors = question_vectors(self._encoder, readings) @ self._index.basis
        nearest = self._finder.find(vectors)
        found = list(map(self._evidence_of, readings, vectors, nearest))
        self._weighed.update(zip(readings, found, strict=True))
        for oldest in list(islice(self._weighed, max(0, len(self._weighed) - _REMEMBERED))):
            self._weighed.pop(oldest, None)
        return found

    def _evidence_of(
        self, reading: Reading, vector: NDArray[np.float32], near: Nearest
    ) -> Evidence:
        """Return what speaks for every label for one question."""
        row = self._index.wording.row(reading.understood)
        found = scores(self._index.coefficients, row, vector)
        found += np.float32(self.weights.nearness) * near.cosines
        if reading.subjects:
            found += self._where_named(reading.subjects)
        return Evidence(found, near)

    def _where_named(self, subjects: Sequence[str]) -> NDArray[np.float32]:
        """Return what the names of guides' subjects add to each label, (labels,)."""
        named = {"", *(self._subjects.get(name, "") for name in subjects)}
        elsewhere = np.array([one.guide not in named for one in self._owners])
        return np.where(self._outside, _OUTSIDE, elsewhere * _OTHER_GUIDE)

    def telling(self, reading: Reading, uid: str) -> tuple[tuple[str, float], ...]:
        """Return the terms of a question that speak most for an entry, and how much each does.

        What a term adds to all labels alike counts for none.
        """
        row, terms = self._index.wording.row(reading.understood), self._index.wording.terms
        lines = self._index.coefficients.terms[row.terms].astype(np.float32)
        gains = row.weights * (lines[:, self.labels.index(uid)] - lines.mean(1))
        best = np.argsort(-gains, kind="stable")[:_TELLING]
        return tuple((terms[row.terms[at]], float(gains[at])) for at in best if gains[at] > 0)

    def likeness(self, reading: Reading, phrase: str) -> Likeness:
        """Return both similarities of a question and a phrasing."""
        return self.likenesses(reading, (phrase,))[0]

    def likenesses(self, reading: Reading, phrases: Sequence[str]) -> tuple[Likeness, ...]:
        """Return the similarities of a question and each phrasing."""
        others = [self.reader.read(phrase) for phrase in phrases]
        vectors = question_vectors(self._encoder, [reading, *others]) @ self._index.basis
        written = [sort_words(other.understood) for other in others]
        spelled = sort_similarity([sort_words(reading.understood)], written)[0]
        cosines = vectors[1:] @ vectors[0]
        return tuple(map(Likeness, cosines.tolist(), spelled.tolist()))

    def _candidate(self, at: int, chances: NDArray[np.float64], evidence: Evidence) -> Candidate:
        """Return the entry with label `at` and its phrasing most like the question, if any."""
        entry = self._owners[at]
        assert isinstance(entry, Entry)  # noqa: S101 - outside labels have probability 0
        cosine = float(evidence.nearest.cosines[at])
        phrase = self._index.learned.phrases[evidence.nearest.phrasings[at]].text
        if cosine == -1:
            return Candidate(entry, float(chances[at]), 0.0, "")
        score = min(max(cosine, 0.0), 1.0)
        return Candidate(entry, float(chances[at]), score, phrase)

    def _likeliest_outside(self, chances: NDArray[np.float64]) -> Outside | None:
        """Return the likeliest outside field, if any guide has one."""
        if not self._outside.any():
            return None
        group = self._owners[int(np.where(self._outside, chances, -1).argmax())]
        return group if isinstance(group, Outside) else None

    def _allowed(self, guide: str) -> NDArray[np.bool_]:
        """Which labels belong to `guide` or to no guide; all of them if `guide` is empty."""
        return np.array([not guide or one.guide in ("", guide) for one in self._owners])
