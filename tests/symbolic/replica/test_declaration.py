"""Declared models: equations without editing code, values against independent numerics, refusals that name the node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy as sp

from quenched.derivations import load
from quenched.numeric.evaluate import evaluate
from quenched.symbolic.checking import check, mutate
from quenched.symbolic.derivation import Derivation
from quenched.symbolic.errors import BadInput, NotDerivable, OutsideDomain, QuenchedError
from quenched.symbolic.precision import context
from quenched.symbolic.replica.declaration import (
    RS,
    RSB,
    Declaration,
    Discrete,
    Gaussian,
    Indicator,
    Ising,
    Levels,
    Linear,
    Loss,
    MixedPSpin,
    Nishimori,
    Patterns,
    Penalty,
    Sphere,
    Spike,
    Wigner,
    Wishart,
)
from quenched.symbolic.replica.derivation import ROUTES, derive_model, extend
from quenched.templates import render

R = sp.Rational
x, y = sp.symbols("x y")
h = sp.Symbol("h", real=True)
c, alpha, lam, rho, theta, s2 = sp.symbols("c alpha lam rho theta s2", positive=True)
noise = sp.Symbol("noise_", nonnegative=True)
SK, MIXTURE = x**2 / 2, x**2 / 2 + x**3 / 4
CTX = context(30)


def derived(weights: Any, disorder: Any, ansatz: Any = None, teacher: Any = None) -> Derivation:
    return derive_model(Declaration(weights, disorder, teacher), ansatz)


def value(D: Derivation, name: str, digits: int = 15, **at: Any) -> Any:
    assert D.model is not None
    found = evaluate(D.model, name, at, digits)
    assert not isinstance(found, list)
    return CTX.mpf(found.value)


def gauss(function: Callable[[Any], Any]) -> Any:
    """E f(z) by adaptive quadrature."""
    return CTX.quad(lambda z: function(z) * CTX.npdf(z), range(-12, 13, 3))


def test_a_mixture_of_ising_spins_in_a_field_solves_its_own_equations() -> None:
    """xi = x^2/2 + x^3/4: the overlap, the free energy and the replicon by quadrature."""
    D = derived(Ising(h), MixedPSpin(MIXTURE, x))
    at = {"beta": "2", "h": "3/10"}
    q = value(D, "overlap", **at)
    root = CTX.sqrt(4 * (q + CTX.mpf(3) / 4 * q**2))
    u = lambda z: 2 * CTX.mpf(3) / 10 + root * z  # noqa: E731
    assert abs(gauss(lambda z: CTX.tanh(u(z)) ** 2) - q) < 1e-14
    gap = 2 * ((CTX.mpf(3) / 4 - q**2 / 2 - q**3 / 4) - (1 - q) * (q + CTX.mpf(3) / 4 * q**2))
    free = -(gap + gauss(lambda z: CTX.log(2 * CTX.cosh(u(z))))) / 2
    assert abs(value(D, "free_energy", **at) - free) < 1e-14
    curvature = 4 * (1 + CTX.mpf(3) / 2 * q)
    replicon = 1 - curvature * gauss(lambda z: CTX.sech(u(z)) ** 4)
    assert abs(value(D, "replicon", **at) - replicon) < 1e-14


def test_the_catalogue_is_a_special_case() -> None:
    D, known = derived(Ising(h), MixedPSpin(SK, x)), load("sk")
    for name, at in (
        ("replicon", {"beta": "2", "h": "3/10"}),
        ("entropy", {"beta": "3/2", "h": "0"}),
        ("energy", {"beta": "1/2", "h": "0"}),
    ):
        assert abs(value(D, name, 18, **at) - CTX.mpf(known.evaluate(name, at, 18).value)) < 1e-16


def test_independent_spins_in_a_random_field_are_exact() -> None:
    """xi = c x: no interaction at all; the free energy of one spin, and nothing to break."""
    D = derived(Ising(), MixedPSpin(c * x, x))
    root = CTX.sqrt(CTX.mpf(1) / 5)
    expected = -gauss(lambda z: CTX.log(2 * CTX.cosh(2 * root * z))) / 2
    assert abs(value(D, "free_energy", beta="2", c="1/5") - expected) < 1e-14
    assert value(D, "replicon", beta="2", c="1/5") == 1


def test_an_unstable_saddle_point_is_reported() -> None:
    """Below the transition the replicon is a negative result, the text says what that means, the assumption stays."""
    D = derived(Ising(), MixedPSpin(x**2 / 2 + x**4 / 4, x))
    assert value(D, "replicon", beta="3/2") < 0 < value(D, "replicon", beta="1/2")
    assert "not supported" in D.step("replicon").prose
    assert "replica-symmetry" in [a.id for a in D.assumptions(["free-energy"])]
    assert "not supported" in str(render(D, style="appendix"))


def test_spherical_mixtures() -> None:
    D = derived(Sphere(), MixedPSpin(MIXTURE, x))
    q = value(D, "overlap", beta="2")
    assert abs(q - 4 * (1 - q) ** 2 * (q + CTX.mpf(3) / 4 * q**2)) < 1e-14
    # u = d(beta f)/d beta: the energy is a slope of the free energy.
    ends = [value(D, "free_energy", 20, beta=2 + s * R(1, 10**5)) * (2 + s * CTX.mpf(10) ** -5) for s in (1, -1)]
    assert abs((ends[0] - ends[1]) / (2 * CTX.mpf(10) ** -5) - value(D, "energy", beta="2")) < 1e-8
    two = derived(Sphere(), MixedPSpin(SK, x))
    assert value(two, "overlap", beta="4") == CTX.mpf(3) / 4 and value(two, "overlap", beta="1/2") == 0
    # The spherical model with pairs is marginal below its transition.
    assert abs(value(two, "replicon", beta="4")) < 1e-14


def test_lattice_gas_in_a_random_field_is_exact() -> None:
    """Values 0 and 1 with xi = c x: independent sites again, now with lengths as order parameters."""
    D = derived(Discrete((0, 1), (R(1, 3), R(2, 3)), h), MixedPSpin(c * x, x))
    at = {"beta": "3/2", "h": "1/3", "c": "1/5"}
    u = lambda z: CTX.mpf(3) / 2 * (CTX.mpf(1) / 3 + CTX.sqrt(CTX.mpf(1) / 5) * z)  # noqa: E731
    free = -gauss(lambda z: CTX.log(CTX.mpf(1) / 3 + CTX.mpf(2) / 3 * CTX.exp(u(z)))) / CTX.mpf("1.5")
    assert abs(value(D, "free_energy", **at) - free) < 1e-14
    mean = lambda z: 2 * CTX.exp(u(z)) / (1 + 2 * CTX.exp(u(z)))  # noqa: E731
    assert abs(value(D, "overlap", **at) - gauss(lambda z: mean(z) ** 2)) < 1e-14
    assert abs(value(D, "mean_square", **at) - gauss(mean)) < 1e-14


def test_spin_one_above_its_transition() -> None:
    """Values -1, 0, 1: at q = 0 the annealed equation d = <s^2> with weight p exp(beta^2 d s^2/2)."""
    D = derived(Discrete((-1, 0, 1), (R(1, 5), R(3, 5), R(1, 5))), MixedPSpin(SK, x))
    d = value(D, "mean_square", beta="1/2")
    weight = 2 * CTX.exp(d / 8) / 5
    assert abs(weight / (weight + CTX.mpf(3) / 5) - d) < 1e-14
    assert abs(value(D, "replicon", beta="1/2") - (1 - d**2 / 4)) < 1e-14
    assert value(D, "replicon", beta="4") < 0


def test_resolvents() -> None:
    k = sp.Symbol("k", positive=True)
    D = derived(Gaussian(1 / k), Wigner(s2))
    assert abs(value(D, "trace", k="3", s2="1/2") - (3 - CTX.sqrt(7))) < 1e-14
    with pytest.raises(OutsideDomain, match="inside the spectrum"):
        value(D, "trace", k="1", s2="1/2")
    D = derived(Gaussian(1 / lam), Wishart(alpha))
    at = {"alpha": "1/2", "lam": "1/10"}
    assert abs(value(D, "trace", **at) - CTX.mpf(load("wishart_replica").evaluate("trace", at, 15).value)) < 1e-13


def test_two_level_covariance_against_a_matrix() -> None:
    D = derived(Gaussian(1 / lam), Wishart(alpha, Levels((c, 3), (R(1, 3), R(2, 3)))))
    rng, size = np.random.default_rng(7), 900
    scales = np.sqrt(np.r_[np.full(size // 3, 0.5), np.full(2 * size // 3, 3.0)])
    samples = rng.normal(size=(2 * size, size)) * scales
    inverse = np.diag(np.linalg.inv(samples.T @ samples / (2 * size) + 0.1 * np.eye(size)))
    at = {"alpha": "2", "lam": "1/10", "c": "1/2"}
    assert float(value(D, "trace", **at)) == pytest.approx(inverse.mean(), rel=5e-3)
    assert float(value(D, "trace_level_1", **at)) == pytest.approx(inverse[: size // 3].mean(), rel=1e-2)
    assert float(value(D, "trace_level_2", **at)) == pytest.approx(inverse[size // 3 :].mean(), rel=5e-3)


def test_spikes() -> None:
    D = derived(Sphere(), Spike(Wigner(s2), theta))
    assert value(D, "eigenvalue", s2="1/2", theta="2") == CTX.mpf("2.25")
    assert value(D, "overlap", s2="1/2", theta="2") == CTX.mpf("0.875")
    with pytest.raises(OutsideDomain, match="too weak"):
        value(D, "overlap", s2="1/2", theta="1/2")
    D = derived(Sphere(), Spike(Wishart(alpha), theta))
    at = {"gamma": "1/2", "theta": "2"}
    for name in ("eigenvalue", "overlap"):
        expected = CTX.mpf(load("spiked_pca").evaluate(name, at, 15).value)
        assert abs(value(D, name, alpha="2", theta="2") - expected) < 1e-14
    D = derived(Sphere(), Wigner(s2))
    assert abs(value(D, "eigenvalue", s2="2") - CTX.sqrt(8)) < 1e-13 and value(D, "replicon", s2="2") == 0


def test_ridge_from_its_nodes() -> None:
    """The reference overlap, and the symmetry (c, lam, rho) -> (1, lam/c, c rho) that no formula was given."""
    D = derived(Gaussian(1 / lam), Patterns(alpha, Linear(noise), c), teacher=Gaussian(rho))
    at = {"alpha": "2", "lam": "1/10", "rho": "1", "noise_": "1/10", "c": "1"}
    assert abs(value(D, "teacher_overlap", 14, **at) - CTX.mpf("0.91557112297752")) < 1e-13
    one = value(D, "generalisation_error", **{**at, "rho": "2"})
    assert abs(one - value(D, "generalisation_error", **{**at, "c": "2", "lam": "1/5"})) < 1e-14
    assert value(D, "replicon", **at) > 0


def test_storage_of_patterns_above_a_threshold() -> None:
    """Half as many patterns per weight as the symbol says: the catalogue's overlap and capacity at twice the symbol."""
    kappa = sp.Symbol("k", nonnegative=True)
    D, known = derived(Sphere(), Patterns(alpha / 2, Indicator(kappa))), load("perceptron_storage")
    expected = known.evaluate("overlap", {"alpha": "1/2", "kappa": "1/2"}, 12).value
    assert abs(value(D, "overlap", 12, alpha="1", k="1/2") - CTX.mpf(expected)) < 1e-11
    assert abs(value(D, "capacity", 12, alpha="1", k="1/2") - CTX.mpf("0.961205052802")) < 1e-11
    with pytest.raises(OutsideDomain, match="below the capacity"):
        value(D, "overlap", alpha="2", k="1/2")


