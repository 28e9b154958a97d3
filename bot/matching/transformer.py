"""The encoder's network in numpy: a word's features -> its vector -> attention over words."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

HEADS = 4
LAYERS = 3
_EPSILON = np.float32(1e-5)


class Linear(NamedTuple):
    """A layer: ``x @ weight + bias``; weight (inputs, outputs), bias (outputs,)."""

    weight: Array
    bias: Array

    def __call__(self, x: Array) -> Array:
        """Apply the layer to `x` (..., inputs)."""
        y: Array = x @ self.weight
        y += self.bias
        return y


class Block(NamedTuple):
    """One transformer layer (pre-norm; Vaswani et al. 2017), its layer norms folded in."""

    attend: Linear
    join: Linear
    widen: Linear
    narrow: Linear

    def __call__(self, x: Array) -> Array:
        """Mix the words' vectors within each text; `x` has shape (texts, words, width)."""
        texts, count, _ = x.shape
        query, key, value = (
            self.attend(centred(x)).reshape(texts, count, 3, HEADS, -1).transpose(2, 0, 3, 1, 4)
        )
        mixed = softmax(query @ key.swapaxes(2, 3)) @ value
        x = self.join(mixed.swapaxes(1, 2).reshape(texts, count, -1)) + x
        x += self.narrow(relu_squared(self.widen(centred(x))))
        return x


class Weights:
    """The arrays of encoder.npz: int8 matrices with a scale a row, or float32 as they are."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        """Keep `arrays`; matrices are widened to float32 one at a time, when asked for."""
        self._arrays = arrays

    def __getitem__(self, name: str) -> Array:
        """Return one array in float32, its scale applied."""
        array: Array = self._arrays[name].astype(np.float32)
        scale = self._arrays.get(f"{name}!")
        return array if scale is None else array * scale.astype(np.float32)

    def __contains__(self, name: str) -> bool:
        """Say whether there is an array of this name."""
        return name in self._arrays

    def linear(
        self, name: str, norm: str = "", rows: slice = slice(None), scale: float = 1.0
    ) -> Linear:
        """Return layer `name`; the scale and shift of layer norm `norm` are folded into it.

        `rows` picks outputs; `scale` multiplies them (attention's 1 / sqrt(head width)).
        """
        weight = self[f"{name}.weight"][rows]
        bias = np.zeros(len(weight), np.float32)
        if f"{name}.bias" in self:
            bias = self[f"{name}.bias"][rows]
        if norm:
            bias = bias + weight @ self[f"{norm}.bias"]
            weight = weight * self[f"{norm}.weight"]
        return Linear(np.ascontiguousarray(weight.T) * np.float32(scale), bias * np.float32(scale))

    def block(self, index: int, width: int) -> Block:
        """Return transformer layer `index`."""
        name = f"bl.{index}"
        scales = ((width // HEADS) ** -0.5, 1.0, 1.0)
        parts = [
            self.linear(f"{name}.qkv", f"{name}.l1", slice(at * width, (at + 1) * width), scale)
            for at, scale in enumerate(scales)
        ]
        attend = Linear(
            np.hstack([part.weight for part in parts]), np.hstack([part.bias for part in parts])
        )
        return Block(
            attend,
            self.linear(f"{name}.o"),
            self.linear(f"{name}.f1", f"{name}.l2"),
            self.linear(f"{name}.f2"),
        )


def centred(x: Array) -> Array:
    """Return `x` (..., width) with mean 0 and variance 1 along it: layer norm without weights."""
    width = np.float32(1 / x.shape[-1])
    y: Array = x - x.sum(-1, keepdims=True) * width
    variance = np.einsum("...j,...j->...", y, y)[..., None] * width
    y /= np.sqrt(variance + _EPSILON)
    return y


def relu_squared(x: Array) -> Array:
    """Return max(x, 0) squared (So et al. 2021, Primer). `x` is overwritten."""
    np.maximum(x, 0, out=x)
    x *= x
    return x


def softmax(x: Array) -> Array:
    """Return the softmax of `x` over its last axis. `x` is overwritten."""
    x -= x.max(-1, keepdims=True)
    np.exp(x, out=x)
    x /= x.sum(-1, keepdims=True)
    return x
