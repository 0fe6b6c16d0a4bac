"""A Dyson system at one parameter point, as plain arrays; T -> Phi(T) and its analytic Jacobian, twice.

Phi_kl(T) = sum_a w_a tr_r [ (D_a - t eta(T) x 1_r)^-1 ]_kl,
dPhi_kl/dT_u = sum_a w_a sum_ij tr_r( G_ki G_jl ) t d eta_ij/dT_u.   No finite differences.
The float version finds the branch, the ball version refines and certifies it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp
from flint import acb, acb_mat

from ..errors import BadInput
from .dyson import DysonSystem
from .field import Ratio
from .spectral import Atom, Law

FREE = (Atom(sp.Integer(1), {}),)


@dataclass(frozen=True)
class TypeBlock:
    """One type: its states, block size r of each atom, weights and the matrices D_a of size (states * r)."""

    name: str
    states: tuple[int, ...]
    sizes: tuple[int, ...]
    weights: tuple[Any, ...]
    matrices: tuple[list[list[Any]], ...]


@dataclass(frozen=True)
class Plan:
    """energy: (block, i, j, unknown, coefficient);  unknowns: (block, k, l);  target: (k, l, coefficient)."""

    blocks: tuple[TypeBlock, ...]
    energy: tuple[tuple[int, int, int, int, Any], ...]
    unknowns: tuple[tuple[int, int, int], ...]
    target: tuple[tuple[int, int, Any], ...]
    outer: int


def plan_of(
    system: DysonSystem,
    law: Law,
    number: Callable[[Ratio], Any],
    constant: Callable[[sp.Expr], Any],
    outer_atoms: tuple[Atom, ...] | None = None,
) -> Plan:
    """Evaluate every coefficient once.  outer_atoms: other weights (u^T . u, a spike) for the target only."""
    names = system.needed_types()
    blocks = [_block(system, t, _atoms(system, t, law), number, constant) for t in names]
    place = {t: b for b, t in enumerate(names)}
    local = {i: (place[t], m) for t in names for m, i in enumerate(system.states(t))}
    index = {pair: u for u, pair in enumerate(system.unknowns)}
    energy = [
        (local[i][0], local[i][1], local[j][1], index[system.representative[term.pair]], number(term.coefficient))
        for (i, j), terms in system.eta.items()
        for term in terms
    ]
    unknowns = [(local[k][0], local[k][1], local[l][1]) for k, l in system.unknowns]
    target = [(local[i][1], local[j][1], number(a)) for (i, j), a in system.target.items()]
    outer = place[system.outer] if system.target else 0
    if outer_atoms is not None and system.target:
        energy += [(len(blocks), i, j, u, a) for b, i, j, u, a in energy if b == outer]
        blocks.append(_block(system, system.outer, outer_atoms, number, constant))
        outer = len(blocks) - 1
    return Plan(tuple(blocks), tuple(energy), tuple(unknowns), tuple(target), outer)


def _atoms(system: DysonSystem, t: str, law: Law) -> tuple[Atom, ...]:
    letters = system.letters_of(t)
    if not letters:
        return FREE
    if t not in law:
        raise BadInput(f"no law for the dimension {t}: give atoms for {', '.join(map(str, letters))}")
    return law[t]


def _block(system: DysonSystem, t: str, atoms: tuple[Atom, ...], number: Any, constant: Any) -> TypeBlock:
    states = system.states(t)
    letters = system.letters_of(t)
    values = {(x, p): number(a) for x in letters for p, a in system.det[x].items()}
    fixed = {p: number(a) for p, a in system.constant.items() if p[0] in states}
    zero = number(system.field.zero)
    matrices, sizes = [], []
    for atom in atoms:
        r = atom.size if letters else 1
        rows = [[zero] * (r * len(states)) for _ in range(r * len(states))]
        for (i, j), a in fixed.items():
            for p in range(r):
                rows[states.index(i) * r + p][states.index(j) * r + p] += a
        for (x, (i, j)), a in values.items():
            matrix = atom.values[x.name]
            for p in range(r):
                for q in range(r):
                    rows[states.index(i) * r + p][states.index(j) * r + q] -= a * constant(matrix[p, q])
        matrices.append(rows)
        sizes.append(r)
    weights = tuple(constant(atom.weight) for atom in atoms)
    return TypeBlock(t, tuple(states), tuple(sizes), weights, tuple(matrices))


def float_step(plan: Plan, unknown: np.ndarray, t: float) -> tuple[np.ndarray, np.ndarray]:
    """Phi(T) and dPhi/dT in complex doubles; LinAlgError when a block is singular."""
    value = np.zeros(len(plan.unknowns), complex)
    jacobian = np.zeros((len(plan.unknowns), len(plan.unknowns)), complex)
    for b, block in enumerate(plan.blocks):
        own = np.array([(m, k, l) for m, (c, k, l) in enumerate(plan.unknowns) if c == b], int).reshape(-1, 3).T
        energy = [term[1:] for term in plan.energy if term[0] == b]
        if not own.size:
            continue
        m, k, l = own
        i, j, u = np.array([term[:3] for term in energy], int).reshape(-1, 3).T
        slopes = t * np.array([term[3] for term in energy], complex)
        size = len(block.states)
        eta = np.zeros((size, size), complex)
        np.add.at(eta, (i, j), slopes * unknown[u])
        for r, weight, matrix in zip(block.sizes, block.weights, block.matrices, strict=True):
            inverse = np.linalg.inv(np.array(matrix, complex) - np.kron(eta, np.eye(r)))
            g = inverse.reshape(size, r, size, r)
            value[m] += weight * np.einsum("mpmp->m", g[k][:, :, l, :]) / r
            part = np.einsum("mpeq,eqmp->me", g[k][:, :, i, :], g[j][:, :, l, :]) * slopes * (weight / r)
            np.add.at(jacobian, (m[:, None], u[None, :]), part)
    return value, jacobian


def ball_inverses(plan: Plan, b: int, unknown: list[acb]) -> list[tuple[int, acb, acb_mat]]:
    """(r, weight, G) for every atom of block b."""
    block = plan.blocks[b]
    found = []
    for r, weight, matrix in zip(block.sizes, block.weights, block.matrices, strict=True):
        rows = [list(row) for row in matrix]
        for c, i, j, u, a in plan.energy:
            if c == b:
                for p in range(r):
                    rows[i * r + p][j * r + p] -= a * unknown[u]
        found.append((r, weight, acb_mat(rows).inv()))
    return found


def ball_step(plan: Plan, unknown: list[acb], *, jacobian: bool = True) -> tuple[list[acb], list[list[acb]]]:
    """Phi and dPhi/dT on balls: enclosures over every T in the box; ZeroDivisionError when a block may be singular."""
    n = len(plan.unknowns)
    value = [acb(0)] * n
    slopes = [[acb(0)] * n for _ in range(n)]
    for b in range(len(plan.blocks)):
        own = [(m, k, l) for m, (c, k, l) in enumerate(plan.unknowns) if c == b]
        energy = [(i, j, u, a) for c, i, j, u, a in plan.energy if c == b]
        for r, weight, g in ball_inverses(plan, b, unknown) if own else ():
            for m, k, l in own:
                value[m] += weight * ball_trace(g, r, k, l)
                for i, j, u, a in energy if jacobian else ():
                    slopes[m][u] += weight * a * _trace_of_product(g, r, k, i, j, l)
    return value, slopes


def ball_trace(g: acb_mat, r: int, k: int, l: int) -> acb:
    """tr_r of the block (k, l)."""
    return sum((g[k * r + p, l * r + p] for p in range(r)), acb(0)) / r


def _trace_of_product(g: acb_mat, r: int, k: int, i: int, j: int, l: int) -> acb:
    if r == 1:
        return g[k, i] * g[j, l]
    total = acb(0)
    for p in range(r):
        for q in range(r):
            total += g[k * r + p, i * r + q] * g[j * r + q, l * r + p]
    return total / r


def ball_target(plan: Plan, unknown: list[acb]) -> acb:
    """sum_ij c_i b_j int G_ij."""
    total = acb(0)
    for r, weight, g in ball_inverses(plan, plan.outer, unknown) if plan.target else ():
        for k, l, a in plan.target:
            total += a * weight * ball_trace(g, r, k, l)
    return total
