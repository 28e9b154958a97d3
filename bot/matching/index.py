"""Everything the matcher has learned, built once from Knowledge and kept by content hash."""

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from itertools import product
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from bot.knowledge.base import Phrase
from bot.knowledge.model import Entry, Knowledge, Outside
from bot.matching.calibration import Calibration, calibrate
from bot.matching.encoder import Encoder
from bot.matching.features import sort_similarity, sort_words
from bot.matching.kernel import KernelWeights, centred, fit, kernel
from bot.matching.reading import Reader, Reading

Array = NDArray[np.float32]

_GRID = [
    KernelWeights(vector, spelling, ridge)
    for vector, spelling, ridge in product((2.0, 3.0, 4.0), (0.0, 0.5, 1.0), (0.1,))
]
_MOST_FOR_WEIGHTS = 800
_FEWEST_VOICES = 3
_PART = 1024
_ENOUGH_TO_JUDGE = 2000
_KEPT = 256
_KEPT_FILES = 4


@dataclass(frozen=True)
class Labelled:
    """What the matcher learns from: each phrasing with its label; labels in order."""

    labels: tuple[str, ...]
    outside: frozenset[str]
    phrases: tuple[Phrase, ...]
    label_of: NDArray[np.intp]

    @classmethod
    def of(cls, knowledge: Knowledge) -> "Labelled":
        """Collect the phrasings of every entry and every outside field."""
        owners: list[Entry | Outside] = [*knowledge.entries, *knowledge.outside]
        pairs = [(at, phrase) for at, owner in enumerate(owners) for phrase in owner.phrases]
        return cls(
            labels=tuple(owner.uid for owner in owners),
            outside=frozenset(group.uid for group in knowledge.outside),
            phrases=tuple(phrase for _, phrase in pairs),
            label_of=np.array([at for at, _ in pairs], np.intp),
        )

    @property
    def outside_mask(self) -> NDArray[np.bool_]:
        """Which labels are outside, shape (labels,)."""
        return np.array([label in self.outside for label in self.labels])

    @property
    def groups(self) -> NDArray[np.intp]:
        """Which phrasings are held out together to judge a fit without them, shape (n,).

        A group is a voice; the voices that ask for most labels are held out, until there are
        enough phrasings to judge by. The others have the group -1. With too few voices, each
        phrasing is its own group.
        """
        asked: dict[str, set[int]] = defaultdict(set)
        for phrase, label in zip(self.phrases, self.label_of, strict=True):
            asked[phrase.voice].add(int(label))
        if len(asked) < _FEWEST_VOICES:
            return np.arange(len(self.phrases))
        number = {voice: at for at, voice in enumerate(sorted(asked))}
        voices = np.array([number[phrase.voice] for phrase in self.phrases], np.intp)
        groups = np.full(len(self.phrases), -1, np.intp)
        for voice in sorted(asked, key=lambda voice: (-len(asked[voice]), voice)):
            if (groups >= 0).sum() < _ENOUGH_TO_JUDGE:
                groups[voices == number[voice]] = number[voice]
        return groups


@dataclass(frozen=True)
class SearchIndex:
    """The fitted matcher: vectors (n, width), words sorted (n), coefficients (n, labels).

    `basis` (encoder's width, width) turns an encoder's vector into one of `vectors`' kind.
    The scores of a question are ``bias + kernel @ coefficients``; `bias` has shape (labels,).
    `usual` (n,) is each phrasing's mean spelling similarity to the others: it stands in for the
    similarity to a question whose meaning is far from the phrasing's.
    """

    learned: Labelled
    basis: Array
    vectors: Array
    spellings: tuple[str, ...]
    usual: Array
    coefficients: Array
    bias: Array
    weights: KernelWeights
    calibration: Calibration


def reader_of(knowledge: Knowledge) -> Reader:
    """Return the Reader that knows the vocabulary of all guides."""
    words = [guide.words for guide in knowledge.guides]
    owners: list[Entry | Outside] = [*knowledge.entries, *knowledge.outside]
    return Reader(
        [phrase.text for owner in owners for phrase in owner.phrases],
        [filler for each in words for filler in each.fillers],
        {plain: said for each in words for plain, said in each.synonyms.items()},
        [word for each in words for word in each.keep],
        [name for each in words for name in each.subject],
    )


def question_vectors(encoder: Encoder, readings: Sequence[Reading]) -> Array:
    """Return one row of length 1 a reading: the mean of what was typed and what was understood."""
    vectors = encoder.encode([reading.typed for reading in readings])
    changed = [at for at, read in enumerate(readings) if read.typed != read.understood]
    if changed:
        vectors[changed] += encoder.encode([readings[at].understood for at in changed])
        vectors[changed] /= np.linalg.norm(vectors[changed], axis=1, keepdims=True)
    return vectors


