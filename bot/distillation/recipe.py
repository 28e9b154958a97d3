"""How an encoder is trained: the numbers, in one place."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple


class Shape(NamedTuple):
    """The sizes of a network; the defaults are those of the encoder that ships."""

    rows: int = 40960
    features: int = 128
    width: int = 256
    hidden: int = 512
    out: int = 384


_SHIPPED = Shape()


@dataclass(frozen=True)
class Recipe:
    """The settings of one training run.

    `rate` is AdamW's highest learning rate, reached after `warm_up` steps; `memory` is the decay
    of the weights' moving average, which is what is saved. The loss is cosine + `neighbours` x
    neighbourhood (at `temperature`) + `pairs` x similarity. `clean` is the share of texts
    without typing slips. `synthetic` and `recombined` texts are made from the corpus.
    """

    batch: int
    rate: float
    temperature: float
    neighbours: float
    pairs: float
    warm_up: int = 300
    memory: float = 0.999
    clean: float = 0.4
    clusters: int = 4096
    judged: int = 4096
    synthetic: int = 0
    recombined: int = 0
    shape: Shape = _SHIPPED


@dataclass(frozen=True)
class Contrast:
    """The settings of tuning, beside those of its anchor, which is a Recipe.

    A batch has `each` phrasings of each of `labels` entries. The loss is the contrastive one (at
    `temperature`) + `anchor` x the distillation loss to the encoder as it was. Phrasings of what
    the guide doesn't cover count `outside` as much as others: a field has many subjects, so its
    phrasings need not be alike. `hold_out` is the voice to judge by: empty for the one that asks
    for most, or "none".
    """

    labels: int = 64
    each: int = 4
    temperature: float = 0.1
    anchor: float = 5.0
    outside: float = 0.2
    hold_out: str = ""


class RecipeName(StrEnum):
    """The recipes that `train` knows."""

    SCRATCH = "scratch"
    SHARPER = "sharper"
    TOY = "toy"


# how the encoder that ships was made: first from scratch, then sharper from its result
_SCRATCH = Recipe(
    batch=8192,
    rate=2e-3,
    temperature=0.05,
    neighbours=0.25,
    pairs=3,
    synthetic=2_000_000,
    recombined=1_200_000,
)
RECIPES = {
    RecipeName.SCRATCH: _SCRATCH,
    RecipeName.SHARPER: replace(_SCRATCH, rate=1e-3, temperature=0.04, neighbours=0.5, pairs=4),
    # for a CPU: shows in minutes that all parts work, not what they can do
    RecipeName.TOY: replace(
        _SCRATCH,
        batch=256,
        warm_up=20,
        memory=0.99,
        clusters=64,
        judged=512,
        synthetic=4000,
        recombined=2000,
    ),
}

TUNING = replace(
    RECIPES[RecipeName.TOY], rate=2e-4, warm_up=50, judged=1024, synthetic=0, recombined=0
)
"""For `tune`, whose corpora and budgets are small; its numbers suit a CPU."""
