"""Everything the matcher has learned, built once from Knowledge."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.model import Knowledge
from bot.matching.calibration import Calibration, calibrate
from bot.matching.encoder import Encoder
from bot.matching.features import sort_similarity, sort_words
from bot.matching.kernel import KernelWeights, centred, fit, kernel
from bot.matching.labelled import Labelled
from bot.matching.reading import Reader
from bot.matching.vectors import phrase_vectors, principal
from bot.matching.wording import Row, Wording, add_products

Array = NDArray[np.float32]

_GRID = [
    KernelWeights(vector, spelling, wording, 0.1)
    for vector, spelling, wording in product((2.0, 3.0), (0.0, 0.5, 1.0), (0.0, 0.2, 0.4))
]
_MOST_FOR_WEIGHTS = 1500
_PART = 1024


@dataclass(frozen=True)
class SearchIndex:
    """The fitted matcher: vectors (n, width), words sorted (n), coefficients (n, labels).

    `terms` (terms, labels) is what each term of `wording` adds to the score of each label.

    `basis` (encoder's width, width) turns an encoder's vector into one of `vectors`' kind.
    The scores of a question are ``bias + kernel @ coefficients + row @ terms``; `bias` has shape
    (labels,).
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
    wording: Wording
    terms: Array
    weights: KernelWeights
    calibration: Calibration


def build_index(knowledge: Knowledge, encoder: Encoder, reader: Reader) -> SearchIndex:
    """Fit the kernel's weights, the ridge and the calibration to `knowledge`."""
    learned = Labelled.of(knowledge)
    readings = [reader.read(phrase.text) for phrase in learned.phrases]
    vectors = phrase_vectors(encoder, readings)
    basis = principal(vectors)
    vectors = vectors @ basis
    spellings = tuple(sort_words(reading.understood) for reading in readings)
    wording = Wording.learn([reading.understood for reading in readings])
    rows = [wording.row(reading.understood) for reading in readings]
    targets = np.eye(len(learned.labels), dtype=np.float32)[learned.label_of]
    groups = learned.groups
    weights = _fit_weights(vectors, spellings, rows, targets, groups)
    gram, usual = _gram(vectors, spellings, weights)
    add_products(gram, rows, weights.wording)
    gram, means = centred(gram)
    share = targets.mean(0)
    fitted = fit(gram, targets - share, groups, weights.ridge)
    coefficients = fitted.coefficients - fitted.coefficients.mean(0)
    bias = share - means @ coefficients
    accepted = targets[fitted.held] > 0
    calibration = calibrate(fitted.held_out + share, accepted, learned.outside_mask)
    terms = wording.gather(rows, coefficients * np.float32(weights.wording))
    return SearchIndex(
        learned,
        basis,
        vectors,
        spellings,
        usual,
        coefficients,
        bias,
        wording,
        terms,
        weights,
        calibration,
    )


def _gram(vectors: Array, spellings: Sequence[str], weights: KernelWeights) -> tuple[Array, Array]:
    """Return the kernel of every pair (n, n), and each phrasing's mean spelling similarity (n,).

    Some rows at a time, so that the similarities never stand in memory whole.
    """
    gram = np.empty((len(vectors), len(vectors)), np.float32)
    usual = np.empty(len(vectors), np.float32)
    for start in range(0, len(vectors), _PART):
        rows = slice(start, start + _PART)
        alike = sort_similarity(spellings[rows], spellings) if weights.spelling else None
        usual[rows] = 0 if alike is None else alike.mean(1)
        gram[rows] = kernel(vectors[rows] @ vectors.T, alike, weights)
    return gram, usual


def _fit_weights(
    vectors: Array,
    spellings: Sequence[str],
    rows: Sequence[Row],
    targets: Array,
    groups: NDArray[np.intp],
) -> KernelWeights:
    """Return the weights of the grid with the most right held-out phrasings of a sample."""
    chosen = np.random.default_rng(0).permutation(len(targets))[:_MOST_FOR_WEIGHTS]
    cosines = vectors[chosen] @ vectors[chosen].T
    said = [spellings[at] for at in chosen]
    alike = sort_similarity(said, said)
    products = np.zeros_like(cosines)
    add_products(products, [rows[at] for at in chosen], 1.0)
    labels = targets[chosen].argmax(1)
    share = targets[chosen].mean(0)

    def right(weights: KernelWeights) -> float:
        gram = kernel(cosines, alike, weights)
        gram += np.float32(weights.wording) * products
        gram, _ = centred(gram)
        fitted = fit(gram, targets[chosen] - share, groups[chosen], weights.ridge)
        return float(((fitted.held_out + share).argmax(1) == labels[fitted.held]).mean())

    return max(_GRID, key=right)
