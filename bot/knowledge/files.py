"""Whole YAML files, as editors see them: the shape of each kind, its parts from the models.

The loader reads lists item by item, to report every problem; these shapes are for JSON Schema.
"""

from typing import Annotated

from pydantic import BaseModel, Field, RootModel, StringConstraints

from bot.knowledge.base import Frozen, Id, Source, Text
from bot.knowledge.checkpoints import Checkpoints
from bot.knowledge.kinds import Checklist, Coverage, Forest, Ladder
from bot.knowledge.model import Calibrated, Draft, Entry, GuideFile, Outside, Words
from bot.knowledge.quiz import QuizQuestion
from bot.knowledge.voice import SafetyFile, VoiceFile

SCHEMAS = "schemas"
"""The folder of JSON Schemas beside the guides."""

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


AnyFigure = Annotated[Forest | Coverage | Ladder | Checklist, Field(discriminator="kind")]


class AnswersFile(Frozen):
    """``answers/<section>.yaml`` and ``terms.yaml``: the entries of one section, and drafts."""

    entries: tuple[Draft | Entry, ...]


class WholeVoice(VoiceFile):
    """``voice.yaml``: every word that the bot itself says, and its small talk."""

    entries: tuple[Entry, ...]


class WholeSafety(SafetyFile):
    """``safety.yaml``: red flags, and the replies to them."""

    entries: tuple[Entry, ...]


class SourcesFile(RootModel[dict[Key, Source]]):
    """``sources.yaml``: what answers cite, by the key that they cite it with."""


class FiguresFile(Frozen):
    """``figures.yaml``: pictures as data."""

    figures: tuple[
        Annotated[Forest | Coverage | Ladder | Checklist, Field(discriminator="kind")], ...
    ]


class OutsideFile(Frozen):
    """``outside.yaml``: what readers ask and the guide doesn't cover."""

    outside: tuple[Outside, ...]


class QuizFile(Frozen):
    """``quiz.yaml``: questions of /quiz."""

    questions: tuple[QuizQuestion, ...]


class VoicesFile(Frozen):
    """``phrasings/<voice>.yaml``: how one kind of person asks, by the id of what they ask for."""

    phrasings: dict[Id, tuple[Text, ...]] | None = None
    outside: dict[Id, tuple[Text, ...]] | None = None


FILES: dict[str, type[BaseModel]] = {
    "answers": AnswersFile,
    "calibration": Calibrated,
    "checkpoints": Checkpoints,
    "figures": FiguresFile,
    "guide": GuideFile,
    "outside": OutsideFile,
    "phrasings": VoicesFile,
    "quiz": QuizFile,
    "safety": WholeSafety,
    "sources": SourcesFile,
    "voice": WholeVoice,
    "words": Words,
}
"""The shape of each kind of file in the knowledge folder, by the name of its schema."""
