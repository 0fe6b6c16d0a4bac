"""Density, edges, atoms, outliers."""

import pytest
import sympy as sp

from quenched.symbolic.errors import OutsideDomain
from quenched.symbolic.random_matrix import (
    atom_mass,
    declare,
    density,
    derive,
    deterministic_equivalent,
    outlier,
    support,
)

Q, t = sp.Rational, sp.Symbol("t")


def near(ball, value, digits):
    return abs(sp.Rational(ball.mid().str(50, radius=False)) - sp.Rational(str(sp.N(value, 60)))) < Q(1, 10**digits)


def test_wachter_density_and_edges(case):
    p, x = case.projections, case.x
    at = {x.c1: Q(1, 5), x.c2: Q(2, 5)}
    e = deterministic_equivalent(p.cca, **p.kw)
    rho = density(e.derived, x.z, Q(3, 10), at, 33)
    assert near(rho, sp.Rational("1.38714940658923220338544911426902"), 31)
    found = support(e.derived, x.z, e.polynomial(t, at=at), at).edges
    low, high = ((sp.sqrt(Q(1, 5) * Q(3, 5)) + sign * sp.sqrt(Q(2, 5) * Q(4, 5))) ** 2 for sign in (-1, 1))
    assert len(found) == 2 and near(found[0], low, 40) and near(found[1], high, 40)


def test_marchenko_pastur_spectrum(case):
    x = case.x
    at = {x.phi: Q(3, 2)}
    e = deterministic_equivalent(case.mp.resolvent, **case.mp.kw)
    polynomial = e.polynomial(t, at=at)
    edges = support(e.derived, x.z, polynomial, at).edges
    assert near(edges[0], (1 - sp.sqrt(Q(3, 2))) ** 2, 40) and near(edges[1], (1 + sp.sqrt(Q(3, 2))) ** 2, 40)
    assert atom_mass(e.derived, x.z, 0, polynomial, at) == Q(1, 3)
    low, high = (1 - sp.sqrt(Q(3, 2))) ** 2, (1 + sp.sqrt(Q(3, 2))) ** 2
    exact = sp.sqrt((high - 1) * (1 - low)) / (2 * sp.pi * Q(3, 2))
    assert near(density(e.derived, x.z, 1, at, 40), exact, 38)
    assert density(e.derived, x.z, 6, at, 20) == 0


def test_outlier_location_and_overlap(case):
    x, ridge = case.x, case.ridge
    expr = (ridge.S * ridge.Z.T * ridge.Z - x.z * sp.Identity(x.d)).inv()
    declared = declare({ridge.Z: 1 / x.n}, {ridge.S: x.s}, dimensions={x.n: 1, x.d: x.phi})
    derived = derive(expr, declared, law={x.d: [(Q(1, 2), {x.s: 1}), (Q(1, 2), {x.s: 4})]})
    at = {x.phi: Q(1, 2)}
    found = outlier(derived, x.z, {x.s: 10}, (10, 20), at)
    assert found.location == Q(215, 18)
    _, overlap = found.value(40)
    assert abs(sp.Rational(overlap.value) - Q(287, 387)) < Q(1, 10**39)
    with pytest.raises(OutsideDomain, match="no outlier"):
        outlier(derived, x.z, {x.s: 5}, (10, 20), at)
