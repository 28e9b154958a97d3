"""Everything the matcher has learned, built once from Knowledge."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.model import Knowledge
from bot.matching.calibration import Calibration, kept_calibration
from bot.matching.encoder import Encoder
from bot.matching.kept_vectors import KeptVectors
from bot.matching.labelled import Labelled
from bot.matching.material import FeatureWeights, Material
from bot.matching.packing import Packed
from bot.matching.reading import Reader
from bot.matching.regression import Coefficients
from bot.matching.sampling import ROOM, Room, sampled
from bot.matching.selection import Selected, select
from bot.matching.vectors import principal
from bot.matching.wording import RARE, RARE_OF_SAMPLE, Wording

Array = NDArray[np.float32]


@dataclass(frozen=True)
class SearchIndex:
    """The fitted matcher: the vectors of all phrasings (n, width), and the coefficients.

    `basis` (encoder's width, width) turns an encoder's vector into one of `vectors`' kind. One
    that is `provisional` was adapted to changed phrasings, not fitted to them. The largest arrays
    are small for their kind: `vectors` are packed, the coefficients of terms in half precision.
    """

    learned: Labelled
    basis: Array
    vectors: Packed
    wording: Wording
    coefficients: Coefficients
    weights: FeatureWeights
    calibration: Calibration
    provisional: bool = False


@dataclass(frozen=True)
class Lesson:
    """All phrasings of a Knowledge as a fit needs them: read once, to be fitted several times.

    The fit is to those that were `heard`, all or a sample, and `material` is made of them; the
    nearest phrasing is one of all that are `learned`, whose `vectors` (n, width) these are.
    """

    learned: Labelled
    heard: Labelled
    basis: Array
    vectors: Array
    wording: Wording
    material: Material

    def taught(self, weights: FeatureWeights, calibration: Calibration) -> SearchIndex:
        """Return the index of a fit with `weights`."""
        return SearchIndex(
            self.learned,
            self.basis,
            Packed.of(self.vectors),
            self.wording,
            halved(self.material.teach(weights.vector)),
            weights,
            calibration,
        )


def halved(coefficients: Coefficients) -> Coefficients:
    """Return `coefficients` with those of the terms, which are most of them, in half precision."""
    return coefficients._replace(terms=coefficients.terms.astype(np.float16))


def lesson_of(
    knowledge: Knowledge,
    encoder: Encoder,
    reader: Reader,
    folder: Path | None = None,
    room: Room = ROOM,
) -> Lesson:
    """Read every phrasing of `knowledge`; `folder` may keep their vectors for the next time.

    Of more than fit into `room`, a sample is to be fitted to.
    """
    learned = Labelled.of(knowledge)
    readings = [reader.read(phrase.text) for phrase in learned.phrases]
    vectors = KeptVectors(encoder, folder).of(readings)
    basis = principal(vectors)
    vectors = vectors @ basis
    chosen = sampled(learned.label_of, room)
    if len(chosen) < len(vectors):
        heard, used, rare = learned.part(chosen), vectors[chosen], RARE_OF_SAMPLE
    else:
        heard, used, rare = learned, vectors, RARE
    understood = [readings[at].understood for at in chosen.tolist()]
    wording = Wording.learn(understood, rare)
    rows = [wording.row(text) for text in understood]
    material = Material(rows, len(wording.terms), used, heard.label_of, len(heard.labels))
    return Lesson(learned, heard, basis, vectors, wording, material)


def build_index(
    knowledge: Knowledge,
    encoder: Encoder,
    reader: Reader,
    folder: Path | None = None,
    room: Room = ROOM,
) -> SearchIndex:
    """Fit the regression to `knowledge`; `folder` may keep vectors for the next fit.

    Weights and calibration come from calibration.yaml if it was fitted for these guides and this
    encoder, else from phrasings held out.
    """
    lesson = lesson_of(knowledge, encoder, reader, folder, room)
    return lesson.taught(*(kept(knowledge, encoder.name) or select(lesson.material, lesson.heard)))


def kept(knowledge: Knowledge, encoder: str) -> Selected | None:
    """Return what calibration.yaml says, if it was fitted for these guides and this encoder."""
    calibration = kept_calibration(knowledge, encoder)
    if calibration is None or knowledge.calibrated is None:
        return None
    file = knowledge.calibrated
    return Selected(FeatureWeights(file.vector, file.nearness), calibration)
