"""Gaussian means: binding, derivatives, rewriting. Every trap that a naive integral falls into has its test."""

import pytest
import sympy as sp

from quenched.symbolic.errors import BadInput, NotDerivable
from quenched.symbolic.precision import compiled, context
from quenched.symbolic.replica.mean import Mean
from quenched.symbolic.replica.mean_calculus import Atom, eliminate_powers, linear, normal_form, stein

x, z, w = sp.symbols("x z w", real=True)
q, h, t = sp.symbols("q h t", real=True)
beta = sp.Symbol("beta", positive=True)


def value_of(expr):
    """An expression with means by quadrature, 25 digits."""
    ctx = context(25)
    names = {mean: sp.Dummy() for mean in expr.atoms(Mean)}
    values = []
    for mean in names:
        f = compiled(ctx, list(mean.variables), mean.body)
        values.append(ctx.quad(lambda u, f=f: f(u) * ctx.exp(-u * u / 2) / ctx.sqrt(2 * ctx.pi), range(-12, 13)))
    return compiled(ctx, list(names.values()), expr.xreplace(names))(*values)


def test_equal_up_to_renaming():
    assert Mean(sp.tanh(q * x) * h, x) == Mean(h * sp.tanh(q * z), z)
    assert Mean(sp.tanh(q * x), x) != Mean(sp.tanh(h * x), x)
    assert hash(Mean(sp.tanh(x), x)) == hash(Mean(sp.tanh(w), w))


def test_mean_of_a_constant_is_the_constant():
    assert Mean(q**2, z) == q**2
    assert Mean(q + z, (z, x)) == Mean(q + z, z)


def test_substitution_never_captures():
    """Replacing a free symbol by the name of the bound one must not bind it."""
    mean = Mean(sp.tanh(q * z), z)
    bound = mean.variables[0]
    for changed in (mean.subs(q, z), mean.xreplace({q: z})):
        assert changed == Mean(sp.tanh(z * x), x) and changed.free_symbols == {z}
    with pytest.raises(BadInput, match="captured"):
        mean.xreplace({q: bound})


def test_the_trap_this_guards_against_exists_in_integrals():
    """SymPy's Integral captures: the reason why means are a class of their own."""
    integral = sp.Integral(sp.tanh(q * z), (z, 0, 1))
    assert mean_is_free_of(integral.xreplace({q: z}), z)


def mean_is_free_of(expr, symbol):
    return symbol not in expr.free_symbols


def test_substituting_a_mean_into_a_mean_keeps_levels_apart():
    inner = Mean(sp.tanh(h + z), z)
    outer = Mean(sp.tanh(q * x), x).xreplace({q: inner})
    assert outer.level == 2 and outer.free_symbols == {h}
    assert Mean(Mean(sp.tanh(z + x), z) ** 2, x).free_symbols == set()


def test_bound_variable_of_an_outer_mean_may_enter_an_inner_one():
    nested = Mean(sp.log(Mean(sp.cosh(q * z + h * x), z)), x)
    assert nested.free_symbols == {q, h}
    replaced = nested.xreplace({q: Mean(sp.tanh(t * w), w)})
    assert replaced.free_symbols == {h, t}


def test_floats_are_refused():
    with pytest.raises(BadInput, match="floats"):
        Mean(0.5 * z, z)


def test_linearity():
    assert linear(Mean(h * z**2 + q, z)) == h * Mean(z**2, z) + q


def test_derivative_then_stein():
    mean = Mean(sp.log(2 * sp.cosh(beta * sp.sqrt(q) * z + h)), z)
    slope = stein(mean.diff(q))
    expected = beta**2 / 2 - beta**2 / 2 * Mean(sp.tanh(beta * sp.sqrt(q) * z + h) ** 2, z)
    assert sp.expand(slope - expected) == 0


def test_stein_lowers_powers_to_moments():
    assert stein(Mean(z**6, z)) == 15
    assert stein(Mean(z**3 * sp.exp(t * z), z)).has(sp.exp)
    assert normal_form(Mean(z * sp.exp(t * z), z) - t * Mean(sp.exp(t * z), z)) == 0


def test_stein_refuses_what_does_not_end():
    mills = sp.exp(-(z**2)) / sp.erfc(z)
    with pytest.raises(NotDerivable, match="does not end"):
        stein(Mean(z * mills, z))


def test_elimination_by_parts_of_mills_ratios():
    """E[z M(a + r z)] without z, M = phi/H: M' = M (M - u) u'; checked by quadrature."""
    a, r = sp.Rational(1, 3), sp.Rational(2, 5)

    def ratio(u):
        return sp.exp(-(u**2) / 2) / (sp.sqrt(sp.pi / 2) * sp.erfc(u / sp.sqrt(2)))

    atom = Atom(lambda s: ratio(a + r * s), lambda s, m: r * m * (m - a - r * s))
    for k in (1, 2):
        reduced = eliminate_powers(Mean(z**k * ratio(a + r * z), z), [atom])
        for mean in reduced.atoms(Mean):
            body, (s,) = mean.opened()
            assert sp.Poly(body.xreplace({atom.value(s): w}), w).gens == (w,)
        assert abs(value_of(reduced) - value_of(Mean(z**k * ratio(a + r * z), z))) < 1e-15


def test_price_for_correlated_normals():
    """d/dc E[f(x) g(y)] = E[f'(x) g'(y)] in the covariance, half the second derivative in a variance."""
    c, v = sp.symbols("c v", positive=True)
    mean = Mean(sp.tanh(x) * sp.tanh(w), (x, w), ((v, c), (c, 1)))
    by_covariance = mean.diff(c)
    assert by_covariance == Mean((sp.tanh(x) ** 2 - 1) * (sp.tanh(w) ** 2 - 1), (x, w), ((v, c), (c, 1)))
    by_variance = mean.diff(v)
    body, (s, _) = by_variance.args[-1].opened() if by_variance.is_Mul else by_variance.opened()
    assert body.has(sp.tanh(s)) and not by_variance.has(sp.Pow(v, -sp.Rational(1, 2)))


def test_covariances_are_symmetric_and_square():
    with pytest.raises(BadInput, match="symmetric"):
        Mean(x * w, (x, w), ((1, q), (h, 1)))
    with pytest.raises(BadInput, match="rows"):
        Mean(x * w, (x, w), ((1, q),))


def test_normal_form_proves_identities_and_only_those():
    u = beta * sp.sqrt(q) * z
    sech4 = Mean((1 - sp.tanh(u) ** 2) ** 2, z)
    assert normal_form(sech4 - 1 + 2 * Mean(sp.tanh(u) ** 2, z) - Mean(sp.tanh(u) ** 4, z)) == 0
    assert normal_form(sech4 - 1) != 0


def test_latex_and_text():
    printed = sp.latex(Mean(sp.tanh(z) ** 2, z))
    assert printed.startswith(r"\mathbb{E}_{z}\left[") and "_normal" not in printed
    assert str(Mean(sp.tanh(q * x), x)) == "E_z[tanh(z*q)]"
