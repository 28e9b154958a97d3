"""Reads an answer to a checkpoint that was typed instead of tapped."""

from typing import NamedTuple

from bot.conversation.pieces import asks
from bot.conversation.ranker import Ranker
from bot.knowledge.checkpoints import Choice, Step
from bot.text import normalise, words

_MOST_WORDS = 12
_ALIKE = ((0.75, 0.1), (0.65, 0.2))
"""How like the best option must be, and how far ahead of the second: found on typed answers."""
_NEARLY_THE_SAME = 0.9
_SURE = 0.95


class _Fit(NamedTuple):
    """How like an option's nearest phrasing is to what was typed, from 0 to 1."""

    alike: float
    option: Choice


class ChoiceReader:
    """Finds the option that a text means: by its number, its words, or words much like them."""

    def __init__(self, ranker: Ranker) -> None:
        """Compare as `ranker` does."""
        self._ranker = ranker

    def read(self, text: str, step: Step) -> Choice | None:
        """Return the option that `text` means; None if that isn't clear."""
        return _said(text, step) or self._meant(text, step)

    def _meant(self, text: str, step: Step) -> Choice | None:
        """Return the option whose phrasings are clearly the most like `text`.

        What asks is no answer, nor what the guide answers surely, unless it is nearly the same.
        """
        if asks(text) or len(words(text)) > _MOST_WORDS:
            return None
        best, second, *_ = sorted(
            (self._fit(text, one) for one in step.options), key=lambda fit: -fit.alike
        )
        lead = best.alike - second.alike
        if not any(best.alike >= alike and lead >= least for alike, least in _ALIKE):
            return None
        if best.alike < _NEARLY_THE_SAME and self._ranker.rank(text).confidence >= _SURE:
            return None
        return best.option

    def _fit(self, text: str, option: Choice) -> _Fit:
        """Return how like an option is to `text`, by meaning or by spelling."""
        found = self._ranker.likenesses(self._ranker.reader.read(text), _phrases(option))
        return _Fit(max(max(each) for each in found), option)


def _said(text: str, step: Step) -> Choice | None:
    """Return the option whose number, label or phrasing is just what was typed."""
    said = normalise(text)
    named = {normalise(name): one for one in step.options for name in _phrases(one)}
    numbered = {str(number): one for number, one in enumerate(step.options, start=1)}
    return named.get(said) or numbered.get(said)


def _phrases(option: Choice) -> tuple[str, ...]:
    """Return every way of saying an option."""
    return (option.label, *option.says)
