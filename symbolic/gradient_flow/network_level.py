"""From phi to the network itself: does the data see every direction of phi? Exact tests at one integer point.

A law of phi is a law of the network. The converse needs span{gradients over all data} = range(dphi^T); a test that
succeeds at one point proves it on an open set of theta, so that "no further law" holds there for the network and not
only for phi. Here: ReLU networks, by activation signs. Networks with exponentials: network_exp.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .chains import check_sizes, title
from .modular import PRIMES, Draws, product, rank

WEIGHT_RANGE = 60
CANDIDATES = 12
LEAK = 10


@dataclass(frozen=True)
class NetworkTest:
    """`rank` of the gradients over the data tried, against `needed` = rank of dphi; full means proved (at `draw`)."""

    name: str
    rank: int
    needed: int
    draw: int
    method: str

    @property
    def full(self) -> bool:
        return self.rank == self.needed

    @property
    def statement(self) -> str:
        if self.full:
            return (
                f"Network: the gradients over data span range(dphi^T) (rank {self.needed}, {self.method}) on an open "
                "set of theta: there the count for phi is the count for the network."
            )
        return (
            f"Network: rank {self.rank} of {self.needed} in {self.draw} draws; nothing is proved. "
            "The laws hold for the network; that there are no more is shown for phi only."
        )


def best_of(
    name: str, needed: int, draws: int, method: str, rows: Callable[[Draws], np.ndarray], first: int = 1
) -> NetworkTest:
    """The largest rank of `rows` over draws first .. first + draws - 1, stopping at `needed`."""
    best, draw = 0, first - 1
    for draw in range(first, first + draws):
        stream = Draws(f"network/{name}/{draw}", PRIMES[0])
        best = max(best, rank(rows(stream), PRIMES[0]))
        if best == needed:
            break
    return NetworkTest(name, best, needed, draw, method)


def relu_is_full(
    sizes: Sequence[int], bias: bool = False, draws: int = 100, first: int = 1, leaky: bool = False
) -> NetworkTest:
    """ReLU network, sizes input first: activation signs over Z, gradient rows mod p, rank against D - hidden.

    leaky: the activation is max(z, z/10), times 10 to stay in the integers, which the next weights absorb.

    Data on a kink (a pre-activation exactly 0) are discarded. A rank mod p is at most the rank over Q, which is at
    most D - hidden. Dead units hide directions, so each unit is drawn to be active on about half of the data.

    >>> relu_is_full((2, 3, 2), bias=True).full
    True
    """
    sizes = check_sizes(sizes, 3)
    hidden = sum(sizes[1:-1])
    needed = sum(a * b for a, b in pairwise(sizes)) + (hidden if bias else 0) - hidden
    name = title("leaky-relu" if leaky else "relu", sizes, *["bias"] * bias)
    method = "activation signs decided over the integers"
    slopes = (LEAK, 1) if leaky else (1, 0)
    return best_of(
        name, needed, draws, method, lambda stream: _relu_gradients(sizes, bias, needed, stream, slopes), first
    )


def _centred(stream: Draws, *shape: int) -> np.ndarray:
    """Integers in [-WEIGHT_RANGE, WEIGHT_RANGE] as Python integers: signs are decided without overflow."""
    return (stream(*shape) % (2 * WEIGHT_RANGE + 1) - WEIGHT_RANGE).astype(object)


def _layer(signal: np.ndarray, width: int, bias: bool, stream: Draws) -> tuple[np.ndarray, np.ndarray]:
    """Weights and biases of one layer; per unit, of a few candidates the one whose sign splits the data best."""
    weights = _centred(stream, signal.shape[1], CANDIDATES * width)
    before = signal @ weights
    shifts = np.zeros(CANDIDATES * width, dtype=object)
    if bias:
        # The bias puts the kink of a unit at a datum of the middle half.
        places = len(before) // 4 + stream(CANDIDATES * width) % max(len(before) // 2, 1)
        shifts = 1 - np.sort(before, axis=0)[places, np.arange(CANDIDATES * width)]
        before = before + shifts
    split = np.abs(2 * (before > 0).sum(axis=0) - len(before)).reshape(width, CANDIDATES)
    chosen = np.arange(width) * CANDIDATES + split.argmin(axis=1)
    return weights[:, chosen], shifts[chosen]


def _relu_gradients(
    sizes: tuple[int, ...], bias: bool, needed: int, stream: Draws, slopes: tuple[int, int] = (1, 0)
) -> np.ndarray:
    """Rows: outputs over data; slopes of the activation right and left of its kink."""
    depth, prime = len(sizes) - 1, stream.prime
    signals = [_centred(stream, 4 * needed // sizes[-1] + 40, sizes[0])]
    weights, masks = [], []
    alive = np.ones(len(signals[0]), dtype=bool)
    for layer in range(depth - 1):
        chosen, shifts = _layer(signals[-1], sizes[layer + 1], bias, stream)
        before = signals[-1] @ chosen + shifts
        alive &= ~(before == 0).any(axis=1)
        weights.append(chosen)
        masks.append(np.where(before > 0, *slopes).astype(np.int64))
        signals.append(before * np.where(before > 0, *slopes))
    weights.append(_centred(stream, sizes[-2], sizes[-1]))
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
                back = product(back, np.ascontiguousarray(reduced[layer].T), prime) * masks[layer - 1] % prime
                if bias:
                    pieces.append(back)
        rows.append(np.hstack(pieces))
    return np.vstack(rows)
