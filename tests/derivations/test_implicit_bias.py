"""The implicit bias: every step checked, every mutant killed, limits against direct integration of the flow."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from quenched.derivations.implicit_bias import derivation, derive
from quenched.derivations.implicit_bias.cases import Facts
from quenched.numeric.context import local_context
from quenched.numeric.evaluate import evaluate
from quenched.numeric.function import function
from quenched.numeric.simulate.unbalanced import Problem, flow
from quenched.symbolic.checking import check
from quenched.symbolic.errors import BadInput, OutsideDomain, Undecided
from quenched.symbolic.verdict import Level

NAMES = ("eta_a", "eta_w", "a0", "w0", "X", "y")
WIDE = "1,2,-1;2,1,3"
ISOTROPIC = "3,4,0;-4,3,0"


def at(*values: str) -> dict[str, str]:
    return dict(zip(NAMES, values, strict=True))


# name -> (point, time by which the flow has converged, case)
STATES = {
    "upstream, unequal": (at("1/2", "3/2", "-7/5", "1/3,-2/7,1/5", WIDE, "1,-1/2"), "10", "upstream; a_inf < 0"),
    "upstream through the null part": (at("1", "1", "1/2", "0,1/4,3", "1,0,0", "2"), "12", "upstream; a_inf > 0"),
    "below the origin": (at("1", "1", "1", "1,2,0", "1,2,0;2,-1,1", "3,1"), "8", "downstream; a_inf > 0"),
    "a0 = 0": (at("2", "1", "0", "1/3,2/7,1", WIDE, "3,4"), "6", "downstream; a_inf > 0"),
    "a0 = 0, other sign": (at("2", "1", "0", "-1/3,-2/7,-1", WIDE, "3,4"), "6", "downstream; a_inf < 0"),
    "crossing, one sample": (at("1", "1", "1/2", "-2,1,1/3", "1,1/2,0", "1"), "18", "downstream; a_inf < 0"),
    "no crossing, one sample": (at("1", "2", "-1/2", "-1/2,-2,2", "1,1/2,0", "1/4"), "12", "downstream; a_inf < 0"),
    "isotropic, crossing": (at("1", "1", "1/5", "-1,-1/2,2", ISOTROPIC, "5,5/2"), "2", "downstream; a_inf < 0"),
    "isotropic, no crossing": (at("1", "1", "1", "2,3/5,2", ISOTROPIC, "5,5"), "2", "downstream; a_inf > 0"),
    "rank deficient": (at("1", "2", "1", "1/2,-1/3,1/4", "1,2,-1;2,4,-2;2,1,3;3,3,2", "1,2,1,2"), "6", "a_inf > 0"),
    "start in the null space": (at("1", "1", "1", "2,-1,0", "1,2,0", "1"), "6", "upstream; a_inf > 0"),
    "start in the row space": (at("1", "1", "1", "1,2,0", "1,2,0", "8"), "3", "downstream; a_inf > 0"),
    "balanced": (at("1", "1", "5", "3,4,7", "1,0,0;0,1,0", "2,-1"), "12", "balanced; a_inf > 0"),
    "one dimension": (at("1", "3", "1/2", "-2", "2", "8/5"), "6", "downstream; a_inf < 0"),
    "no labels": (at("1", "1", "2", "1,0,1", "1,2,0", "0"), "12", "upstream; a_inf > 0; no labels"),
}


def value(name: str, point: dict[str, str], digits: int = 40) -> Any:
    return evaluate(derivation().model, name, point, digits)


def numbers(name: str, point: dict[str, str], ctx) -> list:
    found = value(name, point)
    return [ctx.mpf(entry.value) for entry in (found if isinstance(found, list) else [found])]


def rows(text: str) -> list[list[Fraction]]:
    return [list(map(Fraction, row.split(","))) for row in text.split(";")]


def case(point: dict[str, str]) -> str:
    exact = {
        k: Fraction(v) if k in NAMES[:3] else tuple(map(Fraction, v.split(","))) for k, v in point.items() if k != "X"
    }
    return derivation().model.case({**exact, "X": tuple(map(tuple, rows(point["X"])))})


@pytest.fixture(scope="module")
def report():
    return check(derivation(), "full")


def test_every_step_stands(report):
    wrong = {label: str(v) for label, v in report.verdicts().items() if not v.positive}
    assert wrong == {}
    derived = [step.label for step in derivation() if step.kind == "derived"]
    assert set(derived) <= set(report.verdicts())


def test_every_mutant_is_killed(report):
    assert [(kill.label, kill.edit) for kill in report.kills if not kill.by] == []
    assert report.kill_rate[1] > 1500


def test_the_algebra_is_proved(report):
    proved = ["row-level", "limit", "quadratic", "square-upstream", "square-downstream", "sign-rule", "growth-energy"]
    proved += ["primal-sum", "metric-along", "metric-across", "gain-conjugate", "dual-level"]
    assert {label: report.verdicts()[label].level for label in proved} == dict.fromkeys(proved, Level.PROVED)


def test_assumptions():
    assert [a.id for a in derivation().assumptions()] == ["differentiable-loss", "interpolates"]
    model = derivation().model
    below = {a.id for result in model.results for a in derivation().assumptions([result.label])}
    assert "interpolates" in below


def test_same_claims_twice():
    first, second = derivation(), derive()
    assert [str(s.claim) for s in first] == [str(s.claim) for s in second]


@pytest.mark.parametrize("name", STATES)
def test_against_integration(name):
    """The limit against the gradient flow at a late time, which knows nothing of row spaces or signs."""
    point, late, expected = STATES[name]
    assert all(fact in case(point) for fact in expected.split("; "))
    X, y = rows(point["X"]), point["y"].split(",")
    problem = Problem(
        Fraction(point["eta_a"]),
        Fraction(point["eta_w"]),
        tuple(map(tuple, X)),
        tuple(map(Fraction, y)),
    )
    state = flow(problem, point["a0"], point["w0"].split(","), late, 11).values
    ctx = local_context(30)
    a, *w = (ctx.mpf(x) for x in state)
    stated = {"a": [a], "w": w, "beta": [a * x for x in w]}
    for result, expected_numbers in stated.items():
        for found, number in zip(numbers(result, point, ctx), expected_numbers, strict=True):
            assert abs(found - number) < ctx.mpf(10) ** -9, result


@pytest.mark.parametrize("name", ["upstream, unequal", "below the origin", "rank deficient", "isotropic, crossing"])
def test_invariants_to_forty_digits(name):
    """beta = a w, X beta = y, and delta' of the limit equals delta' of the start."""
    point = STATES[name][0]
    ctx = local_context(60)
    (a,), w, beta, (level,) = (numbers(r, point, ctx) for r in ("a", "w", "beta", "delta_row"))
    tiny = ctx.mpf(10) ** -37
    assert max(abs(a * x - b) for x, b in zip(w, beta)) < tiny
    X = [[ctx.mpf(x.numerator) / x.denominator for x in row] for row in rows(point["X"])]
    labels = [ctx.mpf(f.numerator) / f.denominator for f in map(Fraction, point["y"].split(","))]
    assert max(abs(sum(x * b for x, b in zip(row, beta)) - label) for row, label in zip(X, labels)) < tiny
    plus = sp.Matrix(rows(point["X"])).pinv() * sp.Matrix(list(map(Fraction, point["y"].split(","))))
    s2 = ctx.mpf(0) + sum(ctx.mpf(int(x.p)) ** 2 / ctx.mpf(int(x.q)) ** 2 for x in plus)
    eta_a, eta_w = (ctx.mpf(Fraction(point[k]).numerator) / Fraction(point[k]).denominator for k in ("eta_a", "eta_w"))
    assert abs(eta_w * a**2 - eta_a * s2 / a**2 - level) < tiny * 10


@pytest.mark.parametrize(("delta", "limit"), [("-4", ("0.9226", "0.6387")), ("-1", ("0.8283", "0.6858")), ("3", None)])
def test_published_case(delta, limit):
    """X = (1/2, 1), y = 1.1, beta_0 = (-0.3, -0.2): the published formula has the wrong sign of a_inf for delta < 0."""
    ctx = local_context(60)
    size = ctx.mpf("0.13")
    a0 = ctx.sqrt((ctx.mpf(delta) + ctx.sqrt(ctx.mpf(delta) ** 2 + 4 * size)) / 2)
    w0 = ",".join(ctx.nstr(x / a0, 45) for x in (ctx.mpf("-0.3"), ctx.mpf("-0.2")))
    point = at("1", "1", ctx.nstr(a0, 45), w0, "0.5,1", "1.1")
    found = [f"{entry:.4f}" for entry in map(float, (e.value for e in value("beta", point)))]
    if limit is not None:
        assert found == list(limit)
        assert value("a", point).value.startswith("-")
    else:
        assert value("a", point).value.startswith("1")


def test_extreme_balance():
    """delta -> +inf: beta_0 + X^+(y - X beta_0); delta -> -inf: the null part is scaled by |X^+ y|/|P_row beta_0|."""
    X, y = "1,0,0;0,2,0", "1,4"
    near = [float(e.value) for e in value("beta", at("1", "1", "1000", "1/1000,2/1000,3/1000", X, y), 20)]
    assert near == pytest.approx([1, 2, 3], abs=1e-4)
    far = [float(e.value) for e in value("beta", at("1", "1", "1/1000", "500,1000,3000", X, y), 20)]
    assert far == pytest.approx([1, 2, 3 * 2], abs=1e-4)


def test_one_sample_downstream_follows_the_pull():
    """For one sample and delta' < 0 the rational rule reduces to the sign of w0.X^T y."""
    rng = random.Random(5)
    seen = 0
    while seen < 200:
        x, w, (a, label) = ([Fraction(rng.randint(-9, 9), 4) for _ in range(k)] for k in (3, 3, 2))
        if not any(x):
            continue
        facts = Facts({"eta_a": 1, "eta_w": 2, "a0": a, "w0": tuple(w), "X": (tuple(x),), "y": (label,)})
        if label and facts.delta_row < 0:
            pull = sum(p * q * label for p, q in zip(x, w))
            assert facts.basin == (pull > 0) - (pull < 0)
            seen += 1


