"""A fitted index -> one for phrasings that changed a little, in a second instead of a minute.

The terms, the directions and the coefficients of every label whose phrasings stay are kept. Those
of the others are fitted alone (one block of coordinates; Bertsekas 1999, 2.7), to all their
phrasings and to some of other labels, most of all those like them. A whole fit should follow.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.matching.encoder import Encoder
from bot.matching.index import SearchIndex, halved
from bot.matching.labelled import Labelled
from bot.matching.material import shares, weighed_fit
from bot.matching.packing import Packed
from bot.matching.reading import Reader
from bot.matching.regression import Beginning, Coefficients, Features
from bot.matching.sparse import SparseMatrix
from bot.matching.vectors import phrase_vectors

Array = NDArray[np.float32]
Indices = NDArray[np.intp]
Mask = NDArray[np.bool_]

_MOST_NEW = 500
"""With more new phrasings than this, adapting takes too long to be worth it."""
_ALIKE = 600
_ANY = 600
"""How many phrasings of other labels are learned from: the most alike, and evenly chosen ones."""


class _Change(NamedTuple):
    """What is new: the vectors of all phrasings, and which labels have other ones than before."""

    vectors: Array
    changed: Mask


def adapted(
    known: SearchIndex, learned: Labelled, encoder: Encoder, reader: Reader
) -> SearchIndex | None:
    """Return `known` adapted to what is to be learned now; None if that is too different."""
    change = _change(known, learned, encoder, reader)
    if change is None:
        return None
    coefficients = _carried(known, learned)
    if change.changed.any():
        coefficients = _fitted(known, learned, reader, change, coefficients)
    return SearchIndex(
        learned,
        known.basis,
        Packed.of(change.vectors),
        known.wording,
        halved(coefficients),
        known.weights,
        known.calibration,
        provisional=True,
    )


def _change(
    known: SearchIndex, learned: Labelled, encoder: Encoder, reader: Reader
) -> _Change | None:
    """Compare the phrasings with those of `known`, and encode the new ones."""
    before = _pairs(known.learned)
    place = {pair: at for at, pair in enumerate(before)}
    now = _pairs(learned)
    sources = np.array([place.get(pair, -1) for pair in now], np.intp)
    new = np.flatnonzero(sources < 0)
    if len(new) > _MOST_NEW:
        return None
    vectors = known.vectors.rows(sources)
    if len(new):
        readings = [reader.read(learned.phrases[at].text) for at in new.tolist()]
        vectors[new] = phrase_vectors(encoder, readings) @ known.basis
    others = {label for label, _ in {*before} ^ {*now}}
    return _Change(vectors, np.array([label in others for label in learned.labels]))


def _pairs(learned: Labelled) -> list[tuple[str, str]]:
    """Return the label and the text of every phrasing."""
    owners = (learned.labels[at] for at in learned.label_of.tolist())
    return [(owner, each.text) for owner, each in zip(owners, learned.phrases, strict=True)]


def _carried(known: SearchIndex, learned: Labelled) -> Coefficients:
    """Return the coefficients of `known` in the order of the labels now; 0 for new labels."""
    place = {label: at for at, label in enumerate(known.learned.labels)}
    sources = np.array([place.get(label, -1) for label in learned.labels], np.intp)
    parts = [
        np.where(sources < 0, np.float32(0), part[..., sources]) for part in known.coefficients
    ]
    return Coefficients(*parts)


def _fitted(
    known: SearchIndex,
    learned: Labelled,
    reader: Reader,
    change: _Change,
    coefficients: Coefficients,
) -> Coefficients:
    """Return `coefficients` with those of the changed labels fitted to their phrasings."""
    labels = np.flatnonzero(change.changed)
    chosen = _chosen(change, learned.label_of, labels)
    rows = [
        known.wording.row(reader.read(learned.phrases[at].text).understood)
        for at in chosen.tolist()
    ]
    terms, vectors = SparseMatrix(rows, len(known.wording.terms)), change.vectors[chosen]
    others = terms.times(coefficients.terms) + vectors @ coefficients.vectors + coefficients.bias
    others = np.delete(others, labels, 1)
    highest = others.max(1, keepdims=True)
    weighed = np.log(np.exp(others - highest).sum(1)) + highest[:, 0]
    own = learned.label_of[chosen][:, None] == labels
    targets = np.column_stack([own, ~own.any(1)]) * shares(learned.label_of)[chosen]
    start = Coefficients(
        coefficients.terms[:, labels], coefficients.vectors[:, labels], coefficients.bias[labels]
    )
    found = weighed_fit(
        Features(terms, vectors),
        targets.astype(np.float32),
        known.weights.vector,
        Beginning(start, weighed),
    )
    for part, new in zip(coefficients, found, strict=True):
        part[..., labels] = new
    return coefficients


def _chosen(change: _Change, label_of: Indices, labels: Indices) -> Indices:
    """Return the phrasings of `labels`, those of others most like their mean, and a few of all."""
    own = np.isin(label_of, labels)
    means = [change.vectors[label_of == label].mean(0) for label in labels if label in label_of]
    if not means:
        return np.flatnonzero(own)
    likeness = (change.vectors @ np.stack(means, 1)).max(1)
    likeness[own] = np.inf
    alike = np.argsort(-likeness, kind="stable")[: int(own.sum()) + _ALIKE]
    every = np.linspace(0, len(own) - 1, _ANY).astype(np.intp)
    return np.union1d(alike, every)
