"""Which texts are learned from together: at random by weight, or near neighbours side by side."""

from dataclasses import dataclass

import torch
from torch import Tensor

_TOGETHER = 64
_ROWS = 65_536


@dataclass(frozen=True)
class Clusters:
    """Texts in groups of near neighbours: `order` (texts,), each group's `start` and `size`."""

    order: Tensor
    start: Tensor
    size: Tensor

    @classmethod
    def of(cls, vectors: Tensor, most: int, rng: torch.Generator) -> "Clusters":
        """Give each row of `vectors` to the nearest of `most` randomly chosen rows."""
        chosen = torch.randperm(len(vectors), generator=rng, device=vectors.device)[:most]
        centres = vectors[chosen].T
        nearest = torch.cat([(rows @ centres).argmax(1) for rows in torch.split(vectors, _ROWS)])
        size = torch.bincount(nearest, minlength=most)
        start = size.cumsum(0) - size
        return cls(nearest.argsort(stable=True), start[size > 0], size[size > 0])

    def batch(self, count: int, rng: torch.Generator) -> Tensor:
        """Return the indices of `count` texts: up to 64 from one random cluster after another."""
        device = self.order.device
        groups = -(-count // _TOGETHER)
        chosen = torch.randint(len(self.size), (groups, 1), generator=rng, device=device)
        place = torch.rand((groups, _TOGETHER), generator=rng, device=device)
        offset = (place * self.size[chosen]).long()
        return self.order[self.start[chosen] + offset].view(-1)[:count]


def weighted_batch(reach: Tensor, count: int, rng: torch.Generator) -> Tensor:
    """Return the indices of `count` texts drawn by weight; `reach` is the weights' running sum."""
    place = torch.rand(count, generator=rng, device=reach.device, dtype=reach.dtype)
    return torch.searchsorted(reach, place * reach[-1], right=True).clamp(max=len(reach) - 1)
