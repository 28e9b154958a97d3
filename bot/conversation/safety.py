"""Screens a question for red flags before anything else looks at it."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise, product

from bot.conversation.phrases import PhraseFinder, Span
from bot.knowledge.voice import SafetyFile, Screen
from bot.text import normalise

_IDIOMS = "idioms"
_OWN = "screen:"
_REMEMBERED = 128

Found = dict[str, list[Span]]


class SafetyScreen:
    """Red flags of safety.yaml, ready to be held against questions."""

    def __init__(self, file: SafetyFile) -> None:
        """Index the lists of `file` once."""
        self._screens = file.screens
        self._idioms = PhraseFinder({_IDIOMS: file.idioms})
        own = {f"{_OWN}{screen.id}": screen.phrases for screen in file.screens}
        self._lists = PhraseFinder({**file.words, **own})
        self._firing_once = lru_cache(_REMEMBERED)(self._firing)

    def first(self, *texts: str) -> Screen | None:
        """Return the first screen that fires on any form of one question, or None."""
        return next(self.fired(*texts), None)

    def fired(self, *texts: str) -> Iterator[Screen]:
        """Return the screens that fire on any form of one question, in the order of the file.

        `texts` are forms of the same question, such as typed and repaired.
        """
        firing = frozenset().union(*map(self._firing_once, map(normalise, texts)))
        return (screen for screen in self._screens if screen.id in firing)

    def _firing(self, form: str) -> frozenset[str]:
        """Return the ids of the screens that fire on one form, which is asked for many times."""
        found = self._lists.find(self._without_idioms(form))
        screens = self._screens if found else ()
        return frozenset(screen.id for screen in screens if _fires(screen, found))

    def _without_idioms(self, text: str) -> list[str]:
        """Return the words of `text`; those of idioms, which only look dangerous, are blank."""
        tokens = text.split()
        for start, end in self._idioms.find(tokens).get(_IDIOMS, []):
            tokens[start : end + 1] = [""] * (end + 1 - start)
        return tokens


def _fires(screen: Screen, found: Found) -> bool:
    """Say whether a screen fires on what was found in a text."""
    if any(name in found for name in screen.unless):
        return False
    if f"{_OWN}{screen.id}" in found:
        return True
    if not screen.near or any(name not in found for name in screen.near):
        return False
    return any(
        _close(spans, screen.within) for spans in product(*(found[name] for name in screen.near))
    )


def _close(spans: tuple[Span, ...], within: int) -> bool:
    """Say whether matches of different lists lie within so many words, none the same words."""
    ordered = sorted(spans)
    apart = all(left[1] < right[0] for left, right in pairwise(ordered))
    return apart and ordered[-1][0] - ordered[0][1] <= within