def test_open_sign_is_not_guessed():
    point = at("1", "1", "1/2", "-1,-1,1", "1,2,-1;2,1,0", "2,2")
    assert "sign open" in case(point)
    for name in ("beta", "a", "w"):
        with pytest.raises(Undecided, match="singular values of X differ"):
            value(name, point)
    assert value("delta_row", point).value.startswith("-")


def test_open_sign_does_not_matter_without_a_null_part():
    point = at("1", "1", "1/2", "-1,-1", "1,0;0,2", "2,2")
    assert [str(e) for e in value("beta", point, 5)] == ["2.0000", "1.0000"]
    with pytest.raises(Undecided):
        value("a", point)


def test_refusals():
    with pytest.raises(OutsideDomain, match=r"y=6/5,12/5,"):
        value("beta", at("1", "1", "1", "1,1", "1,0;2,0", "2,2"))
    with pytest.raises(BadInput, match="X has 2 columns"):
        value("beta", at("1", "1", "1", "1,1,1", "1,0", "2"))
    with pytest.raises(BadInput, match="X has 1 rows"):
        value("beta", at("1", "1", "1", "1,1", "1,0", "2,1"))
    with pytest.raises(OutsideDomain, match="separatrix"):
        value("beta", at("1", "1", "6", "-2,6", "1,0;0,1", "3/2,0"))
    with pytest.raises(OutsideDomain, match="sphere"):
        value("w", at("1", "1", "1", "2,6", "1,0;0,1", "0,0"))


