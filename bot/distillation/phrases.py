"""Noun and verb phrases, mined from a corpus by their surroundings: no parser, English only."""

import re
from collections.abc import Iterable
from typing import NamedTuple

_DETERMINER = "(?:a|an|the|my|your|our|their|his|her|this|that|these|some|any)"
_BOUNDARY = (
    "(?=[.,;:!?]|$| (?:and|or|but|of|for|in|on|at|to|by|from|with|without|is|are|was|that|"
    "which|when|if|because|than)\\b)"
)
_NOUN = re.compile(rf"\b{_DETERMINER}(?: [a-z-]{{3,20}}){{1,2}}{_BOUNDARY}")
_VERB = re.compile(
    r"\b(?:to|can|could|should|will|would|please|i|you|we|let's) "
    r"((?!(?:be|have|had|the|a|an|you|i|we|not|was|were|are|is)\b)[a-z]{3,15} "
    rf"(?:{_DETERMINER}|it|them|up|out|off|on|in|for|with)(?: [a-z-]{{2,20}}){{0,2}}?){_BOUNDARY}"
)


class Phrases(NamedTuple):
    """Phrases of a corpus, each once: "my left knee"; "warm up before a run"."""

    nouns: tuple[str, ...]
    verbs: tuple[str, ...]


def mined(texts: Iterable[str]) -> Phrases:
    """Return the noun and verb phrases of `texts`, in the order in which they were met."""
    nouns: dict[str, None] = {}
    verbs: dict[str, None] = {}
    for text in texts:
        lower = text.lower()
        nouns.update(dict.fromkeys(_NOUN.findall(lower)))
        verbs.update(dict.fromkeys(_VERB.findall(lower)))
    return Phrases(tuple(nouns), tuple(verbs))
