"""The first objective: vectors like the teacher's, whatever slips a typist makes."""

from dataclasses import dataclass

import torch
from torch import Tensor

from bot.distillation.batches import Clusters, weighted_batch
from bot.distillation.losses import distillation_loss
from bot.distillation.recipe import Recipe
from bot.distillation.slips import with_slips
from bot.distillation.student import Student


@dataclass(frozen=True)
class Distilling:
    """Texts and the teacher's vectors of them: `codes` (texts, columns), `vectors` (texts, width).

    `reach` (texts,) is the running sum of the texts' weights.
    """

    codes: Tensor
    vectors: Tensor
    reach: Tensor
    clusters: Clusters
    recipe: Recipe

    @classmethod
    def of(
        cls, codes: Tensor, vectors: Tensor, weights: Tensor, recipe: Recipe, seed: int
    ) -> "Distilling":
        """Group the texts by their vectors, on the device on which these are."""
        rng = torch.Generator(vectors.device).manual_seed(seed)
        most = min(recipe.clusters, len(vectors))
        clusters = Clusters.of(vectors, most, rng)
        return cls(codes, vectors, weights.double().cumsum(0), clusters, recipe)

    def loss(self, student: Student, step: int, rng: torch.Generator) -> Tensor:
        """Return the loss on texts drawn by weight and, every other step, on near neighbours."""
        if step % 2:
            chosen = self.clusters.batch(self.recipe.batch, rng)
        else:
            chosen = weighted_batch(self.reach, self.recipe.batch, rng)
        learned = student(with_slips(self.codes[chosen], self.recipe.clean, rng))
        return distillation_loss(
            learned,
            self.vectors[chosen].float(),
            self.recipe.temperature,
            self.recipe.neighbours,
            self.recipe.pairs,
        )
