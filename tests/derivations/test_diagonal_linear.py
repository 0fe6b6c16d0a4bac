"""Diagonal networks: every step checked, every mutant killed, values against direct integration of the flow."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from quenched.derivations.diagonal_linear import derivation, derive
from quenched.numeric.context import local_context
from quenched.numeric.evaluate import evaluate
from quenched.numeric.function import function
from quenched.numeric.taylor import integrate
from quenched.symbolic.checking import check
from quenched.symbolic.errors import BadInput, OutsideDomain
from quenched.symbolic.verdict import Level

START = {"eta_u": "1/2", "eta_v": "3/2", "u0": "1/2,-1/5,2/3", "v0": "1/4,1/3,-1/2"}
WHITE = {**START, "beta_star": "4/5,3/5,-7/5", "t": "3/2"}
DATA = {**START, "X": "1,-1/2,1/3;1/5,1,-1", "y": "3/2,1/2"}


def value(name: str, point: dict[str, str], digits: int = 30) -> Any:
    answers = evaluate(derivation().model, name, point, digits)
    return [a.value for a in answers] if isinstance(answers, list) else answers.value


def rational(text: str) -> list[Fraction]:
    return [Fraction(part) for part in text.split(",")]


def field(point: dict[str, str], rows: list[list[Fraction]], labels: list[Fraction]) -> Any:
    """The gradient flow of (u, v), written down from the loss; nothing of the derivation is used."""
    rates, n = [Fraction(point[name]) for name in ("eta_u", "eta_v")], len(rational(point["u0"]))

    def velocity(z: Any) -> list[Any]:
        beta = [z[k] * z[n + k] for k in range(n)]
        gaps = []
        for row, label in zip(rows, labels):
            total = beta[0] * row[0]
            for x, b in zip(row[1:], beta[1:]):
                total = total + b * x
            gaps.append(total - label)
        G = []
        for k in range(n):
            total = gaps[0] * rows[0][k]
            for row, gap in zip(rows[1:], gaps[1:]):
                total = total + gap * row[k]
            G.append(total)
        return [G[k] * z[n + k] * -rates[0] for k in range(n)] + [G[k] * z[k] * -rates[1] for k in range(n)]

    return velocity


def integrated(point: dict[str, str], rows: Any, labels: Any, t: Any, digits: int) -> list[Any]:
    """(u, v) at time t; the run is made twice, at two precisions and orders, and must agree."""
    state = integrate(field(point, rows, labels), [*rational(point["u0"]), *rational(point["v0"])], t, digits)
    return list(state.values)


@pytest.fixture(scope="module")
def report():
    return check(derivation(), "full")


def test_every_step_stands(report):
    assert {label: str(v) for label, v in report.verdicts().items() if not v.positive} == {}
    assert {s.label for s in derivation() if s.kind == "derived"} <= set(report.verdicts())


def test_the_solutions_are_proved(report):
    proved = ["potential", "dual-flow", "rotation", "predictor-accumulated", "direction", "length", "trajectory"]
    verdicts = report.verdicts()
    assert {label: verdicts[label].level for label in proved} == dict.fromkeys(proved, Level.PROVED)


def test_every_mutant_is_killed(report):
    assert [(kill.label, kill.edit) for kill in report.kills if not kill.by] == []
    assert report.kill_rate[1] > 1400


def test_assumptions():
    D = derivation()
    assert [a.id for a in D.assumptions()] == ["differentiable-loss", "interpolates"]
    assert [a.id for a in D.assumptions(["trajectory"])] == ["differentiable-loss"]


def test_same_claims_twice():
    assert [str(s.claim) for s in derive()] == [str(s.claim) for s in derive()]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"t": "0"},
        {"beta_star": "0,3/5,1"},
        {"u0": "1/2,0,2/3"},
        {"eta_u": "1", "eta_v": "1", "u0": "1/2,1,0", "v0": "-1/2,1,0"},
        {"eta_u": "1", "eta_v": "1", "u0": "1/2,1,3", "v0": "-1/2,1,1/3", "beta_star": "0,0,1"},
    ],
)
def test_whitened_data_against_integration(change):
    """30 digits of weights, predictor and loss; balanced, dead, resting and frozen coordinates among them."""
    point = {**WHITE, **change}
    target, n = rational(point["beta_star"]), 3
    identity = [[Fraction(i == k) for k in range(n)] for i in range(n)]
    state = integrated(point, identity, target, Fraction(point["t"]), 32)
    ctx = local_context(45)
    u, v = ([ctx.mpf(x) for x in part] for part in (state[:n], state[n:]))
    miss = [x * z - ctx.mpf(b.numerator) / b.denominator for x, z, b in zip(u, v, target)]
    expected = {"u": u, "v": v, "beta": [x * z for x, z in zip(u, v)], "loss": [sum(m * m for m in miss) / 2]}
    rates = [ctx.mpf(Fraction(point[k]).numerator) / Fraction(point[k]).denominator for k in ("eta_u", "eta_v")]
    expected["delta"] = [rates[1] * x * x - rates[0] * z * z for x, z in zip(u, v)]
    expected["preconditioner"] = [rates[1] * x * x + rates[0] * z * z for x, z in zip(u, v)]
    for name, numbers in expected.items():
        stated = value(name, point)
        for entry, number in zip(stated if isinstance(stated, list) else [stated], numbers, strict=True):
            assert abs(ctx.mpf(entry) - number) < ctx.mpf(10) ** -28 * max(1, abs(number)), name


@pytest.mark.parametrize("rows", ["1,-1/2,1/3", "1,-1/2,1/3;1/5,1,-1", "1,-1/2,1/3;2,-1,2/3;1/5,1,-1"])
def test_limit_against_integration(rows):
    """The interpolator reached by the flow; the last matrix has a redundant row."""
    labels = {1: "3/2", 2: "3/2,1/2", 3: "3/2,3,1/2"}[rows.count(";") + 1]
    point = {**DATA, "X": rows, "y": labels}
    matrix = [rational(row) for row in rows.split(";")]
    state = integrated(point, matrix, rational(labels), Fraction(60), 16)
    reached = value("beta_inf", point, 20)
    for k, entry in enumerate(reached):
        assert abs(float(Fraction(entry)) - float(state[k] * state[3 + k])) < 1e-12


def test_limit_is_stationary():
    """2 kappa (slope of the potential at the limit minus that at the start) = 2 kappa X^T m, from the values alone."""
    ctx = local_context(40)
    limit, m, delta = (list(map(ctx.mpf, value(name, DATA if name != "delta" else START)))
                       for name in ("beta_inf", "multipliers", "delta"))  # fmt: skip
    kappa = ctx.sqrt(ctx.mpf(3) / 4)
    start = [
        ctx.mpf((x * z).numerator) / (x * z).denominator for x, z in zip(rational(START["u0"]), rational(START["v0"]))
    ]
    matrix = [rational(row) for row in DATA["X"].split(";")]
    for k in range(3):
        slopes = [ctx.asinh(2 * kappa * x / abs(delta[k])) for x in (limit[k], start[k])]
        shift = sum(x * ctx.mpf(row[k].numerator) / row[k].denominator for x, row in zip(m, matrix))
        assert abs(slopes[0] - slopes[1] - 2 * kappa * shift) < ctx.mpf(10) ** -25


@pytest.mark.parametrize("size, norm", [("1/100000", 1), ("1000", 2)])
def test_norm_that_is_minimised(size, norm):
    """One sample (1, 2): from a small start nearly the least l1 norm (0, 1/2), from a large one the least l2 norm."""
    point = {"eta_u": "1", "eta_v": "1", "u0": f"{size},{size}", "v0": "0,0", "X": "1,2", "y": "1"}
    found = [float(x) for x in value("beta_inf", point, 12)]
    expected = {1: [0, 1 / 2], 2: [1 / 5, 2 / 5]}[norm]
    assert found == pytest.approx(expected, abs={1: 5e-3, 2: 1e-6}[norm])


def test_potential_from_its_second_derivative():
    """Second differences of the evaluated potential against 1/M, one coordinate moved in its start at t = 0."""
    step = Fraction(1, 10**12)

    def potential(u0: Fraction) -> Fraction:
        # The imbalance must stay: v0 = 3/5 fixed and b moved through t is not exact, so D enters explicitly.
        point = {"eta_u": "1", "eta_v": "1", "u0": str(u0), "v0": "3/5", "beta_star": "1", "t": "0"}
        return Fraction(value("potential", point, 50)[0])

    b, D = Fraction(1, 2) * Fraction(3, 5), abs(Fraction(1, 4) - Fraction(9, 25))
    ctx = local_context(40)
    x, size = (ctx.mpf(f.numerator) / f.denominator for f in (b, D))
    stated = potential(Fraction(1, 2))
    integral = ctx.quad(lambda z: (x - z) / ctx.sqrt(size**2 + 4 * z**2), [0, x])
    assert abs(float(stated) - float(integral)) < 1e-15
    assert potential(Fraction(1, 2) + step) != stated


def test_long_times_do_not_overflow():
    late = {**WHITE, "t": "100000"}
    assert [x[:6] for x in value("beta", late, 20)] == ["0.8000", "0.6000", "-1.400"]
    assert Fraction(value("loss", late, 5)) < Fraction(1, 10**1000)


def test_refusals():
    with pytest.raises(OutsideDomain, match="balanced"):
        value("potential", {**WHITE, "eta_u": "1", "eta_v": "1", "v0": "1/2,1,1"})
    with pytest.raises(OutsideDomain, match="row 2 of X is a combination"):
        value("beta_inf", {**DATA, "X": "1,2,3;2,4,6"})
    with pytest.raises(OutsideDomain, match="never moves"):
        value("beta_inf", {**DATA, "u0": "1/2,0,0", "v0": "1/4,0,0"})
    with pytest.raises(BadInput, match="columns"):
        value("beta_inf", {**DATA, "X": "1,2;3,4"})


def test_start_that_interpolates():
    point = {**DATA, "X": "1,0,0", "y": "1/8"}
    assert value("multipliers", point) == ["0"]
    assert Fraction(value("beta_inf", point, 10)[0]) == Fraction(1, 8)


def test_floats_agree_with_balls():
    floats = {k: [float(x) for x in rational(v)] if "," in v else float(Fraction(v)) for k, v in WHITE.items()}
    for name in ("beta", "loss", "preconditioner"):
        stated = value(name, WHITE, 17)
        stated = [float(x) for x in stated] if isinstance(stated, list) else float(stated)
        assert function(derivation().model, name)(**floats) == pytest.approx(stated, rel=1e-12)
