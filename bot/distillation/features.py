"""Rows of the n-gram table on tensors: `bot.matching.subwords.table_rows` for many texts at once.

The hashing is the same, number by number, so that a network trained here reads words as the bot
does; a test holds the two against each other.
"""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import pad

from bot.matching.subwords import (
    BASE,
    LONGEST_GRAM,
    LONGEST_WORD,
    MASK,
    MIX,
    MOST_WORDS,
    POWERS,
    PRIME,
    SHORTEST_GRAM,
    SPACE,
)

GRAMS = LONGEST_GRAM - SHORTEST_GRAM + 1
HASHES = len(POWERS)


class Features(NamedTuple):
    """What the network reads of each text; where there is nothing to read, the row is `size`.

    `grams` (texts, positions, 4) are the rows of the n-grams that begin at each position, and
    `owner` (texts, positions) is the word to which they belong; `whole` (texts, 24, 2) are the
    rows of whole words; `number` (texts,) is the number of words, at least 1.
    """

    grams: Tensor
    owner: Tensor
    whole: Tensor
    number: Tensor


def features(codes: Tensor, size: int) -> Features:
    """Return the features of `codes` (texts, columns) for a table of `size` rows."""
    text = _spaced(codes.long())
    space = text == SPACE
    owner = (space.cumsum(1) - 1).clamp(0, MOST_WORDS)
    number = (space.sum(1) - 1).clamp(1, MOST_WORDS)
    return Features(_gram_rows(text, size), owner, _whole_rows(text, owner, number, size), number)


def _spaced(codes: Tensor) -> Tensor:
    """Return `` word word word `` with one space between, before and after, then zeros."""
    text = pad(torch.where(codes == 0, SPACE, codes), (1, 1), value=SPACE)
    doubled = (text == SPACE) & pad(text == SPACE, (1, 0))[:, :-1]
    columns = text.shape[1]
    place = torch.where(doubled, columns, (~doubled).cumsum(1) - 1)
    return torch.zeros_like(pad(text, (0, 1))).scatter_(1, place, text)[:, :columns]


def _gram_rows(text: Tensor, size: int) -> Tensor:
    """Hash the 2- to 5-grams that begin at each position and have no space inside."""
    columns = text.shape[1]
    ahead = pad(text, (0, LONGEST_GRAM))
    hashed, inner = text, torch.zeros_like(text, dtype=torch.bool)
    rows = []
    for length in range(SHORTEST_GRAM, LONGEST_GRAM + 1):
        last = ahead[:, length - 1 : length - 1 + columns]
        hashed = (hashed * BASE + last) & MASK
        if length > SHORTEST_GRAM:
            inner = inner | (ahead[:, length - 2 : length - 2 + columns] == SPACE)
        row = (((hashed ^ (hashed >> 15)) * MIX + length) & MASK) % size
        rows.append(torch.where(inner | (last == 0) | (text == 0), size, row))
    return torch.stack(rows, 2)


def _whole_rows(text: Tensor, owner: Tensor, number: Tensor, size: int) -> Tensor:
    """Hash each whole word with two polynomials."""
    at = torch.arange(text.shape[1], device=text.device).expand_as(text)
    start = torch.where(text == SPACE, at, 0).cummax(1).values
    offset = (at - start).clamp(max=LONGEST_WORD - 1)
    letter = (text != SPACE) & (text != 0)
    beyond = torch.arange(MOST_WORDS, device=text.device) >= number[:, None]
    rows = []
    for powers in POWERS:
        terms = text * torch.from_numpy(powers).to(text.device)[offset] % PRIME
        sums = text.new_zeros((len(text), MOST_WORDS + 1))
        value = sums.scatter_add_(1, owner, torch.where(letter, terms, 0))[:, :MOST_WORDS] % PRIME
        row = (((value ^ (value >> 13)) * MIX) & MASK) % size
        rows.append(torch.where(beyond, size, row))
    return torch.stack(rows, 2)
