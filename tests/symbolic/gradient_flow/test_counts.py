"""Exact numbers of independent laws: a table of architectures, momentum, mirror, learning rates, narrow chains."""

import pytest

from quenched.symbolic.errors import BadInput, UnknownName
from quenched.symbolic.gradient_flow import count_laws, lie_rank, linear_chain_count, read_formulas, read_network

GRADIENT_FLOW = {
    "linear 3-2-4": 3,
    "linear 2-5-2": 14,
    "relu 4-8-3 bias": 8,
    "relu 3-2-4-2": 6,
    "power 3-4-2 2": 4,
    "power 2-2-2-1 2": 4,
    "polynomial 1-4-2 2": 4,
    "convolution 3-2-2 1-1-1-1": 2,
    "convolution 3-2 2-3-2": 6,
    "relu-convolution 3-2 2-3-2": 3,
    "circular 2": 2,
    "circular 3": 2,
    "circular 4": 3,
    "circular 5": 3,
    "attention 2 2 2": 12,
    "attention 1 5 2": 28,
    "attention-linear 2 2": 7,
    "attention-linear 2 3": 7,
    "rotary 3 2": 3,
    "swiglu 2-3-2": 3,
    "bilinear 2-3-2": 6,
    "softmax 3 4": 3,
    "linear 3-2-3 cross-entropy": 5,
    "linear 4-3-2 cross-entropy": 9,
    "linear 2-3-2 cross-entropy": 9,
    "relu 3-4-3 cross-entropy": 8,
    "diagonal 3 2": 3,
    "diagonal 3 3": 6,
    "difference 3": 3,
    "diagonal 1 5": 4,
    "gram 3 2": 0,
    "gram 2 3": 2,
    "symmetric 3 2": 4,
    "symmetric 2 2": 4,
    "cp 3-3-3 2": 4,
    "cp 2-2-2 3": 6,
    "tucker 3-3-3 2-2-2": 9,
    "recurrent 2-3-2 6": 6,
    "residual 3 2 2": 6,
    "residual 1 1 2": 3,
    "scaling 3 2": 2,
    "tied 3 2": 0,
}
HEAVY_BALL = {
    "linear 2-2-2": 1,
    "linear 2-3-2": 3,
    "linear 2-2-2-2": 2,
    "linear 2-3-3-2": 6,
    "linear 1-3-1": 6,
    "relu 2-3-2": 0,
    "gram 3 2": 1,
    "gram 2 3": 3,
    "attention 1 2 3": 2,
    "circular 3": 1,
    "cp 3-3-3 2": 0,
    "swiglu 2-3-2": 0,
    "convolution 3-2 1-1-1": 0,
}


@pytest.mark.parametrize("text", GRADIENT_FLOW)
def test_gradient_flow(text):
    count = count_laws(read_network(text))
    assert GRADIENT_FLOW[text] == count.N
    assert count.status.level.value == "proved"
    assert count.complete
    assert count.lie_rank == count.D - count.N


@pytest.mark.parametrize("text", HEAVY_BALL)
def test_heavy_ball(text):
    count = count_laws(read_network(text), "heavy ball")
    assert (count.N, count.complete) == (HEAVY_BALL[text], True)


@pytest.mark.parametrize(("text", "number"), [("linear 3-2-4", 2), ("linear 2-2-2-2", 4), ("linear 1-3-1", 5)])
def test_entropic_mirror(text, number):
    assert number == count_laws(read_network(text), "entropic mirror", degree=1).N


@pytest.mark.parametrize(
    ("sizes", "rates", "number"),
    [
        ("3-3-3", {"W1": [[1, 2, 3]] * 3, "W2": [1, 2, 3]}, 3),
        ("3-3-3", {"W1": [[1, 1, 2]] * 3, "W2": [1, 1, 2]}, 4),
        ("3-3-3", {"W1": [[6, 12, 18]] * 3, "W2": [6, 3, 2]}, 6),
        ("3-3-3", {"W1": "3/7", "W2": 5}, 6),
        ("3-3-3", {"W1": "0.0123457", "W2": "0.0678911"}, 6),
        ("2-2-2", {"W1": [[2, 3], [5, 7]], "W2": [[11, 13], [17, 19]]}, 2),
    ],
)
def test_learning_rates_remove_laws(sizes, rates, number):
    count = count_laws(read_network(f"linear {sizes}").with_rates(rates))
    assert (count.N, count.complete) == (number, True)


