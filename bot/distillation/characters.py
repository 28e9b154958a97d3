"""Texts as tensors of characters, and back: what the encoder reads, one byte a character."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from bot.distillation.corpus import as_read
from bot.matching.subwords import MOST_CHARACTERS

_ROOM = 8
"""Columns beyond the longest text, for characters that slips insert."""


def characters(texts: Sequence[str]) -> Tensor:
    """Return the characters that the encoder reads, (texts, 88) uint8, 0 where a text has ended."""
    codes = np.zeros((len(texts), MOST_CHARACTERS + _ROOM), np.uint8)
    for at, text in enumerate(texts):
        read = as_read(text).encode()
        codes[at, : len(read)] = np.frombuffer(read, np.uint8)
    return torch.from_numpy(codes)


def texts_of(codes: Tensor) -> list[str]:
    """Return the texts of a tensor of characters."""
    return [bytes(row).rstrip(b"\0").decode("ascii") for row in codes.to(torch.uint8).tolist()]
