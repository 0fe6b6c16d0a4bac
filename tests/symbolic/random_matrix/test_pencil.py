"""Minimal sizes, and the pencil equals the expression (a wrong one is seen)."""

from dataclasses import replace

import pytest
import sympy as sp

from quenched.symbolic.errors import NotDerivable
from quenched.symbolic.random_matrix import declare, derive
from quenched.symbolic.random_matrix.pencil import check


def _size(expr, kw):
    return derive(expr, declare(**kw)).pencil.size


def test_minimal_sizes(case):
    ridge, features = case.ridge, case.features
    S, Z, R = ridge.S, ridge.Z, ridge.R
    assert _size(case.mp.R, case.mp.kw) == 2
    assert _size(R, ridge.kw) == 4
    assert _size(case.populations.expr, case.populations.kw) == 7
    assert _size(R * ridge.Th * R * S * S, ridge.kw) == 9
    assert _size(R * S * Z.T * Z * S * R * S * S, ridge.kw) == 9
    assert _size(features.K, features.kw) == 4
    assert _size(features.K * features.X.T * features.X, features.kw) == 5
    assert _size(case.projections.cca, case.projections.kw) == 5
    assert _size(case.projections.both, case.projections.kw) == 5
    assert _size(case.compression.R, case.compression.kw) == 4
    assert _size(case.denoising.K, case.denoising.kw) == 4
    assert _size(case.wisharts.abab, case.wisharts.kw) == 9
    assert _size(case.wisharts.commutator, case.wisharts.kw) == 15
    assert _size(case.wisharts.resolvents, case.wisharts.kw) == 11
    assert _size(case.free.three, case.free.three_kw) == 6


def test_every_single_edit_of_a_pencil_is_refused(case):
    derived = derive(case.ridge.R, declare(**case.ridge.kw))
    pencil, tree, field = derived.pencil, derived.realisation.tree, derived.field
    edits = 0
    for letter, entries in pencil.linear.items():
        for place, value in entries.items():
            changed = {**pencil.linear, letter: {**entries, place: -value}}
            with pytest.raises(NotDerivable):
                check(replace(pencil, linear=changed), tree, field)
            edits += 1
    for place, value in pencil.constant.items():
        wrong = {**pencil.constant, place: value + field.generator(field.symbols[0])}
        with pytest.raises(NotDerivable):
            check(replace(pencil, constant=wrong), tree, field)
        edits += 1
    assert edits == 8


def test_deterministic_inverse_needs_no_regularisation(case):
    S, Z, x = case.ridge.S, case.ridge.Z, case.x
    derived = derive((x.lam * S.inv() + Z.T * Z).inv(), declare({Z: 1 / x.n}, {S: x.s}))
    assert derived.realisation.eps is None
    assert derived.pencil.size == 3
    assert derive(case.projections.cca, declare(**case.projections.kw)).realisation.eps is not None


def test_trace_reads_as_the_matrix(case):
    x = case.x
    inside = derive(sp.Trace(case.mp.R) / x.d, declare(**case.mp.kw))
    assert inside.expression == case.mp.R
