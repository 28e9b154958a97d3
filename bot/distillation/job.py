"""What one run is told."""

from dataclasses import dataclass
from pathlib import Path

from bot.distillation.budget import Budget
from bot.distillation.recipe import Recipe


@dataclass(frozen=True)
class Job:
    """What to learn from, how and how long, and where to put the result.

    `texts` are files, one text a line; `without` are files of texts that must not be learned
    from; `start` is an encoder to begin with; `cache` is where the teacher's vectors are kept.
    """

    texts: tuple[Path, ...]
    out: Path
    recipe: Recipe
    budget: Budget
    seed: int = 0
    without: tuple[Path, ...] = ()
    start: Path | None = None
    cache: Path | None = None
