"""A folder of labelled questions -> LabelledQuestions, or one error that holds every Problem."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bot.conversation.catalogue import Catalogue
from bot.errors import EvaluationError, KnowledgeError, Problem
from bot.evaluation.items import ItemReader
from bot.evaluation.questions import (
    Conversation,
    DialogueItem,
    FailuresFile,
    Floors,
    LabelledQuestions,
    QuestionItem,
    QuestionsFile,
)
from bot.knowledge.document import Document, read_document, shown_path
from bot.knowledge.schema import build, items

FAILURES = "known_failures.yaml"
_LISTS = ("questions", "dialogues")


def load_questions(
    folder: Path, catalogue: Catalogue, guide: str = ""
) -> tuple[LabelledQuestions, ...]:
    """Read the labelled questions of `guide`, or of every guide that has a file in `folder`.

    Raises EvaluationError if there is no such file, KnowledgeError with all problems found.
    """
    name = f"{guide or '*'}.yaml"
    waiting = {each.id for each in catalogue.knowledge.waiting}  # nobody could answer them
    paths = [
        path
        for path in sorted(folder.glob(name))
        if path.name != FAILURES and path.stem not in waiting
    ]
    if not paths:
        message = f"there are no labelled questions: {shown_path(folder / name)}"
        raise EvaluationError(message)
    return _Loader(folder, catalogue).load(paths)


class _Loader:
    """Reads the files of one folder and collects problems on the way."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        knowledge = catalogue.knowledge
        self._guides = {each.id for each in (*knowledge.guides, *knowledge.waiting)}
        self._problems: list[Problem] = []
        self._failing = self._document(folder / FAILURES, optional=True)

    def load(self, paths: Iterable[Path]) -> tuple[LabelledQuestions, ...]:
        """Return the labelled questions of each file, or raise KnowledgeError."""
        known = self._failures()
        read = [self._guide(path, known) for path in paths]
        if self._problems:
            raise KnowledgeError(self._problems)
        return tuple(read)

    def _guide(self, path: Path, known: Mapping[str, Mapping[str, str]]) -> LabelledQuestions:
        """Read one guide's file; what is broken in it is reported and left out."""
        guide = path.stem
        document = self._document(path)
        if guide not in self._guides:
            self._report(Problem(shown_path(path), 1, f"there is no guide '{guide}'"))
        floors = Floors()
        conversations: tuple[Conversation, ...] = ()
        if document is not None:
            floors = self._floors(document)
            conversations = tuple(self._conversations(document, guide))
        questions = LabelledQuestions(guide, floors, conversations, known.get(guide, {}))
        if not self._problems:  # else the question that fails may be one that couldn't be read
            self._check_failures(questions)
        return questions

    def _floors(self, document: Document) -> Floors:
        """Read what stands beside the lists of questions."""
        data = document.data
        if isinstance(data, Mapping):
            data = {key: value for key, value in data.items() if key not in _LISTS}
        file = build(QuestionsFile, document, self._report, data=data)
        return file.floors if file else Floors()

    def _conversations(self, document: Document, guide: str) -> Iterator[Conversation]:
        """Yield every question and dialogue that is sound, each once."""
        reader = ItemReader(document, self._catalogue, guide, self._report)
        for location, raw in items(document, "questions", self._report):
            question = build(QuestionItem, document, self._report, location, data=raw)
            if question is not None:
                yield reader.question(question, location)
        if isinstance(document.data, Mapping) and "dialogues" in document.data:
            for location, raw in items(document, "dialogues", self._report):
                dialogue = build(DialogueItem, document, self._report, location, data=raw)
                if dialogue is not None:
                    yield reader.dialogue(dialogue, location)

    def _failures(self) -> Mapping[str, Mapping[str, str]]:
        """Read the file of known failures, if there is one: guide -> question -> reason."""
        if self._failing is None or self._failing.data is None:
            return {}
        file = build(FailuresFile, self._failing, self._report)
        for guide in file.root if file else ():
            if guide not in self._guides:
                self._report(self._failing.problem((guide,), f"there is no guide '{guide}'"))
        return file.root if file else {}

    def _check_failures(self, questions: LabelledQuestions) -> None:
        """Report known failures that name no question."""
        for name in sorted(questions.failures.keys() - questions.names):
            message = f"'{name}' is no labelled question of '{questions.guide}'"
            if self._failing is not None:
                self._report(self._failing.problem((questions.guide, name), message))

    def _document(self, path: Path, *, optional: bool = False) -> Document | None:
        """Read one file; problems are reported. A missing optional file is no problem."""
        if optional and not path.exists():
            return None
        try:
            return read_document(path, shown_path(path))
        except KnowledgeError as error:
            self._problems += error.problems
            return None

    def _report(self, problem: Problem) -> None:
        self._problems.append(problem)
