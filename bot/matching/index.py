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
from bot.matching.reading import Reader
from bot.matching.regression import Coefficients
from bot.matching.selection import Selected, select
from bot.matching.vectors import principal
from bot.matching.wording import Wording

Array = NDArray[np.float32]
Halves = NDArray[np.float16]


@dataclass(frozen=True)
class SearchIndex:
    """The fitted matcher: the vectors of all phrasings (n, width), and the coefficients.

    `basis` (encoder's width, width) turns an encoder's vector into one of `vectors`' kind. One
    that is `provisional` was adapted to changed phrasings, not fitted to them. The largest arrays,
    `vectors` and the coefficients of terms, are in half precision: a cosine is about 0.0001 off,
    and 28,000 phrasings need 23 MB less.
    """

    learned: Labelled
    basis: Array
    vectors: Halves
    wording: Wording
    coefficients: Coefficients
    weights: FeatureWeights
    calibration: Calibration
    provisional: bool = False


@dataclass(frozen=True)
class Lesson:
    """All phrasings of a Knowledge as a fit needs them: read once, to be fitted several times."""

    learned: Labelled
    basis: Array
    wording: Wording
    material: Material

    def taught(self, weights: FeatureWeights, calibration: Calibration) -> SearchIndex:
        """Return the index of a fit with `weights`."""
        return SearchIndex(
            self.learned,
            self.basis,
            self.material.vectors.astype(np.float16),
            self.wording,
            halved(self.material.teach(weights.vector)),
            weights,
            calibration,
        )


def halved(coefficients: Coefficients) -> Coefficients:
    """Return `coefficients` with those of the terms, which are most of them, in half precision."""
    return coefficients._replace(terms=coefficients.terms.astype(np.float16))


def lesson_of(
    knowledge: Knowledge, encoder: Encoder, reader: Reader, folder: Path | None = None
) -> Lesson:
    """Read every phrasing of `knowledge`; `folder` may keep their vectors for the next time."""
    learned = Labelled.of(knowledge)
    readings = [reader.read(phrase.text) for phrase in learned.phrases]
    vectors = KeptVectors(encoder, folder).of(readings)
    basis = principal(vectors)
    understood = [reading.understood for reading in readings]
    wording = Wording.learn(understood)
    rows = [wording.row(text) for text in understood]
    labels, count = learned.label_of, len(learned.labels)
    material = Material(rows, len(wording.terms), vectors @ basis, labels, count)
    return Lesson(learned, basis, wording, material)


def build_index(
    knowledge: Knowledge, encoder: Encoder, reader: Reader, folder: Path | None = None
) -> SearchIndex:
    """Fit the regression to `knowledge`; `folder` may keep vectors for the next fit.

    Weights and calibration come from calibration.yaml if it was fitted for these guides and this
    encoder, else from phrasings held out.
    """
    lesson = lesson_of(knowledge, encoder, reader, folder)
    return lesson.taught(
        *(kept(knowledge, encoder.name) or select(lesson.material, lesson.learned))
    )


def kept(knowledge: Knowledge, encoder: str) -> Selected | None:
    """Return what calibration.yaml says, if it was fitted for these guides and this encoder."""
    calibration = kept_calibration(knowledge, encoder)
    if calibration is None or knowledge.calibrated is None:
        return None
    file = knowledge.calibrated
    return Selected(FeatureWeights(file.vector, file.nearness), calibration)
