"""The unbalanced neuron: every step checked, every mutant killed, values against direct integration of the flow."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

from quenched.derivations.unbalanced import NOTATION, derivation, derive
from quenched.numeric.context import local_context
from quenched.numeric.evaluate import evaluate
from quenched.numeric.function import function
from quenched.numeric.simulate.unbalanced import flow, whitened
from quenched.symbolic.checking import check
from quenched.symbolic.errors import OutsideDomain
from quenched.symbolic.verdict import Level

NAMES = ("eta_a", "eta_w", "a0", "w0", "beta_star", "t")
LISTS = ("w0", "beta_star")


def at(*values: str) -> dict[str, str]:
    return dict(zip(NAMES, values, strict=True))


STATES = {
    "downstream": at("1", "1", "1/2", "1,0", "4/5,3/5", "2"),
    "upstream": at("1/2", "3/2", "-7/5", "1/3,-2/7,1/5", "4/5,3/5,-1/2", "3/2"),
    "balanced": at("1", "1", "5", "3,4", "4/5,3/5", "3/10"),
    "a0 = 0": at("2", "1", "0", "-1/3,-2/7", "4/5,3/5", "1"),
    "separatrix": at("1", "1", "6", "-2,6", "3/2,0", "1/2"),
    "balanced separatrix": at("1", "1", "5", "-3,-4", "3/5,4/5", "1/2"),
    "w frozen": at("1", "0", "1/2", "1,2", "4/5,3/5", "1/3"),
    "a frozen": at("0", "1", "1/2", "1,2", "4/5,3/5", "1/3"),
    "no target": at("1", "2", "1/2", "1,2", "0,0", "1/3"),
    "no target, upstream": at("1", "2", "5/2", "1,2", "0,0", "1/3"),
    "no growth rate": at("1", "1", "5", "3,4", "0,0", "1/3"),
    "crossing": at("1", "1", "1/2", "-2,1", "4/5,3/5", "1/2"),
    "w0 = 0": at("1", "2", "3/2", "0,0", "4/5,3/5", "1/2"),
    "antiparallel": at("3", "1", "1/2", "-8/5,-6/5", "4/5,3/5", "1/3"),
    "orthogonal": at("1", "1", "1/2", "-3/5,4/5", "4/5,3/5", "1/2"),
    "one dimension": at("1", "3", "1/2", "-2", "4/5", "1/2"),
}


def value(name: str, point: dict[str, str], digits: int = 30) -> Any:
    return evaluate(derivation().model, name, point, digits)


def floats(point: dict[str, str]) -> dict[str, Any]:
    return {
        k: [float(Fraction(x)) for x in v.split(",")] if k in LISTS else float(Fraction(v)) for k, v in point.items()
    }


def text(answer: Any) -> Any:
    return [str(entry) for entry in answer] if isinstance(answer, list) else str(answer)


@pytest.fixture(scope="module")
def report():
    return check(derivation(), "full")


def test_every_step_stands(report):
    wrong = {label: str(v) for label, v in report.verdicts().items() if not v.positive}
    assert wrong == {}
    derived = [step.label for step in derivation() if step.kind == "derived"]
    assert set(derived) <= set(report.verdicts())


def test_the_solution_is_proved(report):
    verdicts = report.verdicts()
    proved = ["quasi-linear", "direction-flow", "square", "direction", "length-sum", "riccati", "sign-rule"]
    proved += [
        f"{kind}-{side}" for kind in ("growing", "fading", "state", "length") for side in ("upstream", "downstream")
    ]
    assert {label: verdicts[label].level for label in proved} == dict.fromkeys(proved, Level.PROVED)


def test_every_mutant_is_killed(report):
    survivors = [(kill.label, kill.edit) for kill in report.kills if not kill.by]
    assert survivors == []
    assert report.kill_rate[1] > 2000


def test_only_one_assumption():
    assert [a.id for a in derivation().assumptions()] == ["differentiable-loss"]


def test_same_claims_twice():
    first, second = derive(), derive()
    assert [str(s.claim) for s in first] == [str(s.claim) for s in second]


@pytest.mark.parametrize("name", STATES)
def test_against_integration(name):
    """30 digits of the state, and everything at time t formed from the integrated state, entry by entry."""
    point = STATES[name]
    problem = whitened(point["eta_a"], point["eta_w"], point["beta_star"].split(","))
    state = flow(problem, point["a0"], point["w0"].split(","), point["t"], 32).values
    ctx = local_context(40)
    for result, numbers in expected(ctx, point, [ctx.mpf(x) for x in state]).items():
        stated = value(result, point)
        stated = stated if isinstance(stated, list) else [stated]
        for entry, number in zip(stated, numbers, strict=True):
            assert abs(ctx.mpf(entry.value) - number) < ctx.mpf(10) ** -29 * max(1, abs(number)), result


def expected(ctx, point, state):
    """Results by name from the definitions: beta = a w, the loss, the kernel eta_w a^2 I + eta_a w w^T."""
    exact = {k: [ctx.mpf(f.numerator) / f.denominator for f in map(Fraction, v.split(","))] for k, v in point.items()}
    (eta_a,), (eta_w,) = exact["eta_a"], exact["eta_w"]
    a, *w = state

    def kernel(a, w):
        return [eta_w * a**2 * (i == k) + eta_a * x * y for i, x in enumerate(w) for k, y in enumerate(w)]

    def dot(x, y):
        return sum(p * q for p, q in zip(x, y, strict=True))

    beta = [a * x for x in w]
    miss = [x - y for x, y in zip(beta, exact["beta_star"], strict=True)]
    first, now = kernel(exact["a0"][0], exact["w0"]), kernel(a, w)
    distance = 1 - dot(first, now) / ctx.sqrt(dot(first, first) * dot(now, now))
    found = {"a": [a], "w": w, "beta": beta, "preconditioner": now, "loss": [dot(miss, miss) / 2]}
    return found | {"delta": [eta_w * a**2 - eta_a * dot(w, w)], "kernel_distance": [distance]}


def test_sample_value():
    """W30: the published code has the sign of a reversed here, at t = 0 and at t = 2."""
    point = STATES["downstream"]
    assert text(value("a", point, 18)) == "0.801860724260554702"
    assert text(value("a", {**point, "t": "0"})).startswith("0.5000")
    assert value("basin", point).value.startswith("1.0")
    assert str(value("zero_crossing_time", point)) == "none"


def test_kernel_distance_of_a_scaled_state():
    """(a, w) -> (2 a, 2 w) scales the kernel: distance 0. The published code gives -0.1952."""
    D = derivation()
    names = "A b A0 b0 overlap d"
    A, b, A0, b0, overlap, d = NOTATION.symbols(names)
    inner, norm0, norm = (e.rhs for e in D.claim("kernel-products").equations)
    scaled = {A0: 1, b0: 1, A: 4, b: 4, overlap: 2, d: 2}
    x, y, z = (e.xreplace({k: sp.Integer(v) for k, v in scaled.items()}) for e in (inner, norm0, norm))
    assert 1 - x / sp.sqrt(y * z) == 0


def test_equilibrium_and_saddles():
    equilibrium = at("1", "1", "1/2", "2,0", "1,0", "3")
    assert text(value("a", equilibrium, 5)) == "0.50000"
    assert text(value("loss", equilibrium)) == "0"
    saddle = at("1", "1", "0", "-3/5,4/5", "4/5,3/5", "2")
    assert [text(value(name, saddle)) for name in ("a", "basin")] == ["0", "0"]
    assert text(value("w", saddle, 3)) == ["-0.600", "0.800"]


def test_separatrix_ends_at_the_waist():
    point = STATES["separatrix"]
    assert text(value("basin", point)) == "0"
    assert text(value("w_inf", point, 4)) == ["0", "2.000"]
    late = {**point, "t": "10000"}
    assert value("a", late, 20).value.endswith("e-19543")
    assert text(value("w", late, 6))[1] == "2.00000"


def test_next_to_the_separatrix_the_sign_is_exact():
    for shift, sign in (("", "0"), ("1", "1"), ("-1", "-1")):
        a0 = sp.Integer(6) + (sp.Rational(int(shift), 10**60) if shift else 0)
        answer = str(value("basin", {**STATES["separatrix"], "a0": str(a0)}, 1))
        assert answer == sign


def test_balanced_start_with_negative_a():
    """The published balanced theory gives a = -1.14588, w = (.7426, -.8727)."""
    point = at("1", "1", "-1", "-1,0", "0,1", "1")
    assert text(value("a", point, 5)) == "-0.79019"
    assert text(value("w", point, 4)) == ["-0.5121", "-0.6018"]


def test_long_times_do_not_overflow():
    late = {**STATES["downstream"], "t": "10000"}
    assert text(value("a", late)) == text(value("a_inf", late))
    assert text(value("w", late)) == text(value("w_inf", late))
    assert value("loss", late, 12).value.endswith("e-6020")
    assert value("kernel_distance", late, 12).value == "0.188230063885"


@pytest.mark.parametrize("a0, w0", [("20", "0,0"), ("0", "0,20")])
def test_large_imbalance(a0, w0):
    """delta = +-400 at t = 2, where the published code overflows."""
    point = at("1", "1", a0, w0, "4/5,3/5", "2")
    a, (w1, w2) = value("a", point, 20), value("w", point, 20)
    gap = Fraction(a.value) ** 2 - Fraction(w1.value) ** 2 - Fraction(w2.value) ** 2 - (400 if a0 == "20" else -400)
    assert abs(gap) < Fraction(1, 10**15)


def test_zero_crossing():
    point = STATES["crossing"]
    when = value("zero_crossing_time", point, 40)
    assert when.value.startswith("0.2623872945")
    assert abs(Fraction(value("a", {**point, "t": when.value}, 5).value)) < Fraction(1, 10**38)


def test_limits_are_interpolators():
    for name in ("downstream", "upstream", "balanced", "a0 = 0", "crossing", "a frozen", "one dimension"):
        point = STATES[name]
        a_inf = Fraction(value("a_inf", point, 25).value)
        target = [Fraction(x) for x in point["beta_star"].split(",")]
        for entry, goal in zip(value("w_inf", point, 25), target, strict=True):
            assert abs(a_inf * Fraction(entry.value) - goal) < Fraction(1, 10**20)


def test_frozen_weights_end_at_least_squares():
    point = STATES["w frozen"]
    assert text(value("a_inf", point, 6)) == "0.400000"
    assert text(value("w_inf", point, 2)) == ["1.0", "2.0"]


def test_eigenvalues_of_the_preconditioner():
    point = STATES["upstream"]
    flat = [float(x.value) for x in value("preconditioner", point, 17)]
    along, across = (float(x.value) for x in value("eigenvalues", point, 17))
    assert flat[0] + flat[4] + flat[8] == pytest.approx(along + 2 * across, rel=1e-14)
    beta = [float(x.value) for x in value("beta", point, 17)]
    image = [sum(flat[3 * i + k] * beta[k] for k in range(3)) for i in range(3)]
    assert image == pytest.approx([along * x for x in beta], rel=1e-13)


@pytest.mark.parametrize("name", ["downstream", "upstream", "balanced", "a0 = 0", "crossing", "w0 = 0", "a frozen"])
def test_rates_are_the_eigenvalues_at_the_limit(name):
    """The Jacobian of the flow at (a_inf, w_inf) has the rates as eigenvalues, and 0 along the conserved direction."""
    point = STATES[name]
    eta_a, eta_w = (float(Fraction(point[key])) for key in ("eta_a", "eta_w"))
    a, w = float(value("a_inf", point, 17).value), [float(x.value) for x in value("w_inf", point, 17)]
    n = len(w)
    # Hessian of |a w - beta_star|^2/2 at a zero of the residual: the product of the Jacobians of a w.
    slopes = np.column_stack([w, a * np.eye(n)])
    rates = np.diag([eta_a] + [eta_w] * n)
    found = np.sort(np.linalg.eigvals(rates @ slopes.T @ slopes).real)
    along, across = (float(value(key, point, 17).value) for key in ("rate_along", "rate_across"))
    assert found == pytest.approx([0.0, *[across] * (n - 1), along], rel=1e-12, abs=1e-12)


def test_rates_without_cancellation():
    """delta = -10^20: the rate across is kappa^2 s^2/m, far below the rounding of Lambda + delta/2."""
    point = at("1", "1", "0", "0,10000000000", "4/5,3/5", "1")
    assert function(derivation().model, "rate_across")(**floats(point)) == pytest.approx(1e-20, rel=1e-14)
    assert value("rate_across", point, 12).value == "1.00000000000e-20"


def test_rates_where_there_are_none():
    for name, reason in (("w frozen", "w does not move"), ("no target", "no target")):
        for result in ("rate_along", "rate_across"):
            with pytest.raises(OutsideDomain, match=reason):
                value(result, STATES[name])
    assert value("rate_across", STATES["one dimension"]).word == "none (one dimension)"
    assert text(value("rate_along", STATES["no growth rate"])) == "0"


SMALL = {
    "downstream": at("1", "2", "1/1000000", "1/2000000,3/1000000", "4/5,3/5", "1"),
    "upstream": at("1", "2", "3/1000000", "1/2000000,1/1000000", "4/5,3/5", "1"),
    "far from the growing mode": at("2", "1/3", "1/10000000", "-3/10000000,1/2000000,1/10000000", "1,-1,2", "1"),
}


@pytest.mark.parametrize("name", SMALL)
def test_escape_of_a_small_start(name):
    """At the escape the integrated predictor is half of the target, so the loss is a quarter of that of the saddle."""
    point = SMALL[name]
    when = value("escape_time", point, 30).value
    problem = whitened(point["eta_a"], point["eta_w"], point["beta_star"].split(","))
    a, *w = (float(x) for x in flow(problem, point["a0"], point["w0"].split(","), when, 20).values)
    target = [float(Fraction(x)) for x in point["beta_star"].split(",")]
    assert [a * x for x in w] == pytest.approx([x / 2 for x in target], rel=1e-4, abs=1e-4)
    loss = sum((a * x - y) ** 2 for x, y in zip(w, target)) / 2
    start = sum(y**2 for y in target) / 2
    assert loss / start == pytest.approx(1 / 4, rel=1e-3)


@pytest.mark.parametrize("name", ["downstream", "upstream", "a0 = 0", "crossing", "orthogonal", "one dimension"])
def test_escape_time_from_the_length(name):
    """Theta as the late value of rho^2 e^(-2 Lambda t), rho^2 by quadrature of y' = B y in matrices."""
    point = STATES[name]
    ctx = local_context(60)
    exact = {k: [ctx.mpf(f.numerator) / f.denominator for f in map(Fraction, v.split(","))] for k, v in point.items()}
    (eta_a,), (eta_w,), (a0,) = exact["eta_a"], exact["eta_w"], exact["a0"]
    w0, target = exact["w0"], exact["beta_star"]
    n = len(w0)
    delta = eta_w * a0**2 - eta_a * sum(x**2 for x in w0)
    B = ctx.matrix(n + 1, n + 1)
    for k in range(n):
        B[0, k + 1], B[k + 1, 0], B[k + 1, k + 1] = eta_a * target[k], eta_w * target[k], -delta / 2
    B[0, 0] = delta / 2
    rate = ctx.sqrt(delta**2 / 4 + eta_a * eta_w * sum(x**2 for x in target))
    late = ctx.mpf(200)
    y = ctx.expm(B * late) * ctx.matrix([a0, *w0])
    # Late, y is the growing mode, and the integral of its squares is their value over 2 Lambda.
    square = (eta_w * y[0] ** 2 + eta_a * sum(x**2 for x in y[1:])) / (2 * rate)
    theta = square * ctx.exp(-2 * rate * late)
    assert theta < 1
    assert abs(ctx.mpf(value("escape_time", point).value) + ctx.log(theta) / (2 * rate)) < ctx.mpf(10) ** -25