def test_monomial_phi_keeps_its_laws_under_any_rates():
    phi = read_network("relu 2-3-2")
    assert count_laws(phi.with_rates([f"{j + 2}/7" for j in range(phi.D)])).N == 3


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("1-2-2-1", "single gradient"),
        ("1-3-3-1", "single gradient"),
        ("1-3-3-2", "trajectory"),
        ("2-1-2-2-1-3", "scalar segments"),
        ("1-2-2-1-3", "scalar segments"),
        ("3-1-1-2-2-1", "scalar segments"),
        ("1-5-5-2", "trajectory"),
    ],
)
def test_width_one_segments_have_laws_beyond_balancedness(text, route):
    count = count_laws(read_network(f"linear {text}"))
    assert linear_chain_count(tuple(map(int, text.split("-")))) == count.N
    assert count.route == route
    assert count.complete == (route == "trajectory")


def test_linear_independence_is_not_functional_independence():
    count = count_laws(read_network("linear 2-2-5-2-4"))
    assert (len(count.laws), count.N) == (21, 20)


@pytest.mark.parametrize(("text", "number"), [("2-5-4-3", 25), ("2-4-5-2-3", 28), ("3-5-5-2-5", 33), ("1-5-5-2", 30)])
def test_rank_without_a_target_needs_higher_orders(text, number):
    found = lie_rank(read_network(f"linear {text}"))
    assert found.upper == number
    assert max(r.order for r in found.rounds) > 1


OPEN = "(u*v + s*t + s*t*u*v)*w, (u*v + s*t + s*t*u*v)**2*w"


def test_a_gap_is_reported_as_an_interval():
    # At equal rates the third law is logarithmic; at rate 2 its factors are irrational and it is not found.
    assert count_laws(read_formulas(OPEN)).complete
    count = count_laws(read_formulas(OPEN).with_rates({"u": 2}))
    assert (count.N, count.lower, count.upper) == (None, 2, 3)
    assert count.status.level.value == "consistent"
    assert any("Proved is the interval only" in sentence for sentence in count.statements)
    assert any("Probable: N = 3" in sentence for sentence in count.statements)


def test_without_the_bracket_test_a_gap_is_undecided(monkeypatch):
    from quenched.symbolic.gradient_flow import counting

    monkeypatch.setattr(counting, "bracket_closure", lambda *_: None)
    count = count_laws(read_formulas(OPEN).with_rates({"u": 2}))
    assert count.status.level.value == "undecided"
    assert any("no proof that none will" in sentence for sentence in count.statements)


@pytest.mark.parametrize(("text", "number"), [("scaling 3 2", 2), ("scaling 2 4", 4)])
def test_weight_normalisation_keeps_the_length_of_each_column(text, number):
    count = count_laws(read_network(text), "weight normalisation")
    assert (count.N, count.complete) == (number, True)


def test_parallel_gradients_have_lie_rank_one():
    count = count_laws(read_formulas("a*b**2, (a*b**2)**2, (a*b**2)**3 + a*b**2").with_rates({"a": 3}))
    assert (count.N, count.complete) == (1, True)
    count = count_laws(read_formulas("u*v + s*t + s*t*u*v, (u*v + s*t + s*t*u*v)**2").with_rates({"u": 2}))
    assert (count.N, count.route, count.complete) == (3, "single gradient", False)


def test_parameters_outside_phi_are_laws():
    phi = read_formulas("U[1]*U[2] + 0*c, U[1]*d")
    assert count_laws(phi).N == 1 + 1


def test_questions_that_cannot_be_answered():
    phi = read_network("linear 2-2-2")
    with pytest.raises(UnknownName, match="heavy ball"):
        count_laws(phi, "heavy bal")
    with pytest.raises(BadInput, match="degree"):
        count_laws(phi, degree=0)
    with pytest.raises(BadInput, match="linear in the velocity"):
        count_laws(phi, "heavy ball", degree=4)
    with pytest.raises(BadInput, match="vector of gains"):
        count_laws(phi, "weight normalisation")
    with pytest.raises(BadInput, match="single products"):
        count_laws(read_formulas("W[1,1]*g[1] + W[1,2]*g[2]"), "weight normalisation")
    with pytest.raises(BadInput, match="logits"):
        read_network("attention 1 2 2 cross-entropy")
