"""The encoder's network in numpy: a word's features -> its vector -> attention over words."""

from collections.abc import Mapping, Sequence
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

    def centred(self) -> "Linear":
        """Return the layer whose outputs are the same but for their mean, which is 0."""
        return Linear(self.weight - self.weight.mean(1, keepdims=True), centred(self.bias))


class Layout:
    """Which rows of a matrix of words belong to which text, however many words each has.

    Texts stand one after the other without padding, so that layers read their weights once for all
    of them; only where words look at each other are texts padded to the longest.
    """

    def __init__(self, counts: Sequence[int]) -> None:
        """Lay out texts of so many words each, at least one."""
        self.counts = np.array(counts)
        self.starts = np.cumsum(self.counts) - self.counts
        self.longest = int(self.counts.max())
        self._present = np.arange(self.longest) < self.counts[:, None]
        self._even = bool(self._present.all())
        self._rows = np.minimum(self.starts[:, None] + np.arange(self.longest), sum(counts) - 1)
        self._absent = np.where(self._present, np.float32(0), -np.inf).astype(np.float32)

    @property
    def places(self) -> NDArray[np.intp]:
        """The place of each row's word in its text, (rows,)."""
        return np.nonzero(self._present)[1]

    def padded(self, x: Array) -> Array:
        """Return `x` (rows, width) by text, (texts, longest, width); padding holds any words."""
        y: Array = x.reshape(len(self.counts), self.longest, -1) if self._even else x[self._rows]
        return y

    def rows(self, x: Array) -> Array:
        """Return `x` (texts, longest, width) without padding, (rows, width)."""
        return x.reshape(-1, x.shape[-1]) if self._even else x[self._present]

    def shares(self, x: Array) -> Array:
        """Return softmax of `x` (texts, ..., longest) over the words of each text.

        `x` is overwritten.
        """
        if not self._even:
            x += self._absent.reshape(len(x), *[1] * (x.ndim - 2), -1)
        return softmax(x)


class Block(NamedTuple):
    """One transformer layer (pre-norm; Vaswani et al. 2017), its layer norms folded in.

    Words' vectors have the mean 0 and keep it, since nobody looks at them but through layer norms.
    """

    attend: Linear
    join: Linear
    widen: Linear
    narrow: Linear

    def __call__(self, x: Array, layout: Layout) -> Array:
        """Mix the words' vectors within each text; `x` has shape (rows, width)."""
        seen = layout.padded(self.attend(scaled(x)))
        query, key, value = seen.reshape(*seen.shape[:2], 3, HEADS, -1).transpose(2, 0, 3, 1, 4)
        mixed = layout.shares(query @ key.swapaxes(2, 3)) @ value
        y = self.join(layout.rows(mixed.swapaxes(1, 2).reshape(*seen.shape[:2], -1)))
        y += x
        y += self.narrow(relu_squared(self.widen(scaled(y))))
        return y


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
            self.linear(f"{name}.o").centred(),
            self.linear(f"{name}.f1", f"{name}.l2"),
            self.linear(f"{name}.f2").centred(),
        )


def centred(x: Array) -> Array:
    """Return `x` (..., width) less its mean along the width."""
    y: Array = x - x.mean(-1, keepdims=True)
    return y


def scaled(x: Array) -> Array:
    """Return `x` (rows, width), whose rows have the mean 0, with the variance 1 a row.

    It is layer norm without weights.
    """
    variance = np.einsum("ij,ij->i", x, x)
    variance *= np.float32(1 / x.shape[1])
    variance += _EPSILON
    y: Array = x / np.sqrt(variance)[:, None]
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
