"""<f(s, p)>: the mean of a function over the joint spectral law of a covariance and a weight, as a linear functional.

s is an eigenvalue of the covariance and p the weight of the same direction, e.g. the squared component of a teacher;
<f> = lim (1/d) sum_i f(s_i, p_i). The two letters are bound, as the index of a sum is. A functional of f0(s) + p f1(s)
is a trace and a quadratic form; what their laws are is left open until an instance is inserted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flint
import sympy as sp

from .. import balls
from ..errors import BadInput, NotDerivable
from ..exact import canonical, factored

# Shares, eigenvalues and weights of the law on which checks try an identity that must hold for every law.
GENERIC = (("3/10", "2/3", "5/4"), ("9/20", "7/5", "1/3"), ("1/4", "5/2", "8/7"))


class SpectralMean(sp.Expr):
    """<body>, the mean over the law of two letters (s, p); total mass 1.

    >>> s, p, k = sp.symbols("s p k"); SpectralMean(k * s, (s, p)), SpectralMean(k, (s, p))
    (<k*s>, k)
    """

    is_commutative = True
    # Read by the check of homogeneity: a mean scales as its integrand.
    is_linear_functional = True

    def __new__(cls, body: Any, letters: Any) -> Any:
        body, letters = sp.S(body), sp.Tuple(*letters)
        if body.has(sp.Float):
            raise BadInput("floats have no place inside a spectral mean: write integers or Rational")
        if body.has(SpectralMean):
            raise BadInput("a spectral mean inside another one: take the inner one out first, it is a number")
        return sp.Expr.__new__(cls, body, letters) if body.has(*letters) else body

    @property
    def body(self) -> Any:
        return self.args[0]

    @property
    def letters(self) -> tuple[Any, ...]:
        return tuple(self.args[1].args)

    @property
    def free_symbols(self) -> set[Any]:
        return self.body.free_symbols - set(self.letters)

    def _xreplace(self, rule: Mapping[Any, Any]) -> tuple[Any, bool]:
        if self in rule:
            return rule[self], True
        body, changed = self.body._xreplace({k: v for k, v in rule.items() if k not in self.letters})
        return (SpectralMean(body, self.letters), True) if changed else (self, False)

    def _eval_derivative(self, s: Any) -> Any:
        return SpectralMean(sp.diff(self.body, s), self.letters) if s in self.free_symbols else sp.S.Zero

    def _eval_is_extended_real(self) -> Any:
        return self.body.is_extended_real

    def _eval_is_positive(self) -> Any:
        return True if self.body.is_positive else None

    def _eval_is_nonnegative(self) -> Any:
        return True if self.body.is_nonnegative else None

    def _latex(self, printer: Any, exp: Any = None) -> str:
        text = rf"\left\langle {printer._print(self.body)} \right\rangle"
        return text if exp is None else rf"{text}^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        return f"<{printer._print(self.body)}>"


def spectral_means(expr: Any) -> list[Any]:
    """The spectral means in an expression, in canonical order."""
    return sorted(sp.S(expr).atoms(SpectralMean), key=sp.default_sort_key)


def parts(expr: Any) -> tuple[Any, list[tuple[Any, SpectralMean]]]:
    """expr = constant + sum_k c_k <f_k> as (constant, [(c_k, <f_k>)]).

    Raises NotDerivable when the expression is not linear in its spectral means.
    """
    names = {mean: sp.Dummy() for mean in spectral_means(expr)}
    flat = sp.S(expr).xreplace(names)
    found = []
    for mean, name in names.items():
        slope = sp.diff(flat, name)
        if slope.has(*names.values()):
            raise NotDerivable("the expression is not linear in its spectral means")
        found.append((slope, mean))
    return flat.xreplace(dict.fromkeys(names.values(), sp.Integer(0))), found


def opened(expr: Any) -> Any:
    """c + sum_k c_k <f_k>  ->  c + sum_k c_k f_k: the integrand of a linear expression, its letters free."""
    constant, means = parts(expr)
    return constant + sp.Add(*(factor * mean.body for factor, mean in means))


def closed(body: Any, letters: tuple[Any, ...]) -> Any:
    """<body>, term by term, factors without the letters taken out.

    >>> s, p, k = sp.symbols("s p k"); closed(k * s + k, (s, p))
    k + k*<s>
    """
    total = sp.Integer(0)
    for term in sp.Add.make_args(body):
        outside, inside = term.as_independent(*letters, as_Add=False)
        total += outside * SpectralMean(inside, letters)
    return total


def normal_form(expr: Any) -> Any:
    """Partial fractions in s, term by term: for expressions rational in s and p, a form that proves equality.

    The terms that remain, p^j s^k and p^j/(s + c)^k, are independent for a law in general position.
    """
    table = {}
    for mean in spectral_means(expr):
        s, *others = mean.letters
        poly = sp.Poly(sp.expand(canonical(mean.body) * 1), *others) if mean.body.has(*others) else None
        terms = [(sp.Integer(1), mean.body)]
        if poly is not None:
            terms = [(sp.Mul(*(x**k for x, k in zip(others, m))), c) for m, c in poly.terms()]
        total = sp.Integer(0)
        for weight, coefficient in terms:
            for term in sp.Add.make_args(sp.apart(factored(coefficient), s)):
                total += _monic(weight * term, s, mean.letters)
        table[mean] = total
    return canonical(sp.S(expr).xreplace(table))


def _monic(term: Any, s: Any, letters: tuple[Any, ...]) -> Any:
    """c f(s) with the denominators of f written as powers of s + a."""
    outside, inside = term.as_independent(*letters, as_Add=False)
    shaped = sp.Integer(1)
    for factor in sp.Mul.make_args(sp.factor(inside)):
        base, power = factor.as_base_exp()
        if base.has(s) and base != s and sp.degree(base, s) == 1:
            lead, rest = sp.Poly(base, s).all_coeffs()
            outside, base = outside * lead**power, s + canonical(rest / lead)
        shaped *= base**power
    return outside * SpectralMean(shaped, letters)


def _enclosed(means: tuple[Any, ...], seen: Mapping[Any, Any]) -> dict[Any, flint.acb]:
    """How the ball evaluator meets spectral means: on the generic law, all of them with shared subexpressions."""
    letters = {letter for mean in means for letter in mean.letters}
    outer = {k: v for k, v in seen.items() if not k.has(*letters)}
    totals = [flint.acb(0)] * len(means)
    for share, *values in GENERIC:
        at = {x: sp.Rational(v) for mean in means for x, v in zip(mean.letters, values)}
        found = balls.enclose_all([mean.body for mean in means], {**outer, **at}, flint.ctx.prec)
        totals = [t + balls.exact_ball(sp.Rational(share)) * f for t, f in zip(totals, found)]
    return dict(zip(means, totals))


balls.register(SpectralMean, _enclosed)
