"""The wide linear network: every step checked, every mutant killed, trajectories against integration of all weights."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from quenched.derivations.wide_linear import derivation, derive
from quenched.numeric import integrate
from quenched.numeric.context import local_context
from quenched.numeric.evaluate import evaluate
from quenched.symbolic.checking import check
from quenched.symbolic.errors import BadInput, OutsideDomain
from quenched.symbolic.verdict import Level

NAMES = ("eta_a", "eta_w", "a0", "W0")
BOOSTED = ("1", "1", "5/4,9/10,6/5", "9/20,3/5;109/50,6/25;6/25,58/25")
# The same with eta_a = 4, eta_w = 9: a is divided by 3 and W by 2.
RATES = ("4", "9", "5/12,3/10,2/5", "9/40,3/10;109/100,3/25;3/25,29/25")
# name -> (start, target, time)
TRAJECTORIES = {
    "three neurons": (BOOSTED, "1,-1/2", "1/2"),
    "other rates": (RATES, "-2,3/2", "1/20"),
    "isotropic downstream, predictor at 0": (("1", "1", "0,0", "3/5,4/5;-4/5,3/5"), "1,2", "3/4"),
    "more neurons than directions": (("2", "1", "1/2,1/3,-1", "1;2/3;-1/4"), "-3/2", "2/3"),
    "one upstream neuron": (("1", "1", "2", "1,-1/2"), "3,1", "1/3"),
    "collinear neurons": (("1", "1", "3,4", "3/2,3/4;2,1"), "-1,1", "1/2"),
    "balanced": (("1", "1", "3,4", "9/5,12/5;12/5,16/5"), "1/2,2", "1/5"),
    "no target": (BOOSTED, "0,0", "2/3"),
    "start": (BOOSTED, "1,-1/2", "0"),
}


def at(start, **more: str) -> dict[str, str]:
    return {**dict(zip(NAMES, start, strict=True)), **more}


def matrix(text: str) -> list[list[Fraction]]:
    return [list(map(Fraction, row.split(","))) for row in text.split(";")]


def weights(start) -> tuple[Fraction, Fraction, list[Fraction], list[list[Fraction]]]:
    return Fraction(start[0]), Fraction(start[1]), matrix(start[2])[0], matrix(start[3])


def integrated(start, gradient, t: str, digits: int = 17) -> list[Any]:
    """beta at time t, by Taylor integration of all weights at two precisions."""
    eta_a, eta_w, a0, W0 = weights(start)
    h, d = len(a0), len(W0[0])

    def field(state: Any) -> list[Any]:
        a, W = state[:h], [state[h + i * d : h + (i + 1) * d] for i in range(h)]
        beta = [sum((W[i][k] * a[i] for i in range(1, h)), W[0][k] * a[0]) for k in range(d)]
        g = gradient(beta)
        along = [sum((W[i][k] * g[k] for k in range(1, d)), W[i][0] * g[0]) for i in range(h)]
        return [-eta_a * x for x in along] + [-eta_w * a[i] * g[k] for i in range(h) for k in range(d)]

    state = integrate(field, [*a0, *(x for row in W0 for x in row)], t, digits).values
    return [sum(state[h + i * d + k] * state[i] for i in range(h)) for k in range(d)]


def value(name: str, point: dict[str, str], digits: int = 25) -> Any:
    return evaluate(derivation().model, name, point, digits)


@pytest.fixture(scope="module")
def report():
    return check(derivation(), "full")


def test_every_step_stands(report):
    assert {label: str(v) for label, v in report.verdicts().items() if not v.positive} == {}
    assert {step.label for step in derivation() if step.kind == "derived"} <= set(report.verdicts())


def test_every_mutant_is_killed(report):
    assert [(kill.label, kill.edit) for kill in report.kills if not kill.by] == []
    assert report.kill_rate[1] > 1400


def test_the_algebra_is_proved(report):
    proved = ["conservation", "right-action", "lie-algebra", "invariant", "state-flow", "lax", "gap"]
    proved += ["shifted-projector", "shifted-flow", "neuron-state-flow", "preconditioner-effective", "across-frozen"]
    assert {label: report.verdicts()[label].level for label in proved} == dict.fromkeys(proved, Level.PROVED)


def test_same_claims_twice():
    assert [str(s.claim) for s in derivation()] == [str(s.claim) for s in derive()]


@pytest.mark.parametrize("name", TRAJECTORIES)
def test_effective_neuron_against_integration(name):
    start, target, t = TRAJECTORIES[name]
    goal = list(map(Fraction, target.split(",")))
    ctx = local_context(40)
    expected = integrated(start, lambda beta: [b - s for b, s in zip(beta, goal)], t) if t != "0" else None
    found = value("beta", at(start, beta_star=target, t=t))
    if expected is None:
        _, _, a0, W0 = weights(start)
        expected = [ctx.mpf(x.numerator) / x.denominator for x in (sum(w * a for w, a in zip(c, a0)) for c in zip(*W0))]
    for entry, number in zip(found, expected, strict=True):
        assert abs(ctx.mpf(entry.value) - ctx.mpf(number)) < ctx.mpf(10) ** -15


def test_scales_of_the_layers_add():
    """alpha = eta_w |a|^2 = 1 and gamma = eta_a |W_j|^2 = 4 of the network before the boost: delta_eff = 5."""
    for start in (BOOSTED, RATES):
        assert Fraction(value("delta_eff", at(start)).value) == 5
    spectrum = [Fraction(x.value) for x in value("delta_matrix", at(BOOSTED))]
    # Delta + 4 I has rank one and the trace 5: its square is 5 times itself.
    shifted = [[spectrum[3 * i + k] + 4 * (i == k) for k in range(3)] for i in range(3)]
    square = [[sum(shifted[i][j] * shifted[j][k] for j in range(3)) for k in range(3)] for i in range(3)]
    assert square == [[5 * x for x in row] for row in shifted]


def test_conserved_matrix_along_the_flow():
    """Delta at a later time, from the integrated weights, for a loss that is not quadratic."""
    eta_a, eta_w, a0, W0 = weights(("2", "3", "1/2,-1", "1,1/3;-1/2,2"))

    def field(z: Any) -> list[Any]:
        beta = [z[0] * z[2] + z[1] * z[4], z[0] * z[3] + z[1] * z[5]]
        g = [beta[0] * beta[0] * beta[0] - beta[1] - 1, beta[1] * beta[1] * beta[1] - beta[0] + 2]
        slopes = [z[2] * g[0] + z[3] * g[1], z[4] * g[0] + z[5] * g[1]]
        return [-eta_a * x for x in slopes] + [-eta_w * z[i] * g[k] for i in range(2) for k in range(2)]

    z = integrate(field, [*a0, *(x for row in W0 for x in row)], "1/8", 17).values
    point = at(("2", "3", "1/2,-1", "1,1/3;-1/2,2"))
    found = [local_context(40).mpf(x.value) for x in value("delta_matrix", point)]
    later = [
        3 * z[i] * z[k] - 2 * (z[2 + 2 * i] * z[2 + 2 * k] + z[3 + 2 * i] * z[3 + 2 * k])
        for i in (0, 1)
        for k in (0, 1)
    ]
    assert max(abs(x - y) for x, y in zip(found, later)) < 1e-15


SAMPLES = {
    "three neurons": (BOOSTED, "1,2", "3/2", "1"),
    "any start": (("2", "1/2", "1,-1/3", "1/2,-1,1/4;1,1/5,2/3"), "1,-1/2,2", "-5/2", "4"),
    "one neuron": (("1", "1", "1/2", "-2,1"), "1,1/2", "1", "10"),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_one_sample_against_integration(name):
    start, x, y, late = SAMPLES[name]
    sample, label = list(map(Fraction, x.split(","))), Fraction(y)

    def gradient(beta: Any) -> list[Any]:
        residual = sum((b * u for b, u in zip(beta[1:], sample[1:])), beta[0] * sample[0]) - label
        return [u * residual for u in sample]

    expected = integrated(start, gradient, late, 9)
    found = value("beta_infinity", at(start, x=x, y=y))
    ctx = local_context(30)
    for entry, number in zip(found, expected, strict=True):
        assert abs(ctx.mpf(entry.value) - ctx.mpf(number)) < ctx.mpf(10) ** -7


def test_angle_by_inverse_hyperbolic_functions():
    """theta = (asinh(s/sqrt(A2^2 - A1^2)) - atanh(A1/A2))/2, another form of the root."""
    eta_a, eta_w, a0, W0 = weights(SAMPLES["any start"][0])
    x, y = (1, Fraction(-1, 2), 2), Fraction(-5, 2)
    ctx = local_context(50)
    length = ctx.sqrt(sum(ctx.mpf(Fraction(u).numerator) ** 2 / Fraction(u).denominator ** 2 for u in x))
    num = lambda q: ctx.mpf(Fraction(q).numerator) / Fraction(q).denominator  # noqa: E731
    c0 = [sum(num(w) * num(u) for w, u in zip(row, x)) / length for row in W0]
    ratio = ctx.sqrt(num(eta_a) / num(eta_w))
    first = sum(num(a) * c for a, c in zip(a0, c0))
    second = (sum(num(a) ** 2 for a in a0) / ratio + ratio * sum(c**2 for c in c0)) / 2
    angle = (ctx.asinh(num(y) / length / ctx.sqrt(second**2 - first**2)) - ctx.atanh(first / second)) / 2
    found = value("theta_infinity", at(SAMPLES["any start"][0], x="1,-1/2,2", y="-5/2"), 40)
    assert abs(ctx.mpf(found.value) - angle) < ctx.mpf(10) ** -38


def test_counterexample_of_closure():
    """{1, -1/2, -2} with beta = (1, 0): M = diag(5/2, 7/2) and diag(3.6056, 1.8028), in Q(sqrt 13)."""
    gap = derivation().claim("gap-example").rhs
    assert abs(float(gap) - (3.5 - (13**0.5 - 1) / 2 - 0.5)) < 1e-14
    assert str(gap) == "7/2 - sqrt(13)/2"


def test_refusals():
    general = ("1", "1", "1,2", "1,0;0,3")
    with pytest.raises(OutsideDomain, match="does not have the form"):
        value("beta", at(general, beta_star="1,1", t="1"))
    assert len(value("delta_matrix", at(general))) == 4
    with pytest.raises(BadInput, match="one for each neuron"):
        value("delta_eff", at(("1", "1", "1,2", "1,0")))
    with pytest.raises(BadInput, match="go together"):
        value("beta", at(BOOSTED, beta_star="1", t="1"))
    with pytest.raises(OutsideDomain, match="sample is zero"):
        value("beta_infinity", at(BOOSTED, x="0,0", y="1"))
    with pytest.raises(OutsideDomain, match="only decrease"):
        value("beta_infinity", at(("1", "1", "3", "-3,1"), x="1,0", y="1"))
    with pytest.raises(OutsideDomain, match="cannot reach"):
        value("beta_infinity", at(("1", "1", "3", "3,1"), x="1,0", y="-1"))
