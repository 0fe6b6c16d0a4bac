"""The optimal size and the price of a label: certified values against brute force, differences and simulation."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp

from quenched.derivations import load
from quenched.derivations.pca_probe import derivation
from quenched.derivations.workbench.plots import draw
from quenched.numeric.evaluate import evaluate
from quenched.numeric.function import function
from quenched.numeric.simulate import simulate
from quenched.symbolic.checking import mutate, step_findings
from quenched.symbolic.errors import BadInput, NotCertified, OutsideDomain, UnknownName
from quenched.symbolic.values import Certified

D = derivation()
MODEL = D.model
assert MODEL is not None

ONE_SPIKE = {"gamma": "1/2", "alpha": "1", "theta": "3", "a": "1", "b": "1/10", "sigma2": "1/5", "lam": "0"}


def answer(name: str, at: dict[str, str], digits: int = 15) -> Certified:
    found = evaluate(MODEL, name, at, digits)
    assert isinstance(found, Certified)
    return found


def value(name: str, at: dict[str, str], digits: int = 30) -> sp.Rational:
    text = answer(name, at, digits).value
    assert text is not None
    return sp.Rational(text)


def setting(**changes: Any) -> dict[str, str]:
    return {**ONE_SPIKE, **{k: str(v) for k, v in changes.items()}}


# -- the derivation --------------------------------------------------------------------------------------------------

LABELS = [
    "noise-growth",
    "least-squares-rates",
    "balance",
    "stationarity",
    "noise-compressed",
    "stationarity-compressed",
    "critical-label-ratio",
    "size-complete",
    "size-arguments",
    "overlap-arguments",
    "response",
    "level-set",
    "exchange",
    "exchange-closed",
    "exchange-envelope",
    "exchange-optimal",
    "exchange-abundant",
    "exchange-scarce",
    "exchange-optimal-abundant",
    "exchange-optimal-scarce",
    "optimal-error",
]


@pytest.mark.parametrize("label", LABELS)
def test_every_check_is_positive(label: str) -> None:
    findings = list(step_findings(D, label, "fast"))
    assert findings and all(f.verdict.positive for f in findings), [str(f.verdict) for f in findings]


@pytest.mark.parametrize("label", ["balance", "stationarity", "critical-label-ratio", "level-set", "exchange-envelope",
                                   "exchange-scarce", "response", "optimal-error"])  # fmt: skip
def test_every_single_edit_is_refused(label: str) -> None:
    kills = list(mutate(D, label))
    assert kills and [k.edit for k in kills if not k.by] == []


def test_stationarity_is_the_published_form() -> None:
    alpha, rho, gamma, b, phi = (D.notation[n].symbol for n in ("alpha", "rho", "gamma", "b", "phi"))
    theta, a, c = (D.notation[n].symbol[1] for n in ("theta", "a", "c"))
    s = sp.sqrt(gamma)
    growth = gamma * (1 + theta) / (gamma + theta**2 - 2 * theta * s * sp.cos(phi))
    expected = (alpha - rho) * (a**2 * (1 + theta) ** 2 / (1 + theta * c) ** 2 * growth + b**2)
    stated = D.claim("stationarity").rhs.xreplace({D.notation["r"].symbol: sp.Integer(1)}).doit()
    assert sp.cancel(stated - expected) == 0


def test_conclusions_inherit_the_assumptions() -> None:
    for label in ("optimal-error", "critical-label-ratio", "exchange-optimal"):
        assert {a.id for a in D.assumptions([label])} >= {"spectral-projector", "generic-projections"}


# -- the optimum -----------------------------------------------------------------------------------------------------

# One setting for each kind of optimum, with several spikes among them; the word is that of an end.
SETTINGS = [
    (setting(), ""),
    (setting(alpha="2/5"), "0 (maximally compressed)"),
    (setting(alpha=4), "1 (all directions, k = d)"),
    (setting(gamma=9), "1/gamma (all components, k = M)"),
    (setting(sigma2=0, alpha="3/5"), ""),
    (setting(theta="17/29,36/29,25/29", a="8/7,4/7,1/7", gamma="6/13", alpha="1/5", b="10/31", sigma2="8/101"), ""),
    (setting(theta="3,3/2", a="1,1/2", b="7/10", alpha="3/5"), "1 (all directions, k = d)"),
    (setting(lam="1/50", alpha="3/2", b="1/5"), ""),
    (setting(gamma="1/4", theta="1/2", alpha="1/5", b="3/10"), ""),  # the spike sits at the transition
    (setting(gamma=0, alpha=9), "0 (maximally compressed)"),
]


@pytest.mark.parametrize(("at", "word"), SETTINGS)
def test_optimum_against_brute_force(at: dict[str, str], word: str) -> None:
    found, error = answer("optimal_size", at), value("optimal_error", at)
    gamma, alpha = (float(sp.Rational(at[n])) for n in ("gamma", "alpha"))
    full = 1 / gamma if gamma > 1 else 1.0
    # Sizes grow like the cube of the angle at both ends: so does the grid.
    rho = full * (1 - np.cos(np.linspace(0, np.pi, 1500)) ** 3) / 2
    rho[-1] = full * (1 - 1e-15 * (gamma > 1))
    rho = rho[np.abs(rho - alpha) > 1e-9]
    numbers = {n: [float(sp.Rational(x)) for x in v.split(",")] for n, v in at.items()}
    errors = function(MODEL, "generalisation_error")(
        rho=rho, **{n: v if n in ("theta", "a") else v[0] for n, v in numbers.items()}
    )
    best = int(np.argmin(errors))
    assert float(error) <= errors[best] * (1 + 1e-12)
    assert float(error) == pytest.approx(errors[best], rel=1e-3)
    assert found.word == word
    if not word:
        assert found.value is not None
        assert float(found.value) == pytest.approx(rho[best], abs=0.01 * full)


def test_derivative_vanishes_at_the_optimal_size() -> None:
    size, step = value("optimal_size", setting(), 40), sp.Rational(1, 10**12)
    low, middle, high = (value("generalisation_error", setting(rho=size + k * step), 50) for k in (-1, 0, 1))
    assert abs((high - low) / (2 * step)) < sp.Rational(1, 10**20)
    assert low > middle < high
    assert abs(middle - value("optimal_error", setting(), 40)) < sp.Rational(1, 10**38)


def test_compression_ends_at_the_critical_label_ratio() -> None:
    at = setting(gamma="1/4")
    critical = sp.Rational(289, 178)
    assert abs(value("critical_label_ratio", at) - critical) < sp.Rational(1, 10**28)
    off = sp.Rational(1, 10**6)
    assert answer("optimal_size", {**at, "alpha": str(critical * (1 - off))}).word == "0 (maximally compressed)"
    assert answer("optimal_size", {**at, "alpha": str(critical * (1 + off))}).word == ""
    # At the point itself the stationary size merges with the end: the error is certain, the size is not.
    merged = {**at, "alpha": str(critical)}
    assert answer("optimal_error", merged).value == "0.321111111111111"
    with pytest.raises(NotCertified):
        answer("optimal_size", merged)


def test_critical_label_ratio_special_cases() -> None:
    assert answer("critical_label_ratio", setting(gamma=9)).value == "0"
    assert answer("critical_label_ratio", setting(a=0, b=0)).word.startswith("infinite")
    assert value("critical_label_ratio", setting(gamma=0)) == 21  # (sigma2 + b^2)/b^2


def test_digits_and_determinism() -> None:
    short, long = (answer("optimal_size", setting(), n) for n in (20, 200))
    assert short.value is not None and long.value is not None and long.radius is not None
    assert long.value.startswith(short.value[:-1]) and sp.Rational(long.radius) < sp.Rational(1, 10**199)
    assert answer("optimal_size", setting(), 20) == short


def test_zero_over_zero_is_refused() -> None:
    with pytest.raises(OutsideDomain, match="0/0"):
        answer("optimal_size", setting(sigma2=0))


# -- the price of a label --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [
    setting(rho="1/5"),
    setting(rho="3/5", alpha="2/5"),
    setting(rho="1/5", lam="1/7", theta="3,3/2", a="1,1/2"),
    setting(rho="1/7", gamma="5/2", theta="1/2"),
])  # fmt: skip
def test_exchange_rate_against_differences(at: dict[str, str]) -> None:
    """-dM/dN from central differences of the certified error in N and M at fixed k/d."""
    gamma, alpha, step = sp.Rational(at["gamma"]), sp.Rational(at["alpha"]), sp.Rational(1, 10**15)

    def error(labels: Any, samples: Any) -> sp.Rational:
        return value("generalisation_error", {**at, "alpha": str(labels), "gamma": str(1 / samples)}, 60)

    per_label = error(alpha + step, 1 / gamma) - error(alpha - step, 1 / gamma)
    per_sample = error(alpha, 1 / gamma + step) - error(alpha, 1 / gamma - step)
    assert abs(per_label / per_sample / value("unlabelled_per_label", at) - 1) < sp.Rational(1, 10**20)


@pytest.mark.parametrize("at", [setting(), setting(gamma=9), setting(lam="1/50", alpha="3/2", b="1/5")])
def test_envelope_theorem(at: dict[str, str]) -> None:
    """The rate at the optimum from differences of the optimal error, the size following the data."""
    gamma, alpha, step = sp.Rational(at["gamma"]), sp.Rational(at["alpha"]), sp.Rational(1, 10**12)

    def error(labels: Any, samples: Any) -> sp.Rational:
        return value("optimal_error", {**at, "alpha": str(labels), "gamma": str(1 / samples)}, 50)

    per_label = error(alpha + step, 1 / gamma) - error(alpha - step, 1 / gamma)
    per_sample = error(alpha, 1 / gamma + step) - error(alpha, 1 / gamma - step)
    found = value("optimal_unlabelled_per_label", at)
    assert abs(per_label / per_sample / found - 1) < sp.Rational(1, 10**15)
    size = answer("optimal_size", at, 40)
    if size.value is not None:
        there = value("unlabelled_per_label", {**at, "rho": size.value})
        assert abs(there / found - 1) < sp.Rational(1, 10**25)


def test_unused_data_replace_no_label() -> None:
    assert answer("unlabelled_per_label", setting(rho=1, alpha=2)).word.startswith("infinite")
    assert answer("unlabelled_per_label", setting(rho="1/5", gamma=0)).word.startswith("infinite")
    assert answer("unlabelled_per_label", setting(rho=0)).value == "0"


def test_limits_of_data() -> None:
    """(M/d)^2 with abundant data, (M/d)^(1/2) at a fixed share of the components with scarce data."""
    abundant = [value("unlabelled_per_label", setting(rho="1/5", gamma=Fraction(1, 10**k))) for k in (8, 10)]
    assert abs(abundant[1] / abundant[0] / 10**4 - 1) < sp.Rational(1, 10**3)
    scarce = [value("unlabelled_per_label", setting(gamma=10**k, rho=Fraction(1, 2 * 10**k))) for k in (8, 10)]
    assert abs(scarce[0] / scarce[1] / 10 - 1) < sp.Rational(1, 10**3)


# -- simulation ------------------------------------------------------------------------------------------------------


def test_simulated_error_is_least_near_the_optimal_size() -> None:
    """At three sizes theory and simulation agree, and the best of the three is the one near the certified optimum."""
    at = setting(gamma="1", alpha="1", b="3/10")
    best = float(value("optimal_size", at, 10))
    sizes, means = ("1/50", str(round(best, 2)), "3/4"), []
    for rho in sizes:
        run = simulate("pca_probe", {**at, "rho": rho}, d=300, draws=8, seed=3)
        estimate = run.results["generalisation_error"]
        theory = float(value("generalisation_error", {**at, **run.ratios}, 12))
        assert abs(estimate.mean - theory) < 4 * estimate.standard_error + 0.01 * theory
        means.append(estimate.mean)
    assert int(np.argmin(means)) == 1


# -- figures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["pdf", "svg", "png"])
def test_phase_diagram_is_drawn_and_repeatable(tmp_path: Path, suffix: str) -> None:
    pytest.importorskip("matplotlib")
    piece = load("pca_probe")
    files = [draw(piece, "phases", tmp_path / f"{k}.{suffix}", at={}, points=24) for k in "ab"]
    first, second = (file.read_bytes() for file in files)
    assert first == second and len(first) > 5000


def test_figures_refuse_what_they_do_not_know(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    piece = load("pca_probe")
    with pytest.raises(UnknownName, match="phases"):
        draw(piece, "phase", tmp_path / "a.pdf", at={})
    with pytest.raises(BadInput, match="pdf, svg, png"):
        draw(piece, "phases", tmp_path / "a.jpeg", at={})