def test_projected_labels_have_the_same_flow():
    """The fix that the message offers: y replaced by its projection on the range of X."""
    fixed = at("1", "1", "1", "1,1", "1,0;2,0", "6/5,12/5")
    problem = Problem(1, 1, ((1, 0), (2, 0)), (2, 2))
    a, *w = flow(problem, 1, [1, 1], 8, 16).values
    assert [float(e.value) for e in value("beta", fixed, 15)] == pytest.approx([float(a * x) for x in w], abs=1e-9)


def test_rest_and_exact_values():
    saddle = at("1", "1", "0", "-3/5,4/5", "4/5,3/5", "1")
    assert [str(e) for e in value("beta", saddle, 5)] == ["0", "0"]
    resting = at("1", "1", "1/2", "2,0", "1,0;0,1", "1,0")
    assert str(value("a", resting, 5)) == "0.50000"


def test_function_of_arrays():
    call = function(derivation().model, "beta")
    found = call(eta_a=1, eta_w=1, a0=[0.5, 1.5], w0=[1, 0.25], X=[[0.5, 1]], y=[1.1])
    for row, a0 in zip(found, ("1/2", "3/2")):
        exact = value("beta", at("1", "1", a0, "1,1/4", "1/2,1", "11/10"), 17)
        assert list(row) == pytest.approx([float(e.value) for e in exact], rel=1e-12)
