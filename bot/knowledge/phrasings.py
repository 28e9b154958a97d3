"""Ways of asking: read from voices' files and from entries, templates expanded."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from bot.errors import Problem
from bot.knowledge.base import Phrase
from bot.knowledge.document import Document, Location
from bot.knowledge.schema import Report
from bot.knowledge.templates import TemplateError, expand

AUTHOR = "author"
"""The voice of phrasings that stand in the entry itself."""

Lists = Mapping[str, tuple[str, ...]]


class PhraseBook:
    """The phrasings of one folder, by the id of what they ask for."""

    def __init__(self, report: Report, lists: Lists) -> None:
        """Report bad phrasings to `report`; `lists` are words.yaml's, for templates."""
        self._report = report
        self._lists = lists
        self.inside: dict[str, list[Phrase]] = defaultdict(list)
        self.outside: dict[str, list[Phrase]] = defaultdict(list)

    def read(self, document: Document, voice: str) -> None:
        """Add one voice's file: ``phrasings`` by entry id, ``outside`` by field id."""
        data = document.data
        if not isinstance(data, Mapping):
            self._report(document.problem((), "expected keys and values"))
            return
        for key in data:
            if key not in ("phrasings", "outside"):
                self._report(document.problem((str(key),), f"unknown key '{key}'"))
        self._add(document, "phrasings", voice, self.inside)
        self._add(document, "outside", voice, self.outside)

    def own(
        self, document: Document, location: Location, texts: Iterable[str], ask: str = ""
    ) -> tuple[Phrase, ...]:
        """Return the phrasings of an entry itself, expanded; its `ask` is one of them."""
        line = document.line((*location, "ask"))
        asked = [Phrase(ask, AUTHOR, document.path, line)] if ask else []
        written = [
            phrase
            for index, text in enumerate(texts)
            for phrase in self._expanded(document, (*location, "phrasings", index), text, AUTHOR)
        ]
        return (*asked, *written)

    def check_ids(self, known: set[str]) -> None:
        """Report phrasings for ids that nothing in `known` carries."""
        for topic, phrases in (*self.inside.items(), *self.outside.items()):
            if topic not in known and phrases:
                message = f"phrasings for '{topic}', but no entry has this id"
                self._report(Problem(phrases[0].path, phrases[0].line, message))

    def _add(
        self, document: Document, key: str, voice: str, target: dict[str, list[Phrase]]
    ) -> None:
        """Add the phrasings under `key` of one voice's file to `target`."""
        assert isinstance(document.data, Mapping)  # noqa: S101 - `read` has looked
        listed = document.data.get(key) or {}
        if not isinstance(listed, Mapping):
            self._report(document.problem((key,), "expected ids and their phrasings"))
            return
        for topic, texts in listed.items():
            if not isinstance(texts, list):
                self._report(document.problem((key, topic), "expected a list of phrasings"))
                continue
            for index, text in enumerate(texts):
                target[topic] += self._expanded(document, (key, topic, index), text, voice)

    def _expanded(
        self, document: Document, location: Location, text: object, voice: str
    ) -> list[Phrase]:
        """Expand one phrasing; a bad one is reported and skipped."""
        line = document.line(location)
        if not isinstance(text, str) or not text.strip():
            message = "a phrasing must be text (put quotes around it)"
            self._report(Problem(document.path, line, message))
            return []
        try:
            return [Phrase(said, voice, document.path, line) for said in expand(text, self._lists)]
        except TemplateError as error:
            self._report(Problem(document.path, line, str(error)))
            return []
