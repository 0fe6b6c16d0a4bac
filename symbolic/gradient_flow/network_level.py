"""From phi to the network itself: does the data see every direction of phi? Exact tests at one integer point.

A law of phi is a law of the network. The converse needs span{gradients over all data} = range(dphi^T); both tests below
prove it on an open set of theta, so that "no further law" holds for the network and not only for phi.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .chains import check_sizes, title
from .modular import PRIMES, Draws, product, rank

WEIGHT_RANGE = 60


@dataclass(frozen=True)
class NetworkTest:
    """`rank` of the gradients over the data tried, against `needed` = rank of dphi; full means proved (at `draw`)."""

    name: str
    rank: int
    needed: int
    draw: int

    @property
    def full(self) -> bool:
        return self.rank == self.needed

    @property
    def statement(self) -> str:
        if self.full:
            return (
                f"{self.name}: the gradients over data span range(dphi^T) (rank {self.needed}) on an open set of "
                "theta: the count for phi is the count for the network there."
            )
        return (
            f"{self.name}: rank {self.rank} of {self.needed} in {self.draw} draws; nothing is proved. "
            "The count is complete for the path lifting phi only."
        )


def relu_is_full(sizes: Sequence[int], bias: bool = False, draws: int = 60) -> NetworkTest:
    """ReLU network, sizes input first: activation signs over Z, gradient rows mod p, rank against D - hidden.

    Data on a kink (a pre-activation exactly 0) are discarded. A rank mod p is at most the rank over Q, which is at
    most D - hidden; dead units can hide directions at a given theta, hence several draws.

    >>> relu_is_full((2, 3, 2), bias=True).full
    True
    """
    sizes = check_sizes(sizes, 3)
    name = title("relu", sizes, *["bias"] * bias)
    hidden = sum(sizes[1:-1])
    needed = sum(a * b for a, b in pairwise(sizes)) + (hidden if bias else 0) - hidden
    best = 0
    for draw in range(1, draws + 1):
        stream = Draws(f"relu/{name}/{draw}", PRIMES[0])
        best = max(best, rank(_relu_gradients(sizes, bias, needed, stream), PRIMES[0]))
        if best == needed:
            return NetworkTest(name, best, needed, draw)
    return NetworkTest(name, best, needed, draws)


def _centred(stream: Draws, *shape: int) -> np.ndarray:
    """Integers in [-WEIGHT_RANGE, WEIGHT_RANGE] as Python integers: signs are decided without overflow."""
    return (stream(*shape) % (2 * WEIGHT_RANGE + 1) - WEIGHT_RANGE).astype(object)


def _relu_gradients(sizes: tuple[int, ...], bias: bool, needed: int, stream: Draws) -> np.ndarray:
    depth, prime = len(sizes) - 1, stream.prime
    weights = [_centred(stream, a, b) for a, b in pairwise(sizes)]
    shifts = [_centred(stream, n) * (WEIGHT_RANGE if bias else 0) for n in sizes[1:-1]]
    signals = [_centred(stream, 4 * needed // sizes[-1] + 40, sizes[0])]
    masks = []
    alive = np.ones(len(signals[0]), dtype=bool)
    for layer in range(depth - 1):
        before = signals[-1] @ weights[layer] + shifts[layer]
        alive &= ~(before == 0).any(axis=1)
        masks.append((before > 0).astype(np.int64))
        signals.append(np.where(before > 0, before, 0))
    signals = [(s[alive] % prime).astype(np.int64) for s in signals]
    masks = [m[alive] for m in masks]
    reduced = [(w % prime).astype(np.int64) for w in weights]
    rows = []
    for output in range(sizes[-1]):
        back = np.zeros((int(alive.sum()), sizes[-1]), dtype=np.int64)
        back[:, output] = 1
        pieces = []
        for layer in reversed(range(depth)):
            outer = signals[layer][:, :, None] * back[:, None, :] % prime
            pieces.append(outer.reshape(len(back), sizes[layer] * sizes[layer + 1]))
            if layer:
                back = product(back, np.ascontiguousarray(reduced[layer].T), prime) * masks[layer - 1]
                if bias:
                    pieces.append(back)
        rows.append(np.hstack(pieces))
    return np.vstack(rows)


def attention_is_full(heads: int, inner: int, width: int, *, causal: bool = False, draws: int = 5) -> NetworkTest:
    """Softmax attention: rank of d out / d (M_h, P_h), M = Q^T K, P = V^T O, against 2 heads width^2.

    Weights and tokens are integers, so every exponential is an integer power of e; e is transcendental, so putting a
    random residue for e can only lower ranks.

    >>> attention_is_full(1, 2, 2).full
    True
    """
    check_sizes((heads, inner, width), 3)
    name, needed, best = f"attention {heads} {inner} {width}", 2 * heads * width**2, 0
    for draw in range(1, draws + 1):
        stream = Draws(f"attention/{name}/{causal}/{draw}", PRIMES[0])
        best = max(best, rank(_attention_gradients(heads, inner, width, causal, stream), PRIMES[0]))
        if best == needed:
            return NetworkTest(name, best, needed, draw)
    return NetworkTest(name, best, needed, draws)


def _small(stream: Draws, *shape: int) -> np.ndarray:
    return stream(*shape) % 7 - 3


def _attention_gradients(heads: int, inner: int, width: int, causal: bool, stream: Draws) -> np.ndarray:
    """Rows: outputs of one position over many token sequences; columns: entries of all M_h, then of all P_h."""
    prime = stream.prime
    base = int(stream(1)[0])
    tensors = [[_small(stream, inner, width) for _ in "QKVO"] for _ in range(heads)]
    tokens = 3
    rows = []
    for _ in range(4 * heads * width + 8):
        sequence = _small(stream, tokens, width)
        position = tokens - 1 if causal else 0
        query = sequence[position]
        left, right = [], []
        for q, k, v, o in tensors:
            powers = [int(x) for x in sequence @ (query @ (q.T @ k))]
            mass = np.array([pow(base, x, prime) for x in powers], dtype=np.int64)
            norm = int(mass.sum()) % prime
            if not norm:
                break
            share = mass * pow(norm, -1, prime) % prime
            mean = share @ sequence % prime
            values = sequence @ (v.T @ o) % prime
            spread = share[:, None] * ((sequence - mean) % prime) % prime
            moved = product(np.ascontiguousarray(spread.T), values, prime)
            block = query[:, None, None] * moved[None] % prime
            left.append(block.reshape(width * width, width).T)
            right.append(np.kron(mean[None], np.eye(width, dtype=np.int64)) % prime)
        else:
            rows.append(np.hstack([*left, *right]))
    return np.vstack(rows)