def test_learning_with_a_declared_loss_and_penalty() -> None:
    """Ridge through the general channel: its six equations hold at the values of the quadratic route."""
    w, ratio = sp.Symbol("w", real=True), sp.Symbol("ratio", positive=True)
    square = Loss((y - x) ** 2 / 2, y, x, noise)
    D = derived(Penalty(w**2 / 2, w, lam), Patterns(ratio, square), teacher=Gaussian(rho))
    simple = derived(Gaussian(1 / lam), Patterns(alpha, Linear(noise)), teacher=Gaussian(rho))
    at = {"alpha": "2", "lam": "1/10", "rho": "3/2", "noise_": "1/10"}
    m, q = (sp.Float(str(value(simple, name, **at)), 15) for name in ("teacher_overlap", "student_norm"))
    a, l, s = sp.Integer(2), R(1, 10), R(1, 10)
    spread = m / (R(3, 2) * 2 - m)
    N = D.notation
    known = {N[k].symbol: v for k, v in {"alpha": a, "rho": R(3, 2), "sigma2": s, "m": m, "q": q, "V": spread}.items()}
    known[lam] = l
    for label, letter in (("mhat", "mhat"), ("vhat", "Vhat"), ("qhat", "qhat")):
        known[N[letter].symbol] = D.claim(f"{label}-declared").rhs.xreplace(known)
    for label in ("teacher-overlap", "spread", "student-overlap"):
        equation = D.claim(f"{label}-declared").single
        assert abs(sp.N(equation.difference.xreplace(known))) < 1e-12
    bent = sp.Symbol("bent", positive=True)
    net = derived(Penalty(sp.Abs(w) + bent * w**2 / 2, w, lam), Patterns(2 * ratio, square), teacher=Gaussian(1))
    assert net.claim("spread-closed").rhs.has(sp.erfc)
    with pytest.raises(BadInput, match="the name c is used"):
        derived(Penalty(sp.Abs(w) + c * w**2 / 2, w, lam), Patterns(ratio, square), teacher=Gaussian(1))
    with pytest.raises(NotDerivable, match="not a function of y - x"):
        derived(Penalty(w**2, w), Patterns(ratio, Loss(sp.exp(-x * y), y, x)), teacher=Gaussian(1))


