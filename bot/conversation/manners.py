"""Tells abuse from a question: pure."""

from bot.conversation.model import Abstain, Decision
from bot.knowledge.voice import Abuse
from bot.text import normalise


class Manners:
    """Knows what people say to hurt."""

    def __init__(self, known: Abuse) -> None:
        """Take what people say from voice.yaml."""
        self._phrases = tuple(f" {normalise(phrase)} " for phrase in known.phrases)
        self._words = frozenset(map(normalise, known.words))
        self._at = frozenset(map(normalise, known.at))

    def calmly(self, decision: Decision, text: str) -> Decision:
        """Return `decision`; if it finds nothing in the guide and `text` is abuse, the calm line.

        A question that the guide covers is answered, whatever words are in it.
        """
        uncovered = isinstance(decision, Abstain) and decision.say == "abstain"
        if not (uncovered and self._abused(text)):
            return decision
        return Abstain((), say="abuse", rule="abuse")

    def _abused(self, text: str) -> bool:
        """Say whether `text` has a phrase of abuse, or such a word said at the bot or alone."""
        said = normalise(text)
        tokens = frozenset(said.split())
        if any(phrase in f" {said} " for phrase in self._phrases):
            return True
        return bool(tokens & self._words) and (bool(tokens & self._at) or tokens <= self._words)
