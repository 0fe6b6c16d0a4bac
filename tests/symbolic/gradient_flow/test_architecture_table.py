"""The numbers of independent laws of the literature and of the closed formulas, every row from one line of text."""

import pytest

from quenched.symbolic.gradient_flow import (
    FAMILIES,
    balancedness_rank,
    count_laws,
    linear_chain_count,
    read_formulas,
    read_network,
)


def pairs(n: int) -> int:
    return n * (n + 1) // 2


def factorisation(n: int, m: int, r: int) -> int:
    """U V^T with U: n x r, V: m x r."""
    return pairs(r) - pairs(max(0, r - n - m))


TABLE = {
    "two factors": [(f"linear {n}-{r}-{m}", factorisation(n, m, r)) for n, m, r in ((3, 4, 2), (2, 2, 5), (1, 2, 4))],
    "relu": [("relu 3-4-2", 4), ("relu 3-4-2 bias", 4), ("relu 2-3-4-2 bias", 7), ("leaky-relu 3-4-5-2", 9)],
    "homogeneous": [("power 3-4-2 2", 4), ("power 2-3-1 3", 3), ("power 2-2-2-1 2", 4)],
    "square activation as a polynomial": [("polynomial 1-4-2 2", 4)],
    "convolution, one channel": [
        ("convolution 3-2 1-1-1", 1),
        ("convolution 3-2-2 1-1-1-1", 2),
        ("convolution 2-2-2-2 1-1-1-1-1", 3),
    ],
    "convolution, channels": [("convolution 3-2 2-3-2", pairs(3)), ("relu-convolution 3-2 2-3-2", 3)],
    "circular convolution": [(f"circular {p}", p // 2 + 1) for p in (2, 3, 4, 5, 6)],
    "softmax attention": [
        ("attention 2 2 2", 2 * 2 * 3),
        ("attention 1 3 2", 3 * 4),
        ("attention 3 1 2", 3 * 2),
        ("attention 1 5 2", 28),
    ],
    "attention without softmax": [("attention-linear 2 2", 7), ("attention-linear 2 3", 7)],
    "rotary": [("rotary 2 2", 2), ("rotary 3 2", 3)],
    "gates": [("swiglu 2-3-2", 3), ("bilinear 2-3-2", 6), ("moe 3-2-2", 3), ("moe 2-3-1", 2)],
    "smooth activations": [("tanh 2-3-1", 0), ("sigmoid 2-3-2 bias", 0), ("silu 2-3-2", 0)],
    "softmax regression": [("softmax 3 4", 3), ("softmax 5 2", 5)],
    "cross-entropy": [
        ("linear 3-2-3 cross-entropy", 5),
        ("linear 4-3-2 cross-entropy", 9),
        ("linear 2-3-2 cross-entropy", 9),
        ("relu 3-4-3 cross-entropy", 8),
        ("relu 2-2-2 cross-entropy", 4),
    ],
    "diagonal": [("diagonal 4 2", 4), ("diagonal 4 3", 8), ("difference 4", 4)],
    "product": [("product 2", 1), ("product 5", 4)],
    "gram": [("gram 3 2", 0), ("gram 3 3", 0), ("gram 2 3", 2), ("gram 2 4", 4), ("gram 1 4", 3), ("tied 2 3", 2)],
    "symmetric product": [("symmetric 3 2", 4), ("symmetric 2 2", 4)],
    "cp": [("cp 3-3-3 2", 4), ("cp 2-2-2 3", 6), ("cp 2-2-2-2 2", 6)],
    "tucker": [("tucker 3-3-3 2-2-2", 9)],
    "recurrent": [("recurrent 2-3-2 6", 6), ("recurrent 2-2-2 4", 3)],
    "residual": [
        ("residual 3 2 2", 6),
        ("residual 1 1 2", 3),
        ("residual 1 1 3", 5),
        ("residual 1 2 2", 7),
        ("residual 1 2 4", 15),
    ],
    "weight normalisation as W diag(g)": [("scaling 3 2", 2), ("scaling 2 4", 4)],
    "constants change nothing": [("lora 4-2-3", 3), ("tied 3 2", 0), ("residual 3 2 1", 3)],
    "linear with biases": [("linear 3-2-3 bias", 3), ("linear 2-2-2-2 bias", 6)],
}
ROWS = [(text, number) for rows in TABLE.values() for text, number in rows]


@pytest.mark.parametrize(("text", "number"), ROWS)
def test_number_of_laws(text, number):
    count = count_laws(read_network(text))
    assert number == count.N
    assert count.status.level.value == "proved"
    assert count.complete, "every law of this table has a formula"
    assert count.lie_rank == count.D - number


def test_every_family_of_the_language_is_in_the_table():
    assert {text.split()[0] for text, _ in ROWS} == set(FAMILIES)


CHAINS = [
    ("3-2-4", 3, 3),
    ("2-2-5-2-4", 20, 20),
    ("1-2-2-1", 6, 7),
    ("1-3-3-1", 12, 14),
    ("1-3-3-2", 12, 12),
    ("2-1-2-2-1-3", 8, 9),
    ("1-2-2-1-3", 7, 8),
    ("3-1-1-2-2-1", 8, 9),
    ("1-1-1-1", 2, 2),
]


@pytest.mark.parametrize(("text", "balanced", "number"), CHAINS)
def test_balancedness_is_incomplete_between_two_layers_of_width_one(text, balanced, number):
    sizes = tuple(map(int, text.split("-")))
    assert (balancedness_rank(sizes), linear_chain_count(sizes)) == (balanced, number)
    count = count_laws(read_network(f"linear {text}"))
    assert (len(count.chosen), count.N) == (balanced, number)
    assert count.status.level.value == "proved"
    assert count.complete == (balanced == number)
    quadrature = any("quadrature" in sentence for sentence in count.statements)
    assert quadrature == (number == balanced + 1)


def test_a_constant_added_to_a_product_changes_no_law():
    plain = read_formulas("a*c + b*d, a*e + b*f")
    shifted = read_formulas("7 + a*c + b*d, a*e + b*f - 1/3")
    assert [law.terms for law in count_laws(plain).laws] == [law.terms for law in count_laws(shifted).laws]
