"""Equations, sparsity, merging; every Dyson system against Wick to fourth order, mutants to sixth."""

from dataclasses import replace

import pytest
import sympy as sp

from quenched.symbolic.errors import NotDerivable
from quenched.symbolic.random_matrix import Average, declare, derive, equations, integrand, target_expression
from quenched.symbolic.random_matrix.wick import check_wick, dyson_series, wick_series


def test_marchenko_pastur_equations(case):
    x = case.x
    system = derive(case.mp.R, declare(**case.mp.kw)).system
    t0, t1 = sp.symbols("tau_0 tau_1")
    first, second = equations(system)
    assert sp.cancel(first.rhs - x.lam / (x.lam + t1)) == 0
    assert sp.cancel(second.rhs - x.lam / (x.lam + x.phi * t0)) == 0
    assert sp.cancel(target_expression(system) - t0 / x.lam) == 0


def test_anisotropic_equations_carry_the_law_as_a_name(case):
    x = case.x
    system = derive(case.ridge.R, declare(**case.ridge.kw)).system
    a, b = sp.symbols("a b")
    names = dict(zip(system.unknowns, (a, b)))
    first, second = equations(system, names)
    assert sp.cancel(first.rhs - 1 / (1 - x.phi * b)) == 0
    assert isinstance(second.rhs, Average)
    assert sp.cancel(second.rhs.integrand + x.s / (x.s * a + x.lam)) == 0
    assert sp.cancel(integrand(system, names) - 1 / (x.s * a + x.lam)) == 0
    assert second.rhs.free_symbols == {a, x.lam}
    assert second.rhs.over([(1, {x.s: 3})]) == -3 / (3 * a + x.lam)
    assert r"d\mu(s)" in sp.latex(second.rhs)


def test_dimensions_left_out_stay_their_own_ratio(case):
    x, Z = case.x, case.mp.Z
    system = derive(case.mp.R, declare({Z: 1 / x.n})).system
    assert (equations(system)[1].rhs).has(x.d, x.n)


def test_merging_keeps_four_of_the_six_unknowns_of_the_ridge_bias(case):
    ridge = case.ridge
    expr, declared = ridge.R * ridge.Th * ridge.R * ridge.S * ridge.S, declare(**ridge.kw)
    assert len(derive(expr, declared, merge=False).system.unknowns) == 6
    assert len(derive(expr, declared).system.unknowns) == 4
    guarded = derive(expr, declare(**{**ridge.kw, "commuting": False})).system
    assert len(guarded.unknowns) == 5 or len(guarded.unknowns) == 6


def _all(case):
    f, w, p = case.features, case.wisharts, case.projections
    ridge, compression = case.ridge, case.compression
    loose = {**ridge.kw, "commuting": False}
    C = ridge.S * ridge.Z.T * ridge.Z * ridge.S
    yield "mp", case.mp.R, case.mp.kw
    yield "bias", ridge.R * ridge.Th * ridge.R * ridge.S**2, ridge.kw
    yield "bias, non-commuting", ridge.R * ridge.Th * ridge.R * ridge.S**2, loose
    yield "variance", ridge.R * C * ridge.R * ridge.S**2, ridge.kw
    yield "populations, non-commuting", case.populations.expr, case.populations.kw
    yield "features", f.K * f.X.T * f.X, f.kw
    yield "cca", p.cca, p.kw
    yield "projections", p.both, p.kw
    yield "compression", compression.R, compression.kw
    yield "denoising", case.denoising.K, case.denoising.kw
    yield "resolvents", w.resolvents, w.kw
    yield "three", case.free.three, case.free.three_kw


def test_wick_agrees_everywhere(case):
    for _, expr, kw in _all(case):
        check_wick(derive(expr, declare(**kw)), order=4)


def _mutants(system):
    """Signs, swapped traces, dropped terms, doubled constants, flipped letters and targets: one edit each."""
    for place, terms in system.eta.items():
        for i, term in enumerate(terms):
            others = [u for u in system.unknowns if u != system.representative[term.pair]]
            for new in (
                (replace(term, coefficient=-term.coefficient),),
                *((replace(term, pair=u),) for u in others),
                (),
            ):
                yield replace(system, eta={**system.eta, place: (*terms[:i], *new, *terms[i + 1 :])})
    for place, value in system.constant.items():
        yield replace(system, constant={**system.constant, place: value + value})
    for letter, entries in system.det.items():
        for place, value in entries.items():
            yield replace(system, det={**system.det, letter: {**entries, place: -value}})
    for pair, value in system.target.items():
        yield replace(system, target={**system.target, pair: -value})


@pytest.mark.parametrize("name", ["mp", "ridge", "features", "populations", "cca", "denoising"])
def test_wick_refuses_every_single_edit(case, name):
    expr, kw = {
        "mp": (case.mp.R, case.mp.kw),
        "ridge": (case.ridge.R * case.ridge.Th * case.ridge.R * case.ridge.S**2, case.ridge.kw),
        "features": (case.features.K, case.features.kw),
        "populations": (case.populations.expr, case.populations.kw),
        "cca": (case.projections.cca, case.projections.kw),
        "denoising": (case.denoising.K, case.denoising.kw),
    }[name]
    derived = derive(expr, declare(**kw))
    point, expected = wick_series(derived, 6)
    assert dyson_series(derived.system, point, 6) == expected
    mutants = list(_mutants(derived.system))
    assert len(mutants) >= 9
    for mutant in mutants:
        try:
            assert dyson_series(mutant, point, 6) != expected
        except ZeroDivisionError:
            continue


def test_the_check_itself_refuses(case):
    derived = derive(case.mp.R, declare(**case.mp.kw))
    for mutant in _mutants(derived.system):
        with pytest.raises((NotDerivable, ZeroDivisionError)):
            check_wick(replace(derived, system=mutant))


def test_wigner_letters_pair_with_themselves():
    d, z = sp.symbols("d z")
    W = sp.MatrixSymbol("W", d, d)
    derived = derive((W - z * sp.Identity(d)).inv(), declare(wigner={W: 1 / d}, dimensions={d: 1}))
    check_wick(derived)
    (t,) = derived.system.unknowns
    (equation,) = equations(derived.system, {t: sp.Symbol("t")})
    target = target_expression(derived.system, {t: sp.Symbol("t")})
    # semicircle: tau = tr (W - z)^-1 solves tau^2 + z tau + 1 = 0
    tau = sp.Symbol("tau")
    (solved,) = sp.solve(sp.Eq(target, tau), sp.Symbol("t"))
    residue = sp.numer(sp.together((equation.lhs - equation.rhs).subs(sp.Symbol("t"), solved)))
    assert sp.rem(residue, tau**2 + z * tau + 1, tau) == 0
