"""The training loop: AdamW, a warm-up and a cosine decay, a moving average, checkpoints."""

import math
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from bot.distillation.budget import Budget
from bot.distillation.recipe import Recipe
from bot.distillation.student import Student
from bot.distillation.teacher import Tell

_LEAST_RATE = 0.01
_DECAY = 0.01
_BETAS = (0.9, 0.98)
_CLIP = 1.0
_TOLD_EVERY = 100
_KEPT_EVERY = 1000


class Objective(Protocol):
    """What a run makes smaller."""

    def loss(self, student: Student, step: int, rng: torch.Generator) -> Tensor:
        """Return the loss on a batch; all that is random in it comes from `rng`."""
        ...


@dataclass(frozen=True)
class Checkpoint:
    """Where a run is kept, in case it is cut off; `key` tells it from other runs."""

    path: Path
    key: str
    every: int = _KEPT_EVERY


class Trainer:
    """One run. `student` is trained in place; `average` has the moving average of its weights.

    An average of the last steps does better than the last (Polyak & Juditsky 1992).
    """

    def __init__(self, student: Student, recipe: Recipe, seed: int) -> None:
        """Prepare a run on the device on which `student` is."""
        self.student = student
        self._recipe = recipe
        self.average = deepcopy(student).requires_grad_(requires_grad=False)
        self._optimiser = torch.optim.AdamW(_groups(student), lr=recipe.rate, betas=_BETAS)
        self._rng = torch.Generator(student.pos.device).manual_seed(seed)
        self._step = 0

    def run(self, objective: Objective, budget: Budget, tell: Tell, keep: Checkpoint | None) -> int:
        """Train until the budget is spent; return the number of steps.

        A run that was cut off goes on at its checkpoint, which is removed at the end.
        """
        self._resume(budget, tell, keep)
        while (spent := budget.spent(self._step)) < 1:
            if keep and self._step and self._step % keep.every == 0:
                self._save(keep, spent)
            loss = self._learn(objective, spent)
            if self._step % _TOLD_EVERY == 0:
                tell(f"step {self._step}: {spent:4.0%} over, loss {loss.item():.4f}")
            self._step += 1
        if keep:
            keep.path.unlink(missing_ok=True)
        return self._step

    def _learn(self, objective: Objective, spent: float) -> Tensor:
        """Take one step and return its loss."""
        for group in self._optimiser.param_groups:
            group["lr"] = self._recipe.rate * _rate(self._step, spent, self._recipe.warm_up)
        loss = objective.loss(self.student, self._step, self._rng)
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call] # torch's own
        nn.utils.clip_grad_norm_(self.student.parameters(), _CLIP)
        self._optimiser.step()
        self._remember()
        return loss.detach()

    @torch.no_grad()
    def _remember(self) -> None:
        """Move the average towards the weights: faster at first, when it knows little."""
        memory = min(self._recipe.memory, (1 + self._step) / (10 + self._step))
        pairs = zip(self.average.parameters(), self.student.parameters(), strict=True)
        for kept, now in pairs:
            kept.lerp_(now, 1 - memory)

    def _save(self, keep: Checkpoint, spent: float) -> None:
        """Keep everything that the rest of the run depends on; never half a file."""
        state = {
            "key": keep.key,
            "step": self._step,
            "spent": spent,
            "student": self.student.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "rng": self._rng.get_state(),
        }
        scratch = keep.path.with_suffix(".tmp")
        torch.save(state, scratch)
        scratch.replace(keep.path)

    def _resume(self, budget: Budget, tell: Tell, keep: Checkpoint | None) -> None:
        """Go on at the checkpoint, if there is one of this very run."""
        state = _kept(keep)
        if state is None:
            return
        self.student.load_state_dict(state["student"])
        self.average.load_state_dict(state["average"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._rng.set_state(state["rng"])
        self._step = state["step"]
        budget.resume(state["spent"])
        tell(f"goes on at step {self._step}")


def _kept(keep: Checkpoint | None) -> dict[str, Any] | None:
    """Return what was kept of this run, or None: of another run, or a file that can't be read."""
    if keep is None or not keep.path.exists():
        return None
    try:
        state: dict[str, Any] = torch.load(keep.path, map_location="cpu", weights_only=True)
    except (RuntimeError, EOFError, UnpicklingError):
        return None
    return state if state["key"] == keep.key else None


def _rate(step: int, spent: float, warm_up: int) -> float:
    """Return the learning rate as a part of the highest: a line up, half a cosine down."""
    decayed = (1 + math.cos(math.pi * min(1, spent))) / 2
    return min(1, (step + 1) / max(1, warm_up)) * (_LEAST_RATE + (1 - _LEAST_RATE) * decayed)


def _groups(student: Student) -> list[dict[str, Any]]:
    """Return the parameters in two groups: weights decay in matrices only, not in the table."""
    decayed: list[nn.Parameter] = []
    others: list[nn.Parameter] = []
    for name, parameter in student.named_parameters():
        dense = parameter.ndim > 1 and not name.startswith(("tab.", "pos"))
        (decayed if dense else others).append(parameter)
    return [
        {"params": decayed, "weight_decay": _DECAY},
        {"params": others, "weight_decay": 0.0},
    ]
