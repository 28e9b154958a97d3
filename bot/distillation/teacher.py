"""Who the network learns from, and its vectors, which are made once and kept on disk."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.errors import TrainingError
from bot.matching.encoder import CharEncoder

Tell = Callable[[str], None]

_PART = 16_384
_BATCH = 256


class Teacher(Protocol):
    """Turns texts into vectors of length 1. A `bot.matching.encoder.CharEncoder` can teach, too."""

    @property
    def name(self) -> str:
        """What distinguishes this teacher's vectors from another's: they are kept under it."""
        ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row of length 1 for each text, shape (len(texts), width)."""
        ...


class SentenceTransformersTeacher:
    """Any model of sentence-transformers, by its name or from a folder (extra [train])."""

    def __init__(self, model: str) -> None:
        """Load `model`. Raises TrainingError if the extra isn't installed or it can't be had."""
        try:
            from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - an extra
        except ImportError:
            message = "a teacher needs the extra: pip install '.[train]'"
            raise TrainingError(message) from None
        try:
            self._model = SentenceTransformer(model)
        except Exception as error:  # noqa: BLE001 - it raises whatever its parts raise
            message = f"the teacher {model} can't be loaded ({type(error).__name__})"
            raise TrainingError(message) from None
        self.name = _identity(model)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, width) rows of length 1."""
        rows = self._model.encode(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(rows, np.float32)


def make_teacher(model: str) -> Teacher:
    """Return the teacher of that name: an encoder.npz, or any model of sentence-transformers.

    Raises TrainingError or EncoderError.
    """
    if model.endswith(".npz"):
        return CharEncoder(Path(model))
    return SentenceTransformersTeacher(model)


def taught(
    teacher: Teacher, texts: Sequence[str], folder: Path | None, tell: Tell
) -> NDArray[np.float16]:
    """Return the teacher's vectors of `texts`, (n, width).

    They are kept in `folder`, a file for each 16,384 texts, so that work cut off goes on where it
    stopped; without a folder nothing is kept. Raises TrainingError if it can't be written.
    """
    parts = []
    for start in range(0, len(texts), _PART):
        part = texts[start : start + _PART]
        path = folder / f"{_key(teacher, part)}.npy" if folder else None
        kept = _kept(path, len(part))
        parts.append(_made(teacher, part, path) if kept is None else kept)
        tell(f"teacher: {start + len(part)} of {len(texts)} texts")
    return np.concatenate(parts)


def _made(teacher: Teacher, texts: Sequence[str], path: Path | None) -> NDArray[np.float16]:
    """Return the vectors of a part, and keep them."""
    rows = teacher.encode(texts).astype(np.float16)
    if path is not None:
        scratch = path.with_suffix(".tmp.npy")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            np.save(scratch, rows)
            scratch.replace(path)
        except OSError as error:
            message = f"{path.parent} can't be written: {error.strerror or type(error).__name__}"
            raise TrainingError(message) from None
    return rows


def _kept(path: Path | None, count: int) -> NDArray[np.float16] | None:
    """Return the vectors kept at `path`, or None if there are none or they can't be read."""
    if path is None or not path.exists():
        return None
    try:
        rows: NDArray[np.float16] = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return rows if len(rows) == count else None


def _key(teacher: Teacher, texts: Sequence[str]) -> str:
    """Return the name under which the vectors of these texts are kept."""
    return hashlib.sha256("\n".join([teacher.name, *texts]).encode()).hexdigest()[:24]


def _identity(model: str) -> str:
    """Return the model's name, or a hash of its files if it is a folder: files may change."""
    folder = Path(model)
    if not folder.is_dir():
        return model
    digest = hashlib.sha256()
    for path in sorted(filter(Path.is_file, folder.rglob("*"))):
        digest.update(str(path.relative_to(folder)).encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
