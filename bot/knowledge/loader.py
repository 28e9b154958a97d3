"""A folder of YAML files -> Knowledge, or one KnowledgeError that holds every Problem."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar

from bot.errors import KnowledgeError, Problem
from bot.knowledge.document import Document, read_document
from bot.knowledge.model import (
    Entry,
    Guide,
    GuideFile,
    Knowledge,
    Origin,
    Outside,
    Phrase,
    SafetyFile,
    Source,
    VoiceFile,
    Words,
)
from bot.knowledge.rules import RULES, Rule
from bot.knowledge.schema import Report, build, items
from bot.knowledge.templates import TemplateError, expand

AUTHOR = "author"
"""The voice of phrasings that stand in the entry itself."""

Phrases = dict[str, list[Phrase]]
Model = TypeVar("Model", VoiceFile, SafetyFile)


def load(folder: Path, today: date, rules: Iterable[Rule] = RULES) -> Knowledge:
    """Read the knowledge folder and hold it against every rule.

    `today` is the day that review dates are compared with. Raises KnowledgeError with all
    problems found: shape problems first; if there are none, broken rules.
    """
    return _Loader(folder, today).load(tuple(rules))


class _Loader:
    """Reads one knowledge folder and collects problems on the way."""

    def __init__(self, folder: Path, today: date) -> None:
        self._folder = folder
        self._today = today
        self._problems: list[Problem] = []

    def load(self, rules: tuple[Rule, ...]) -> Knowledge:
        """Return the Knowledge, or raise KnowledgeError."""
        if not self._folder.is_dir():
            raise KnowledgeError([Problem(str(self._folder), 1, "there is no such folder")])
        knowledge = self._read()
        if self._problems or knowledge is None:
            raise KnowledgeError(self._problems)
        broken = [found for rule in rules for found in rule(knowledge, self._today)]
        if broken:
            raise KnowledgeError(broken)
        return knowledge

    def _report(self, problem: Problem) -> None:
        self._problems.append(problem)

    def _read(self) -> Knowledge | None:
        """Read everything; None if a part is missing (its problems are reported)."""
        voice_file = self._document(self._folder / "voice.yaml")
        safety_file = self._document(self._folder / "safety.yaml")
        asked, _ = self._phrasings(self._folder / "phrasings", {})
        voice = self._without_entries(VoiceFile, voice_file)
        safety = self._without_entries(SafetyFile, safety_file)
        shared = [
            *self._entries(voice_file, "", "talk", asked, {}),
            *self._entries(safety_file, "", "safety", asked, {}),
        ]
        self._unknown_phrasings(asked, {entry.id for entry in shared})
        guides = [
            self._guide(path)
            for path in sorted(self._folder.iterdir())
            if path.is_dir() and path.name != "phrasings" and not path.name.startswith(".")
        ]
        if not guides:
            self._report(Problem(self._shown(self._folder), 1, "there is no guide folder in it"))
        whole = [guide for guide in guides if guide is not None]
        if voice is None or safety is None or len(whole) < len(guides) or not whole:
            return None
        return Knowledge(
            guides=tuple(whole),
            shared=tuple(shared),
            voice=voice,
            safety=safety,
            version=self._version(),
        )

    def _guide(self, folder: Path) -> Guide | None:
        """Read one guide's folder."""
        guide_id = folder.name
        about = self._document(folder / "guide.yaml")
        if about is None:
            return None
        file = build(GuideFile, about, self._report)
        words_file = self._document(folder / "words.yaml", optional=True)
        words = build(Words, words_file, self._report) if words_file else Words()
        if file is None or words is None:
            return None
        asked, outside_asked = self._phrasings(folder / "phrasings", words.lists)
        answer_files = [*self._yaml_files(folder / "answers"), folder / "terms.yaml"]
        entries = [
            entry
            for path in answer_files
            for entry in self._entries(
                self._document(path, optional=path.name == "terms.yaml"),
                guide_id,
                path.stem,
                asked,
                words.lists,
            )
        ]
        outside = self._outside(folder, guide_id, outside_asked, words.lists)
        self._unknown_phrasings(asked, {entry.id for entry in entries})
        self._unknown_phrasings(outside_asked, {group.id for group in outside})
        return Guide.model_construct(
            id=guide_id,
            file=file,
            origin=_origin(about),
            entries=tuple(entries),
            sources=self._sources(self._document(folder / "sources.yaml")),
            words=words,
            outside=tuple(outside),
        )

    def _entries(
        self,
        document: Document | None,
        guide: str,
        section: str,
        asked: Phrases,
        lists: Mapping[str, tuple[str, ...]],
    ) -> list[Entry]:
        """Read the list under ``entries`` of `document`; `asked` are phrasings of voices."""
        if document is None:
            return []
        read = []
        for location, raw in items(document, "entries", self._report):
            entry = build(
                Entry, document, self._report, location, data=raw, guide=guide, section=section
            )
            if entry is not None:
                own = self._own(document, location, entry.phrasings, lists)
                phrases = (*own, *asked.get(entry.id, ()))
                read.append(entry.model_copy(update={"phrases": phrases}))
        return read

    def _outside(
        self, folder: Path, guide: str, asked: Phrases, lists: Mapping[str, tuple[str, ...]]
    ) -> list[Outside]:
        """Read the guide's ``outside.yaml``, if it has one."""
        document = self._document(folder / "outside.yaml", optional=True)
        read = []
        for location, raw in items(document, "outside", self._report) if document else ():
            group = build(Outside, document, self._report, location, data=raw, guide=guide)
            if group is not None:
                own = self._own(document, location, group.phrasings, lists)
                phrases = (*own, *asked.get(group.id, ()))
                read.append(group.model_copy(update={"phrases": phrases}))
        return read

    def _own(
        self,
        document: Document,
        location: tuple[str | int, ...],
        phrasings: Iterable[str],
        lists: Mapping[str, tuple[str, ...]],
    ) -> list[Phrase]:
        """Expand the phrasings that stand in an entry itself."""
        return [
            phrase
            for index, text in enumerate(phrasings)
            for phrase in self._expanded(
                document, (*location, "phrasings", index), text, AUTHOR, lists
            )
        ]

    def _phrasings(
        self, folder: Path, lists: Mapping[str, tuple[str, ...]]
    ) -> tuple[Phrases, Phrases]:
        """Read a folder of voices: phrasings by entry id, and by outside group id."""
        inside: Phrases = defaultdict(list)
        outside: Phrases = defaultdict(list)
        for path in self._yaml_files(folder, optional=True):
            document = self._document(path)
            if document is None:
                continue
            for key, target in (("phrasings", inside), ("outside", outside)):
                self._voice(document, key, path.stem, target, lists)
        return inside, outside

    def _voice(
        self,
        document: Document,
        key: str,
        voice: str,
        target: Phrases,
        lists: Mapping[str, tuple[str, ...]],
    ) -> None:
        """Add one voice's phrasings under `key` of its file to `target`."""
        data = document.data
        if not isinstance(data, Mapping):
            self._report(document.problem((), "expected keys and values"))
            return
        for topic, texts in (data.get(key) or {}).items():
            if not isinstance(texts, list):
                self._report(document.problem((key, topic), "expected a list of phrasings"))
                continue
            for index, text in enumerate(texts):
                target[topic] += self._expanded(document, (key, topic, index), text, voice, lists)

    def _expanded(
        self,
        document: Document,
        location: tuple[str | int, ...],
        text: object,
        voice: str,
        lists: Mapping[str, tuple[str, ...]],
    ) -> list[Phrase]:
        """Expand one phrasing; a bad one is reported and skipped."""
        line = document.line(location)
        if not isinstance(text, str) or not text.strip():
            message = "a phrasing must be text (put quotes around it)"
            self._report(Problem(document.path, line, message))
            return []
        try:
            return [Phrase(said, voice, document.path, line) for said in expand(text, lists)]
        except TemplateError as error:
            self._report(Problem(document.path, line, str(error)))
            return []

    def _unknown_phrasings(self, asked: Phrases, known: set[str]) -> None:
        """Report phrasings for ids that nothing carries."""
        for topic, phrases in asked.items():
            if topic not in known and phrases:
                message = f"phrasings for '{topic}', but no entry has this id"
                self._report(Problem(phrases[0].path, phrases[0].line, message))

    def _sources(self, document: Document | None) -> dict[str, Source]:
        """Read ``sources.yaml``: key -> Source."""
        if document is None:
            return {}
        if not isinstance(document.data, Mapping):
            self._report(document.problem((), "expected source keys and their values"))
            return {}
        built = {
            str(key): build(Source, document, self._report, (str(key),), data=raw or {})
            for key, raw in document.data.items()
        }
        return {key: source for key, source in built.items() if source is not None}

    def _without_entries(
        self, model: type[Model], document: Document | None
    ) -> Model | None:
        """Read a file whose ``entries`` are read apart."""
        if document is None:
            return None
        data = document.data
        rest = (
            {key: value for key, value in data.items() if key != "entries"}
            if isinstance(data, Mapping)
            else data
        )
        return build(model, document, self._report, data=rest)

    def _document(self, path: Path, *, optional: bool = False) -> Document | None:
        """Read one file; problems are reported. A missing optional file is no problem."""
        if optional and not path.exists():
            return None
        try:
            return read_document(path, self._shown(path))
        except KnowledgeError as error:
            self._problems += error.problems
            return None

    def _yaml_files(self, folder: Path, *, optional: bool = False) -> list[Path]:
        """List the YAML files of a folder, sorted; a missing folder is reported."""
        if not folder.is_dir():
            if not optional:
                self._report(Problem(self._shown(folder), 1, "there is no such folder"))
            return []
        return sorted(folder.glob("*.yaml"))

    def _shown(self, path: Path) -> str:
        """Return a path as an author would type it."""
        try:
            return str(path.resolve().relative_to(Path.cwd()))
        except ValueError:
            return str(path)

    def _version(self) -> str:
        """Return a hash of every YAML file's name and content."""
        digest = hashlib.sha256()
        for path in sorted(self._folder.rglob("*.yaml")):
            digest.update(str(path.relative_to(self._folder)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()[:16]


def _origin(document: Document) -> Origin:
    """Return where a whole document stands."""
    return Origin(document.path, 1, document.below(()))