@pytest.mark.parametrize(
    "name, reason",
    [
        ("separatrix", "separatrix"),
        ("balanced separatrix", "separatrix"),
        ("no growth rate", "no growth rate"),
        ("w frozen", "w does not move"),
        ("balanced", "the growing term starts at 1 or above"),
        ("a frozen", "the growing term starts at 1 or above"),
        ("no target, upstream", "the growing term starts at 1 or above"),
    ],
)
def test_no_escape_time(name, reason):
    assert value("escape_time", STATES[name]).word == f"none ({reason})"
    assert value("escape_time", at("1", "1", "1/2", "2,0", "1,0", "3")).word == "none (equilibrium)"


def test_the_threshold_is_exact():
    """Balanced, w0 across the target and |w0| = 2 s at unit rates: Theta = 1; to first order Theta = 1 + 3 (a0 - 2)."""
    for shift, words in ((0, True), (Fraction(1, 10**60), True), (-Fraction(1, 10**60), False)):
        answer = value("escape_time", at("1", "1", str(2 + shift), "0,2", "1,0", "1"), 5)
        assert answer.word == ("none (the growing term starts at 1 or above)" if words else "")
        assert words or answer.value == "1.5000e-60"


def test_alignment_and_ratio():
    point = STATES["upstream"]
    beta, target = ([float(x.value) for x in value("beta", point, 17)], [0.8, 0.6, -0.5])
    w, a = [float(x.value) for x in value("w", point, 17)], float(value("a", point, 17).value)
    dot = sum(x * y for x, y in zip(beta, target))
    length = (sum(x * x for x in beta) * sum(y * y for y in target)) ** 0.5
    assert float(value("alignment", point, 17).value) == pytest.approx(dot / length, rel=1e-13)
    assert float(value("ratio", point, 17).value) == pytest.approx(sum(x * y for x, y in zip(w, target)) / a, rel=1e-13)


