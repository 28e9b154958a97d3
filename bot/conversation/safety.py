"""Screens a question for red flags before anything else looks at it."""

import re
from itertools import product
from typing import NamedTuple

from bot.knowledge.model import SafetyFile, Screen
from bot.text import normalise

Span = tuple[int, int]

_STAR = "ⵣ"
"""Stands for the star while an item is normalised: a letter that nobody types here."""


class _Compiled(NamedTuple):
    """A screen whose lists have become patterns."""

    screen: Screen
    near: tuple[re.Pattern[str], ...]
    phrases: re.Pattern[str] | None
    unless: tuple[re.Pattern[str], ...]


class SafetyScreen:
    """Red flags of safety.yaml, ready to be held against questions."""

    def __init__(self, file: SafetyFile) -> None:
        """Compile the lists of `file` once."""
        lists = {name: _pattern(items) for name, items in file.words.items()}
        self._idioms = _pattern(file.idioms) if file.idioms else None
        self._screens = [
            _Compiled(
                screen,
                tuple(lists[name] for name in screen.near),
                _pattern(screen.phrases) if screen.phrases else None,
                tuple(lists[name] for name in screen.unless),
            )
            for screen in file.screens
        ]

    def first(self, *texts: str) -> Screen | None:
        """Return the first screen that fires on any form of one question, or None.

        `texts` are forms of the same question, such as typed and repaired.
        """
        cleaned = [self._without_idioms(normalise(text)) for text in texts]
        return next(
            (
                compiled.screen
                for compiled in self._screens
                if any(_fires(compiled, text) for text in cleaned)
            ),
            None,
        )

    def _without_idioms(self, text: str) -> str:
        """Take out what only looks dangerous."""
        return self._idioms.sub(" ", text) if self._idioms else text


def _fires(compiled: _Compiled, text: str) -> bool:
    """Say whether a screen fires on a normalised text."""
    if any(pattern.search(text) for pattern in compiled.unless):
        return False
    if compiled.phrases is not None and compiled.phrases.search(text):
        return True
    if not compiled.near:
        return False
    found = [_spans(pattern, text) for pattern in compiled.near]
    return any(_close(spans, compiled.screen.within) for spans in product(*found))


def _spans(pattern: re.Pattern[str], text: str) -> list[Span]:
    """Return the first and last word index of every match."""
    return [
        (text.count(" ", 0, match.start()), text.count(" ", 0, match.end()))
        for match in pattern.finditer(text)
    ]


def _close(spans: tuple[Span, ...], within: int) -> bool:
    """Say whether matches of different lists lie within so many words, none the same words."""
    ordered = sorted(spans)
    apart = all(left[1] < right[0] for left, right in zip(ordered, ordered[1:], strict=False))
    return apart and ordered[-1][0] - ordered[0][1] <= within


def _pattern(items: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for whole words and phrases; a ``*`` stands for any letters."""
    plain = sorted((normalise(item.replace("*", _STAR)) for item in items), key=len, reverse=True)
    joined = "|".join(re.escape(item).replace(_STAR, r"\w*") for item in plain)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)")
