"""The FLINT adapter: what follows from exact normal forms (`normal_form`).

A numerator that reduces to 0 modulo the relations of its generators proves the expression zero; a non-zero
numerator disproves it only when every generator is a free symbol.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from flint import fmpq_mpoly

from .normal_form import NormalForm, Polynomials, canonical, context, through_exponentials
from .normal_form import numerator_denominator as numerator_denominator
from .quantity import free_atoms


def vanishes(expr: Any) -> bool | None:
    """True: expr is proved to be 0. False: proved not to be identically 0. None: the normal form does not tell.

    >>> import sympy as sp; x = sp.Symbol("x", positive=True)
    >>> vanishes(sp.sqrt(x)**2 - x), vanishes(sp.cosh(x)**2 - sp.sinh(x)**2 - 1), vanishes(x - 1)
    (True, True, False)
    """
    expr = through_exponentials(sp.S(expr))
    if expr == 0:
        return True
    form = NormalForm(expr)
    numerator, denominator = (form.reduce(part) for part in form.quotient)
    if denominator.is_zero():
        return None
    if numerator.is_zero():
        return True
    if form.sums and _sums_cancel(form, numerator):
        return True
    return False if form.free else None


def factored(expr: Any) -> Any:
    """The reduced quotient as a product of factors, also over square roots of symbols, signs moved into differences.

    >>> g = sp.Symbol("g", positive=True); factored((g - 1) / (sp.sqrt(g) - 1))
    sqrt(g) + 1
    """
    expr = canonical(expr)
    roots = [r for r in expr.atoms(sp.Pow) if r.exp.is_Rational and r.exp.q == 2 and r.base.is_Symbol]
    names = {r.base: sp.Dummy(r.base.name, positive=True) for r in sorted(roots, key=sp.default_sort_key)}
    opened = expr.subs({base: d**2 for base, d in names.items()})
    return _signs_inside(sp.factor(opened).subs({d: sp.sqrt(base) for base, d in names.items()}))


def _signs_inside(expr: Any) -> Any:
    """A product whose sums lead with plus signs; a minus sign that remains goes into a difference, if there is one."""
    sign, factors_ = sp.Integer(1), []
    for factor in sp.Mul.make_args(expr):
        base, power = factor.as_base_exp()
        if base.is_Add and power.is_Integer and _negatives(base) * 2 > len(base.args):
            base, sign = _negated(base), sign * (-1) ** (int(power) % 2)
        if base.is_number and base.is_negative and power.is_Integer:
            base, sign = -base, sign * (-1) ** (int(power) % 2)
        factors_.append((base, power))
    if sign < 0:
        for k, (base, power) in enumerate(factors_):
            if base.is_Add and power in (1, -1) and 2 * _negatives(base) == len(base.args):
                factors_[k], sign = (_negated(base), power), sp.Integer(1)
                break
    return sp.Mul(sign, *(base**power for base, power in factors_))


def _negatives(total: Any) -> int:
    return sum(1 for term in total.args if term.could_extract_minus_sign())


def _negated(total: Any) -> Any:
    return sp.Add(*(-term for term in total.args))


def squares_opened(expr: Any) -> Any:
    """sqrt(u^2 v) as |u| sqrt(v) wherever the radicand factors."""
    roots = [x for x in expr.atoms(sp.Pow) if x.exp == sp.Rational(1, 2) and not x.base.is_Symbol]
    return expr.xreplace({x: sp.sqrt(sp.factor(sp.expand(x.base))) for x in roots})


def resultant(p: Any, q: Any, variable: Any) -> Any:
    """Res_variable(p, q) for polynomials with rational coefficients, as an expanded SymPy expression."""
    atoms = sorted({*free_atoms(p), *free_atoms(q)}, key=sp.default_sort_key)
    ctx, index = context(atoms)
    form = Polynomials(ctx, index)
    return form.to_sympy(form.polynomial(p).resultant(form.polynomial(q), index[variable]))


def factors(p: Any) -> list[tuple[Any, int]]:
    """The irreducible factors over Q of a polynomial, without the constant, with multiplicities."""
    ctx, index = context(free_atoms(p))
    form = Polynomials(ctx, index)
    _, found = form.polynomial(p).factor()
    return [(form.to_sympy(factor), int(power)) for factor, power in found]


def _sums_cancel(form: NormalForm, numerator: fmpq_mpoly) -> bool:
    """Whether A + sum_j c_j Sum_j(f_j) is 0 because A = 0 and the summands cancel termwise."""
    if len({s.limits for s in form.sums}) != 1:
        return False
    names = {s: sp.Dummy() for s in form.sums}
    expr = form.to_sympy(numerator).xreplace(names)
    parts = {s: sp.diff(expr, name) for s, name in names.items()}
    if any(part.has(*names.values()) for part in parts.values()):
        return False
    constant = expr.xreplace(dict.fromkeys(names.values(), sp.Integer(0)))
    summand = sp.Add(*(parts[s] * s.function for s in form.sums))
    return vanishes(constant) is True and vanishes(summand) is True