def test_one_step_of_breaking_on_the_sphere() -> None:
    D = derived(Sphere(), MixedPSpin(x**3 / 2, x), RSB(1))
    expected = load("p_spin_spherical").evaluate("static_temperature", {"p": "3"}, 18).value
    assert abs(value(D, "static_temperature", 18) - CTX.mpf(expected)) < 1e-16
    mixed = derived(Sphere(), MixedPSpin(x**3 / 2 + c * x**4, x), RSB(1))
    assert value(mixed, "static_temperature", c="1/2") > value(D, "static_temperature")
    # With pairs in the energy blocks appear continuously: the equations stand, no transition at m = 1 is claimed.
    pairs = derived(Sphere(), MixedPSpin(MIXTURE, x), RSB(1))
    assert "slope-size" in pairs.steps and "transition" not in pairs.steps


@pytest.mark.parametrize(
    "model",
    [
        (Sphere(), MixedPSpin(MIXTURE, x), RS(), None),
        (Ising(), MixedPSpin(x**3 / 2, x), RS(), None),
        (Sphere(), Spike(Wigner(s2), theta), RS(), None),
        (Sphere(), MixedPSpin(x**3 / 2 + c * x**4, x), RSB(1), None),
        (Gaussian(1 / lam), Patterns(2 * alpha, Linear(0)), RS(), Gaussian(1)),
    ],
    ids=["sphere", "three-spin", "spike", "one-step", "ridge"],
)
def test_every_step_is_checked_and_holds(model: tuple[Any, ...]) -> None:
    report = check(derived(*model))
    assert report.exit_code == 0 and len(report.findings) > 8


