"""What training makes smaller. Vectors are rows of length 1, so products are cosines."""

import torch
from torch import Tensor
from torch.nn.functional import kl_div

_GROUP = 2048
"""So many rows are compared with each other at a time: the products grow with the square."""

_NEAR = 4.0
_APART = -1e9
_LITTLE = 1e-6


def cosine_loss(learned: Tensor, taught: Tensor) -> Tensor:
    """Return 1 - the mean cosine between each text's two vectors, both (texts, width)."""
    return 1 - (learned * taught).sum(1).mean()


def neighbourhood_loss(learned: Tensor, taught: Tensor, temperature: float) -> Tensor:
    """Return how far the student's neighbourhoods are from the teacher's, in nats.

    A text's neighbourhood is the softmax of its cosines to all texts of the batch, divided by
    `temperature`; Kullback-Leibler divergence holds it against the teacher's, as distillation
    does with the probabilities of classes (Hinton, Vinyals & Dean 2015). The student's vectors
    are compared with the teacher's, and with each other.
    """
    target = (taught @ taught.T / temperature).softmax(1)
    across = (learned @ taught.T / temperature).log_softmax(1)
    within = (learned @ learned.T / temperature).log_softmax(1)
    return _divergence(across, target) + _divergence(within, target)


def _divergence(guess: Tensor, target: Tensor) -> Tensor:
    """Return the divergence of log-probabilities from probabilities, averaged over rows."""
    return kl_div(guess, target, reduction="batchmean")


def similarity_loss(learned: Tensor, taught: Tensor) -> Tensor:
    """Return the weighted mean squared error of all pairs' cosines.

    Relations between texts are distilled, not the vectors alone (Park et al. 2019, relational
    knowledge distillation). Pairs that the teacher finds alike weigh up to five times as much.
    """
    target = taught @ taught.T
    weight = 1 + _NEAR * target.clamp(min=0)
    return (weight * (learned @ learned.T - target).square()).mean()


def distillation_loss(
    learned: Tensor, taught: Tensor, temperature: float, neighbours: float, pairs: float
) -> Tensor:
    """Return cosine loss + `neighbours` x neighbourhood loss + `pairs` x similarity loss."""
    groups = list(zip(_groups(learned), _groups(taught), strict=True))
    relations = [
        neighbours * neighbourhood_loss(*group, temperature) + pairs * similarity_loss(*group)
        for group in groups
    ]
    return cosine_loss(learned, taught) + torch.stack(relations).mean()


def contrastive_loss(
    vectors: Tensor, labels: Tensor, voices: Tensor, says: Tensor, temperature: float
) -> Tensor:
    """Return the supervised contrastive loss (Khosla et al. 2020, its L_out) over a batch.

    Positives of a phrasing are those of its label in other voices; where there are none, those
    in its own. What shares both label and voice with it is otherwise left out: it tells how one
    person repeats themselves. Phrasings without any positive don't count; the others count as much
    as `says` (n,) says.
    """
    itself = torch.eye(len(vectors), dtype=torch.bool, device=vectors.device)
    alike = (labels[:, None] == labels) & ~itself
    elsewhere = alike & (voices[:, None] != voices)
    positive = torch.where(elsewhere.any(1, keepdim=True), elsewhere, alike)
    compared = positive | ~(alike | itself)
    scores = (vectors @ vectors.T / temperature).masked_fill(~compared, _APART)
    told = scores.log_softmax(1).masked_fill(~positive, 0)
    number = positive.sum(1)
    each = -told.sum(1) / number.clamp(min=1)
    weight = says * (number > 0)
    return (weight * each).sum() / weight.sum().clamp(min=_LITTLE)


def _groups(rows: Tensor) -> tuple[Tensor, ...]:
    """Split a batch into groups of at most 2,048 rows."""
    return torch.split(rows, _GROUP)
