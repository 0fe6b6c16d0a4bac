"""Reading networks, formulas and rates: what is accepted, and refusals that name the piece at fault."""

from fractions import Fraction

import pytest

from quenched.symbolic.errors import BadInput, UnknownName
from quenched.symbolic.gradient_flow import (
    FAMILIES,
    Matrix,
    count_laws,
    from_polynomials,
    layout,
    read_formulas,
    read_network,
    read_rates,
    weight,
)


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("a*sin(w)", r"sin\(w\)"),
        ("a/w", "divides by 'w'"),
        ("a**w", "exponent"),
        ("a**-1", "exponent"),
        ("a**(1/2)", "exponent"),
        ("a**99", "exponents above"),
        ("(a + b + c + d + e + f)**32", "brings the expansion"),
        ("a @ w", "operator"),
        ("a if w else 0", "not part of a polynomial"),
        ("a*'w'", "not a number"),
        ("a*2j", "not a number"),
        ("a*True", "not a number"),
        ("a*w.real", "w.real"),
        ("__import__('os').system('true')", "function call"),
        ("[a for a in b]", "not part of a polynomial"),
        ("lambda a: a", "not part of a polynomial"),
        ("a*", "cannot read"),
        ("", "cannot read"),
        ("a = 1", "cannot read"),
        ("3, 4", "no component of phi"),
        ("U[0]*a", "counted from 1"),
        ("U[i]*a", "counted from 1"),
        ("U[1]*U[1,2]", "1 and with 2 indices"),
        ("(" * 5000 + "a" + ")" * 5000, "cannot read"),
        ("9" * 5000 + "*a", "cannot read"),
        ("a*10**30", "62 bits"),
    ],
)
def test_formulas_are_refused_with_the_offending_piece(text, piece):
    with pytest.raises(BadInput, match=piece):
        read_formulas(text)


def test_formulas_are_exact():
    """Decimals and quotients are read as rationals, then brought to one scale, which changes no law."""
    first, second = read_formulas("0.1*a + b/3, (a + b)**2").polynomials()
    assert first.terms == {(0,): 3, (1,): 10}
    assert second.terms == {(0, 0): 30, (0, 1): 60, (1, 1): 30}


def test_differences_of_logits_keep_their_scale_and_their_zeros():
    phi = read_formulas("a*b/2, a*c, 3").cross_entropy()
    assert [p.terms for p in phi.polynomials()] == [{(0, 1): -1, (0, 2): 2}, {(0, 1): -1}]


def test_networks_too_large_are_refused_at_once():
    for text in ("residual 9 9 9", "tucker 20-20-20 9-9-9", "cp 99-99-99 9", "linear 999-999"):
        with pytest.raises(BadInput, match=r"more than|at most"):
            count_laws(read_network(text))


def test_formulas_and_networks_agree():
    text = ", ".join(f"U[{i},1]*V[1,{j}] + U[{i},2]*V[2,{j}]" for i in (1, 2, 3) for j in (1, 2))
    by_hand, built = count_laws(read_formulas(text)), count_laws(read_network("linear 3-2-2"))
    assert [law.terms for law in by_hand.laws] == [law.terms for law in built.laws]
    assert by_hand.phi.label(3) == "U[2,2]"


def test_networks_in_short_python():
    blocks = layout([("U", (3, 2)), ("V", (2, 3))])
    u, v = map(weight, blocks)
    mine = from_polynomials("mine", blocks, (u @ v).entries())
    assert count_laws(mine).N == count_laws(read_network("linear 3-2-3")).N
    assert count_laws(from_polynomials("mine", blocks, (u @ v + v.T @ u.T).entries())).N is not None


def test_mismatched_shapes_are_refused():
    u, v = map(weight, layout([("U", (3, 2)), ("V", (3, 2))]))
    with pytest.raises(BadInput, match="3 x 2 matrix cannot multiply a 3 x 2"):
        u @ v
    with pytest.raises(BadInput, match="cannot be added"):
        u + v.T
    with pytest.raises(BadInput, match="common length"):
        Matrix([[], []])


