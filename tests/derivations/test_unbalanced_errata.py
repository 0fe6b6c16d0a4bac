"""Published formulas beside the derived ones: the digits of both, and the derived ones against integration."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from quenched.derivations.unbalanced_errata import derivation
from quenched.numeric.context import local_context
from quenched.numeric.evaluate import evaluate
from quenched.numeric.simulate.unbalanced import Problem, flow, whitened
from quenched.numeric.taylor import integrate
from quenched.symbolic.checking import check
from quenched.symbolic.verdict import Level


def value(name: str, digits: int = 12, **at: str) -> Any:
    answers = evaluate(derivation().model, name, at, digits)
    return [float(a.value) for a in answers] if isinstance(answers, list) else float(answers.value)


# delta = -1, |beta_0| = 1, beta_0 orthogonal to the target: the weights of the published figure, to 30 digits.
FIGURE = {
    "a0": "0.78615137775742328606955858584296",
    "w0": "0,1.27201964951406896425242246173749",
    "beta_star": "1,0",
    "t": "0.86",
}
# delta = -4, beta_0 = (-.3, -.2), one sample (.5, 1) with label 1.1.
BIAS = {
    "a0": "0.179555404513920236488854474901",
    "w0": "-1.67079348467476599719553416425,-1.11386232311651066479702277617",
    "X": "1/2,1",
    "y": "11/10",
}
SIGN = {"a0": "1/2", "w0": "1,0", "beta_star": "4/5,3/5", "t": "2"}
BALANCED = {"a0": "-1", "w0": "-1,0", "beta_star": "0,1", "t": "1"}


@pytest.fixture(scope="module")
def report():
    return check(derivation(), "full")


def test_every_step_stands(report):
    assert {label: str(v) for label, v in report.verdicts().items() if not v.positive} == {}
    proved = ("square-right", "length-right", "share-stable", "error-null", "defect-growth", "scaled-zero")
    assert {report.verdicts()[label].level for label in proved} == {Level.PROVED}


def test_every_mutant_is_killed(report):
    assert [(kill.label, kill.edit) for kill in report.kills if not kill.by] == []
    assert report.kill_rate[1] > 1000


def test_assumptions_are_those_of_the_cited_claims():
    D = derivation()
    assert {a.id for a in D.assumptions()} == {"differentiable-loss", "interpolates"}
    assert [a.id for a in D.assumptions(["error-limit"])] == ["interpolates"]


def test_kernel_distance():
    assert value("kernel_distance", **FIGURE) == pytest.approx(0.0953, abs=5e-5)
    assert value("kernel_distance_published", **FIGURE) == pytest.approx(0.2841, abs=5e-5)


def test_kernel_distance_of_a_scaled_state():
    example = derivation().claim("scaled-example").rhs
    assert float(example) == pytest.approx(-0.1952, abs=5e-5)
    assert derivation().claim("scaled-zero").rhs == 0


@pytest.mark.parametrize("point", [FIGURE, SIGN, BALANCED])
def test_kernel_distances_from_the_integrated_state(point):
    """Both expressions, written down for matrices, at the state that the Taylor integration reaches."""
    start = point["w0"].split(",")
    state = flow(whitened(1, 1, point["beta_star"].split(",")), point["a0"], start, point["t"], 25).values
    a0, w0 = float(point["a0"]) if "/" not in point["a0"] else 0.5, np.array([float(x) for x in start])
    a, w = float(state[0]), np.array([float(x) for x in state[1:]])
    first, now = a0**2 * np.eye(2) + np.outer(w0, w0), a**2 * np.eye(2) + np.outer(w, w)
    true = 1 - np.sum(first * now) / np.linalg.norm(first) / np.linalg.norm(now)
    published = 2 * a**4 + 2 * a0**2 * (w @ w) + (w @ w) ** 2
    assert value("kernel_distance", **point) == pytest.approx(true, abs=1e-12)
    wrong = 1 - np.sum(first * now) / np.linalg.norm(first) / np.sqrt(published)
    assert value("kernel_distance_published", **point) == pytest.approx(wrong, abs=1e-12)


def test_sign_of_the_output_weight():
    """The published expression fixes a^2; a itself is positive here, and the published code gives -0.80186."""
    a = value("a", **SIGN)
    assert a == pytest.approx(0.80186, abs=5e-6)
    assert value("a_squared_published", **SIGN) == pytest.approx(a**2, rel=1e-11)
    crossing = {**SIGN, "w0": "-2,1", "t": "1"}
    assert value("a", **crossing) < 0
    assert value("a_squared_published", **crossing) == pytest.approx(value("a", **crossing) ** 2, rel=1e-11)


def test_published_square_in_floats_picks_a_branch_by_rounding():
    """The published expression in complex floats: its square agrees, its sign is wrong at the very start."""
    a0, w0, target, delta, s = 0.5, np.array([1.0, 0.0]), np.array([0.8, 0.6]), -0.75, 1.0
    root, nu0 = np.sqrt(4 * s**2 + delta**2), (w0 / a0) @ target
    phi0 = np.sinh(np.arctanh(a0 / np.linalg.norm(w0)))
    for t, truth in ((0.0, 0.5), (2.0, 0.801860724260554702)):
        q = t * root / 2 + np.arctanh((delta + 2 * nu0) / root + 0j)
        x = s**2 - nu0 * (delta + nu0)
        inner = 4 * s**2 * x * phi0**2 - root**2 * (s**2 + (s**2 - nu0**2) * phi0**2) * np.exp(-t * delta)
        inner -= delta * x * phi0**2 * (delta * np.cosh(2 * q) - root * np.sinh(2 * q))
        a = np.sqrt(-delta) * 2 * s / np.sqrt(inner / np.cosh(q) ** 2 / (x * phi0**2)) * 1j
        assert a.real == pytest.approx(-truth, abs=1e-9)


def test_balanced_start_with_negative_a():
    assert value("balanced_length", **BALANCED) == pytest.approx(0.79019**2, abs=1e-5)
    assert value("balanced_length_published", **BALANCED) == pytest.approx(1.14588**2, abs=1e-4)
    positive = {"a0": "5", "w0": "3,4", "beta_star": "4/5,3/5", "t": "3/10"}
    assert value("balanced_length", **positive) == pytest.approx(value("balanced_length_published", **positive))


def test_weights_from_predictor_cancel_in_floats():
    """delta = -1e8, |beta| = 1: 8.63e-5 by the published form, 1e-4 by the derived one."""
    delta, r = -1e8, 1.0
    root = np.sqrt(delta**2 + 4 * r**2)
    assert np.sqrt((delta + root) / 2) == pytest.approx(8.63e-5, abs=1e-7)
    stable = derivation().claim("share-stable").rhs
    D = derivation()
    names = {D.notation[name].symbol: v for name, v in (("kappa", 1), ("r", 1), ("delta", -(10**8)))}
    assert float(stable.xreplace(names)) ** 0.5 == pytest.approx(1e-4, rel=1e-12)


def test_implicit_bias():
    assert value("beta_inf", **BIAS) == pytest.approx([0.9226, 0.6387], abs=5e-5)
    assert value("beta_inf_published", **BIAS) == pytest.approx([-0.0426, 1.1213], abs=5e-5)


def test_implicit_bias_against_integration():
    problem = Problem(1, 1, ((Fraction(1, 2), 1),), (Fraction(11, 10),))
    ctx = local_context(30)
    z0 = [ctx.mpf(BIAS["a0"]), *(ctx.mpf(x) for x in BIAS["w0"].split(","))]
    state = integrate(problem.field, z0, 40, 20).values
    reached = [float(state[0] * x) for x in state[1:]]
    assert value("beta_inf", **BIAS) == pytest.approx(reached, abs=1e-12)


def test_answers_in_words():
    assert evaluate(derivation().model, "balanced_length", SIGN, 5).word.startswith("stated for delta = 0")
    assert evaluate(derivation().model, "a_squared_published", BALANCED, 5).word.startswith("stated for delta < 0")
