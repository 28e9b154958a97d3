"""The way of one question: how it was read, what it was likened to, and what decided."""

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question, Session
from bot.conversation.pieces import questions_in
from bot.knowledge.voice import Screen
from bot.matching.calibration import Calibration
from bot.matching.matcher import Matcher, Ranking
from bot.matching.material import FeatureWeights
from bot.text import normalise

_DIGITS = 4


class Likened(NamedTuple):
    """An entry that could be meant, and how like its nearest phrasing the question is.

    `cosine` is that of their vectors, `spelling` RapidFuzz's similarity of their sorted words;
    `telling` are the terms of the question that speak most for the entry, and how much.
    """

    entry: str
    phrase: str
    cosine: float
    spelling: float
    probability: float
    telling: tuple[tuple[str, float], ...]


class Piece(NamedTuple):
    """One of several questions in a message, and the entry that it most likely means."""

    text: str
    entry: str
    confidence: float


@dataclass(frozen=True)
class Explanation:
    """All that is known of how one question was decided; entries by their public names."""

    question: str
    normalised: str
    ranking: Ranking
    weights: FeatureWeights
    calibration: Calibration
    candidates: tuple[Likened, ...]
    screens: tuple[Screen, ...]
    pieces: tuple[Piece, ...]
    decision: str
    shown: tuple[str, ...]
    rule: str

    def as_object(self) -> dict[str, Any]:
        """Return what `explain --json` prints."""
        ranking = self.ranking
        return {
            "question": self.question,
            "normalised": self.normalised,
            "typed": ranking.reading.typed,
            "understood": ranking.reading.understood,
            "dropped": list(ranking.reading.dropped),
            "repaired": [list(pair) for pair in ranking.reading.repaired],
            "replaced": [list(pair) for pair in ranking.reading.replaced],
            "screens": [{"id": screen.id, "opens": screen.opens} for screen in self.screens],
            "pieces": [_rounded(each._asdict()) for each in self.pieces],
            "weights": _rounded(self.weights._asdict()),
            "calibration": _rounded(asdict(self.calibration)),
            "candidates": [
                {**_rounded(each._asdict()), "telling": _rounded(dict(each.telling))}
                for each in self.candidates
            ],
            "confidence": round(ranking.confidence, _DIGITS),
            "margin": round(ranking.margin, _DIGITS),
            "outside": ranking.outside.id if ranking.outside else None,
            "outside_mass": round(ranking.outside_mass, _DIGITS),
            "safety_mass": round(ranking.safety_mass, _DIGITS),
            "decision": self.decision,
            "shown": list(self.shown),
            "rule": self.rule,
        }


def explain(
    dialogue: Dialogue, matcher: Matcher, question: Question, session: Session
) -> Explanation:
    """Return the way of `question`, asked after `session`; `dialogue` must use `matcher`."""
    decision = dialogue.decide(question, session)
    reply = dialogue.say(decision, session).reply
    ranking = dialogue.rank(question)
    return Explanation(
        question=question.text,
        normalised=normalise(question.text),
        ranking=ranking,
        weights=matcher.weights,
        calibration=matcher.calibration,
        candidates=_likened(dialogue, matcher, ranking),
        screens=tuple(dialogue.screens(question.text)),
        pieces=_pieces(dialogue, question),
        decision=reply.decision,
        shown=tuple(map(dialogue.catalogue.public, reply.topics)),
        rule=decision.rule,
    )


def _likened(dialogue: Dialogue, matcher: Matcher, ranking: Ranking) -> tuple[Likened, ...]:
    """Return the candidates of `ranking` with what their scores are made of."""
    return tuple(
        Likened(
            dialogue.catalogue.public(each.entry.uid),
            each.phrase,
            *matcher.likeness(ranking.reading, each.phrase),
            each.probability,
            matcher.telling(ranking.reading, each.entry.uid),
        )
        for each in ranking.candidates
    )


def _pieces(dialogue: Dialogue, question: Question) -> tuple[Piece, ...]:
    """Return the questions of a message that holds several."""
    found = []
    for text in questions_in(question.text):
        ranking = dialogue.rank(question._replace(text=text))
        name = dialogue.catalogue.public(ranking.candidates[0].entry.uid)
        found.append(Piece(text, name, ranking.confidence))
    return tuple(found)


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    """Return `values` with fewer digits."""
    return {
        name: round(value, _DIGITS) if isinstance(value, float) else value
        for name, value in values.items()
    }
