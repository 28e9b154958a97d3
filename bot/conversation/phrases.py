"""Finds which words and phrases of many lists stand in a text, in one pass over its words."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from bot.text import LONGEST_WORD, normalise

STAR = "*"
_STAND_IN = "ⵣ"
_KEY = 3
_REMEMBERED = 4096
"""Words of which is remembered what may begin with them: nothing, for most."""

Span = tuple[int, int]


class _Item(NamedTuple):
    """One phrase of a list: its words, where a word may end in a star."""

    name: str
    words: tuple[str, ...]

    def at(self, tokens: list[str], start: int) -> bool:
        """Say whether the phrase stands at this word."""
        found = tokens[start : start + len(self.words)]
        return len(found) == len(self.words) and all(map(_fits, self.words, found))


class PhraseFinder:
    """Lists of words and phrases, indexed by their first word, or by its beginning before a star.

    A star at a word's end stands for any ending; at its beginning, for any beginning.
    """

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        """Index the phrases of `lists` (name -> phrases)."""
        self._whole: dict[str, list[_Item]] = defaultdict(list)
        self._begun: dict[str, list[_Item]] = defaultdict(list)
        self._anywhere: list[_Item] = []
        for name, phrases in lists.items():
            for phrase in phrases:
                words = tuple(
                    normalise(phrase.replace(STAR, _STAND_IN)).replace(_STAND_IN, STAR).split()
                )
                self._home(words[0]).append(_Item(name, words))
        self._beginning = lru_cache(_REMEMBERED)(self._with_first)

    def _home(self, word: str) -> list[_Item]:
        """Return where the phrases are kept whose first word is `word`."""
        plain, star, _ = word.partition(STAR)
        if not star:
            return self._whole[word]
        return self._begun[plain[:_KEY]] if plain else self._anywhere

    def find(self, tokens: list[str]) -> dict[str, list[Span]]:
        """Return, by list name, the first and last word index of every phrase in `tokens`."""
        found: dict[str, list[Span]] = defaultdict(list)
        for start, token in enumerate(tokens):
            short = len(token) <= LONGEST_WORD
            for item in self._beginning(token) if short else self._with_first(token):
                if item.at(tokens, start):
                    found[item.name].append((start, start + len(item.words) - 1))
        return found

    def _with_first(self, token: str) -> tuple[_Item, ...]:
        """Return the phrases whose first word a token fits."""
        sizes = range(1, min(_KEY, len(token)) + 1)
        begun = [self._begun.get(token[:size], ()) for size in sizes]
        near = chain(self._whole.get(token, ()), *begun, self._anywhere)
        return tuple(item for item in near if _fits(item.words[0], token))


def _fits(word: str, token: str) -> bool:
    """Say whether a token fits a word of a phrase."""
    if STAR not in word:
        return word == token
    head, _, tail = word.partition(STAR)
    return token.startswith(head) and token.endswith(tail) and len(token) >= len(head + tail)
