"""Two versions of the knowledge, asked the same questions: what was won, lost, and stolen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.evaluation.asking import Result
from bot.evaluation.judgement import LEVEL

Fate = Literal["won", "lost", "stolen"]


@dataclass(frozen=True)
class Change:
    """A question that fares otherwise than before.

    It is won if it fares better, stolen if it now gets the answer of another entry, the first of
    `after.shown`, and else lost. `new` says that it didn't judge the version before.
    """

    fate: Fate
    before: Result
    after: Result
    new: bool

    def as_object(self) -> dict[str, Any]:
        """Return what `check --against --json` prints of it."""
        turn = self.after.turn
        return {
            "question": turn.name,
            "part": self.after.part,
            "expected": [list(part) for part in turn.parts],
            "before": _side(self.before),
            "after": _side(self.after),
            "new": self.new,
        }


def changes(
    before: Sequence[Result], after: Sequence[Result], asked_before: Collection[str] | None
) -> tuple[Change, ...]:
    """Return what changed; both are results of the same questions, in the same order.

    `asked_before` are the names of the questions that judged the version before, if known.
    """
    return tuple(
        Change(_fate(was, now), was, now, _is_new(now, asked_before))
        for was, now in zip(before, after, strict=True)
        if LEVEL[was.verdict] != LEVEL[now.verdict]
    )


def _is_new(result: Result, asked_before: Collection[str] | None) -> bool:
    """Say whether a question is known not to have judged the version before."""
    return asked_before is not None and result.turn.name not in asked_before


def _fate(before: Result, after: Result) -> Fate:
    """Return what a change means for the question."""
    if LEVEL[after.verdict] > LEVEL[before.verdict]:
        return "won"
    answered = after.decision in ("answer", "refer") and after.shown
    return "stolen" if answered else "lost"


def _side(result: Result) -> dict[str, Any]:
    """Return what became of the question in one version."""
    return {
        "verdict": result.verdict,
        "decision": result.decision,
        "shown": list(result.shown),
        "rule": result.rule,
    }