def test_mutants_of_results_die() -> None:
    D = derived(Sphere(), MixedPSpin(MIXTURE, x))
    for label in ("replicon",):
        kills = list(mutate(D, label))
        assert len(kills) > 10 and [kill.edit for kill in kills if not kill.by] == []


a1 = sp.Symbol("a1", real=True)
BAD = [
    ("MixedPSpin.xi: the coefficient -1/4", lambda: MixedPSpin(x**2 / 2 - x**3 / 4, x)),
    ("MixedPSpin.xi: the coefficient a1", lambda: MixedPSpin(a1 * x**2, x)),
    ("MixedPSpin.xi: the constant 1", lambda: MixedPSpin(1 + x**2, x)),
    ("MixedPSpin.xi: cos.x. is not a polynomial", lambda: MixedPSpin(sp.cos(x), x)),
    ("MixedPSpin.xi: .* contains a float", lambda: MixedPSpin(0.5 * x**2, x)),
    ("Discrete.probs: the probabilities sum to 3/4", lambda: Discrete((0, 1), (R(1, 4), R(1, 2)))),
    ("Discrete: give at least two different values", lambda: Discrete((1, 1), (R(1, 2), R(1, 2)))),
    ("Wishart.ratio: -1 must be positive", lambda: Wishart(-1)),
    ("Patterns.ratio: 0 must be positive", lambda: Patterns(0, Linear(0))),
    ("Patterns.channel: 3 is no channel", lambda: Patterns(1, 3)),  # type: ignore[arg-type]
    ("Levels.fractions: they sum to 2/3", lambda: Levels((1, 2), (R(1, 3), R(1, 3)))),
    ("Linear.noise: the variance -1", lambda: Linear(-1)),
    ("Spike.matrix: .* is not a Gaussian matrix", lambda: Spike(MixedPSpin(SK, x), 1)),  # type: ignore[arg-type]
    ("Gaussian.cov: '1' is not exact", lambda: Gaussian("1")),
    ("Ising.field: .* must be real", lambda: Ising(sp.Symbol("f"))),
    ("RSB.steps: 2 steps have no rules", lambda: RSB(2)),
    ("weights: 'Potts' is no prior", lambda: Declaration("Potts", MixedPSpin(SK, x))),  # type: ignore[arg-type]
    ("teacher: Patterns with labels need one", lambda: Declaration(Gaussian(1), Patterns(1, Linear(0)))),
    ("teacher: Wigner has no labels", lambda: Declaration(Sphere(), Wigner(1), Gaussian(1))),
    ("Penalty.g: .* is not convex", lambda: Penalty(sp.cos(x), x)),
    ("weights: Ising does not go with Spike.Wigner.", lambda: derived(Ising(), Spike(Wigner(1), theta))),
    ("weights: Gaussian does not go with MixedPSpin; write", lambda: derived(Gaussian(1), MixedPSpin(SK, x))),
    ("ansatz: Nishimori has no rules", lambda: derived(Ising(), MixedPSpin(SK, x), Nishimori())),
    ("ansatz: 'RS' is no ansatz", lambda: derived(Ising(), MixedPSpin(SK, x), "RS")),
    (
        "Loss.loss: .* is not convex",
        lambda: derived(Penalty(x**2, x), Patterns(1, Loss(sp.tanh(y * x), y, x)), teacher=Gaussian(1)),
    ),
    (
        "weights: Sphere does not go with Patterns.Loss.",
        lambda: derived(Sphere(), Patterns(1, Loss((y - x) ** 4, y, x)), teacher=Gaussian(1)),
    ),
    (
        "Discrete.values: there are rules only if 0",
        lambda: derived(Discrete((1, 2), (R(1, 2), R(1, 2))), MixedPSpin(SK, x)),
    ),
    (
        "the name q is used by the derivation",
        lambda: derived(Sphere(), MixedPSpin(sp.Symbol("q", positive=True) * x, x)),
    ),
    (
        "teacher: with Linear only its length counts",
        lambda: derived(Gaussian(1), Patterns(1, Linear(0)), teacher=Ising()),
    ),
]


@pytest.mark.parametrize(("message", "make"), BAD, ids=[message[:40] for message, _ in BAD])
def test_what_is_outside_the_grammar_is_refused_by_node(message: str, make: Callable[[], Any]) -> None:
    with pytest.raises(QuenchedError, match=message):
        make()


def test_the_table_can_be_extended_and_not_overwritten() -> None:
    class Cavity(RS):
        """Another name for what is in the table."""

    key = ((MixedPSpin,), Sphere, Cavity)
    extend(*key, ROUTES[(MixedPSpin,), Sphere, RS])
    try:
        assert "replicon" in derived(Sphere(), MixedPSpin(SK, x), Cavity()).steps
        with pytest.raises(BadInput, match="already"):
            extend(*key, ())
    finally:
        del ROUTES[key]
    with pytest.raises(NotDerivable, match="Cavity"):
        derived(Sphere(), MixedPSpin(SK, x), Cavity())
