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
from bot.matching.reading import Reading
from bot.matching.subwords import encoder_words, windows


@dataclass(frozen=True)
class Contrasting:
    """Phrasings, sorted by label, and the anchor that holds vectors of other texts in place.

    `codes` (windows, columns) are the windows of each phrasing as typed and as understood; those
    of phrasing i are `count[i]` rows from `first[i]`. `labels` count from 0 without gaps; `reach`
    is the running sum of weights: 1 for each label, its voices alike. `says` is how much each
    phrasing's own loss counts. All but `codes` have the shape (n,).
    """

    codes: Tensor
    first: Tensor
    count: Tensor
    labels: Tensor
    voices: Tensor
    reach: Tensor
    says: Tensor
    anchor: Distilling
    contrast: Contrast

    @classmethod
    def of(
        cls, said: Said, used: NDArray[np.bool_], anchor: Distilling, contrast: Contrast
    ) -> "Contrasting":
        """Learn from the phrasings that are `used`, on the anchor's device."""
        order = np.argsort(said.labels, kind="stable")
        order = order[used[order]]
        labels, voices = (_counted(of[order]) for of in (said.labels, said.voices))
        parts = [_windows(said.readings[at]) for at in order]
        count = np.array([len(part) for part in parts])
        says = np.where(said.outside[said.labels[order]], contrast.outside, 1.0)
        where = anchor.codes.device
        return cls(
            codes=characters([window for part in parts for window in part]).to(where),
            first=torch.from_numpy(np.cumsum(count) - count).to(where),
            count=torch.from_numpy(count).to(where),
            labels=torch.from_numpy(labels).to(where),
            voices=torch.from_numpy(voices).to(where),
            reach=torch.from_numpy(np.cumsum(_weights(labels, voices))).to(where),
            says=torch.from_numpy(says).float().to(where),
            anchor=anchor,
            contrast=contrast,
        )

    def loss(self, student: Student, step: int, rng: torch.Generator) -> Tensor:
        """Return the contrastive loss of phrasings with slips + the anchor's, weighted."""
        chosen = self._batch(rng)
        spread = torch.rand(chosen.shape, generator=rng, device=chosen.device)
        rows = self.first[chosen] + (spread * self.count[chosen]).long()
        vectors = student(with_slips(self.codes[rows], self.anchor.recipe.clean, rng))
        loss = contrastive_loss(
            vectors,
            self.labels[chosen],
            self.voices[chosen],
            self.says[chosen],
            self.contrast.temperature,
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


def _windows(reading: Reading) -> list[str]:
    """Return what the encoder reads of a phrasing, piece by piece, as typed and as understood."""
    forms = (reading.typed, reading.understood)
    return [" ".join(run) for form in forms for run in windows(encoder_words(form))]


def _counted(values: NDArray[np.generic]) -> NDArray[np.intp]:
    """Return the number of each value, (n,), in their order and without gaps."""
    numbers: NDArray[np.intp] = np.unique(values, return_inverse=True)[1]
    return numbers


def _weights(labels: NDArray[np.intp], voices: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return each phrasing's weight, (n,): those of a label sum to 1, its voices weigh alike."""
    table = np.zeros((labels.max() + 1, voices.max() + 1))
    np.add.at(table, (labels, voices), 1)
    number_of_voices = (table > 0).sum(1)
    weights: NDArray[np.float64] = 1 / (table[labels, voices] * number_of_voices[labels])
    return weights