def _phrase_vectors(encoder: Encoder, readings: Sequence[Reading]) -> Array:
    """Return the vectors of many readings: on every core, each of them on its own matrices."""
    parts = [readings[start : start + _PART] for start in range(0, len(readings), _PART)]
    with threadpool_limits(1), ThreadPoolExecutor(os.cpu_count()) as pool:
        return np.vstack(list(pool.map(partial(question_vectors, encoder), parts)))


def build_index(knowledge: Knowledge, encoder: Encoder, reader: Reader) -> SearchIndex:
    """Fit the kernel's weights, the ridge and the calibration to `knowledge`."""
    learned = Labelled.of(knowledge)
    readings = [reader.read(phrase.text) for phrase in learned.phrases]
    vectors = _phrase_vectors(encoder, readings)
    basis = _principal(vectors)
    vectors = vectors @ basis
    spellings = tuple(sort_words(reading.understood) for reading in readings)
    targets = np.eye(len(learned.labels), dtype=np.float32)[learned.label_of]
    cosines = vectors @ vectors.T
    alike = sort_similarity(spellings, spellings)
    weights = _fit_weights(cosines, alike, targets, learned.groups)
    usual = alike.mean(1)
    gram, means = centred(kernel(cosines, alike, weights))
    share = targets.mean(0)
    fitted = fit(gram, targets - share, learned.groups, weights.ridge)
    coefficients = fitted.coefficients - fitted.coefficients.mean(0)
    bias = share - means @ coefficients
    judged = learned.label_of[fitted.held]
    calibration = calibrate(fitted.held_out + share, judged, learned.outside_mask)
    return SearchIndex(
        learned, basis, vectors, spellings, usual, coefficients, bias, weights, calibration
    )


def cached_index(
    knowledge: Knowledge, encoder: Encoder, reader: Reader, folder: Path
) -> SearchIndex:
    """Return the index kept in `folder` for this very knowledge and encoder, or build and keep it.

    A folder that can't be written, or a file that can't be read, only costs the time to build.
    """
    path = folder / f"index-{_code_version()}-{encoder.name}-{knowledge.version}.npz"
    learned = Labelled.of(knowledge)
    kept = _load(path, learned)
    if kept is not None:
        return kept
    index = build_index(knowledge, encoder, reader)
    _save(path, index)
    return index


def _principal(vectors: Array) -> Array:
    """Return the directions that matter most, (width, kept): a question is ranked faster in them.

    Cosines keep all but a hundredth of their spread, and no accuracy is lost.
    """
    _, directions = np.linalg.eigh(vectors.T @ vectors)
    return np.ascontiguousarray(directions[:, ::-1][:, :_KEPT], dtype=np.float32)


def _fit_weights(
    cosines: Array, alike: Array, targets: Array, groups: NDArray[np.intp]
) -> KernelWeights:
    """Return the weights of the grid with the most right held-out phrasings of a sample."""
    count = len(targets)
    chosen = np.random.default_rng(0).permutation(count)[:_MOST_FOR_WEIGHTS]
    block = np.ix_(chosen, chosen)
    labels = targets[chosen].argmax(1)
    share = targets[chosen].mean(0)

    def right(weights: KernelWeights) -> float:
        gram, _ = centred(kernel(cosines[block], alike[block], weights))
        fitted = fit(gram, targets[chosen] - share, groups[chosen], weights.ridge)
        return float(((fitted.held_out + share).argmax(1) == labels[fitted.held]).mean())

    return max(_GRID, key=right)


def _code_version() -> str:
    """Return a hash of the code that makes an index: other code, another index."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in (*sorted(here.glob("*.py")), here.parent / "text.py"):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def _save(path: Path, index: SearchIndex) -> None:
    """Write the index beside its final name, then move it there; never half a file."""
    facts = {"weights": index.weights._asdict(), "calibration": asdict(index.calibration)}
    scratch = path.with_suffix(f".{os.getpid()}.tmp.npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(
            scratch,
            basis=index.basis,
            vectors=index.vectors,
            usual=index.usual,
            coefficients=index.coefficients,
            bias=index.bias,
            spellings=np.array("\n".join(index.spellings)),
            facts=np.array(json.dumps(facts)),
        )
        scratch.replace(path)
        for old in sorted(path.parent.glob("index-*.npz"), key=_changed)[:-_KEPT_FILES]:
            old.unlink(missing_ok=True)
    except OSError:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)


def _changed(path: Path) -> float:
    """Return when a file was last changed; 0 if it is gone."""
    with suppress(OSError):
        return path.stat().st_mtime
    return 0.0


def _load(path: Path, learned: Labelled) -> SearchIndex | None:
    """Return the index at `path`, or None if there is none that fits."""
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            facts = json.loads(str(file["facts"]))
            index = SearchIndex(
                learned,
                file["basis"],
                file["vectors"],
                tuple(str(file["spellings"]).split("\n")),
                file["usual"],
                file["coefficients"],
                file["bias"],
                KernelWeights(**facts["weights"]),
                Calibration(**facts["calibration"]),
            )
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile):
        return None
    fits = len(index.vectors) == len(index.spellings) == len(learned.phrases)
    return index if fits else None
