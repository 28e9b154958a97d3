"""A folder of YAML files -> Knowledge, or one KnowledgeError that holds every Problem."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar

from bot.errors import KnowledgeError, Problem
from bot.knowledge.base import GUIDES, ID_PATTERN, Origin, Source
from bot.knowledge.checkpoints import Checkpoints
from bot.knowledge.document import Document, shown_path
from bot.knowledge.figure import Figure
from bot.knowledge.files import SCHEMAS
from bot.knowledge.folder import Files
from bot.knowledge.kinds import KINDS
from bot.knowledge.live import only_live
from bot.knowledge.model import (
    Calibrated,
    Draft,
    Entry,
    Guide,
    GuideFile,
    Knowledge,
    Outside,
    Words,
)
from bot.knowledge.phrasings import Lists, PhraseBook
from bot.knowledge.quiz import QuizQuestion
from bot.knowledge.rules import RULES, Rule
from bot.knowledge.schema import build, items
from bot.knowledge.voice import SafetyFile, VoiceFile

CALIBRATION = "calibration.yaml"
_NO_GUIDES = frozenset({"phrasings", SCHEMAS})
Model = TypeVar("Model", VoiceFile, SafetyFile)


def load(folder: Path, today: date, rules: Iterable[Rule] = RULES) -> Knowledge:
    """Read the knowledge folder, hold it against every rule, and return what is live.

    `today` is the day that review dates are compared with. Raises KnowledgeError with all
    problems found: shape problems first; if there are none, broken rules.
    """
    return _Loader(folder, today).load(tuple(rules))


class _Loader:
    """Reads one knowledge folder and collects problems on the way."""

    def __init__(self, folder: Path, today: date) -> None:
        self._folder = folder
        self._today = today
        self._files = Files(folder)
        self._ids: set[str] = set()

    def load(self, rules: tuple[Rule, ...]) -> Knowledge:
        """Return the Knowledge, or raise KnowledgeError."""
        if not self._folder.is_dir():
            raise KnowledgeError([Problem(str(self._folder), 1, "there is no such folder")])
        knowledge = self._read()
        if self._files.problems or knowledge is None:
            raise KnowledgeError(self._files.problems)
        broken = [found for rule in rules for found in rule(knowledge, self._today)]
        if broken:
            raise KnowledgeError(broken)
        return only_live(knowledge)

    def _read(self) -> Knowledge | None:
        """Read everything; None if a part is missing (its problems are reported)."""
        voice_file = self._files.document(self._folder / "voice.yaml")
        safety_file = self._files.document(self._folder / "safety.yaml")
        calibrated = self._files.document(self._folder / CALIBRATION, optional=True)
        book = self._book(self._folder / "phrasings", {})
        voice = self._without_entries(VoiceFile, voice_file)
        safety = self._without_entries(SafetyFile, safety_file)
        shared = [
            *self._entries(voice_file, "", "talk", book),
            *self._entries(safety_file, "", "safety", book),
        ]
        if self._files.all_read:
            book.check_ids(self._ids)
        guides = [
            self._guide(path)
            for path in sorted(self._folder.iterdir())
            if path.is_dir() and path.name not in _NO_GUIDES and not path.name.startswith(".")
        ]
        if not guides:
            self._files.report(
                Problem(shown_path(self._folder), 1, "there is no guide folder in it")
            )
        whole = [guide for guide in guides if guide is not None]
        if voice is None or safety is None or len(whole) < len(guides) or not whole:
            return None
        return Knowledge(
            guides=tuple(whole),
            shared=tuple(shared),
            voice=voice,
            safety=safety,
            version=self._files.version(CALIBRATION),
            calibrated=build(Calibrated, calibrated, self._files.report) if calibrated else None,
        )

    def _guide(self, folder: Path) -> Guide | None:
        """Read one guide's folder."""
        about = self._files.document(folder / "guide.yaml")
        if about is None:
            return None
        if not re.fullmatch(ID_PATTERN, folder.name) or folder.name == GUIDES:
            message = "a guide's folder is named in small letters, digits and single hyphens"
            self._files.report(Problem(shown_path(folder), 1, message))
            return None
        file = build(GuideFile, about, self._files.report)
        words_file = self._files.document(folder / "words.yaml", optional=True)
        words = build(Words, words_file, self._files.report) if words_file else Words()
        if file is None or words is None:
            return None
        book = self._book(folder / "phrasings", words.lists)
        answers = [
            self._files.document(path) for path in self._files.yaml_files(folder / "answers")
        ]
        terms = self._files.document(folder / "terms.yaml", optional=True)
        entries = [
            entry
            for document in (*answers, terms)
            if document is not None
            for entry in self._entries(document, folder.name, Path(document.path).stem, book)
        ]
        drafts = [
            draft
            for document in (*answers, terms)
            if document is not None
            for draft in self._drafts(document, folder.name)
        ]
        outside = self._outside(self._files.document(folder / "outside.yaml", optional=True), book)
        if self._files.all_read:
            book.check_ids(self._ids)
        return Guide.model_construct(
            id=folder.name,
            file=file,
            origin=Origin(about.path, 1, about.below(())),
            entries=tuple(entries),
            sources=self._sources(self._files.document(folder / "sources.yaml")),
            words=words,
            outside=tuple(group.model_copy(update={"guide": folder.name}) for group in outside),
            figures=tuple(self._figures(folder)),
            quiz=tuple(self._quiz(folder)),
            checkpoints=self._checkpoints(folder),
            drafts=tuple(drafts),
        )

    def _note_id(self, raw: object) -> None:
        """Remember the id of an entry, even of a broken one, whose phrasings are no mistake."""
        if isinstance(raw, Mapping):
            self._ids.add(str(raw.get("id")))

    def _book(self, folder: Path, lists: Lists) -> PhraseBook:
        """Read a folder of voices, if there is one."""
        book = PhraseBook(self._files.report, lists)
        for path in self._files.yaml_files(folder, optional=True):
            document = self._files.document(path)
            if document is not None:
                book.read(document, path.stem)
        return book

    def _entries(
        self, document: Document | None, guide: str, section: str, book: PhraseBook
    ) -> list[Entry]:
        """Read the list under ``entries`` of `document`, each with its phrasings."""
        if document is None:
            return []
        read = []
        for location, raw in items(document, "entries", self._files.report):
            self._note_id(raw)
            if _is_draft(raw) and guide:
                continue
            extra = {"guide": guide, "section": section}
            entry = build(Entry, document, self._files.report, location, data=raw, **extra)
            if entry is not None:
                own = book.own(document, location, entry.phrasings, entry.ask)
                phrases = (*own, *book.inside.get(entry.id, ()))
                read.append(entry.model_copy(update={"phrases": phrases}))
        return read

    def _drafts(self, document: Document, guide: str) -> Iterator[Draft]:
        """Read the entries of `document` that have a ``todo``."""
        listed = document.data.get("entries") if isinstance(document.data, Mapping) else None
        for index, raw in enumerate(listed if isinstance(listed, list) else ()):
            if _is_draft(raw):
                where, extra = (
                    ("entries", index),
                    {"guide": guide, "section": Path(document.path).stem},
                )
                draft = build(Draft, document, self._files.report, where, data=raw, **extra)
                if draft is not None:
                    yield draft

    def _outside(self, document: Document | None, book: PhraseBook) -> list[Outside]:
        """Read the guide's ``outside.yaml``, if it has one."""
        if document is None:
            return []
        read = []
        for location, raw in items(document, "outside", self._files.report):
            self._note_id(raw)
            group = build(Outside, document, self._files.report, location, data=raw)
            if group is not None:
                own = book.own(document, location, group.phrasings)
                phrases = (*own, *book.outside.get(group.id, ()))
                read.append(group.model_copy(update={"phrases": phrases}))
        return read

    def _figures(self, folder: Path) -> Iterator[Figure]:
        """Read the guide's ``figures.yaml``, if it has one; the pictures lie in ``figures/``."""
        document = self._files.document(folder / "figures.yaml", optional=True)
        if document is None:
            return
        for location, raw in items(document, "figures", self._files.report):
            kind = str(raw.get("kind")) if isinstance(raw, Mapping) else ""
            if kind not in KINDS:
                message = f"'kind' must be one of {', '.join(KINDS)}"
                self._files.report(document.problem((*location, "kind"), message))
                continue
            figure = build(
                KINDS[kind], document, self._files.report, location, data=raw, guide=folder.name
            )
            if figure is not None:
                yield figure.model_copy(update={"path": folder / "figures" / figure.file})

    def _quiz(self, folder: Path) -> Iterator[QuizQuestion]:
        """Read the guide's ``quiz.yaml``, if it has one."""
        document = self._files.document(folder / "quiz.yaml", optional=True)
        if document is None:
            return
        for location, raw in items(document, "questions", self._files.report):
            each = build(
                QuizQuestion, document, self._files.report, location, data=raw, guide=folder.name
            )
            if each is not None:
                yield each

    def _checkpoints(self, folder: Path) -> Checkpoints | None:
        """Read the guide's ``checkpoints.yaml``, if it has one."""
        document = self._files.document(folder / "checkpoints.yaml", optional=True)
        if document is None:
            return None
        return build(Checkpoints, document, self._files.report, guide=folder.name)

    def _sources(self, document: Document | None) -> dict[str, Source]:
        """Read ``sources.yaml``: key -> Source."""
        if document is None:
            return {}
        if not isinstance(document.data, Mapping):
            self._files.report(document.problem((), "expected source keys and their values"))
            return {}
        built = {
            str(key): build(Source, document, self._files.report, (str(key),), data=raw or {})
            for key, raw in document.data.items()
        }
        return {key: source for key, source in built.items() if source is not None}

    def _without_entries(self, model: type[Model], document: Document | None) -> Model | None:
        """Read a file whose ``entries`` are read apart."""
        if document is None:
            return None
        data = document.data
        if isinstance(data, Mapping):
            data = {key: value for key, value in data.items() if key != "entries"}
        return build(model, document, self._files.report, data=data)


def _is_draft(raw: object) -> bool:
    """Say whether an entry, as it stands in its file, is not finished."""
    return isinstance(raw, Mapping) and "todo" in raw
