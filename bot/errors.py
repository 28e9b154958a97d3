"""Every error that the bot raises on purpose.

GuidebotError
├── KnowledgeError    the knowledge or its labelled questions can't be used; holds every Problem
├── SettingsError     a setting can't be used; says which and why
├── EvaluationError   answers can't be judged (no labelled questions, missing extra, no git)
├── AuthoringError    the knowledge can't be changed as wished; nothing was written
├── EncoderError      sentence vectors can't be made (missing extra, missing model)
├── TrainingError     an encoder can't be trained (missing extra, too few texts)
├── DraftingError     a page can't be imported, or a guide can't be made (missing extra, taken name)
├── FigureError       a picture can't be drawn (missing extra, folder that can't be written)
├── StoreError        the database can't be used: for good at the start, later perhaps for a while
└── ChannelError      a channel can't start or go on (token, network, second copy)
"""

from collections.abc import Iterable
from typing import NamedTuple


class Problem(NamedTuple):
    """One thing to mend in the knowledge folder: where it stands and what is wrong."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        """Return ``path:line: message``, the form that editors jump to."""
        return f"{self.path}:{self.line}: {self.message}"


class GuidebotError(Exception):
    """The root: catch this to catch everything that the bot raises on purpose."""


class KnowledgeError(GuidebotError):
    """Files of knowledge have problems; all of them are in `problems`, in reading order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Hold `problems`, sorted by path and line, each once."""
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class SettingsError(GuidebotError):
    """A setting can't be used; the message names it and never shows a secret's value."""


class EvaluationError(GuidebotError):
    """Answers can't be judged or compared; the message is one line that says what is missing."""


class AuthoringError(GuidebotError):
    """The knowledge can't be changed as wished: nothing was written. The message is one line."""


class EncoderError(GuidebotError):
    """Sentence vectors can't be made: an extra or a model is missing."""


class TrainingError(GuidebotError):
    """An encoder can't be trained: an extra, a file or enough text is missing."""


class DraftingError(GuidebotError):
    """A page can't be imported, or a guide can't be made; the message is one line."""


class FigureError(GuidebotError):
    """A picture can't be drawn: an extra is missing, or its file can't be written."""


class StoreError(GuidebotError):
    """The database can't be used; the message is one line and quotes nothing that is kept.

    Raised later than at the start, it may pass: the next call connects anew.
    """


class ChannelError(GuidebotError):
    """A channel can't start or go on; the message is one line for the operator."""
