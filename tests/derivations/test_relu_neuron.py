"""A ReLU neuron: every step checked, every mutant killed, pieces and events against integration of the flow."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

from quenched.derivations.relu_neuron import derivation, derive
from quenched.numeric.context import local_context
from quenched.numeric.evaluate import evaluate
from quenched.numeric.taylor import integrate
from quenched.symbolic.checking import check
from quenched.symbolic.errors import OutsideDomain
from quenched.symbolic.verdict import Level

NAMES = ("eta_a", "eta_w", "a0", "w0", "y", "t")


def at(*values: str) -> dict[str, str]:
    return dict(zip(NAMES, values, strict=True))


POINTS = {
    "one event": at("1", "1", "1/2", "1,1/2,-3/10", "1,-2,1", "2"),
    "no event": at("1/2", "3/2", "1/2", "1,1/2,-3/10", "1,2,1", "3/2"),
    "two events": at("2", "1", "3/4", "1/3,1/2,1", "-1,2,-3/2", "2"),
    "all dropped": at("1", "1", "2", "1/2,1/3", "-1,-2", "3"),
    "upstream": at("1", "1", "3", "1/5,1/4,1/3", "2,-1,1/2", "1"),
    "balanced": at("1", "1", "5", "3,4,-1", "1/2,-3,2", "1/10"),
    "no labels": at("1", "2", "1/2", "1/2,-1/3", "0,1", "2"),
    "inactive": at("1", "1", "1", "-1/2,-1/3", "1,1", "2"),
}


def value(name: str, point: dict[str, str], digits: int = 25) -> Any:
    answers = evaluate(derivation().model, name, point, digits)
    return [a.value for a in answers] if isinstance(answers, list) else answers.value


@pytest.fixture(scope="module")
def report():
    return check(derivation(), "full")


def test_every_step_stands(report):
    assert {label: str(v) for label, v in report.verdicts().items() if not v.positive} == {}
    proved = ("turn-rate", "growth-shares", "share-size", "speed-ratio")
    assert {report.verdicts()[label].level for label in proved} == {Level.PROVED}


def test_every_mutant_is_killed(report):
    assert [(kill.label, kill.edit) for kill in report.kills if not kill.by] == []
    assert report.kill_rate[1] > 800


def test_same_claims_twice():
    assert [str(s.claim) for s in derive()] == [str(s.claim) for s in derive()]


def numbers(text: str) -> list[Fraction]:
    return [Fraction(part) for part in text.split(",")]


def piece(point: dict[str, str], state: list[Any], active: set[int], duration: Any) -> list[Any]:
    """(a, w) after a duration with a fixed pattern, by Taylor series at two precisions; nothing of the solution."""
    rate_a, rate_w = (Fraction(point[name]) for name in ("eta_a", "eta_w"))
    labels = numbers(point["y"])

    def field(z: Any) -> list[Any]:
        zero = z[0] * 0
        gaps = [z[0] * z[k] - labels[k - 1] if k in active else zero for k in range(1, len(z))]
        total = zero
        for k, gap in enumerate(gaps, start=1):
            total = total + gap * z[k]
        return [total * -rate_a] + [z[0] * gap * -rate_w for gap in gaps]

    return list(integrate(field, state, duration, 30).values)


@pytest.mark.parametrize("name", POINTS)
def test_pieces_against_integration(name):
    """At every stated event the integrated weight is 0 and falling, and no active one was 0 before; then the end."""
    point, ctx = POINTS[name], local_context(45)
    state: list[Any] = [Fraction(point["a0"]), *numbers(point["w0"])]
    active = {k for k, x in enumerate(numbers(point["w0"]), start=1) if x > 0}
    times, dropped = value("event_times", point, 35), value("dropped", point)
    before: Any = ctx.zero
    for when, sample in zip(times, dropped) if times[0] is not None else ():
        k, duration = int(float(sample)), ctx.mpf(when) - before
        for share in (0.3, 0.9):
            between = piece(point, state, active, duration * share)
            assert all(between[m] > 0 for m in active)
        state = piece(point, state, active, duration)
        assert abs(state[k]) < ctx.mpf(10) ** -25
        assert ctx.mpf(Fraction(point["y"].split(",")[k - 1]).numerator) * state[0] < 0
        state[k] = Fraction(0)
        active.discard(k)
        before = ctx.mpf(when)
    rest = Fraction(point["t"])
    state = piece(point, state, active, ctx.mpf(rest.numerator) / rest.denominator - before) if active else state
    assert all(state[k] > 0 for k in active)
    stated = [value("a", point), *value("w", point)]
    for found, number in zip(stated, state, strict=True):
        truth = ctx.mpf(number.numerator) / number.denominator if isinstance(number, Fraction) else ctx.mpf(number)
        assert abs(ctx.mpf(found) - truth) < ctx.mpf(10) ** -23


@pytest.mark.parametrize("name", ["one event", "two events", "all dropped"])
def test_against_relu_in_floats(name):
    """Small steps of the true piecewise field, which finds its pattern itself."""
    point = POINTS[name]
    rate_a, rate_w, t = (float(Fraction(point[key])) for key in ("eta_a", "eta_w", "t"))
    a, w, y = float(Fraction(point["a0"])), *(np.array([float(x) for x in numbers(point[k])]) for k in ("w0", "y"))
    steps = 40000
    for _ in range(steps):
        gap = np.where(w > 0, a * w - y, 0.0)
        half_a, half_w = a - rate_a * (gap @ w) * t / steps / 2, w - rate_w * a * gap * t / steps / 2
        gap = np.where(half_w > 0, half_a * half_w - y, 0.0)
        a, w = a - rate_a * (gap @ half_w) * t / steps, w - rate_w * half_a * gap * t / steps
    assert float(value("a", point)) == pytest.approx(a, abs=2e-4)
    assert np.allclose([float(x) for x in value("w", point)], w, atol=2e-4)


def test_number_of_events():
    assert len(value("event_times", POINTS["two events"])) == 2
    assert [int(float(x)) for x in value("dropped", POINTS["all dropped"])] == [2, 1]
    assert evaluate(derivation().model, "event_times", POINTS["no event"], 5)[0].word == "none"


def test_imbalance_is_conserved_through_the_events():
    point = POINTS["two events"]
    a, w = Fraction(value("a", point)), [Fraction(x) for x in value("w", point)]
    now = a**2 - 2 * sum(x**2 for x in w)
    assert abs(now - Fraction(value("delta", point))) < Fraction(1, 10**22)


def test_speed_ratio():
    """Size 1/100, |delta| = 1, unit rates: about 10^4."""
    D = derivation()
    values = {D.notation[name].symbol: sp.Integer(1) for name in ("delta_abs", "kappa")}
    values[D.notation["r"].symbol] = sp.Rational(1, 100)
    assert float(D.claim("speed-ratio").rhs.xreplace(values).evalf()) == pytest.approx(1e4, rel=1e-3)


DATA = [["1", "1/2", "-1/3"], ["-1", "2", "1/4"], ["1/5", "-1", "2"]]
LABELS = ["1", "-2", "3/2"]


def test_small_outputs_are_a_hyperbolic_rotation():
    """Weights of size 10^-12 on samples in general position: the flow of the full loss, with ReLU deciding its pattern.

    The stated rotation is right to the relative size 10^-24 of the outputs, and w moves along the pull only.
    """
    ctx = local_context(45)
    rows = [[ctx.mpf(Fraction(x).numerator) / Fraction(x).denominator for x in row] for row in DATA]
    labels = [ctx.mpf(Fraction(x).numerator) / Fraction(x).denominator for x in LABELS]
    rate_a, rate_w, t = ctx.mpf(2), ctx.mpf(1) / 3, ctx.mpf(1) / 2
    a0, w0 = ctx.mpf("1e-12"), [ctx.mpf(x) * ctx.mpf("1e-12") for x in ("2", "-0.5", "3")]
    active = [k for k, row in enumerate(rows) if sum(x * z for x, z in zip(row, w0)) > 0]
    assert active == [0, 2]

    def field(z: Any) -> list[Any]:
        inner = {k: sum(x * c for x, c in zip(z[1:], rows[k])) for k in active}
        G = [sum((z[0] * inner[k] - labels[k]) * rows[k][i] for k in active) for i in range(3)]
        return [sum(x * g for x, g in zip(z[1:], G)) * -rate_a, *(z[0] * g * -rate_w for g in G)]

    state = integrate(field, [a0, *w0], t, 30).values
    assert [k for k, row in enumerate(rows) if sum(x * z for x, z in zip(row, state[1:])) > 0] == active
    g = [sum(labels[k] * rows[k][i] for k in active) for i in range(3)]
    length = ctx.sqrt(sum(x**2 for x in g))
    unit = [x / length for x in g]
    p0 = sum(x * z for x, z in zip(w0, unit))
    angle = ctx.sqrt(rate_a * rate_w) * length * t
    values = {"eta_a": rate_a, "eta_w": rate_w, "a0": a0, "p0": p0, "mu": angle / t, "t": t}
    D = derivation()
    names = {D.notation[name].symbol: x for name, x in values.items()}
    a, p = (
        sp.lambdify(list(names), D.claim(label).rhs, modules=ctx_functions(ctx))(*names.values())
        for label in ("small-output-weight", "small-component")
    )
    assert abs(state[0] - a) < abs(a) * ctx.mpf(10) ** -21
    for x, start, z in zip(state[1:], w0, unit):
        assert abs(x - start - (p - p0) * z) < ctx.mpf(10) ** -32
    assert abs(p - p0) > abs(p0) / 10


def ctx_functions(ctx: Any) -> list[Any]:
    return [{"cosh": ctx.cosh, "sinh": ctx.sinh, "sqrt": ctx.sqrt}]


def test_rotation_is_proved(report):
    labels = ("small-square", "small-solution", "small-output-weight", "small-component")
    assert {report.verdicts()[label].level for label in labels} == {Level.PROVED}


def test_refusals():
    with pytest.raises(OutsideDomain, match="border"):
        value("a", at("1", "1", "1", "0,1", "1,1", "1"))
    with pytest.raises(OutsideDomain, match="growth rate is 0"):
        value("a", at("1", "1", "1", "1,-1", "0,1", "1"))
