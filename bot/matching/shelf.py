"""Where fitted indexes are kept, by the hash of the knowledge, the encoder and the code."""

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.keeping import UNREADABLE, code_version, drop, write_whole
from bot.knowledge.model import Knowledge
from bot.matching.adapting import adapted
from bot.matching.calibration import Calibration
from bot.matching.encoder import Encoder
from bot.matching.index import SearchIndex, build_index, kept
from bot.matching.labelled import Labelled
from bot.matching.material import FeatureWeights
from bot.matching.packing import Packed
from bot.matching.reading import Reader
from bot.matching.regression import Coefficients
from bot.matching.wording import Wording

_KEPT_FILES = 4


def cached_index(
    knowledge: Knowledge,
    encoder: Encoder,
    reader: Reader,
    folder: Path,
    known: SearchIndex | None = None,
) -> SearchIndex:
    """Return the index kept in `folder` for this very knowledge and encoder, or build and keep it.

    A folder that can't be written, or a file that can't be read, only costs the time to build.
    One that is `known` of nearly the same knowledge is adapted instead, and that isn't kept.
    """
    learned = Labelled.of(knowledge)
    version = _version(knowledge, learned, encoder)
    path = folder / f"index-{_code_version()}-{encoder.name}-{version}.npz"
    kept = _load(path, learned)
    if kept is not None:
        return kept
    if known is not None:
        found = adapted(known, learned, encoder, reader)
        if found is not None:
            return found
    index = build_index(knowledge, encoder, reader, folder)
    _save(path, index)
    return index


def _version(knowledge: Knowledge, learned: Labelled, encoder: Encoder) -> str:
    """Return a hash of all that an index is made of: what else changes needs no new fit."""
    found = kept(knowledge, encoder.name)
    digest = hashlib.sha256(repr(found and found.weights).encode())
    for label, phrase in zip(learned.label_of.tolist(), learned.phrases, strict=True):
        digest.update(f"{learned.labels[label]}\0{phrase.voice}\0{phrase.text}\n".encode())
    for guide in knowledge.guides:
        digest.update(guide.words.model_dump_json().encode())
    return digest.hexdigest()[:16]


def _code_version() -> str:
    """Return a hash of the code that makes an index: other code, another index."""
    here = Path(__file__).parent
    return code_version((*sorted(here.glob("*.py")), here.parent / "text.py"))


def _save(path: Path, index: SearchIndex) -> None:
    """Keep an index, and drop the oldest ones."""
    facts = {"weights": index.weights._asdict(), "calibration": asdict(index.calibration)}
    arrays = {
        "basis": index.basis,
        **{f"of_{name}": part for name, part in index.vectors._asdict().items()},
        "words": np.array("\n".join(index.wording.terms)),
        "telling": index.wording.telling,
        **{f"to_{name}": part for name, part in index.coefficients._asdict().items()},
        "facts": np.array(json.dumps(facts)),
    }
    if not write_whole(path, partial(np.savez, **arrays)):
        return
    drop(sorted(path.parent.glob("index-*.npz"), key=_changed)[:-_KEPT_FILES])


def _lines(array: NDArray[np.str_]) -> tuple[str, ...]:
    """Return the lines of a text that was kept as one."""
    return tuple(str(array).split("\n"))


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
                Packed(*(file[f"of_{name}"] for name in Packed._fields)),
                Wording(_lines(file["words"])[: len(file["telling"])], file["telling"]),
                Coefficients(*(file[f"to_{name}"] for name in Coefficients._fields)),
                FeatureWeights(**facts["weights"]),
                Calibration(**facts["calibration"]),
            )
    except UNREADABLE:
        return None
    fits = len(index.vectors.first) == len(learned.phrases)
    return index if fits else None
