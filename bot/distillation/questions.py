"""Synthetic questions: the frames of a lexicon, filled at random. They have no labels."""

import re
from collections.abc import Mapping, Sequence
from random import Random

from bot.distillation.lexicon import Lexicon

_SLOT = re.compile(r"\{([a-z0-9-]+)\}")
_PATIENCE = 2000
"""So many questions in a row that were there before, and the lexicon is exhausted."""

_OPENED, _CLOSED = 0.15, 0.3
"""The share of questions that begin or end with what people say around them."""


def questions(lexicon: Lexicon, most: int, random: Random) -> list[str]:
    """Return at most `most` different questions, fewer if the lexicon has no more.

    Raises TemplateError if a frame names a list that the lexicon doesn't have.
    """
    frames = lexicon.alternatives()
    made: dict[str, None] = {}
    repeated = 0
    while len(made) < most and repeated < _PATIENCE:
        frame = random.choice(random.choice(frames))
        text = _surrounded(_filled(frame, lexicon.lists, random), lexicon, random)
        repeated = repeated + 1 if text in made else 0
        made[text] = None
    return list(made)


def _filled(frame: str, lists: Mapping[str, Sequence[str]], random: Random) -> str:
    """Return the frame with a word in each slot; two slots of one list get two different words."""
    names = _SLOT.findall(frame)
    words = {name: _chosen(lists[name], names.count(name), random) for name in dict.fromkeys(names)}
    return _SLOT.sub(lambda slot: words[slot[1]].pop(), frame)


def _chosen(words: Sequence[str], count: int, random: Random) -> list[str]:
    """Return `count` of `words`, different ones if there are enough."""
    if count <= len(words):
        return random.sample(words, count)
    return random.choices(words, k=count)


def _surrounded(text: str, lexicon: Lexicon, random: Random) -> str:
    """Return `text`, now and then with an opener or a closer."""
    if lexicon.openers and random.random() < _OPENED:
        text = f"{random.choice(lexicon.openers)} {text}"
    if lexicon.closers and random.random() < _CLOSED:
        closer = random.choice(lexicon.closers)
        text += f" {closer}" if closer[0].isalnum() else closer
    return text
