"""Tries a proposal on a copy of the knowledge: check, refit, labelled questions. Writes nothing."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.authoring.model import Again, FileChange, Proposal, Trial
from bot.authoring.proposals import changes_for
from bot.authoring.writing import put
from bot.conversation.catalogue import Catalogue
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question, Session
from bot.errors import KnowledgeError, Problem
from bot.evaluation.asking import Result
from bot.evaluation.comparison import changes
from bot.evaluation.loader import load_questions
from bot.evaluation.questions import Conversation
from bot.evaluation.report import Evaluation, Track
from bot.knowledge.model import Knowledge
from bot.matching.matcher import Matcher


@dataclass(frozen=True)
class Tools:
    """What a workshop needs: the folders, and how to read, check and fit what is in them."""

    folder: Path
    questions: Path
    read: Callable[[Path], Knowledge]
    check: Callable[[Knowledge], list[Problem]]
    fit: Callable[[Knowledge], Matcher]


@dataclass
class Workshop:
    """Tries proposals on `knowledge`, which stands in the folder and which `matcher` knows."""

    tools: Tools
    knowledge: Knowledge
    matcher: Matcher
    _before: tuple[Result, ...] | None = field(default=None, init=False)

    def trial(self, proposal: Proposal, today: date, track: Track) -> Trial:
        """Return what would become of `proposal`. Raises AuthoringError if it makes no sense."""
        files = changes_for(proposal, self.knowledge, self.tools.folder, today)
        with TemporaryDirectory() as scratch:
            copy = Path(scratch) / self.tools.folder.name
            shutil.copytree(self.tools.folder, copy)
            for change in files:
                put(copy / change.path, change.after)
            try:
                knowledge = self.tools.read(copy)
                problems = self.tools.check(knowledge)
            except KnowledgeError as error:
                problems = list(error.problems)
            if problems:
                return Trial(proposal, files, tuple(_shown(each, copy) for each in problems))
            return self._asked(proposal, files, knowledge, track)

    def _asked(
        self,
        proposal: Proposal,
        files: tuple[FileChange, ...],
        knowledge: Knowledge,
        track: Track,
    ) -> Trial:
        """Ask the labelled questions, and the texts themselves, of the changed knowledge."""
        conversations = self._conversations()
        if self._before is None:
            self._before = Evaluation(self.knowledge, self.matcher, track).results(conversations)
        matcher = self.tools.fit(knowledge)
        after = Evaluation(knowledge, matcher, track).results(conversations)
        dialogue = Dialogue(knowledge, matcher)
        return Trial(
            proposal,
            files,
            asked=len(after),
            changes=changes(self._before, after, None),
            again=tuple(_again(dialogue, text) for text in proposal.texts),
        )

    def _conversations(self) -> Sequence[Conversation]:
        """Return the labelled questions of the guides that have some."""
        catalogue, folder = Catalogue(self.knowledge), self.tools.questions
        guides = [each.id for each in self.knowledge.guides]
        judged = [name for name in guides if (folder / f"{name}.yaml").is_file()]
        labelled = (load_questions(folder, catalogue, name) for name in judged)
        return [one for (each,) in labelled for one in each.conversations]


def _again(dialogue: Dialogue, text: str) -> Again:
    """Ask one text."""
    reply = dialogue.respond(Question(text), Session()).reply
    entry = dialogue.catalogue.entry(reply.topics[0]) if reply.topics else None
    return Again(text, reply.decision, entry, reply.confidence)


def _shown(problem: Problem, copy: Path) -> Problem:
    """Return a problem of the copy as one of the folder itself."""
    path, message = (
        text.replace(f"{copy.parent}/", "") for text in (problem.path, problem.message)
    )
    return Problem(path, problem.line, message)
