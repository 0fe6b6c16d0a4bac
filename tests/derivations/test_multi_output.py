"""Two layers, several outputs: steps checked, mutants killed, trajectories against integration of the weights."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from quenched.derivations.multi_output import derivation, derive
from quenched.derivations.unbalanced import derivation as one_neuron
from quenched.numeric import integrate
from quenched.numeric.context import local_context
from quenched.numeric.evaluate import evaluate
from quenched.symbolic.checking import check
from quenched.symbolic.errors import BadInput, OutsideDomain
from quenched.symbolic.verdict import Level

NAMES = ("eta_1", "eta_2", "W1_0", "W2_0", "Sigma", "t")
TURN = "3/5,4/5;-4/5,3/5"
# name -> (point, D): layers that are multiples of orthonormal frames
STATES = {
    "upstream": (("1", "1", TURN, "1/2,1;1,1/2;1,-1", "1,0;2,-1;1/2,1", "1/3"), "5/4"),
    "downstream": (("1", "1", "6/5,8/5;-8/5,6/5", "1/3,2/3;2/3,1/3;2/3,-2/3", "1,0;2,-1;1/2,1", "1/4"), "-3"),
    "balanced": (("1", "1", TURN, "1/3,2/3;2/3,1/3;2/3,-2/3", "-1,0;2,-1;1/2,1", "1/2"), "0"),
    "other rates": (("2", "1/3", TURN, "1/3,2/3;2/3,1/3;2/3,-2/3", "1,0;2,-1;1/2,1", "2/5"), "5/3"),
    "one neuron": (("1", "2", "1/2,-1", "2", "3/2,1", "1/2"), "3/2"),
    "more neurons than outputs": (("1", "1", "2,0;0,2", "0,0", "1,-2", "1/2"), "-4"),
}


def at(values: tuple[str, ...]) -> dict[str, str]:
    return dict(zip(NAMES, values, strict=True))


def matrix(text: str) -> list[list[Fraction]]:
    return [list(map(Fraction, row.split(","))) for row in text.split(";")]


def value(name: str, point: dict[str, str], digits: int = 25) -> Any:
    return evaluate(derivation().model, name, point, digits)


def times(x: Any, y: Any) -> list[list[Any]]:
    return [
        [sum((row[k] * y[k][j] for k in range(1, len(y))), row[0] * y[0][j]) for j in range(len(y[0]))] for row in x
    ]


def turned(x: Any) -> list[list[Any]]:
    return [list(column) for column in zip(*x)]


def integrated(values: tuple[str, ...], digits: int = 17) -> tuple[Any, Any]:
    """(W1, W2) at time t, by Taylor integration of all weights at two precisions."""
    eta_1, eta_2 = map(Fraction, values[:2])
    W1, W2, goal = map(matrix, values[2:5])
    h, d, c = len(W1), len(W1[0]), len(W2)

    def layers(state: Any) -> tuple[Any, Any]:
        return (
            [state[i * d : (i + 1) * d] for i in range(h)],
            [state[h * d + i * h : h * d + (i + 1) * h] for i in range(c)],
        )

    def field(state: Any) -> list[Any]:
        lower, upper = layers(state)
        gap = [[x - y for x, y in zip(row, want)] for row, want in zip(times(upper, lower), goal)]
        first, second = times(turned(upper), gap), times(gap, turned(lower))
        return [-eta_1 * x for row in first for x in row] + [-eta_2 * x for row in second for x in row]

    start = [x for row in (*W1, *W2) for x in row]
    return layers(list(integrate(field, start, values[5], digits).values))


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
    proved = ["conservation", "layers-flow", "stacked-flow", "generator-square", "riccati", "projected-flow"]
    proved += ["weighted", "upper-equation", "lower-equation", "upper-root", "lower-root"]
    assert {label: report.verdicts()[label].level for label in proved} == dict.fromkeys(proved, Level.PROVED)


def test_same_claims_twice():
    assert [str(s.claim) for s in derivation()] == [str(s.claim) for s in derive()]


@pytest.mark.parametrize("name", STATES)
def test_against_integration(name):
    values, level = STATES[name]
    point, ctx = at(values), local_context(40)
    lower, upper = integrated(values)
    eta_1, eta_2 = (ctx.mpf(Fraction(x).numerator) / Fraction(x).denominator for x in values[:2])
    stated = {
        "B": times(upper, lower),
        "upper_kernel": [[eta_1 * x for x in row] for row in times(upper, turned(upper))],
        "lower_kernel": [[eta_2 * x for x in row] for row in times(turned(lower), lower)],
    }
    for result, numbers in stated.items():
        for found, number in zip(value(result, point), (x for row in numbers for x in row), strict=True):
            assert abs(ctx.mpf(found.value) - ctx.mpf(number)) < ctx.mpf(10) ** -15, result
    h = len(matrix(values[2]))
    diagonal = [Fraction(x.value) for x in value("delta_matrix", {k: point[k] for k in NAMES[:4]})]
    assert max(abs(x - Fraction(level) * (k % (h + 1) == 0)) for k, x in enumerate(diagonal)) < Fraction(1, 10**24)


@pytest.mark.parametrize("w2", ["2", "-1/2", "0"])
def test_one_output_one_neuron_is_the_unbalanced_case(w2):
    point = {"eta_1": "3/2", "eta_2": "2", "W1_0": "1/2,-1", "W2_0": w2, "Sigma": "3/2,1", "t": "2/3"}
    other = {"eta_a": "2", "eta_w": "3/2", "a0": w2, "w0": "1/2,-1", "beta_star": "3/2,1", "t": "2/3"}
    expected = evaluate(one_neuron().model, "beta", other, 40)
    ctx = local_context(60)
    for found, number in zip(value("B", point, 40), expected, strict=True):
        assert abs(ctx.mpf(found.value) - ctx.mpf(number.value)) < ctx.mpf(10) ** -37


def test_kernels_are_functions_of_the_predictor():
    """c = d = h = 1: the shares are (R +- D)/2 with R^2 = D^2 + 4 kappa^2 B^2, at any time."""
    point = {"eta_1": "2", "eta_2": "3", "W1_0": "-1", "W2_0": "1/2", "Sigma": "4/3", "t": "1/2"}
    ctx = local_context(50)
    (b,), (up,), (low,) = (value(name, point, 40) for name in ("B", "upper_kernel", "lower_kernel"))
    level = ctx.mpf(2) / 4 - 3
    root = ctx.sqrt(level**2 + 24 * ctx.mpf(b.value) ** 2)
    assert abs(ctx.mpf(up.value) - (root + level) / 2) < ctx.mpf(10) ** -37
    assert abs(ctx.mpf(low.value) - (root - level) / 2) < ctx.mpf(10) ** -37


def test_late_and_early():
    point = at(STATES["upstream"][0])
    late = [Fraction(x.value) for x in value("B", {**point, "t": "100"}, 20)]
    assert max(abs(x - y) for x, y in zip(late, (1, 0, 2, -1, Fraction(1, 2), 1))) < Fraction(1, 10**15)
    early = [Fraction(x.value) for x in value("B", {**point, "t": "0"}, 30)]
    start = [x for row in times(matrix(point["W2_0"]), matrix(point["W1_0"])) for x in row]
    assert max(abs(x - y) for x, y in zip(early, start)) < Fraction(1, 10**28)


def test_refusals():
    general = {**at(STATES["upstream"][0]), "W1_0": "1,0;0,2"}
    with pytest.raises(OutsideDomain, match="not a multiple of the identity"):
        value("B", general)
    assert len(value("delta_matrix", {k: general[k] for k in NAMES[:4]})) == 4
    with pytest.raises(BadInput, match="one for each neuron"):
        value("B", {**general, "W2_0": "1,2,3"})
    with pytest.raises(BadInput, match="shape 1 x 2"):
        value("B", {**general, "Sigma": "1,2"})
