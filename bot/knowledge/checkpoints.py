"""Guided checkpoints: questions to a reader, and what their answers lead to, as frozen values."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Annotated

from pydantic import Field

from bot.knowledge.base import Frozen, Id, Label, Origin, Said, Target, Text

MOST_REASONS = 3
"""How many reasons a conclusion names: the first that fit."""

Answers = Mapping[str, str]
"""What a reader said: the id of the option by the id of its question."""
When = dict[Id, tuple[Id, ...]]
"""The answers that something is for: one of these options to each of these questions."""


def fits(when: Mapping[str, tuple[str, ...]], answers: Answers) -> bool:
    """Say whether a reader gave the answers that `when` asks for; an empty one fits everybody."""
    return all(answers.get(question) in options for question, options in when.items())


class Choice(Frozen):
    """An option: its label, and how else people say it.

    One that `opens` an entry leaves the checkpoints for it, and is never remembered.
    """

    id: Id
    label: Label
    says: tuple[Said, ...] = ()
    opens: Id | None = None


class Step(Frozen):
    """One question; `title` names it where the answers are listed."""

    id: Id
    title: Label
    ask: Text
    options: Annotated[tuple[Choice, ...], Field(min_length=2, max_length=4)]

    def option(self, option_id: str) -> Choice | None:
        """Return the option with this id, if there is one."""
        return next((option for option in self.options if option.id == option_id), None)


class Verdict(Frozen):
    """What the answers come to; the first that fits leads the conclusion."""

    when: When = Field(default_factory=dict)
    say: Text
    would_change: Text
    opens: Annotated[tuple[Target, ...], Field(min_length=1, max_length=3)]


class Reason(Frozen):
    """One answer that counts: in the reader's words, and what follows from it."""

    when: Annotated[When, Field(min_length=1)]
    reason: Text
    say: str = ""


class Remark(Frozen):
    """A sentence that an entry's answer gains for those who said something."""

    when: Annotated[When, Field(min_length=1)]
    add: Text


class Checkpoints(Frozen):
    """``checkpoints.yaml``: the questions in order, what they come to, and what later answers add.

    `entry` is the entry whose question they help to decide.
    """

    entry: Id
    intro: Text
    questions: Annotated[tuple[Step, ...], Field(min_length=2, max_length=6)]
    verdicts: Annotated[tuple[Verdict, ...], Field(min_length=1)]
    reasons: tuple[Reason, ...] = ()
    if_said: dict[Id, tuple[Remark, ...]] = Field(default_factory=dict)

    guide: str = ""
    origin: Origin = Origin("", 1, {})

    def question(self, question_id: str) -> Step | None:
        """Return the question with this id, if there is one."""
        return next((step for step in self.questions if step.id == question_id), None)

    def verdict(self, answers: Answers) -> Verdict:
        """Return the first verdict that fits, or the last."""
        fitting = (verdict for verdict in self.verdicts if fits(verdict.when, answers))
        return next(fitting, self.verdicts[-1])

    def reasons_for(self, answers: Answers) -> tuple[Reason, ...]:
        """Return the first few reasons that fit."""
        found = (reason for reason in self.reasons if fits(reason.when, answers))
        return tuple(islice(found, MOST_REASONS))

    def remark(self, entry_id: str, answers: Answers) -> str:
        """Return what an entry's answer gains for a reader who gave `answers`, if anything."""
        remarks = self.if_said.get(entry_id, ())
        return next((one.add for one in remarks if fits(one.when, answers)), "")

    def conditions(self) -> Iterator[tuple[str, Mapping[str, tuple[str, ...]]]]:
        """Yield (field, condition) of everything that depends on answers."""
        for at, verdict in enumerate(self.verdicts):
            yield f"verdicts.{at}.when", verdict.when
        for at, reason in enumerate(self.reasons):
            yield f"reasons.{at}.when", reason.when
        for entry, remarks in self.if_said.items():
            for at, remark in enumerate(remarks):
                yield f"if_said.{entry}.{at}.when", remark.when
