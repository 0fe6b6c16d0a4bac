"""Networks with exponentials: exact ranks because e is transcendental.

Weights and data are small integers, so every exponential is an integer power of e and the gradients lie in Q(e); a
random residue in place of e can only lower their rank. Gates and activations may therefore not be nested.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import BadInput
from .chains import check_sizes, title
from .modular import Draws, product
from .network_level import NetworkTest, best_of

METHOD = "integer powers of e, which is transcendental"
ACTIVATIONS = ("tanh", "sigmoid", "silu")
DRAWS = 6


def attention_is_full(heads: int, inner: int, width: int, *, causal: bool = False, draws: int = DRAWS) -> NetworkTest:
    """Softmax attention: rank of d out / d (M_h, P_h), M = Q^T K, P = V^T O, against 2 heads width^2.

    >>> attention_is_full(1, 2, 2).full
    True
    """
    check_sizes((heads, inner, width), 3)
    name = f"attention {heads} {inner} {width}" + " causal" * causal
    return best_of(
        name, 2 * heads * width**2, draws, METHOD, lambda stream: _attention_rows(heads, inner, width, causal, stream)
    )


def mlp_is_full(activation: str, sizes: Sequence[int], bias: bool = False, draws: int = DRAWS) -> NetworkTest:
    """V s(W x + b), s one of ACTIVATIONS: rank of the gradients against D; full means N = 0.

    >>> mlp_is_full("tanh", (2, 3, 1)).full
    True
    """
    sizes = check_sizes(sizes, 3)
    if len(sizes) != 3:
        raise BadInput(f"{activation}: the exact test needs one hidden layer, exponentials may not be nested")
    inputs, hidden, outputs = sizes
    needed = hidden * (inputs + outputs + (1 if bias else 0))
    name = title(activation, sizes, *["bias"] * bias)
    return best_of(name, needed, draws, METHOD, lambda stream: _mlp_rows(activation, sizes, bias, needed, stream))


def swiglu_is_full(inputs: int, gates: int, outputs: int, draws: int = DRAWS) -> NetworkTest:
    """C (silu(A x) * B x): rank of the gradients against D - gates.

    >>> swiglu_is_full(2, 2, 1).full
    True
    """
    sizes = check_sizes((inputs, gates, outputs), 3)
    needed = gates * (2 * inputs + outputs) - gates
    return best_of(title("swiglu", sizes), needed, draws, METHOD, lambda stream: _swiglu_rows(sizes, needed, stream))


def mixture_is_full(inputs: int, experts: int, outputs: int, draws: int = DRAWS) -> NetworkTest:
    """sum_e softmax(G x)_e W_e x: rank of the gradients against D - inputs.

    >>> mixture_is_full(2, 2, 1).full
    True
    """
    sizes = check_sizes((inputs, experts, outputs), 3)
    needed = experts * inputs * (1 + outputs) - inputs
    return best_of(title("moe", sizes), needed, draws, METHOD, lambda stream: _mixture_rows(sizes, needed, stream))


def softmax_is_full(inputs: int, classes: int, draws: int = DRAWS) -> NetworkTest:
    """softmax(W x): rank of the gradients against inputs * (classes - 1).

    >>> softmax_is_full(2, 3).full
    True
    """
    check_sizes((inputs, classes))
    needed = inputs * (classes - 1)
    return best_of(
        f"softmax {inputs} {classes}", needed, draws, METHOD, lambda s: _softmax_rows(inputs, classes, needed, s)
    )


def _small(stream: Draws, *shape: int, bound: int = 3) -> np.ndarray:
    return stream(*shape) % (2 * bound + 1) - bound


def _inverse(values: np.ndarray, prime: int) -> np.ndarray:
    """Elementwise inverse mod p; 0 stays 0, and the caller drops those rows."""
    return np.array([pow(int(x), -1, prime) if x else 0 for x in values.ravel()], dtype=np.int64).reshape(values.shape)


def _powers(exponents: np.ndarray, base: int, prime: int) -> np.ndarray:
    return np.array([pow(base, int(x), prime) for x in exponents.ravel()], dtype=np.int64).reshape(exponents.shape)


def _activate(name: str, z: np.ndarray, base: int, prime: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """s(z), s'(z) mod p with e -> base, and where they are defined."""
    scale = 2 if name == "tanh" else 1
    power = _powers(scale * z, base, prime)
    defined = (power + 1) % prime != 0
    share = power * _inverse((power + 1) % prime, prime) % prime
    slope = share * (1 - share) % prime
    if name == "tanh":
        value = (2 * share - 1) % prime
        return value, (1 - value * value) % prime, defined
    if name == "sigmoid":
        return share, slope, defined
    return z * share % prime, (share + z * slope) % prime, defined


