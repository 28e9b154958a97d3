"""How a question is read: fillers dropped, slang turned into plain words, typing slips repaired."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from bot.matching.english import english_words
from bot.matching.features import nearest_word
from bot.text import LONGEST_WORD, normalise, normalised

_SHORTEST_REPAIRED = 4
_MOST_REPAIRED = 80
"""How many words of a message are looked at: each slip takes about a millisecond to repair."""
_RARE = 2000
"""A word that stands once in so many phrasings may be a typing slip itself."""

_MOST_CACHED = 4096
_REMEMBERED = 128


Phrase = tuple[str, ...]


class Reading(NamedTuple):
    """A question as it was typed and as it was understood; both normalised, words only.

    What was done on the way, each as (before, after): words `repaired`, phrases `replaced` by
    plain ones or, if they name the guide's subject, by nothing. `dropped` are fillers.
    """

    typed: str
    understood: str
    repaired: tuple[tuple[str, str], ...] = ()
    dropped: tuple[str, ...] = ()
    replaced: tuple[tuple[str, str], ...] = ()

    @property
    def subjects(self) -> tuple[str, ...]:
        """The names of guides' subjects that it had."""
        return tuple(before for before, after in self.replaced if not after)


class Reader:
    """Reads questions with the knowledge's own vocabulary, fillers and synonyms."""

    def __init__(
        self,
        phrasings: Iterable[str],
        fillers: Iterable[str] = (),
        synonyms: Mapping[str, Iterable[str]] | None = None,
        keep: Iterable[str] = (),
        subject: Iterable[str] = (),
    ) -> None:
        """Learn the vocabulary from `phrasings`.

        `fillers` are phrases that mean nothing at either end of a question; `synonyms` maps a
        plain phrase to the ways of saying it; `keep` are words that are right as they are;
        `subject` are names of what the whole guide is about, which tell no entry from another.
        """
        self._fillers = _by_length(fillers)
        plain_of: dict[Phrase, Phrase] = {
            tuple(normalise(variant).split()): tuple(normalise(plain).split())
            for plain, variants in (synonyms or {}).items()
            for variant in variants
        }
        self._synonyms = _Replacer(plain_of)
        self._subject = _Replacer({tuple(normalise(name).split()): () for name in subject})
        texts = list(phrasings)
        counts = _counted(texts)
        common = 1 + len(texts) // _RARE
        kept = {normalise(word) for word in keep}
        variants = {word for variant in plain_of for word in variant}
        self._known = frozenset(kept | variants | counts.keys())
        english = english_words().among(self._known)
        self._targets = sorted(
            word
            for word in self._known
            if len(word) >= _SHORTEST_REPAIRED
            and word.isalpha()
            and (word in english or word in kept or counts[word] >= common)
        )
        self._repairs: dict[str, str] = {}
        self._read_once = lru_cache(_REMEMBERED)(self._read)

    def read(self, text: str) -> Reading:
        """Return how `text` is understood. A question of fillers only is left as it is."""
        return self._read_once(text)

    def _read(self, text: str) -> Reading:
        """Read `text`; the last few texts are remembered, as one question is read several times."""
        every = normalise(text).split()
        start, end = self._between_fillers(every)
        tokens = every[start:end]
        fixed = [*map(self._repair, tokens[:_MOST_REPAIRED]), *tokens[_MOST_REPAIRED:]]
        plain = self._synonyms.replace(" ".join(fixed).split())
        typed, understood = self._without_subject(tokens), self._without_subject(plain.words)
        first, last = self._between_fillers(understood.words)  # the subject hid some
        return Reading(
            " ".join(typed.words),
            " ".join(understood.words[first:last]),
            tuple(pair for pair in zip(tokens, fixed, strict=True) if pair[0] != pair[1]),
            tuple(" ".join(part) for part in (every[:start], every[end:]) if part),
            plain.changes + understood.changes,
        )

    def _without_subject(self, tokens: list[str]) -> "_Replaced":
        """Return the words without the names of the guide's subject, if something is left."""
        left = self._subject.replace(tokens)
        return left if left.words else _Replaced(tokens, ())

    def _between_fillers(self, tokens: list[str]) -> tuple[int, int]:
        """Return where the words begin and end that are no filler; there is at least one."""
        start, end = 0, len(tokens)
        while (size := self._filler_at(tokens[start:end])) and start + size < end:
            start += size
        while (size := self._filler_before(tokens[start:end])) and end - size > start:
            end -= size
        return start, end

    def _filler_at(self, tokens: list[str]) -> int:
        """Return how many of the first words are a filler."""
        return next((n for n, known in self._fillers if tuple(tokens[:n]) in known), 0)

    def _filler_before(self, tokens: list[str]) -> int:
        """Return how many of the last words are a filler."""
        return next((n for n, known in self._fillers if tuple(tokens[-n:]) in known), 0)

    def _repair(self, word: str) -> str:
        """Return the known word that an unknown one was meant to be, or the word itself."""
        fit = _SHORTEST_REPAIRED <= len(word) <= LONGEST_WORD
        if not fit or word in self._known or not word.isalpha():
            return word
        if word in english_words() or not word.isascii():
            return word
        if word not in self._repairs:
            if len(self._repairs) > _MOST_CACHED:
                self._repairs.clear()
            self._repairs[word] = self._split(word) or nearest_word(word, self._targets) or word
        return self._repairs[word]

    def _split(self, word: str) -> str:
        """Return two known words that were typed without the space between, or nothing."""
        for at in range(3, len(word) - 2):
            left, right = word[:at], word[at:]
            if left in self._known and right in self._known and right in english_words():
                return f"{left} {right}"
        return ""


class _Replaced(NamedTuple):
    """Words after phrases of them were replaced, and which, as (before, after)."""

    words: list[str]
    changes: tuple[tuple[str, str], ...]


class _Replacer:
    """Replaces phrases by others, the longest first."""

    def __init__(self, phrases: Mapping[Phrase, Phrase]) -> None:
        """Replace each key of `phrases` by its value."""
        self._phrases = phrases
        self._longest: dict[str, int] = {}
        for phrase in filter(None, phrases):
            self._longest[phrase[0]] = max(len(phrase), self._longest.get(phrase[0], 0))

    def replace(self, tokens: list[str]) -> _Replaced:
        """Return `tokens` with every phrase replaced."""
        replaced: list[str] = []
        changes: list[tuple[str, str]] = []
        at = 0
        while at < len(tokens):
            longest = self._longest.get(tokens[at], 0)
            for size in range(min(longest, len(tokens) - at), 0, -1):
                found = self._phrases.get(tuple(tokens[at : at + size]))
                if found is not None:
                    replaced.extend(found)
                    changes.append((" ".join(tokens[at : at + size]), " ".join(found)))
                    at += size
                    break
            else:
                replaced.append(tokens[at])
                at += 1
        return _Replaced(replaced, tuple(changes))


def _counted(texts: Sequence[str]) -> Counter[str]:
    """Return how often each word stands in `texts`."""
    return Counter(chain.from_iterable(text.split() for text in normalised(texts)))


def _by_length(phrases: Iterable[str]) -> list[tuple[int, frozenset[tuple[str, ...]]]]:
    """Group phrases by their number of words, the longest first."""
    split = {tuple(normalise(phrase).split()) for phrase in phrases}
    sizes = sorted({len(phrase) for phrase in split if phrase}, reverse=True)
    return [(n, frozenset(phrase for phrase in split if len(phrase) == n)) for n in sizes]
