"""Which labelled questions to ask."""

from collections.abc import Iterable
from typing import NamedTuple

from bot.evaluation.asking import Result
from bot.evaluation.questions import Conversation


class Choice(NamedTuple):
    """Which questions to ask: those of one part, those with one tag; empty means all."""

    part: str = ""
    tag: str = ""

    def of(self, conversations: Iterable[Conversation]) -> tuple[Conversation, ...]:
        """Return the conversations in which a question was chosen."""
        return tuple(
            each
            for each in conversations
            if self.part in ("", each.part)
            and (not self.tag or any(self.tag in turn.tags for turn in each.turns if turn.parts))
        )

    def among(self, results: Iterable[Result]) -> tuple[Result, ...]:
        """Return the results of what was chosen: a conversation is asked whole."""
        return tuple(one for one in results if not self.tag or self.tag in one.turn.tags)