def _mlp_rows(activation: str, sizes: tuple[int, ...], bias: bool, needed: int, stream: Draws) -> np.ndarray:
    inputs, hidden, outputs = sizes
    prime, base = stream.prime, int(stream(1)[0])
    x = _small(stream, 3 * needed // outputs + 20, inputs, bound=6)
    if bias:
        x = np.hstack([x, np.ones((len(x), 1), dtype=np.int64)])
    w, v = _small(stream, x.shape[1], hidden, bound=6), _small(stream, hidden, outputs, bound=6)
    value, slope, defined = _activate(activation, x @ w, base, prime)
    good = defined.all(axis=1)
    x, value, slope = x[good], value[good], slope[good]
    rows = []
    for o in range(outputs):
        inner = (x[:, :, None] * (slope * v[:, o] % prime)[:, None, :] % prime).reshape(len(x), -1)
        outer = np.zeros((len(x), hidden, outputs), dtype=np.int64)
        outer[:, :, o] = value
        rows.append(np.hstack([inner, outer.reshape(len(x), -1)]))
    return np.vstack(rows) % prime


def _swiglu_rows(sizes: tuple[int, ...], needed: int, stream: Draws) -> np.ndarray:
    inputs, gates, outputs = sizes
    prime, base = stream.prime, int(stream(1)[0])
    x = _small(stream, 3 * needed // outputs + 20, inputs, bound=6)
    a, b, c = (_small(stream, *shape, bound=6) for shape in ((inputs, gates), (inputs, gates), (gates, outputs)))
    value, slope, defined = _activate("silu", x @ a, base, prime)
    good = defined.all(axis=1)
    x, value, slope = x[good], value[good], slope[good]
    linear = x @ b
    rows = []
    for o in range(outputs):
        gate = slope * (linear * c[:, o] % prime) % prime
        by_a = (x[:, :, None] * gate[:, None, :] % prime).reshape(len(x), -1)
        by_b = (x[:, :, None] * (value * c[:, o] % prime)[:, None, :] % prime).reshape(len(x), -1)
        by_c = np.zeros((len(x), gates, outputs), dtype=np.int64)
        by_c[:, :, o] = value * linear % prime
        rows.append(np.hstack([by_a, by_b, by_c.reshape(len(x), -1)]))
    return np.vstack(rows) % prime


def _shares(scores: np.ndarray, base: int, prime: int) -> tuple[np.ndarray, np.ndarray]:
    """softmax of integer scores along the last axis, and the rows where the normalisation is not 0 mod p."""
    mass = _powers(scores, base, prime)
    norm = mass.sum(axis=1) % prime
    return mass * _inverse(norm, prime)[:, None] % prime, norm != 0


def _mixture_rows(sizes: tuple[int, ...], needed: int, stream: Draws) -> np.ndarray:
    inputs, experts, outputs = sizes
    prime, base = stream.prime, int(stream(1)[0])
    x = _small(stream, 3 * needed // outputs + 20, inputs, bound=6)
    gate, expert = _small(stream, inputs, experts, bound=6), _small(stream, experts, outputs, inputs, bound=6)
    share, good = _shares(x @ gate, base, prime)
    x, share = x[good], share[good]
    answers = np.einsum("eoi,ni->neo", expert, x) % prime
    rows = []
    for o in range(outputs):
        mean = (share * answers[:, :, o] % prime).sum(axis=1) % prime
        pull = share * ((answers[:, :, o] - mean[:, None]) % prime) % prime
        by_gate = (x[:, :, None] * pull[:, None, :] % prime).reshape(len(x), -1)
        by_expert = np.zeros((len(x), experts, outputs, inputs), dtype=np.int64)
        by_expert[:, :, o] = share[:, :, None] * x[:, None, :] % prime
        rows.append(np.hstack([by_gate, by_expert.reshape(len(x), -1)]))
    return np.vstack(rows) % prime


def _softmax_rows(inputs: int, classes: int, needed: int, stream: Draws) -> np.ndarray:
    prime, base = stream.prime, int(stream(1)[0])
    x = _small(stream, 3 * needed + 20, inputs, bound=6)
    share, good = _shares(x @ _small(stream, inputs, classes, bound=6), base, prime)
    x, share = x[good], share[good]
    rows = []
    for k in range(classes):
        pull = -share[:, k, None] * share % prime
        pull[:, k] += share[:, k]
        rows.append((x[:, :, None] * pull[:, None, :] % prime).reshape(len(x), -1))
    return np.vstack(rows) % prime


def _attention_rows(heads: int, inner: int, width: int, causal: bool, stream: Draws) -> np.ndarray:
    """Rows: outputs of one position over many token sequences; columns: entries of all M_h, then of all P_h."""
    prime = stream.prime
    base = int(stream(1)[0])
    tensors = [[_small(stream, inner, width) for _ in "QKVO"] for _ in range(heads)]
    tokens = 3
    rows = []
    for _ in range(4 * heads * width + 8):
        sequence = _small(stream, tokens, width)
        query = sequence[tokens - 1 if causal else 0]
        left, right = [], []
        for q, k, v, o in tensors:
            share, good = _shares((sequence @ (query @ (q.T @ k)))[None], base, prime)
            if not good.all():
                break
            mean = share[0] @ sequence % prime
            values = sequence @ (v.T @ o) % prime
            spread = share[0][:, None] * ((sequence - mean) % prime) % prime
            moved = product(np.ascontiguousarray(spread.T), values, prime)
            block = query[:, None, None] * moved[None] % prime
            left.append(block.reshape(width * width, width).T)
            right.append(np.kron(mean[None], np.eye(width, dtype=np.int64)) % prime)
        else:
            rows.append(np.hstack([*left, *right]))
    return np.vstack(rows)
