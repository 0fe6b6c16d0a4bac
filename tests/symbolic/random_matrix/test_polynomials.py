"""Minimal polynomials with all parameters symbolic, against the printed ones; Groebner cross-check."""

from dataclasses import replace

import pytest
import sympy as sp

from quenched.symbolic.random_matrix import deterministic_equivalent
from quenched.symbolic.random_matrix.groebner import cross_check
from quenched.symbolic.verdict import Level

Q, t = sp.Rational, sp.Symbol("t")


def proportional(found, expected):
    """Equal up to a nonzero constant factor."""
    ratio = sp.cancel(found / expected)
    return ratio.is_Rational and ratio != 0


def polynomial(expr, kw, **more):
    return deterministic_equivalent(expr, **kw).polynomial(t, **more)


def test_marchenko_pastur(case):
    x = case.x
    found = polynomial(case.mp.R, case.mp.kw)
    assert proportional(found.polynomial, x.phi * x.lam * t**2 + (x.lam - x.phi + 1) * t - 1)


def test_random_features_quartic(case):
    x = case.x
    lam, phi, psi, zeta, beta = x.lam, x.phi, x.psi, x.zeta, x.beta
    found = polynomial(case.features.K, case.features.kw)
    expected = (
        lam**2 * psi**2 * zeta * beta * t**4
        + (lam**2 * phi * psi * zeta + 2 * lam * psi * zeta * beta * (phi - psi)) * t**3
        + (lam * phi**2 * psi * (zeta + beta) + lam * phi * zeta * (phi - 2 * psi) + zeta * beta * (phi - psi) ** 2)
        * t**2
        + (lam * phi**3 + phi**2 * (zeta + beta) * (phi - psi) - phi * zeta * (phi - psi)) * t
        - phi**3
    )
    assert (found.terms, found.degree) == (19, 4)
    assert proportional(found.polynomial, expected)


def test_denoising_quintic(case):
    x = case.x
    l, q = x.l, x.q
    found = polynomial(case.denoising.K, case.denoising.kw)
    assert (found.terms, found.degree) == (69, 5)
    special = found.polynomial.subs({x.psi_n: Q(3, 2), x.psi_p: 2, x.A2: Q(3, 16), x.V: Q(1, 20)})
    expected = (
        (900 * l * q**2 - 240 * q**3) * t**5
        + (-900 * l**2 + 14400 * l * q**2 + 240 * l * q - 3840 * q**3 + 480 * q**2) * t**4
        + (-14400 * l**2 + 57600 * l * q**2 - 17760 * l * q - 345 * l - 15360 * q**3 + 12032 * q**2 - 300 * q) * t**3
        + (-57600 * l**2 - 157440 * l * q - 12752 * l + 61440 * q**2 - 11328 * q + 60) * t**2
        + (99840 * l - 76800 * q + 3136) * t
        + 30720
    )
    assert proportional(special, expected)


def test_wachter(case):
    x = case.x
    c1, c2, z = x.c1, x.c2, x.z
    found = polynomial(case.projections.cca, case.projections.kw)
    assert proportional(found.polynomial, c1 * z * (z - 1) * t**2 + ((2 * c1 - 1) * z + c2 - c1) * t + c1 - 1)


def test_free_sum_and_products(case):
    x, free = case.x, case.free
    lam, g1, g2, a = x.lam, x.g1, x.g2, x.a
    expected = (
        lam * g1 * g2 * a * t**3
        + (lam * (g1 + a * g2) + a * (g1 + g2 - g1 * g2)) * t**2
        + (lam + 1 + a - g1 - a * g2) * t
        - 1
    )
    assert proportional(polynomial(free.sum, free.kw).polynomial, expected)
    expected = lam**2 * g1 * g2 * t**3 + lam * (g1 + g2 - 2 * g1 * g2) * t**2 + (lam + (1 - g1) * (1 - g2)) * t - 1
    assert proportional(polynomial(free.product, free.kw).polynomial, expected)
    assert proportional(polynomial(free.three, free.three_kw).polynomial, lam**3 * t**4 + lam * t - 1)


def test_moments_with_a_symbolic_ratio(case):
    c, w = case.x.c, case.wisharts
    assert proportional(polynomial(w.abab, w.kw).polynomial, t - 1 - 2 * c)
    assert proportional(polynomial(w.aabb, w.kw).polynomial, t - (1 + c) ** 2)
    assert proportional(polynomial(w.commutator, w.kw).polynomial, t + 2 * c**2)


def test_implicit_derivative_agrees_with_the_branch(case):
    x = case.x
    e = deterministic_equivalent(case.features.K, **case.features.kw)
    at = {x.phi: Q(3, 2), x.psi: Q(4, 5), x.zeta: Q(1, 4), x.beta: Q(1, 10), x.lam: Q(1, 10)}
    slope = e.polynomial(t).derivative(x.beta).subs({**at, t: sp.Rational(e.value(at, digits=45).value)})
    assert abs(slope - sp.Rational(e.derivative(x.beta, at, digits=40).value)) < Q(1, 10**36)


def test_blocks_enter_the_elimination(case):
    """Two scalar atoms, or one 2 x 2 block with the same spectrum: one polynomial."""
    ridge, x = case.ridge, case.x
    kw = {**ridge.kw, "deterministic": {ridge.S: x.s}}
    rotated = sp.Matrix([[2, 1], [1, 2]])
    block = deterministic_equivalent(ridge.R, **kw, law={ridge.d: [(1, {ridge.S: rotated})]})
    atoms = deterministic_equivalent(ridge.R, **kw, law={ridge.d: [(Q(1, 2), {x.s: 1}), (Q(1, 2), {x.s: 3})]})
    assert proportional(block.polynomial(t).polynomial, atoms.polynomial(t).polynomial)


@pytest.mark.parametrize("name", ["mp", "features", "denoising", "cca", "both"])
def test_groebner_basis_agrees_and_refutes_a_mutant(case, name):
    x = case.x
    expr, kw, at = {
        "mp": (case.mp.R, case.mp.kw, {x.phi: Q(3, 2), x.lam: Q(1, 10)}),
        "features": (
            case.features.K,
            case.features.kw,
            {x.phi: Q(3, 2), x.psi: Q(4, 5), x.zeta: Q(1, 4), x.beta: Q(1, 10), x.lam: Q(1, 7)},
        ),
        "denoising": (
            case.denoising.K,
            case.denoising.kw,
            {x.psi_n: Q(3, 2), x.psi_p: 2, x.A2: Q(3, 16), x.V: Q(1, 20), x.q: Q(1, 16), x.l: Q(2, 5)},
        ),
        "cca": (case.projections.cca, case.projections.kw, {x.c1: Q(1, 5), x.c2: Q(2, 5), x.z: -Q(1, 2)}),
        "both": (case.projections.both, case.projections.kw, {x.c1: Q(1, 3), x.c2: Q(1, 4), x.z: -1}),
    }[name]
    e = deterministic_equivalent(expr, **kw)
    found = e.polynomial(t)
    assert cross_check(e.derived, found, at).level is Level.CONSISTENT
    mutant = replace(found, polynomial=found.polynomial + t)
    assert cross_check(e.derived, mutant, at).level is Level.REFUTED
