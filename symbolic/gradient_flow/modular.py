"""Linear algebra over F_p and over Z: thin layer on FLINT and 64-bit integers, with names of draws as seeds."""

from __future__ import annotations

import hashlib
from math import gcd, isqrt, lcm

import numpy as np
from flint import fmpz_mat, nmod_mat

# Below 2^28 a sum of 127 products fits 63 bits; three primes, so that an unlucky one can be told from a gap.
PRIMES = (268435399, 268435367, 268435361)
CHUNK = 120


class Draws:
    """A stream of residues fixed by its name: the same name gives the same numbers on every machine."""

    def __init__(self, name: str, prime: int):
        digest = hashlib.sha256(f"{name}/{prime}".encode()).digest()
        self.bits = np.random.PCG64(int.from_bytes(digest[:16], "big"))
        self.prime = prime

    def __call__(self, *shape: int) -> np.ndarray:
        raw = self.bits.random_raw(int(np.prod(shape, dtype=np.int64)))
        return (raw % np.uint64(self.prime)).astype(np.int64).reshape(shape)


def product(a: np.ndarray, b: np.ndarray, prime: int) -> np.ndarray:
    """a @ b mod p for residues in [0, p), p < 2^28."""
    inner = a.shape[-1]
    if inner <= CHUNK:
        return a @ b % prime
    found = np.zeros(a.shape[:-1] + b.shape[1:], dtype=np.int64)
    for start in range(0, inner, CHUNK):
        found += a[..., start : start + CHUNK] @ b[start : start + CHUNK] % prime
    return found % prime


def flint_matrix(a: np.ndarray, prime: int) -> nmod_mat:
    return nmod_mat(a.shape[0], a.shape[1], a.ravel().tolist(), prime)


def rank(a: np.ndarray, prime: int) -> int:
    return flint_matrix(a, prime).rank() if a.size else 0


def nullspace(a: np.ndarray, prime: int) -> np.ndarray:
    """Basis of {x : a x = 0} over F_p as columns, shape (columns of a, nullity)."""
    size = a.shape[1]
    if a.shape[0] == 0:
        return np.eye(size, dtype=np.int64)
    basis, nullity = flint_matrix(a, prime).nullspace()
    table = np.array([int(x) for x in basis.entries()], dtype=np.int64).reshape(size, basis.ncols())
    return table[:, :nullity]


def pivot_columns(a: np.ndarray, prime: int) -> list[int]:
    """The first columns of `a` that are independent of those before them."""
    reduced, found = flint_matrix(a, prime).rref()
    table = np.array([int(x) for x in reduced.entries()], dtype=np.int64).reshape(a.shape)
    return [int(np.flatnonzero(table[i])[0]) for i in range(found)]


def rational(residue: int, prime: int) -> tuple[int, int] | None:
    """The unique n/d = residue mod p with |n|, d <= sqrt(p/2), or None (half-extended Euclid)."""
    bound = isqrt(prime // 2)
    r0, r1, s0, s1 = prime, residue % prime, 0, 1
    while r1 > bound:
        q = r0 // r1
        r0, r1, s0, s1 = r1, r0 - q * r1, s1, s0 - q * s1
    if s1 == 0 or abs(s1) > bound or gcd(r1, s1) != 1:
        return None
    return (r1, s1) if s1 > 0 else (-r1, -s1)


def integer_basis(columns: np.ndarray, prime: int) -> list[list[int]] | None:
    """Small integer vectors spanning the lift to Q of a space over F_p given by columns, or None if it does not lift.

    Reduced echelon form makes the lift unique; LLL turns that basis into short vectors, which are the ones to read.
    """
    count = columns.shape[1]
    reduced, _ = flint_matrix(np.ascontiguousarray(columns.T), prime).rref()
    table = [[int(x) for x in row] for row in reduced.table()]
    cache: dict[int, tuple[int, int] | None] = {0: (0, 1), 1: (1, 1), prime - 1: (-1, 1)}
    lifted = []
    for row in table:
        entries = []
        for x in row:
            if x not in cache:
                cache[x] = rational(x, prime)
            entries.append(cache[x])
        if any(e is None for e in entries):
            return None
        clear = lcm(*(d for _, d in entries))
        lifted.append([n * (clear // d) for n, d in entries])
    if count > 1:
        lifted = [[int(x) for x in row] for row in fmpz_mat(lifted).lll().table()]
    return sorted((_primitive(row) for row in lifted), key=lambda row: ([x == 0 for x in row], row))


def _primitive(row: list[int]) -> list[int]:
    common = gcd(*row)
    sign = -1 if next(x for x in row if x) < 0 else 1
    return [sign * x // common for x in row]
