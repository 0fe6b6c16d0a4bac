"""Layered networks: linear chains, path liftings of homogeneous activations, diagonal chains, residual blocks.

`sizes` = (n_0, ..., n_q), either direction: the number of laws does not depend on it. W_i is n_(i-1) x n_i.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product as index_tuples
from math import prod

import numpy as np

from ..errors import BadInput
from .parametrisation import Parametrisation, from_polynomials, layout
from .polynomial import Matrix, Polynomial, identity

MAX_TERMS = 300_000
INPUT = 1 << 30
GATE = 1 << 31


def check_sizes(sizes: Sequence[int], least: int = 2) -> tuple[int, ...]:
    found = tuple(sizes)
    if len(found) < least or any(type(n) is not int or n < 1 for n in found):
        raise BadInput(f"layer sizes {list(found)!r}: at least {least} positive integers are needed")
    return found


def check_terms(count: int) -> None:
    if count > MAX_TERMS:
        raise BadInput(f"{count} terms in phi; at most {MAX_TERMS} are written out")


def title(kind: str, sizes: Sequence[int], *rest: str) -> str:
    return " ".join([kind, "-".join(map(str, sizes)), *rest])


def linear(sizes: Sequence[int], bias: bool = False) -> Parametrisation:
    """phi = entries of W_1 W_2 ... W_q; with `bias`, also those of b_1 W_2 ... W_q + ... + b_q, the value at 0.

    Laws: W_i^T W_i - W_(i+1) W_(i+1)^T (Arora, Cohen, Hazan 2018; Marcotte, Gribonval, Peyre 2023).

    >>> linear((5, 4, 3)).D
    32
    """
    sizes = check_sizes(sizes)
    if bias:
        return _affine(sizes)
    return _paths(title("linear", sizes), sizes, per_path=False)


def _affine(sizes: tuple[int, ...]) -> Parametrisation:
    depth = len(sizes) - 1
    shapes: list[tuple[str, tuple[int, ...]]] = [(f"W{i + 1}", (sizes[i], sizes[i + 1])) for i in range(depth)]
    blocks = layout(shapes + [(f"b{i + 1}", (sizes[i + 1],)) for i in range(depth)])
    signal = Matrix([[Polynomial.variable(INPUT + i) for i in range(sizes[0])]])
    for matrix, shift in zip(blocks[:depth], blocks[depth:]):
        signal = signal @ weight(matrix) + Matrix([[Polynomial.variable(shift.start + j) for j in range(shift.size)]])
    return from_network(title("linear", sizes, "bias"), blocks, signal.entries())


def relu(sizes: Sequence[int], bias: bool = False) -> Parametrisation:
    """Path lifting: one component per path, the product of its weights; a bias starts a path at its neuron.

    The same for leaky ReLU. With `bias`, every hidden neuron has one; a bias of an output touches no hidden neuron, is
    a component by itself and would change no law: it is left out.

    >>> relu((2, 3, 1)).components
    6
    """
    sizes = check_sizes(sizes)
    return _paths(title("relu", sizes, *["bias"] * bias), sizes, per_path=True, bias=bias)


def _paths(name: str, sizes: tuple[int, ...], per_path: bool, bias: bool = False) -> Parametrisation:
    depth = len(sizes) - 1
    shapes: list[tuple[str, tuple[int, ...]]] = [(f"W{i + 1}", (sizes[i], sizes[i + 1])) for i in range(depth)]
    biases = range(1, depth) if bias else ()
    shapes += [(f"b{i}", (sizes[i],)) for i in biases]
    count = prod(sizes) + sum(prod(sizes[i:]) for i in biases)
    if count > MAX_TERMS:
        advice = "paths.count_paths needs no list"
        raise BadInput(f"{name}: {count} paths; at most {MAX_TERMS} are written out ({advice})")
    blocks = {block.name: block for block in layout(shapes)}
    size = sum(block.size for block in blocks.values())
    tables, outputs, groups, offset = [], [], [], 0
    for start in (0, *biases):
        nodes = np.indices(sizes[start:]).reshape(depth - start + 1, -1)
        columns = [blocks[f"b{start}"].start + nodes[0]] if start else []
        for i in range(start, depth):
            columns.append(blocks[f"W{i + 1}"].start + nodes[i - start] * sizes[i + 1] + nodes[i - start + 1])
        columns += [np.full(nodes.shape[1], size)] * (depth - len(columns))
        tables.append(np.stack(columns, axis=1))
        outputs.append(nodes[-1])
        groups.append(offset + np.arange(nodes.shape[1]) // sizes[-1])
        offset += nodes.shape[1]
    var = np.sort(np.vstack(tables), axis=1)
    output, group = np.concatenate(outputs), np.concatenate(groups)
    if per_path:
        comp, components = np.arange(len(var)), len(var)
    else:
        first = np.indices(sizes).reshape(depth + 1, -1)[0]
        comp, components = first * sizes[-1] + output, sizes[0] * sizes[-1]
        output, group = np.tile(np.arange(sizes[-1]), sizes[0]), np.repeat(np.arange(sizes[0]), sizes[-1])
    ones = np.ones(len(var), dtype=np.int64)
    known = {"output": output, "group": group, "outputs": sizes[-1]}
    return Parametrisation(name, layout(shapes), comp, ones, var, components, **known)


def diagonal(width: int, depth: int = 2) -> Parametrisation:
    """phi_j = u1_j u2_j ... : depth - 1 laws per coordinate."""
    check_sizes((width, depth))
    blocks = layout((f"u{i + 1}", (width,)) for i in range(depth))
    found = [Polynomial({tuple(i * width + j for i in range(depth)): 1}) for j in range(width)]  # type: ignore
    return from_polynomials(f"diagonal {width} {depth}", blocks, found, keys=[(j, 0) for j in range(width)])


def diagonal_difference(width: int) -> Parametrisation:
    """phi_j = u_j^2 - v_j^2: the law is u_j v_j, a hyperbolic rotation."""
    check_sizes((width,), 1)
    blocks = layout((("u", (width,)), ("v", (width,))))
    found = [Polynomial({(j, j): 1, (width + j, width + j): -1}) for j in range(width)]  # type: ignore
    return from_polynomials(f"difference {width}", blocks, found, keys=[(j, 0) for j in range(width)])


def homogeneous(sizes: Sequence[int], power: int, gated: bool = True) -> Parametrisation:
    """Activation z -> max(z, 0)^power; with gated=False the polynomial activation z -> z^power itself.

    Gated: which units are active is separate information per input, so terms with different sets of active units are
    different components. Laws: |weights in|^2 - power |weights out|^2 per hidden neuron.
    """
    sizes = check_sizes(sizes, 3)
    if type(power) is not int or not 1 <= power <= 6:
        raise BadInput(f"activation degree {power!r}: an integer from 1 to 6 is needed")
    name = title("power" if gated else "polynomial", sizes, str(power))
    blocks = layout((f"W{i + 1}", (sizes[i], sizes[i + 1])) for i in range(len(sizes) - 1))
    signal = Matrix([[Polynomial.variable(INPUT + i) for i in range(sizes[0])]])
    gate = GATE
    for number, block in enumerate(blocks):
        signal = signal @ weight(block)
        if number < len(blocks) - 1:
            signal = signal.map(lambda z, i, j: z**power)
            if gated:
                signal = signal.map(lambda z, i, j, at=gate: z * Polynomial.variable(at + j))
            gate += sizes[number + 1]
    return from_network(name, blocks, signal.entries())


def residual(width: int, inner: int, blocks: int) -> Parametrisation:
    """phi = entries of (1 + U_k V_k) ... (1 + U_1 V_1), U: width x inner, V: inner x width; linear residual blocks."""
    check_sizes((width, inner, blocks), 3)
    shapes = [
        (f"{letter}{i + 1}", shape)
        for i in range(blocks)
        for letter, shape in (("U", (width, inner)), ("V", (inner, width)))
    ]
    tensors = layout(shapes)
    found = identity(width)
    for i in range(blocks):
        found = (identity(width) + weight(tensors[2 * i]) @ weight(tensors[2 * i + 1])) @ found
    keys = [(row, column) for row in range(width) for column in range(width)]
    return from_polynomials(f"residual {width} {inner} {blocks}", tensors, found.entries(), keys=keys)


def recurrent(inputs: int, states: int, outputs: int, steps: int) -> Parametrisation:
    """phi = entries of C W^k B, k = 0 .. steps - 1: a linear recurrent network."""
    check_sizes((inputs, states, outputs, steps), 4)
    blocks = layout((("B", (states, inputs)), ("W", (states, states)), ("C", (outputs, states))))
    b, w, c = map(weight, blocks)
    found, keys = [], []
    for step in range(steps):
        found += (c @ b).entries()
        keys += [(row, (step, column)) for row in range(outputs) for column in range(inputs)]
        b = w @ b
    return from_polynomials(f"recurrent {inputs}-{states}-{outputs} {steps}", blocks, found, keys=keys)


def weight(block) -> Matrix:
    """The matrix of the parameters of a two-axis block."""
    rows, columns = block.shape
    return Matrix([[Polynomial.variable(block.start + i * columns + j) for j in range(columns)] for i in range(rows)])


def from_network(name, blocks, outputs: Sequence[Polynomial]) -> Parametrisation:
    """phi = coefficients of the outputs as polynomials in inputs and gates; a gate is its own square."""
    found: dict[tuple[int, tuple[int, ...]], dict] = {}
    for number, output in enumerate(outputs):
        for monomial, c in output.terms.items():
            inputs = tuple(v for v in monomial if INPUT <= v < GATE)
            gates = tuple(sorted({v for v in monomial if v >= GATE}))
            parameters = tuple(v for v in monomial if v < INPUT)
            terms = found.setdefault((number, inputs + gates), {})
            terms[parameters] = terms.get(parameters, 0) + c
    return from_polynomials(name, blocks, [Polynomial(t) for t in found.values()], keys=list(found))


def all_indices(*lengths: int):
    """Index tuples in reading order."""
    return index_tuples(*map(range, lengths))
