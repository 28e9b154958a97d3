"""A folder of YAML files -> Knowledge, or one KnowledgeError that holds every Problem."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar

from bot.errors import KnowledgeError, Problem
from bot.knowledge.base import GUIDES, ID_PATTERN, Origin
from bot.knowledge.document import Document, shown_path
from bot.knowledge.files import SCHEMAS
from bot.knowledge.folder import Files
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
from bot.knowledge.parts import checkpoints_in, figures_in, quiz_in, sources_in
from bot.knowledge.phrasings import Lists, PhraseBook
from bot.knowledge.remembered import DocumentMemory
from bot.knowledge.rules import RULES, VOICE_RULES, Rule
from bot.knowledge.schema import build, items
from bot.knowledge.voice import SafetyFile, VoiceFile

CALIBRATION = "calibration.yaml"
_NO_GUIDES = frozenset({"phrasings", SCHEMAS})
Model = TypeVar("Model", VoiceFile, SafetyFile)


def languages(folder: Path) -> tuple[str, ...]:
    """Return the codes of the languages that have a voice of their own, beside the first one."""
    return tuple(sorted(path.name.split(".")[1] for path in folder.glob("voice.*.yaml")))


def load_language(
    folder: Path, today: date, language: str, first: Knowledge, memory: DocumentMemory | None = None
) -> Knowledge:
    """Read what the folder has in another language; without guides of its own, those of `first`.

    With guides of its own, every rule holds for them. Raises KnowledgeError.
    """
    files = Files(folder, memory or DocumentMemory())
    return _Loader(folder, today, files, language, first).load(RULES)


def load(
    folder: Path, today: date, rules: Iterable[Rule] = RULES, memory: DocumentMemory | None = None
) -> Knowledge:
    """Read the knowledge folder, hold it against every rule, and return what is live.

    `today` is the day that review dates are compared with; a `memory` spares the files that it
    holds. Raises KnowledgeError with all problems found: shape problems first; if there are none,
    broken rules.
    """
    files = Files(folder, memory or DocumentMemory())
    return _Loader(folder, today, files).load(tuple(rules))


class _Loader:
    """Reads one knowledge folder and collects problems on the way."""

    def __init__(
        self,
        folder: Path,
        today: date,
        files: Files,
        language: str = "",
        first: Knowledge | None = None,
    ) -> None:
        self._folder = folder
        self._suffix = f".{language}" if language else ""
        self._first = first
        self._today = today
        self._files = files
        self._ids: set[str] = set()

    def load(self, rules: tuple[Rule, ...]) -> Knowledge:
        """Return the Knowledge, or raise KnowledgeError."""
        if not self._folder.is_dir():
            raise KnowledgeError([Problem(str(self._folder), 1, "there is no such folder")])
        knowledge = self._read()
        if self._files.problems or knowledge is None:
            raise KnowledgeError(self._files.problems)
        held = VOICE_RULES if knowledge.foreign else rules
        broken = [found for rule in held for found in rule(knowledge, self._today)]
        if broken:
            raise KnowledgeError(broken)
        return only_live(knowledge)

    def _read(self) -> Knowledge | None:
        """Read everything; None if a part is missing (its problems are reported)."""
        voice_file = self._files.document(self._folder / f"voice{self._suffix}.yaml")
        safety_file = self._files.document(self._folder / f"safety{self._suffix}.yaml")
        calibrated = self._files.document(self._folder / CALIBRATION, optional=True)
        book = self._book(self._folder / f"phrasings{self._suffix}", {})
        voice = self._without_entries(VoiceFile, voice_file)
        safety = self._without_entries(SafetyFile, safety_file)
        shared = [
            *self._entries(voice_file, "", "talk", book),
            *self._entries(safety_file, "", "safety", book),
        ]
        if self._files.all_read:
            book.check_ids(self._ids)
        guides = [self._guide(path) for path in self._homes()]
        if self._first is not None and not guides:
            return self._translated(self._first, voice, safety, shared)
        if not guides:
            self._files.report(
                Problem(shown_path(self._folder), 1, "there is no guide folder in it")
            )
        whole = [guide for guide in guides if guide is not None]
        if voice is None or safety is None or len(whole) < len(guides) or not whole:
            return None
        read = Knowledge(
            guides=tuple(whole),
            shared=tuple(shared),
            voice=voice,
            safety=safety,
            version=self._files.version(CALIBRATION),
            calibrated=build(Calibrated, calibrated, self._files.report) if calibrated else None,
        )
        return read.model_copy(update=_with_sources(safety, self._first)) if self._first else read

    def _homes(self) -> list[Path]:
        """Return the folders of guides in this language: ``guide``, or ``guide.es``."""
        return [
            path
            for path in sorted(self._folder.iterdir())
            if path.is_dir()
            and path.suffix == self._suffix
            and path.stem not in _NO_GUIDES
            and not path.name.startswith(".")
        ]

    def _translated(
        self,
        first: Knowledge,
        voice: VoiceFile | None,
        safety: SafetyFile | None,
        shared: list[Entry],
    ) -> Knowledge | None:
        """Return `first` in the words of another voice, with its own entries where it has them."""
        if voice is None or safety is None:
            return None
        own = {entry.id: entry for entry in shared}
        known = {entry.id for entry in first.shared}
        for entry in shared:
            if entry.id not in known:
                message = f"'{entry.id}' translates nothing: no shared entry has this id"
                self._files.report(Problem(entry.origin.path, entry.origin.at("id"), message))
        kept = {
            "voice": voice,
            **_with_sources(safety, first),
            "shared": tuple(own.get(entry.id, entry) for entry in first.shared),
            "foreign": True,
        }
        return first.model_copy(update=kept)

    def _guide(self, folder: Path) -> Guide | None:
        """Read one guide's folder."""
        about = self._files.document(folder / "guide.yaml")
        if about is None:
            return None
        name = folder.name.removesuffix(self._suffix)
        if not re.fullmatch(ID_PATTERN, name) or name == GUIDES:
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
            for entry in self._entries(document, name, Path(document.path).stem, book)
        ]
        drafts = [
            draft
            for document in (*answers, terms)
            if document is not None
            for draft in self._drafts(document, name)
        ]
        outside = self._outside(self._files.document(folder / "outside.yaml", optional=True), book)
        if self._files.all_read:
            book.check_ids(self._ids)
        return Guide.model_construct(
            id=name,
            file=file,
            origin=Origin(about.path, 1, about.below(())),
            entries=tuple(entries),
            sources=sources_in(self._files, folder),
            words=words,
            outside=tuple(group.model_copy(update={"guide": name}) for group in outside),
            figures=tuple(figures_in(self._files, folder, name)),
            quiz=tuple(quiz_in(self._files, folder, name)),
            checkpoints=checkpoints_in(self._files, folder, name),
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


def _with_sources(safety: SafetyFile, first: Knowledge) -> dict[str, object]:
    """Return a language's red flags, with the sources of the first one's, and the first one's."""
    sources = {**first.safety.sources, **safety.sources}
    return {
        "safety": safety.model_copy(update={"sources": sources}),
        "first_safety": first.safety,
    }
