"""encoder.npz <-> the network: int8 matrices with a scale for each row, all else in float32."""

import os
from pathlib import Path

import numpy as np
import torch
from numpy.typing import DTypeLike, NDArray
from torch import Tensor

from bot.distillation.recipe import Shape
from bot.distillation.student import Student
from bot.errors import EncoderError, TrainingError
from bot.matching.encoder import read_arrays
from bot.matching.transformer import Weights

Array = NDArray[np.float32]

_TABLE = "tab.weight"
_EXACT = frozenset({"pos", "pq.weight"})
"""Matrices so small that rounding them would save nothing."""

_LARGEST = 127
_SMALLEST_SCALE = 1e-7


def read_student(path: Path) -> Student:
    """Return the network whose weights are in `path`. Raises EncoderError."""
    arrays = read_arrays(path)
    weights = Weights(arrays)
    try:
        student = Student(_shape(weights))
        student.load_state_dict({name: _tensor(weights, name) for name in student.state_dict()})
    except (KeyError, IndexError, RuntimeError) as error:
        message = f"not the weights of such an encoder: {path.name} ({type(error).__name__})"
        raise EncoderError(message) from None
    return student


def write_student(student: Student, path: Path) -> None:
    """Write the network's weights as CharEncoder reads them; never half a file.

    Raises TrainingError if it can't be written.
    """
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, tensor in student.state_dict().items():
        values: Array = tensor.detach().float().cpu().numpy()
        if values.ndim == 1 or name in _EXACT:
            arrays[name] = values
        elif name == _TABLE:
            arrays[name], arrays[f"{name}!"] = _rounded(values[:-1], np.float16)
        else:
            arrays[name], arrays[f"{name}!"] = _rounded(values, np.float32)
    scratch = path.with_suffix(f".{os.getpid()}.tmp.npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(scratch, allow_pickle=False, **arrays)
        scratch.replace(path)
    except OSError as error:
        message = f"{path} can't be written: {error.strerror or type(error).__name__}"
        raise TrainingError(message) from None


def _rounded(values: Array, kind: DTypeLike) -> tuple[NDArray[np.int8], NDArray[np.generic]]:
    """Return `values` as int8 and the scale (rows, 1) that turns them back, of type `kind`."""
    scale = np.maximum(np.abs(values).max(1, keepdims=True) / _LARGEST, _SMALLEST_SCALE)
    scale = scale.astype(kind)
    steps = np.round(values / scale.astype(np.float32))
    return np.clip(steps, -_LARGEST, _LARGEST).astype(np.int8), scale


def _shape(weights: Weights) -> Shape:
    """Return the sizes of the network that has these weights."""
    rows, inputs = weights[_TABLE].shape
    return Shape(
        rows, inputs, weights["pos"].shape[1], len(weights["w1.weight"]), len(weights["out.bias"])
    )


def _tensor(weights: Weights, name: str) -> Tensor:
    """Return one parameter; the table gets the row that stands for nothing."""
    values = weights[name]
    if name == _TABLE:
        values = np.vstack([values, np.zeros_like(values[:1])])
    return torch.from_numpy(values)
