"""What training makes smaller, and what it is fed: hand-made cases with known results."""

import math

import pytest

from tests.conftest import needs_torch

needs_torch()

import torch
from torch import Tensor
from torch.nn.functional import normalize

from bot.distillation.batches import Clusters, weighted_batch
from bot.distillation.losses import (
    contrastive_loss,
    cosine_loss,
    distillation_loss,
    neighbourhood_loss,
    similarity_loss,
)


def _rows(count: int, width: int = 4, seed: int = 0) -> Tensor:
    """Return random rows of length 1."""
    rng = torch.Generator().manual_seed(seed)
    return normalize(torch.randn((count, width), generator=rng), dim=1)


def test_a_perfect_student_has_no_loss() -> None:
    """Vectors equal to the teacher's give 0, whatever the weights."""
    rows = _rows(5)
    assert pytest.approx(0, abs=1e-5) == distillation_loss(rows, rows, 0.05, 0.5, 4).item()


def test_the_cosine_loss_is_one_minus_the_mean_cosine() -> None:
    """Cosines of 1 and 0 have the mean 1/2."""
    taught = torch.tensor([[1.0, 0.0], [1.0, 0.0]])
    learned = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    assert pytest.approx(0.5) == cosine_loss(learned, taught).item()


def test_alike_pairs_weigh_five_times_as_much() -> None:
    """The squared error of a pair that the teacher finds equal counts five times."""
    taught = torch.tensor([[1.0, 0.0], [1.0, 0.0]])
    learned = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    assert pytest.approx(5 * 2 / 4) == similarity_loss(learned, taught).item()


def test_turning_all_vectors_alike_keeps_relations() -> None:
    """Similarities don't see a rotation, unlike the cosine to the teacher."""
    rows = _rows(6)
    turned = rows.roll(1, dims=1)
    assert pytest.approx(0, abs=1e-6) == similarity_loss(turned, rows).item()
    assert cosine_loss(turned, rows).item() > 0.1


def test_neighbourhoods_are_held_against_the_teachers() -> None:
    """The loss is the divergence of two softmaxes of cosines, by hand for two texts."""
    taught = torch.eye(2)
    learned = torch.tensor([[0.0, 1.0], [0.0, 1.0]])
    right = math.e / (math.e + 1)  # the teacher's probability of a text itself, temperature 1
    entropy = right * math.log(right) + (1 - right) * math.log(1 - right)
    across = entropy - (math.log(1 - right) + math.log(right)) / 2
    within = entropy - math.log(0.5)
    assert pytest.approx(across + within, abs=1e-5) == neighbourhood_loss(learned, taught, 1).item()


def test_big_batches_are_compared_in_groups() -> None:
    """Of 4,096 rows, the relations are the mean of two halves'."""
    learned, taught = _rows(4096), _rows(4096, seed=1)
    halves = [similarity_loss(learned[at], taught[at]) for at in (slice(2048), slice(2048, None))]
    found = distillation_loss(learned, taught, 0.05, 0, 1) - cosine_loss(learned, taught)
    assert pytest.approx(float(sum(halves)) / 2, abs=1e-5) == found.item()


def _contrast_by_hand(
    rows: Tensor, labels: list[int], voices: list[str], says: list[float]
) -> float:
    """Return the contrastive loss in plain loops, temperature 1/2."""
    total, counted = 0.0, 0.0
    count = len(labels)
    for i in range(count):
        alike = [j for j in range(count) if j != i and labels[j] == labels[i]]
        positives = [j for j in alike if voices[j] != voices[i]] or alike
        others = [j for j in range(count) if labels[j] != labels[i]]
        scores = {j: 2 * float(rows[i] @ rows[j]) for j in {*positives, *others}}
        whole = math.log(sum(math.exp(score) for score in scores.values()))
        if positives:
            total += says[i] * sum(whole - scores[j] for j in positives) / len(positives)
            counted += says[i]
    return total / counted


CASES = {
    "two voices": ([0, 0, 1, 1], ["a", "b", "a", "b"]),
    "one voice twice": ([0, 0, 0, 1, 1], ["a", "a", "b", "a", "b"]),
    "only one voice": ([0, 0, 1, 1], ["a", "a", "b", "b"]),
    "one phrasing alone": ([0, 0, 1], ["a", "b", "a"]),
}


@pytest.mark.parametrize(("labels", "voices"), CASES.values(), ids=CASES)
def test_contrast_equals_its_definition(labels: list[int], voices: list[str]) -> None:
    """The contrastive loss is that of Khosla et al., with other voices as positives."""
    rows = _rows(len(labels))
    says = [1.0, 0.2, 1.0, 1.0, 0.5][: len(labels)]
    numbers = torch.tensor([ord(voice) for voice in voices])
    found = contrastive_loss(rows, torch.tensor(labels), numbers, torch.tensor(says), 0.5).item()
    assert pytest.approx(_contrast_by_hand(rows, labels, voices, says), abs=1e-5) == found


def test_contrast_without_any_pair_is_nothing() -> None:
    """A batch in which no label stands twice has the loss 0, not a number that isn't one."""
    labels, voices = torch.arange(3), torch.zeros(3)
    assert 0 == contrastive_loss(_rows(3), labels, voices, torch.ones(3), 0.1).item()


def test_texts_are_drawn_by_weight() -> None:
    """A text of weight 0 is never drawn, and one of weight 3 about three times as often."""
    reach = torch.tensor([0.0, 1.0, 0.0, 3.0]).double().cumsum(0)
    drawn = torch.bincount(weighted_batch(reach, 4000, torch.Generator().manual_seed(0)))
    assert [0, 0] == [int(drawn[0]), int(drawn[2])]
    assert pytest.approx(3, rel=0.15) == float(drawn[3] / drawn[1])


def test_near_neighbours_are_drawn_together() -> None:
    """Every 64 texts of a batch come from one cluster."""
    vectors = torch.eye(3).repeat_interleave(100, 0)
    rng = torch.Generator().manual_seed(0)
    batch = Clusters.of(vectors, 12, rng).batch(256, rng)
    assert (256,) == batch.shape
    for group in batch.split(64):  # type: ignore[no-untyped-call] # torch's own
        assert 1 == len(set((group // 100).tolist()))
