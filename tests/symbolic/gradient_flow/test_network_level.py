"""From phi to the network: gradient rows against dual numbers and exact differences; the sizes of the literature."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from quenched.symbolic.errors import BadInput
from quenched.symbolic.gradient_flow import (
    attention_is_full,
    mixture_is_full,
    mlp_is_full,
    network_exp,
    network_level,
    network_statement,
    relu_is_full,
    softmax_is_full,
    swiglu_is_full,
)
from quenched.symbolic.gradient_flow.modular import PRIMES, Draws

P = PRIMES[0]
RELU = [
    word
    for line in (Path(__file__).parent / "draws.txt").read_text().splitlines()
    if line.startswith("relu ")
    for word in line.split()[1:]
]


class Dual:
    """x + y eps mod p, eps^2 = 0: derivatives by another way than the formulas of the tests."""

    def __init__(self, x: int, y: int = 0):
        self.x, self.y = int(x) % P, int(y) % P

    def __add__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.x + other.x, self.y + other.y)

    __radd__ = __add__

    def __mul__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.x * other.x, self.x * other.y + self.y * other.x)

    __rmul__ = __mul__

    def inverse(self):
        one = pow(self.x, -1, P)
        return Dual(one, -self.y * one * one)


def power(base: int, exponent: int, slope: Dual) -> Dual:
    """e^z for integer z, e -> base: its derivative is itself."""
    return Dual(pow(base, exponent, P)) * Dual(1, slope.y)


def derivatives(network, values: list[int], output: int) -> list[int]:
    return [network([Dual(v, i == j) for i, v in enumerate(values)])[output].y for j in range(len(values))]


def dot(rows: list, vector) -> Dual:
    return sum((a * int(b) for a, b in zip(rows, vector)), Dual(0))


def integer(z: Dual) -> int:
    return z.x if z.x < P // 2 else z.x - P


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "silu"])
def test_gradient_rows_of_smooth_networks(activation):
    sizes, needed, outputs = (2, 3, 2), 12, 2
    rows = network_exp._mlp_rows(activation, sizes, False, needed, Draws("dual", P))
    stream = Draws("dual", P)
    base = int(stream(1)[0])
    count = 3 * needed // outputs + 20
    x, w, v = (stream(*s) % 13 - 6 for s in ((count, 2), (2, 3), (3, 2)))
    values = [*w.ravel().tolist(), *v.ravel().tolist()]

    def network(theta, at):
        hidden = []
        for h in range(3):
            z = dot([theta[h], theta[3 + h]], at)
            scale = 2 if activation == "tanh" else 1
            e = power(base, scale * integer(z), scale * z)
            share = e * (e + 1).inverse()
            hidden.append({"tanh": 2 * share + (-1), "sigmoid": share, "silu": z * share}[activation])
        return [sum((hidden[h] * theta[6 + 2 * h + o] for h in range(3)), Dual(0)) for o in range(2)]

    for datum in range(3):
        for o in range(outputs):
            found = derivatives(lambda theta, d=datum: network(theta, x[d]), values, o)
            assert rows[o * count + datum].tolist() == found


def test_gradient_rows_of_swiglu():
    sizes, needed = (2, 2, 2), 10
    rows = network_exp._swiglu_rows(sizes, needed, Draws("dual", P))
    stream = Draws("dual", P)
    base, count = int(stream(1)[0]), 3 * needed // 2 + 20
    x, a, b, c = (stream(*s) % 13 - 6 for s in ((count, 2), (2, 2), (2, 2), (2, 2)))
    values = [*a.ravel().tolist(), *b.ravel().tolist(), *c.ravel().tolist()]

    def network(theta, at):
        found = [Dual(0), Dual(0)]
        for h in range(2):
            z, line = dot([theta[h], theta[2 + h]], at), dot([theta[4 + h], theta[6 + h]], at)
            e = power(base, integer(z), z)
            gate = z * e * (e + 1).inverse() * line
            found = [f + gate * theta[8 + 2 * h + o] for o, f in enumerate(found)]
        return found

    for datum in range(3):
        for o in range(2):
            found = derivatives(lambda theta, d=datum: network(theta, x[d]), values, o)
            assert rows[o * count + datum].tolist() == found


def shares(base: int, scores: list[Dual]) -> list[Dual]:
    mass = [power(base, integer(z), z) for z in scores]
    norm = sum(mass, Dual(0)).inverse()
    return [m * norm for m in mass]


def test_gradient_rows_of_softmax_and_mixtures():
    needed, stream = 4, Draws("dual", P)
    rows = network_exp._softmax_rows(2, 3, needed, Draws("dual", P))
    base, count = int(stream(1)[0]), 3 * needed + 20
    x, w = stream(count, 2) % 13 - 6, stream(2, 3) % 13 - 6

    def softmax(theta, at):
        return shares(base, [dot([theta[c], theta[3 + c]], at) for c in range(3)])

    for o in range(3):
        assert rows[o * count].tolist() == derivatives(lambda t: softmax(t, x[0]), w.ravel().tolist(), o)

    needed, stream = 6, Draws("dual", P)
    rows = network_exp._mixture_rows((2, 2, 1), needed, Draws("dual", P))
    base, count = int(stream(1)[0]), 3 * needed + 20
    x, gate, expert = stream(count, 2) % 13 - 6, stream(2, 2) % 13 - 6, stream(2, 1, 2) % 13 - 6
    values = [*gate.ravel().tolist(), *expert.ravel().tolist()]

    def mixture(theta, at):
        mix = shares(base, [dot([theta[e], theta[2 + e]], at) for e in range(2)])
        return [sum((mix[e] * dot([theta[4 + 2 * e], theta[5 + 2 * e]], at) for e in range(2)), Dual(0))]

    assert rows[1].tolist() == derivatives(lambda t: mixture(t, x[1]), values, 0)


def test_gradient_rows_of_attention():
    heads, inner, width = 1, 2, 2
    rows = network_exp._attention_rows(heads, inner, width, False, Draws("dual", P))
    stream = Draws("dual", P)
    base = int(stream(1)[0])
    q, k, v, o = (stream(inner, width) % 7 - 3 for _ in "QKVO")
    sequence = stream(3, width) % 7 - 3
    values = [*(q.T @ k).ravel().tolist(), *(v.T @ o).ravel().tolist()]

    def network(theta):
        m, p = theta[:4], theta[4:]
        scores = [
            sum((m[2 * i + j] * int(sequence[0][i] * token[j]) for i in range(2) for j in range(2)), Dual(0))
            for token in sequence
        ]
        mix = shares(base, scores)
        return [
            sum((mix[t] * dot([p[j], p[2 + j]], token) for t, token in enumerate(sequence)), Dual(0)) for j in range(2)
        ]

    for output in range(width):
        assert rows[output].tolist() == derivatives(network, values, output)


def test_gradient_rows_of_relu_networks_are_exact_differences():
    """f is piecewise linear in each weight: for a small step the difference quotient is the derivative."""
    sizes, needed = (2, 3, 3, 2), 15
    rows = network_level._relu_gradients(sizes, True, needed, Draws("relu", P))
    stream = Draws("relu", P)
    data = network_level._centred(stream, 4 * needed // 2 + 40, 2)
    layers, signal = [], data
    for width in (3, 3):
        layers.append(network_level._layer(signal, width, True, stream))
        before = signal @ layers[-1][0] + layers[-1][1]
        signal = np.where(before > 0, before, 0)
    last = network_level._centred(stream, 3, 2)
    # Columns of a row: last weights, then per layer from the top its biases and weights.
    (w1, b1), (w2, b2) = layers
    values = [*last.ravel(), *b2, *w2.ravel(), *b1, *w1.ravel()]

    def network(theta, at):
        v, c2, m2, c1, m1 = theta[:6], theta[6:9], theta[9:18], theta[18:21], theta[21:]
        one = [max(sum(at[i] * m1[3 * i + j] for i in range(2)) + c1[j], 0) for j in range(3)]
        two = [max(sum(one[i] * m2[3 * i + j] for i in range(3)) + c2[j], 0) for j in range(3)]
        return [sum(two[i] * v[2 * i + o] for i in range(3)) for o in range(2)]

    step, kept = Fraction(1, 10**9), len(rows) // 2
    for datum in range(2):
        at = [Fraction(int(x)) for x in data[datum]]
        here = network([Fraction(int(t)) for t in values], at)
        for o in range(2):
            found = []
            for j in range(len(values)):
                moved = [Fraction(int(t)) + (step if i == j else 0) for i, t in enumerate(values)]
                slope = (network(moved, at)[o] - here[o]) / step
                assert slope.denominator == 1
                found.append(int(slope) % P)
            assert rows[o * kept + datum].tolist() == found


@pytest.mark.parametrize("word", RELU)
def test_data_see_all_of_the_fifty_relu_networks_of_the_literature(word):
    """Sizes are printed output first. Each success proves completeness for the network on an open set of theta."""
    sizes = tuple(map(int, word.rstrip("b").split("-")))[::-1]
    assert relu_is_full(sizes, word.endswith("b"), draws=100).full


@pytest.mark.parametrize(("sizes", "bias"), [((2, 3, 2), False), ((3, 4, 4, 2), True)])
def test_data_see_all_of_leaky_networks(sizes, bias):
    assert relu_is_full(sizes, bias, leaky=True).full
    hidden = sum(sizes[1:-1])
    more = network_level._relu_gradients(sizes, bias, 100, Draws("more", P), (10, 1))
    assert network_level.rank(more, P) == sum(a * b for a, b in pairwise(sizes)) + hidden * bias - hidden


def test_one_input_without_bias_has_two_activation_patterns_only():
    found = relu_is_full((1, 3, 3, 2), draws=3)
    assert not found.full and "nothing is proved" in found.statement


@pytest.mark.parametrize("sizes", [(1, 2, 2), (1, 2, 4), (2, 1, 2), (2, 2, 3), (2, 3, 3), (2, 2, 4), (3, 2, 3)])
def test_data_see_all_of_softmax_attention(sizes):
    assert attention_is_full(*sizes).full


@pytest.mark.parametrize("sizes", [(4, 1, 3), (4, 2, 4)])
def test_data_see_all_of_attention_with_many_heads(sizes):
    assert attention_is_full(*sizes).full


@pytest.mark.parametrize("sizes", [(2, 2, 3), (2, 2, 4)])
def test_data_see_all_of_causal_attention(sizes):
    assert attention_is_full(*sizes, causal=True).full


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "silu"])
@pytest.mark.parametrize(("sizes", "bias"), [((2, 3, 1), False), ((3, 4, 2), True), ((5, 8, 3), True)])
def test_smooth_networks_have_no_law(activation, sizes, bias):
    found = mlp_is_full(activation, sizes, bias)
    assert found.full and found.needed == sizes[1] * (sizes[0] + sizes[2] + bias)


@pytest.mark.parametrize("sizes", [(2, 3, 2), (3, 4, 3)])
def test_gates_and_mixtures_lose_exactly_their_laws(sizes):
    inputs, units, outputs = sizes
    assert swiglu_is_full(*sizes).full and swiglu_is_full(*sizes).needed == units * (2 * inputs + outputs - 1)
    assert mixture_is_full(*sizes).full and mixture_is_full(*sizes).needed == units * inputs * (1 + outputs) - inputs
    assert softmax_is_full(inputs, units).full


def test_ranks_never_exceed_what_the_laws_allow():
    """The rank over more data stays at `needed`: the laws hold, so a wrong gradient would overshoot."""
    for rows, needed in (
        (network_exp._swiglu_rows((2, 3, 2), 60, Draws("more", P)), 15),
        (network_exp._mixture_rows((2, 3, 2), 60, Draws("more", P)), 16),
        (network_exp._softmax_rows(2, 3, 60, Draws("more", P)), 4),
        (network_level._relu_gradients((3, 4, 2), True, 100, Draws("more", P)), 20),
    ):
        assert network_level.rank(rows, P) == needed


def test_statements_say_what_is_proved():
    assert "the count for phi is the count for the network" in network_statement("relu 3-4-2 bias")
    assert "e, which is transcendental" in network_statement("attention 2 2 3 causal")
    assert "e, which is transcendental" in network_statement("silu 2-3-1")
    assert "completeness is proved for phi only" in network_statement("power 3-4-2 2")
    assert "activation signs" in network_statement("leaky-relu 3-4-2")
    assert "losses whose gradients span" in network_statement("relu 3-4-2 cross-entropy")
    assert "up to 400 parameters" in network_statement("relu 20-20-20")
    assert "polynomial in its input" in network_statement("linear 3-2-3")
    assert "nothing is proved" in network_statement("relu 1-3-2")
    with pytest.raises(BadInput, match="one hidden layer"):
        mlp_is_full("tanh", (2, 2, 2, 1))
