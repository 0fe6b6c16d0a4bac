"""Closed formulas for the number of laws of linear chains."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .chains import check_sizes


def balancedness_rank(sizes: Sequence[int]) -> int:
    """R = sum over hidden i of n_i(n_i+1)/2 - w_i(w_i+1)/2, w_i = max(0, n_i - n_(i-1) - n_(i+1)).

    The number of independent laws among W_i^T W_i - W_(i+1) W_(i+1)^T: a dependency is symmetric matrices S_i with
    W_i S_i = S_(i-1) W_i, which live on ker W_i and ker W_(i+1)^T.

    >>> balancedness_rank((2, 2, 5, 2, 4))
    20
    """
    sizes = check_sizes(sizes)
    found = 0
    for before, here, after in zip(sizes, sizes[1:], sizes[2:]):
        excess = max(0, here - before - after)
        found += here * (here + 1) // 2 - excess * (excess + 1) // 2
    return found


def linear_chain_count(sizes: Sequence[int]) -> int:
    """N for a linear chain: cut at hidden widths 1; a segment from width 1 to width 1 has (parameters - 1) laws, any
    other its balancedness rank; one more per cut.

    Proved upper bound on thousands of chains, lower bound by the segment argument (see segments.py).

    >>> linear_chain_count((1, 2, 2, 1)), balancedness_rank((1, 2, 2, 1))
    (7, 6)
    """
    sizes = check_sizes(sizes)
    cuts = [0, *(i for i in range(1, len(sizes) - 1) if sizes[i] == 1), len(sizes) - 1]
    found = len(cuts) - 2
    for start, stop in pairwise(cuts):
        piece = sizes[start : stop + 1]
        if piece[0] == piece[-1] == 1:
            found += sum(a * b for a, b in pairwise(piece)) - 1
        else:
            found += balancedness_rank(piece)
    return found
