"""The files of a guide that stand beside its entries: sources, pictures, quiz, checkpoints."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.knowledge.base import Source
from bot.knowledge.checkpoints import Checkpoints
from bot.knowledge.figure import Figure
from bot.knowledge.folder import Files
from bot.knowledge.kinds import KINDS
from bot.knowledge.quiz import QuizQuestion
from bot.knowledge.schema import build, items


def sources_in(files: Files, folder: Path) -> dict[str, Source]:
    """Read ``sources.yaml``: key -> Source."""
    document = files.document(folder / "sources.yaml")
    if document is None:
        return {}
    if not isinstance(document.data, Mapping):
        files.report(document.problem((), "expected source keys and their values"))
        return {}
    built = {
        str(key): build(Source, document, files.report, (str(key),), data=raw or {})
        for key, raw in document.data.items()
    }
    return {key: source for key, source in built.items() if source is not None}


def figures_in(files: Files, folder: Path, guide: str) -> Iterator[Figure]:
    """Read ``figures.yaml``, if there is one; the pictures lie in ``figures/``."""
    document = files.document(folder / "figures.yaml", optional=True)
    if document is None:
        return
    for location, raw in items(document, "figures", files.report):
        kind = str(raw.get("kind")) if isinstance(raw, Mapping) else ""
        if kind not in KINDS:
            message = f"'kind' must be one of {', '.join(KINDS)}"
            files.report(document.problem((*location, "kind"), message))
            continue
        figure = build(KINDS[kind], document, files.report, location, data=raw, guide=guide)
        if figure is not None:
            yield figure.model_copy(update={"path": folder / "figures" / figure.file})


def quiz_in(files: Files, folder: Path, guide: str) -> Iterator[QuizQuestion]:
    """Read ``quiz.yaml``, if there is one."""
    document = files.document(folder / "quiz.yaml", optional=True)
    if document is None:
        return
    for location, raw in items(document, "questions", files.report):
        each = build(QuizQuestion, document, files.report, location, data=raw, guide=guide)
        if each is not None:
            yield each


def checkpoints_in(files: Files, folder: Path, guide: str) -> Checkpoints | None:
    """Read ``checkpoints.yaml``, if there is one."""
    document = files.document(folder / "checkpoints.yaml", optional=True)
    return build(Checkpoints, document, files.report, guide=guide) if document else None
