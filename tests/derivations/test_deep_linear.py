"""Deep linear networks: every step checked, every mutant killed, limits and balanced flows against integration."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Any

import pytest

from quenched.derivations.deep_linear import derivation, derive
from quenched.derivations.implicit_bias import derivation as two_layers
from quenched.numeric import integrate
from quenched.numeric.context import local_context
from quenched.numeric.evaluate import evaluate
from quenched.symbolic.checking import check
from quenched.symbolic.errors import BadInput, OutsideDomain, Undecided
from quenched.symbolic.verdict import Level

NAMES = ("eta", "a0", "w0", "X", "y")
# name -> (point, time by which the flow has converged, case)
CHAINS = {
    "three layers": (("1,1,1", "1,-3/2", "1,-1/3", "1/2,1", "-11/10"), "8", "pi_inf < 0"),
    "other rates": (("1,2,1/2", "1,3/2", "1/3,-2/7,1/5", "1,2,-1;2,1,3", "1,-1/2"), "8", "pi_inf > 0"),
    "four layers": (("1,1/2,2,1", "1,-1,3/2", "1/2,1/3,2", "1,1,0", "-2"), "4", "pi_inf < 0"),
    "a zero weight": (("1,1,1", "2,0", "1/2,1,-1", "1,1/2,0", "-2"), "5", "pi_inf < 0"),
    "below the origin": (("1,1,1", "1/2,1", "2,1,1/2", "1,1/2,0", "2"), "5", "pi_inf > 0"),
    "balanced": (("1,1,1", "1,1", "3/5,4/5,1", "1,0,0;0,1,0", "3/2,1"), "10", "pi_inf > 0"),
    "at rest": (("1,1,1", "0,0", "1,2", "1,0", "1"), "1", "at rest"),
    "no labels": (("1,1,1", "2,3", "1,0,1", "1,2,0", "0"), "2", "no labels, pi_inf > 0"),
}


def at(values: tuple[str, ...]) -> dict[str, str]:
    return dict(zip(NAMES, values, strict=True))


def rows(text: str) -> list[list[Fraction]]:
    return [list(map(Fraction, row.split(","))) for row in text.split(";")]


def value(name: str, point: dict[str, str], digits: int = 25) -> Any:
    return evaluate(derivation().model, name, point, digits)


def product(factors: Any) -> Any:
    total = factors[0]
    for factor in factors[1:]:
        total = total * factor
    return total


def integrated(values: tuple[str, ...], t: str, digits: int = 9) -> tuple[list[Any], Any]:
    """(beta, product) at time t, by Taylor integration of all weights at two precisions."""
    rates, upper, w = (rows(text)[0] for text in values[:3])
    X, y = rows(values[3]), rows(values[4])[0]
    count = len(upper)

    def field(state: Any) -> list[Any]:
        a, v = state[:count], state[count:]
        output = product(a)
        residuals = [sum((x * u * output for x, u in zip(row, v)), -label) for row, label in zip(X, y)]
        g = [sum((row[k] * r for row, r in zip(X[1:], residuals[1:])), X[0][k] * residuals[0]) for k in range(len(v))]
        slope = sum((u * z for u, z in zip(v[1:], g[1:])), v[0] * g[0])
        others = [product([*a[:i], *a[i + 1 :]]) if count > 1 else 1 for i in range(count)]
        return [-rates[i + 1] * b * slope for i, b in enumerate(others)] + [-rates[0] * output * z for z in g]

    state = integrate(field, [*upper, *w], t, digits).values
    output = product(state[:count])
    return [output * u for u in state[count:]], output


@pytest.fixture(scope="module")
def report():
    return check(derivation(), "full")


def test_every_step_stands(report):
    assert {label: str(v) for label, v in report.verdicts().items() if not v.positive} == {}
    assert {step.label for step in derivation() if step.kind == "derived"} <= set(report.verdicts())


def test_every_mutant_is_killed(report):
    assert [(kill.label, kill.edit) for kill in report.kills if not kill.by] == []
    assert report.kill_rate[1] > 700


def test_the_algebra_is_proved(report):
    proved = ["conservation", "layer-flow", "balanced", "gram-value", "along", "limit", "square-value", "weight-form"]
    assert {label: report.verdicts()[label].level for label in proved} == dict.fromkeys(proved, Level.PROVED)


def test_same_claims_twice():
    assert [str(s.claim) for s in derivation()] == [str(s.claim) for s in derive()]


@pytest.mark.parametrize("name", CHAINS)
def test_limit_against_integration(name):
    values, late, expected = CHAINS[name]
    point, ctx = at(values), local_context(30)
    exact = {k: tuple(map(tuple, rows(v))) if k == "X" else tuple(rows(v)[0]) for k, v in point.items()}
    assert expected in derivation().model.case(exact)
    beta, output = integrated(values, late)
    for found, number in zip([*value("beta", point), value("output", point)], [*beta, output], strict=True):
        assert abs(ctx.mpf(found.value) - ctx.mpf(number)) < ctx.mpf(10) ** -7


@pytest.mark.parametrize("a0", ["1/2", "-7/5"])
def test_two_layers_are_the_known_limit(a0):
    """L = 2: the equation is the quadratic of one hidden neuron."""
    point = at(("3/2,1/2", a0, "1/3,-2/7,1/5", "1,2,-1;2,1,3", "1,-1/2"))
    other = {"eta_a": "1/2", "eta_w": "3/2", "a0": a0, **{k: point[k] for k in ("w0", "X", "y")}}
    ctx = local_context(60)
    for found, number in zip(value("beta", point, 40), evaluate(two_layers().model, "beta", other, 40), strict=True):
        assert abs(ctx.mpf(found.value) - ctx.mpf(number.value)) < ctx.mpf(10) ** -37


def test_the_limit_interpolates_and_keeps_the_charges():
    values = CHAINS["four layers"][0]
    point, ctx = at(values), local_context(60)
    beta = [ctx.mpf(x.value) for x in value("beta", point, 40)]
    assert abs(beta[0] + beta[1] + 2) < ctx.mpf(10) ** -37
    output = ctx.mpf(value("output", point, 40).value)
    charges = [ctx.mpf(x.value) for x in value("charges", point, 40)]
    # w_row = X^+ y/pi has the squared length 2/pi^2, and a_l^2 = eta_l (z/eta_1 + d_l).
    squares = [rate * (2 / output**2 + d) for rate, d in zip((ctx.mpf(1) / 2, 2, 1), charges)]
    assert abs(prod(squares) - output**2) < ctx.mpf(10) ** -36
    assert abs(charges[0] - (2 - ctx.mpf(25) / 72)) < ctx.mpf(10) ** -37


@pytest.mark.parametrize("rates", ["1,1", "2,1/3,1", "1,2,1/2,3"])
def test_balanced_preconditioner_against_the_layers(rates):
    """A balanced start W_l = sqrt(eta_l) s u v^T: beta' for G along and across beta, from the sum over the layers."""
    etas, ctx = [Fraction(x) for x in rates.split(",")], local_context(50)
    depth, size = len(etas), ctx.mpf(3) / 4
    roots = [ctx.sqrt(ctx.mpf(x.numerator) / x.denominator) for x in etas]
    weights = [r * size for r in roots]
    length = product(weights)
    across = (roots[0] * product(weights[1:])) ** 2
    along = sum((roots[i] * product([w for k, w in enumerate(weights) if k != i])) ** 2 for i in range(depth))
    point = {"eta": rates, "length": str(Fraction(3, 4) ** depth)}
    # The length is rational up to the root of the product of the rates, so the powers are compared.
    scale = product(roots)
    for name, number in (("across", across), ("along", along)):
        found = ctx.mpf(value(name, point, 30).value)
        exponent = 2 - ctx.mpf(2) / depth
        assert abs(found * scale**exponent - number) < ctx.mpf(10) ** -27
    assert abs(length - scale * size**depth) < ctx.mpf(10) ** -40


def test_refusals():
    values = CHAINS["three layers"][0]
    with pytest.raises(BadInput, match="L - 1 upper weights"):
        value("beta", {**at(values), "eta": "1,1"})
    with pytest.raises(BadInput, match="columns"):
        value("beta", {**at(values), "w0": "1,2,3"})
    with pytest.raises(OutsideDomain, match="no predictor fits"):
        value("beta", {**at(values), "X": "1,0;2,0", "y": "1,3"})
    open_sign = at(("1,1,1", "1/2,1", "3,1,1", "1,1/2,0", "-1"))
    with pytest.raises(Undecided, match="sign of the limit is open"):
        value("beta", open_sign)
    in_row_space = {**open_sign, "w0": "4,2,0"}
    assert [x.value[:4] for x in value("beta", in_row_space)] == ["-0.8", "-0.4", "0"]
