"""All that one run learns from: the corpus, and texts made of its phrases and words."""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from bot.distillation.corpus import distinct, is_question
from bot.distillation.lexicon import GENERAL, MINED, read_lexicon
from bot.distillation.phrases import mined
from bot.distillation.questions import questions
from bot.distillation.recombination import recombined

_QUESTION, _SYNTHETIC, _OTHER = 3.0, 1.2, 1.0
"""How often a text is learned from: questions are what the encoder will read."""


class Material(NamedTuple):
    """Texts, each with its weight."""

    texts: tuple[str, ...]
    weights: tuple[float, ...]


def material(
    corpus: Sequence[str], judged: Sequence[str], synthetic: int, mixed: int, random: Random
) -> Material:
    """Return the texts of `corpus` with at most `synthetic` questions and `mixed` recombinations.

    None of them reads like one of `judged`.
    """
    asked = _synthetic(corpus, synthetic, random) if synthetic else []
    made = dict.fromkeys(asked, _SYNTHETIC)
    made.update(dict.fromkeys(recombined(corpus, mixed, random), _OTHER))
    weights = {text: _QUESTION if is_question(text) else _OTHER for text in corpus}
    texts = distinct([*weights, *made], judged)
    return Material(tuple(texts), tuple((made | weights)[text] for text in texts))


def _synthetic(corpus: Sequence[str], most: int, random: Random) -> list[str]:
    """Return questions of general frames, filled with the phrases of the corpus."""
    phrases = mined(corpus)
    if not phrases.nouns or not phrases.verbs:
        return []
    lists = dict(zip(MINED, phrases, strict=True))
    return questions(read_lexicon(GENERAL, MINED).with_lists(lists), most, random)
