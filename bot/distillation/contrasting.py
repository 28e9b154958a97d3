"""The second objective: phrasings of one entry together, others apart, and nothing else moved."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from bot.distillation.characters import characters
from bot.distillation.distilling import Distilling
from bot.distillation.losses import contrastive_loss
from bot.distillation.recipe import Contrast
from bot.distillation.slips import with_slips
from bot.distillation.student import Student
from bot.distillation.voices import Said


@dataclass(frozen=True)
class Contrasting:
    """Phrasings, sorted by label, and the anchor that holds vectors of other texts in place.

    `forms` (n, 2, columns) are each phrasing as typed and as understood; `labels` count from 0
    without gaps. `reach` (n,) is the running sum of weights: 1 for each label, its voices alike.
    """

    forms: Tensor
    labels: Tensor
    voices: Tensor
    reach: Tensor
    anchor: Distilling
    contrast: Contrast

    @classmethod
    def of(
        cls, said: Said, used: NDArray[np.bool_], anchor: Distilling, contrast: Contrast
    ) -> "Contrasting":
        """Learn from the phrasings that are `used`, on the anchor's device."""
        where = anchor.codes.device
        order = np.argsort(said.labels, kind="stable")
        order = order[used[order]]
        _, labels = np.unique(said.labels[order], return_inverse=True)
        _, voices = np.unique(said.voices[order], return_inverse=True)
        typed = characters([said.readings[at].typed for at in order])
        understood = characters([said.readings[at].understood for at in order])
        return cls(
            torch.stack([typed, understood], 1).to(where),
            torch.from_numpy(labels).to(where),
            torch.from_numpy(voices).to(where),
            torch.from_numpy(np.cumsum(_weights(labels, voices))).to(where),
            anchor,
            contrast,
        )

    def loss(self, student: Student, step: int, rng: torch.Generator) -> Tensor:
        """Return the contrastive loss of phrasings with slips + the anchor's, weighted."""
        chosen = self._batch(rng)
        form = torch.randint(2, chosen.shape, generator=rng, device=chosen.device)
        codes = with_slips(self.forms[chosen, form], self.anchor.recipe.clean, rng)
        loss = contrastive_loss(
            student(codes), self.labels[chosen], self.voices[chosen], self.contrast.temperature
        )
        if not self.contrast.anchor:
            return loss
        return loss + self.contrast.anchor * self.anchor.loss(student, step, rng)

    def _batch(self, rng: torch.Generator) -> Tensor:
        """Return the indices of a few phrasings of each of some random labels."""
        device = self.labels.device
        number = int(self.labels[-1]) + 1
        labels = torch.randperm(number, generator=rng, device=device)[: self.contrast.labels]
        spread = torch.rand((len(labels), self.contrast.each), generator=rng, device=device)
        place = (labels[:, None] + spread.double()).view(-1)
        return torch.searchsorted(self.reach, place, right=True).clamp(max=len(self.reach) - 1)


def _weights(labels: NDArray[np.intp], voices: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return each phrasing's weight, (n,): those of a label sum to 1, its voices weigh alike."""
    table = np.zeros((labels.max() + 1, voices.max() + 1))
    np.add.at(table, (labels, voices), 1)
    number_of_voices = (table > 0).sum(1)
    weights: NDArray[np.float64] = 1 / (table[labels, voices] * number_of_voices[labels])
    return weights