@pytest.mark.parametrize(
    "result, point",
    [
        ("alignment", STATES["no target"]),
        ("ratio", at("1", "1", "0", "1,2", "4/5,3/5", "0")),
        ("kernel_distance", at("1", "1", "0", "0,0", "4/5,3/5", "1")),
    ],
)
def test_undefined_results_say_so(result, point):
    with pytest.raises(OutsideDomain, match="is not defined there"):
        value(result, point)


def test_drift_of_one_step():
    """Gradient descent with rational numbers in three dimensions: the drift is exact."""
    D = derivation()
    eta_a, eta_w, delta, step = (D.notation[name].symbol for name in ("eta_a", "eta_w", "delta", "step_size"))
    rates, a, epsilon = (Fraction(2, 3), Fraction(5, 7)), Fraction(3, 2), Fraction(1, 4)
    w, G = [Fraction(n, 5) for n in (2, -3, 4)], [Fraction(n, 3) for n in (1, 2, -2)]
    after = a - epsilon * rates[0] * sum(x * g for x, g in zip(w, G))
    moved = [x - epsilon * rates[1] * a * g for x, g in zip(w, G)]
    level = rates[1] * a**2 - rates[0] * sum(x**2 for x in w)
    stated = D.claim("drift").rhs.xreplace({D.notation["d"].symbol: sp.Integer(3)}).doit()
    values = {eta_a: rates[0], eta_w: rates[1], delta: level, step: epsilon}
    values |= {D.notation["w"].symbol[k]: x for k, x in enumerate(w, 1)}
    values |= {D.notation["G"].symbol[k]: x for k, x in enumerate(G, 1)}
    number = stated.xreplace({key: sp.Rational(x.numerator, x.denominator) for key, x in values.items()})
    assert number == rates[1] * after**2 - rates[0] * sum(x**2 for x in moved)


def test_floats_agree_with_balls():
    for name in ("downstream", "upstream", "separatrix", "crossing", "no growth rate"):
        numbers = floats(STATES[name])
        exact = {
            k: ",".join(str(Fraction(x)) for x in v) if isinstance(v, list) else str(Fraction(v))
            for k, v in numbers.items()
        }
        for result in ("a", "loss", "kernel_distance"):
            stated = float(value(result, exact, 17).value)
            assert function(derivation().model, result)(**numbers) == pytest.approx(stated, rel=1e-12)
