"""Asks labelled questions of a Dialogue, and keeps what came back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question, Reply, Session
from bot.evaluation.judgement import Judge, Verdict, fails
from bot.evaluation.questions import Conversation, Part, Turn


@dataclass(frozen=True)
class Guess:
    """The entry that a question was thought most likely to mean, before any rule decided."""

    name: str
    confidence: float
    right: bool


@dataclass(frozen=True)
class Result:
    """What became of one turn: the verdict, what was shown (public names) and by which rule.

    `guess` is there for what confidence alone decides: a question that stands alone, holds one
    question, and no red flag.
    """

    turn: Turn
    part: Part
    verdict: Verdict
    decision: str
    shown: tuple[str, ...] = ()
    rule: str = ""
    guess: Guess | None = None

    @property
    def failed(self) -> bool:
        """Whether the person was neither helped nor offered help."""
        return fails(self.verdict)

    @property
    def false_alarm(self) -> bool:
        """Whether a question without a red flag was referred."""
        calm = self.turn.kind != "safety" and self.verdict != "right"
        return calm and self.decision == "refer"


class Asker:
    """Has conversations with a Dialogue, each from its beginning."""

    def __init__(self, dialogue: Dialogue) -> None:
        """Ask `dialogue`."""
        self._dialogue = dialogue
        self._judge = Judge(dialogue.catalogue)

    def prepare(self, conversations: Sequence[Conversation]) -> None:
        """Have what conversations begin with looked at together, which is faster."""
        first = [each.turns[0] for each in conversations]
        said = [Question(turn.said) for turn in first if not turn.pressed]
        self._dialogue.foresight.prepare([(question, Session()) for question in said])

    def ask(self, conversation: Conversation) -> Iterator[Result]:
        """Say every turn in order; yield the result of each that expects something."""
        session, reply = Session(), None
        for at, turn in enumerate(conversation.turns):
            said = (
                self._pressed(turn, session, reply) if turn.pressed else self._said(turn, session)
            )
            if said is None:
                if turn.parts:
                    yield Result(turn, conversation.part, "missed", "no such button")
                continue
            reply, session, rule = said
            if turn.parts:
                verdict = self._judge.verdict(turn, reply)
                shown = self._judge.shown(reply)
                guess = None if at else self._guess(turn)
                yield Result(turn, conversation.part, verdict, reply.decision, shown, rule, guess)

    def _said(self, turn: Turn, session: Session) -> tuple[Reply, Session, str]:
        """Return the reply to a question, the session after it, and the rule that decided."""
        decision = self._dialogue.decide(Question(turn.said), session)
        outcome = self._dialogue.say(decision, session)
        return outcome.reply, outcome.session, decision.rule

    def _pressed(
        self, turn: Turn, session: Session, reply: Reply | None
    ) -> tuple[Reply, Session, str] | None:
        """Return the same for a button of the last reply; None if there is no such button."""
        buttons = reply.buttons if reply else ()
        target = next((each.opens for each in buttons if each.label == turn.said), None)
        if target is None:
            return None
        outcome = self._dialogue.open(target, session)
        return outcome.reply, outcome.session, "button"

    def _guess(self, turn: Turn) -> Guess | None:
        """Return the likeliest entry for a question, if confidence may decide on it."""
        if turn.pressed or turn.kind == "safety" or len(turn.parts) > 1:
            return None
        ranking = self._dialogue.rank(Question(turn.said))
        name = self._dialogue.catalogue.public(ranking.candidates[0].entry.uid)
        return Guess(name, ranking.confidence, self._judge.suits(turn, name))
