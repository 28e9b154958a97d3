"""`calibrate`: fits the thresholds to the labelled questions and keeps them as data."""

from dataclasses import asdict
from pathlib import Path

import yaml

from bot.app.composition import make_matchers, read_knowledge
from bot.conversation.dialogue import Dialogue
from bot.errors import EvaluationError
from bot.evaluation.fitting import Fitted, fit_calibration
from bot.evaluation.loader import load_questions
from bot.knowledge.loader import CALIBRATION
from bot.matching.selection import VECTOR
from bot.settings import Settings

HEAD = (
    "# yaml-language-server: $schema=schemas/calibration.json\n"
    "# How scores become probabilities, and when to answer, offer, decline or refer.\n"
    "# Fitted to the labelled questions of the part `fit` by `python run_bot.py calibrate`.\n"
)
_DIGITS = 4


def calibrate_guides(settings: Settings, questions: Path) -> Path:
    """Fit the calibration, write it beside the guides, and return the file.

    Raises KnowledgeError or EvaluationError if there is nothing to fit it to.
    """
    knowledge = read_knowledge(settings)
    matchers = make_matchers(knowledge, settings, VECTOR)
    dialogue = Dialogue(knowledge, matchers[0])
    catalogue = dialogue.catalogue
    labelled = load_questions(questions, catalogue)
    conversations = [one for each in labelled for one in each.conversations]
    fitted = fit_calibration(dialogue, matchers, conversations)
    if fitted is None:
        message = f"no question of the part fit is in {questions}"
        raise EvaluationError(message)
    names = [guide.id for guide in catalogue.knowledge.guides]
    path = settings.knowledge_dir / CALIBRATION
    path.write_text(
        HEAD + yaml.safe_dump(_data(fitted, matchers[0].encoder, names), sort_keys=False)
    )
    return path


def _data(fitted: Fitted, encoder: str, guides: list[str]) -> dict[str, object]:
    """Return what the file holds."""
    found = {**fitted.weights._asdict(), **asdict(fitted.calibration)}
    numbers = {name: round(value, _DIGITS) for name, value in found.items()}
    return {"encoder": encoder, "guides": guides, "questions": fitted.questions, **numbers}
