"""Typing slips on tensors of characters: swapped, dropped, inserted and replaced letters."""

import torch
from torch import Tensor

_FIRST_LETTER, _AFTER_LETTERS = ord("a"), ord("z") + 1
_LEAST_LENGTH = 6
_SWAP, _DROP, _INSERT, _REPLACE = range(4)
_AT_LEAST = (1.0, 0.67, 0.25)
"""Of the texts with slips: the share with at least one, two and three of them."""


def with_slips(codes: Tensor, clean: float, rng: torch.Generator) -> Tensor:
    """Return `codes` (texts, columns) with up to three random slips a text, as int64.

    About the share `clean` of the texts stays as it is; so do texts of fewer than six characters.
    """
    codes = codes.long()
    fate = torch.rand(len(codes), generator=rng, device=codes.device)
    for share in _AT_LEAST:
        chosen = fate < (1 - clean) * share
        codes = torch.where(chosen[:, None], _one_slip(codes, rng), codes)
    return codes


def _one_slip(codes: Tensor, rng: torch.Generator) -> Tensor:
    """Return `codes` with one slip of a random kind in each text that is long enough."""
    texts, columns = codes.shape
    device = codes.device
    length = (codes > 0).sum(1, keepdim=True)
    spread = torch.rand((texts, 1), generator=rng, device=device)
    place = 1 + (spread * (length - 2).clamp(min=1)).long()
    kind = torch.randint(0, 4, (texts, 1), generator=rng, device=device)
    letter = torch.randint(_FIRST_LETTER, _AFTER_LETTERS, (texts, 1), generator=rng, device=device)
    at = torch.arange(columns, device=device).expand(texts, columns)
    here, before, after = at == place, at == place - 1, at > place
    shift = torch.zeros_like(at)
    shift += (kind == _SWAP) & before
    shift -= ((kind == _SWAP) & here).long()
    shift += (kind == _DROP) & (here | after)
    shift -= ((kind == _INSERT) & after).long()
    moved = codes.gather(1, (at + shift).clamp(0, columns - 1))
    slipped = torch.where(here & (kind >= _INSERT), letter, moved)
    return torch.where(length >= _LEAST_LENGTH, slipped, codes)
