"""phi of attention, gates, convolutions, tensors and tied weights: Python constructors, one per architecture.

phi is the list of coefficients of the network as a polynomial in its input, where it is one; the docstring says which
phi is meant elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import prod

from ..errors import BadInput
from .chains import INPUT, all_indices, check_sizes, check_terms, from_network, title, weight
from .parametrisation import Parametrisation, from_polynomials, layout
from .polynomial import Matrix, Polynomial, total


def variable(number: int) -> Polynomial:
    return Polynomial.variable(number)


def _monomials(*factors: int) -> Polynomial:
    found = Polynomial.constant(1)
    for number in factors:
        found = found * variable(number)
    return found


def _numbered(polynomials: Sequence[Polynomial]) -> list[tuple[int, object]]:
    return [(i, "phi") for i in range(len(polynomials))]


def _inputs(count: int, offset: int = 0) -> Matrix:
    return Matrix([[variable(INPUT + offset + i)] for i in range(count)])


def attention(heads: int, inner: int, width: int) -> Parametrisation:
    """Softmax attention: phi = (Q_h^T K_h, V_h^T O_h) per head, Q, K, V, O: inner x width.

    N = heads * inner * (inner + 1) if 2 width >= inner. That the data see all of phi is a separate statement,
    proved for given sizes by network_level.attention_is_full.
    """
    check_sizes((heads, inner, width), 3)
    blocks = layout((f"{letter}{h + 1}", (inner, width)) for h in range(heads) for letter in "QKVO")
    tensors = [weight(block) for block in blocks]
    found: list[Polynomial] = []
    for h in range(heads):
        q, k, v, o = tensors[4 * h : 4 * h + 4]
        found += (q.T @ k).entries() + (v.T @ o).entries()
    return from_polynomials(f"attention {heads} {inner} {width}", blocks, found)


def linear_attention(inner: int, width: int) -> Parametrisation:
    """Attention without softmax, one head: out = sum_x' (x^T Q^T K x') O^T V x', coefficients in x and x'.

    One law more than with softmax: scale Q^T K against O^T V.
    """
    check_sizes((inner, width))
    blocks = layout((letter, (inner, width)) for letter in "QKVO")
    q, k, v, o = map(weight, blocks)
    x, other = _inputs(width), _inputs(width, width)
    score = (x.T @ (q.T @ k) @ other).rows[0][0]
    value = o.T @ v @ other
    return from_network(f"attention-linear {inner} {width}", blocks, [score * entry for entry in value.entries()])


def rotary(planes: int, width: int) -> Parametrisation:
    """Rotary query-key pair, distinct frequencies: phi = (Q_p^T K_p, Q_p^T J K_p) per rotation plane p.

    Relative positions separate the cosine and sine parts of every plane. N = planes.
    """
    check_sizes((planes, width))
    blocks = layout((f"{letter}{p + 1}", (2, width)) for p in range(planes) for letter in "QK")
    found: list[Polynomial] = []
    for p in range(planes):
        q, k = weight(blocks[2 * p]), weight(blocks[2 * p + 1])
        turned = Matrix([[-entry for entry in k.rows[1]], k.rows[0]])
        found += (q.T @ k).entries() + (q.T @ turned).entries()
    return from_polynomials(f"rotary {planes} {width}", blocks, found)


def gated(inputs: int, gates: int, outputs: int, bilinear: bool = False) -> Parametrisation:
    """Gated linear unit sum_h c_h s(a_h x) (b_h x). Bilinear (s = identity): coefficients in x, N = 2 gates.

    Otherwise (SwiGLU): s leaves no freedom in A, so phi = (entries of A, products c_oh b_hi), N = gates.
    """
    check_sizes((inputs, gates, outputs), 3)
    blocks = layout((("A", (gates, inputs)), ("B", (gates, inputs)), ("C", (outputs, gates))))
    a, b, c = map(weight, blocks)
    if bilinear:
        x = _inputs(inputs)
        left, right = a @ x, b @ x
        hidden = Matrix([[left.rows[h][0] * right.rows[h][0]] for h in range(gates)])
        return from_network(title("bilinear", (inputs, gates, outputs)), blocks, (c @ hidden).entries())
    found = a.entries() + [c.rows[o][h] * b.rows[h][i] for o, h, i in all_indices(outputs, gates, inputs)]
    return from_polynomials(title("swiglu", (inputs, gates, outputs)), blocks, found)


def softmax_regression(inputs: int, classes: int) -> Parametrisation:
    """softmax(W x): phi = differences of the rows of W; N = inputs, linear laws (sum over classes of W)."""
    check_sizes((inputs, classes))
    if classes < 2:
        raise BadInput("softmax over one class is constant; give at least 2 classes")
    blocks = layout((("W", (classes, inputs)),))
    rows = weight(blocks[0]).rows
    found = [rows[c][i] - rows[0][i] for c in range(1, classes) for i in range(inputs)]
    return from_polynomials(f"softmax {inputs} {classes}", blocks, found)


def mixture(inputs: int, experts: int, outputs: int) -> Parametrisation:
    """sum_e softmax(G x)_e W_e x: phi = (differences of the rows of G, entries of all W_e); N = inputs."""
    check_sizes((inputs, experts, outputs), 3)
    if experts < 2:
        raise BadInput("softmax over one expert is constant; give at least 2 experts")
    blocks = layout((("G", (experts, inputs)), ("W", (experts, outputs, inputs))))
    rows = weight(blocks[0]).rows
    found = [rows[e][i] - rows[0][i] for e in range(1, experts) for i in range(inputs)]
    found += [variable(blocks[1].start + k) for k in range(blocks[1].size)]
    return from_polynomials(title("moe", (inputs, experts, outputs)), blocks, found)


def unconstrained(kind: str, sizes: Sequence[int], bias: bool = False) -> Parametrisation:
    """phi = theta, for a layered network whose gradients over data span everything: no law, N = 0."""
    sizes = check_sizes(sizes)
    shapes = [(f"W{i + 1}", (a, b)) for i, (a, b) in enumerate(pairwise(sizes))]
    if bias:
        shapes += [(f"b{i + 1}", (n,)) for i, n in enumerate(sizes[1:-1])]
    blocks = layout(shapes)
    found = [variable(j) for j in range(sum(block.size for block in blocks))]
    return from_polynomials(title(kind, sizes, *["bias"] * bias), blocks, found)


def convolution(lengths: Sequence[int], channels: Sequence[int] = (), relu: bool = False) -> Parametrisation:
    """Convolutions in a row: filter i has lengths[i] taps, channels[i] inputs and channels[i + 1] outputs.

    phi = taps of the composed filter. With relu, the path lifting: which units are active separates the paths, so every
    product of taps along a path of channels is a component; N = hidden channels.
    """
    lengths = check_sizes(lengths, 1)
    channels = check_sizes(channels or (1,) * (len(lengths) + 1))
    if len(channels) != len(lengths) + 1:
        raise BadInput(f"{len(lengths)} filters need {len(lengths) + 1} channel counts, not {len(channels)}")
    shapes = [(f"W{i + 1}", (channels[i], channels[i + 1], n)) for i, n in enumerate(lengths)]
    blocks = layout(shapes)
    found: dict[tuple, Polynomial] = {(c, c, 0): Polynomial.constant(1) for c in range(channels[0])}
    for block in blocks:
        step: dict[tuple, list[Polynomial]] = {}
        _, outs, taps = block.shape
        for key, value in found.items():
            for out, tap in all_indices(outs, taps):
                term = value * variable(block.start + (key[-2] * outs + out) * taps + tap)
                new = (*key[:-1], tap, out, 0) if relu else (key[0], out, key[-1] + tap)
                step.setdefault(new, []).append(term)
        found = {key: total(terms) for key, terms in step.items()}
    name = title("relu-convolution" if relu else "convolution", lengths, *["-".join(map(str, channels))])
    keys = [(key[-2], (*key[:-2], key[-1])) for key in found]
    return from_polynomials(name, blocks, list(found.values()), keys=keys)


def circular_convolution(length: int) -> Parametrisation:
    """phi = u * v on a circle of `length` points; one law per real frequency class, floor(length / 2) + 1."""
    check_sizes((length,), 1)
    blocks = layout((("u", (length,)), ("v", (length,))))
    found = [total(_monomials(i, length + (s - i) % length) for i in range(length)) for s in range(length)]
    return from_polynomials(f"circular {length}", blocks, found, keys=_numbered(found))


def canonical_polyadic(sizes: Sequence[int], rank: int) -> Parametrisation:
    """CP: phi = sum_r u1_r (x) u2_r (x) ...; U_i: sizes[i] x rank. N = rank * (order - 1) above order 2."""
    sizes = check_sizes(sizes)
    check_sizes((rank,), 1)
    blocks = layout((f"U{i + 1}", (n, rank)) for i, n in enumerate(sizes))
    check_terms(prod(sizes) * rank)
    found = [
        total(_monomials(*(block.start + i * rank + r for block, i in zip(blocks, index))) for r in range(rank))
        for index in all_indices(*sizes)
    ]
    return from_polynomials(title("cp", sizes, str(rank)), blocks, found)


def tucker(sizes: Sequence[int], core: Sequence[int]) -> Parametrisation:
    """Tucker: phi = core G multiplied by U_i (sizes[i] x core[i]) in every mode; N = sum r_i (r_i + 1) / 2."""
    sizes, core = check_sizes(sizes), check_sizes(core)
    if len(sizes) != len(core):
        raise BadInput(f"a core of {len(core)} modes for a tensor of {len(sizes)}")
    check_terms(prod(sizes) * prod(core))
    blocks = layout([("G", core), *((f"U{i + 1}", (n, r)) for i, (n, r) in enumerate(zip(sizes, core)))])
    found = []
    for index in all_indices(*sizes):
        terms = []
        for place, inner in enumerate(all_indices(*core)):
            factors = [b.start + i * r + j for b, i, r, j in zip(blocks[1:], index, core, inner)]
            terms.append(_monomials(place, *factors))
        found.append(total(terms))
    return from_polynomials(title("tucker", sizes, "-".join(map(str, core))), blocks, found)


def gram(rows: int, columns: int) -> Parametrisation:
    """phi = U U^T, U: rows x columns. No polynomial law; columns > rows leaves rational ones."""
    check_sizes((rows, columns))
    blocks = layout((("U", (rows, columns)),))
    u = weight(blocks[0])
    return from_polynomials(f"gram {rows} {columns}", blocks, (u @ u.T).entries())


def symmetric_product(rows: int, columns: int) -> Parametrisation:
    """phi = U V^T + V U^T, both rows x columns."""
    check_sizes((rows, columns))
    blocks = layout((("U", (rows, columns)), ("V", (rows, columns))))
    u, v = map(weight, blocks)
    return from_polynomials(f"symmetric {rows} {columns}", blocks, (u @ v.T + v @ u.T).entries())


def tied(inputs: int, hidden: int) -> Parametrisation:
    """Tied weights, x -> W^T W x with W: hidden x inputs: phi = W^T W."""
    check_sizes((inputs, hidden))
    blocks = layout((("W", (hidden, inputs)),))
    w = weight(blocks[0])
    return from_polynomials(f"tied {inputs} {hidden}", blocks, (w.T @ w).entries())


def column_scaling(rows: int, columns: int) -> Parametrisation:
    """phi = W diag(g), W: rows x columns; N = columns."""
    check_sizes((rows, columns))
    blocks = layout((("W", (rows, columns)), ("g", (columns,))))
    found = [_monomials(i * columns + j, rows * columns + j) for i, j in all_indices(rows, columns)]
    return from_polynomials(f"scaling {rows} {columns}", blocks, found)