def test_an_entry_nobody_names_is_no_parameter():
    assert read_formulas("U[1,2]*a").D == 2


def test_lists_of_formulas():
    assert read_formulas(["a*w1", "a*w2"]).components == 2


@pytest.mark.parametrize(
    ("text", "error", "piece"),
    [
        ("", BadInput, "linear 5-4-3"),
        ("lineer 5-4-3", UnknownName, "did you mean linear"),
        ("relu 4-8-3 bais", UnknownName, "did you mean bias"),
        ("relu 4", BadInput, "at least 2"),
        ("relu 4-0-3", BadInput, "sizes run from 1"),
        ("relu 4-x-3", BadInput, "no list of sizes"),
        ("relu", BadInput, "0 size arguments"),
        ("gram 3 3 bias", BadInput, "bias is available for linear, relu"),
        ("linear 3-3-3 causal", BadInput, "causal is available for attention"),
        ("gelu 2-3-1", BadInput, "error function"),
        ("tanh 2-3-3-1", BadInput, "three sizes"),
        ("moe 2-1-2", BadInput, "at least 2 experts"),
        ("attention 2 3", BadInput, "2 size arguments where 3"),
        ("attention 2-2 3 4", BadInput, "one number"),
        ("swiglu 2-3", BadInput, "three sizes"),
        ("softmax 3 1", BadInput, "at least 2 classes"),
        ("tucker 3-3-3 2-2", BadInput, "modes"),
        ("power 2-3-2 9", BadInput, "activation degree"),
        ("convolution 3-2 1-2", BadInput, "channel counts"),
        ("relu 900-900-900", BadInput, "paths"),
    ],
)
def test_networks_are_refused_with_a_hint(text, error, piece):
    with pytest.raises(error, match=piece):
        read_network(text)


def test_every_usage_line_can_be_read():
    for family in FAMILIES.values():
        text = family.usage.split("(")[0].replace("[", "").replace("]", "")
        assert read_network(text).D > 0


@pytest.mark.parametrize(
    ("rates", "piece"),
    [
        ({"W3": 1}, "no tensor named 'W3'"),
        ({"W1": 0.5}, "exact number"),
        ({"W1": 0}, "positive"),
        ({"W1": "-1/2"}, "positive"),
        ({"W1": "x"}, "not a number"),
        ({"W1": True}, "exact number"),
        ({"W1": [1, 2]}, "do not fit"),
        ([1, 2], "2 rates for 12"),
    ],
)
def test_rates_are_refused(rates, piece):
    with pytest.raises(BadInput, match=piece):
        read_network("linear 3-2-3").with_rates(rates)


def test_rates_by_name_and_by_unit():
    phi = read_network("linear 2-2-2")
    assert read_rates("W1=1/2", phi).rates == (*[Fraction(1, 2)] * 4, 1, 1, 1, 1)
    assert read_rates("W1[:,j]=2;3, W2[j,:]=5;7", phi).rates == (2, 3, 2, 3, 5, 5, 7, 7)
    assert read_rates("3,1/2", phi).rates == (3, 3, 3, 3, *[Fraction(1, 2)] * 4)
    assert read_rates("1,2,3,4,5,6,7,8", phi).rates == (1, 2, 3, 4, 5, 6, 7, 8)


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("1,2,3", "3 rates"),
        ("W3=1", "no tensor named 'W3'"),
        ("W1=0", "positive"),
        ("1,0", "positive"),
        ("W1[:,j]=1", "1 rates for the 2 indices of axis 2"),
        ("W1[j]=1;2", "mark one axis by j"),
        ("W1[j,j]=1;2", "mark one axis by j"),
        ("W1[:,j]=1;x", "not a number"),
        ("W1=1, 2", "no tensor"),
    ],
)
def test_rate_texts_are_refused(text, piece):
    with pytest.raises(BadInput, match=piece):
        read_rates(text, read_network("linear 2-2-2"))


def test_rates_follow_the_shape_of_the_tensor():
    phi = read_network("linear 2-2-2").with_rates({"W2": [3, ["1/2", 5]]})
    assert phi.rates == (1, 1, 1, 1, 3, 3, Fraction(1, 2), 5)
