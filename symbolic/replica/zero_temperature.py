"""beta -> oo: derivatives are undone by parts first, then bounded integrands take their pointwise limit.

lim beta (1 - tanh^2(beta x)) is 0 for every x != 0, and its mean is not: the limit of a mean is taken only where the
integrand, written in z and w = beta c z, is bounded by a polynomial in z uniformly in beta.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Assumption, Claim, Equation
from ..equality import equal
from ..errors import NotDerivable
from ..exact import canonical, factored
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted, undecided
from . import ledger
from .mean import Mean, means_in
from .mean_calculus import hyperbolic, linear, normal_form, on_means
from .sampling import sample, shown

_BITS = 80
_SCALES = (16, 32, 64, 128)


@dataclass(frozen=True)
class UndoDerivative(Rule):
    """E[F'(tanh(c z))] with F' = (1 - t^2) dF/dt  ->  E[z F(tanh(c z))]/c: by parts, so that "
    "nothing peaks as c grows."""

    source: ClassVar[str] = "Stein's lemma, read from right to left"

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        before = linear(hyperbolic(target.rhs))
        constant, weights = _together(before)
        rhs = factored(constant) + sp.Add(*(factored(k) * _undone(body, z) for k, body, z in weights))
        if rhs == target.rhs:
            raise NotDerivable("no mean in the claim is the mean of a derivative")
        return Equation(target.lhs, rhs, target.relation)

    def check(self, case: Case) -> Verdict:
        return equal(case.inputs[0].rhs, case.output.rhs, case.samples, case.given)


def _together(expr: Any) -> tuple[Any, list[tuple[Any, Any, Any]]]:
    """expr = sum of k E[polynomial in tanh(c z)], the constant part included where it completes a derivative.

    All means with the same argument c z are put under one mean, with the common factor k taken out.
    """
    names = {m: sp.Dummy() for m in means_in(expr)}
    poly = sp.Poly(expr.xreplace(names), *names.values())
    if poly.total_degree() > 1:
        raise NotDerivable("the expression is not linear in its means")
    constant = poly.coeff_monomial(1)
    z, body, argument = sp.Dummy("z", real=True), sp.Integer(0), None
    for mean, name in names.items():
        inner, _ = mean.opened((z,))
        arguments = {t.args[0] for t in inner.atoms(sp.tanh)}
        if len(arguments) != 1 or (argument is not None and arguments != {argument}):
            raise NotDerivable("the means have different arguments")
        argument = next(iter(arguments))
        body += poly.coeff_monomial(name) * inner
    # At tanh = 1 a derivative vanishes: that fixes how much of the constant belongs under the mean.
    missing = -body.xreplace({sp.tanh(argument): sp.Integer(1)})
    return canonical(constant - missing), [(sp.Integer(1), body + missing, z)]


def _undone(body: Any, z: Any) -> Any:
    (tanh,) = body.atoms(sp.tanh)
    slope = sp.diff(tanh.args[0], z)
    t = sp.Dummy("t")
    inside = sp.Poly(body.xreplace({tanh: t}), t)
    quotient, remainder = sp.div(inside, sp.Poly(1 - t**2, t))
    if not remainder.is_zero or slope == 0 or slope.has(z):
        raise NotDerivable("the integrand is not a derivative of a polynomial in tanh")
    primitive = quotient.integrate(t).as_expr().xreplace({t: tanh})
    factor, rest = sp.factor_terms(primitive).as_independent(z, as_Add=False)
    return canonical(factor / slope) * Mean(z * rest, z)


@dataclass(frozen=True)
class FoldRestate(Rule):
    """f = g modulo x = E[...]: a mean is replaced by the order parameter it defines, and the rest is an identity.

    Inputs: the claim, then self-consistent equations x = mean. The form is accepted if f - g is 0 after expanding
    by linearity and parts and folding the means.
    """

    source: ClassVar[str] = "self-consistency"
    form: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        difference = normal_form(self.form - target.rhs)
        for claim in inputs[1:]:
            difference = difference.xreplace({e.rhs: e.lhs for e in claim.equations})
        if canonical(difference) != 0:
            raise NotDerivable(f"the form {sp.sstr(self.form)[:120]} was not proved equal to the computed claim")
        return Equation(target.lhs, self.form, target.relation)

    def check(self, case: Case) -> Verdict:
        """At points that solve the self-consistent equation (iterated in balls to 40 digits) the two sides agree."""
        for k in range(2):
            point = self_consistent_point(case, k)
            with balls.working(_BITS * 2):
                gap = abs(balls.enclose(case.inputs[0].rhs - case.output.rhs, point, _BITS * 2))
                if not gap.is_finite():
                    return undecided("self-consistent points", "no finite enclosure")
                if not gap < 1e-20:
                    return refuted("self-consistent points", f"distance {gap.str(4, radius=False)}", shown(point))
        return consistent("self-consistent points", "20 digits at 2 points")


def self_consistent_point(case: Case, index: int) -> dict[Any, Any]:
    """Values of the parameters with the order parameter of the second input solved for by iteration from 1."""
    (equation,) = case.inputs[1].equations
    sides = [e.rhs for claim in (*case.inputs, case.output) for e in claim.equations]
    atoms = [a for side in sides for a in free_atoms(side) if a != equation.lhs]
    point = sample(case, atoms, [], index)
    # Well inside the phase where the order parameter does not vanish, and where the iteration contracts.
    point = {a: v + 2 if a.is_positive else v for a, v in point.items()}
    x, older = sp.Integer(1), None
    for _ in range(60):
        value = balls.enclose(equation.rhs, {**point, equation.lhs: x}, _BITS * 2)
        new = _middle(value, 50)
        if older is not None and new != x:
            # Aitken: the iteration is linear, its limit is reached in a few accelerated steps.
            step, before = new - x, x - older
            new = new + step * step / (before - step) if before != step else new
            older = None
        else:
            older = x
        if abs(new - x) < sp.Rational(1, 10**42):
            return {**point, equation.lhs: new}
        x = sp.Rational(_rounded(new))
    raise NotDerivable("the self-consistent equation was not solved by iteration")


def _middle(ball: Any, digits: int) -> Any:
    return sp.Rational(ball.real.str(digits, radius=False))


def _rounded(value: Any) -> Any:
    return sp.Rational(int(value * 10**46), 10**46)


@dataclass(frozen=True)
class ZeroTemperature(Rule):
    """beta -> oo at fixed scaled variables, e.g. q = 1 - chi/beta: algebra by leading order, means by bounded limits.

    Inputs: the claim, then the scaling relations. Within means tanh(w) -> sign(z) and log(2 cosh w) -> |w| for
    w = beta c z; the remainders decay as exp(-2|w|), so a term beta^0 loses nothing; positive powers are refused.
    """

    source: ClassVar[str] = "dominated convergence"
    beta: Any = None
    result: Any = None

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return (ledger.A6,)

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return ()

    def scaled(self, *inputs: Claim) -> Any:
        rhs = inputs[0].rhs
        for claim in inputs[1:]:
            rhs = rhs.xreplace(claim.defines())
        return rhs

    def apply(self, *inputs: Claim) -> Equation:
        rhs = linear_keeping(self.scaled(*inputs))
        table = {mean: self._mean(mean) for mean in means_in(rhs)}
        names = {mean: sp.Dummy(real=True) for mean in table}
        outer = rhs.xreplace(names)
        eps = sp.Dummy("eps", positive=True)
        value = _with_logarithms(outer.xreplace({self.beta: 1 / eps}), eps)
        found = value.xreplace({name: table[mean] for mean, name in names.items()})
        result = inputs[0].single.lhs if self.result is None else self.result
        return Equation(result, factored(found))

    def _mean(self, mean: Mean) -> Any:
        """The limit of one mean, coefficients at beta = oo."""
        body, (z,) = mean.opened()
        body = hyperbolic(body)
        inner = [f.args[0] for f in body.atoms(sp.tanh)] + [c.args[0] for c in body.atoms(sp.cosh)]
        eps, sign = sp.Dummy("eps", positive=True), sp.Dummy("sign", real=True)
        table: dict[Any, Any] = {}
        for w in dict.fromkeys(inner):
            rate = sp.diff(w, z)
            if rate.has(z) or w.xreplace({z: sp.Integer(0)}) != 0:
                raise NotDerivable(f"the argument {sp.sstr(w)} is not a multiple of the variable")
            if _at_zero((rate / self.beta).xreplace({self.beta: 1 / eps}), eps).is_positive is not True:
                raise NotDerivable(f"the argument {sp.sstr(w)} does not grow with beta and a positive sign")
            table[sp.tanh(w)] = sign
            table[sp.log(2 * sp.cosh(w))] = sign * w
        limit = sp.expand(body.xreplace(table))
        limit = sp.Add(*(_even_powers(term, sign) for term in sp.Add.make_args(limit)))
        if limit.has(sp.tanh, sp.cosh, sp.log):
            raise NotDerivable("the integrand is not made of tanh and log cosh")
        # The remainder peaks at z = 0 with width 1/beta: its mean is of order 1/beta times the coefficients' order.
        if _order(body, self.beta, z, table) > 0:
            raise NotDerivable("the integrand grows with beta: integrate by parts to a bounded one first")
        limit = _at_zero(limit.xreplace({self.beta: 1 / eps}), eps)
        return half_line(limit, z, sign)

    def check(self, case: Case) -> Verdict:
        """The claim at beta = 16, 32, 64, 128 in balls, extrapolated in 1/beta: 4 digits."""
        before, after = self.scaled(*case.inputs), case.output.rhs
        atoms = [a for side in (before, after) for a in free_atoms(side) if a != self.beta]
        point = sample(case, atoms, [])
        if not before.has(Mean):
            return self._far(before, after, point)
        values = []
        for scale in _SCALES:
            ball = balls.enclose(before, {**point, self.beta: sp.Integer(scale)}, _BITS)
            if not ball.is_finite():
                return undecided("large beta", f"no finite enclosure at beta = {scale}")
            values.append(ball.real)
        with balls.working(_BITS):
            limits = _extrapolated(values)
            # The distance is that of complex numbers: a flipped sign under a logarithm shows in the imaginary part.
            gap = abs(balls.enclose(after, point, _BITS) - limits)
            if not gap < 1e-4 * (1 + abs(limits)):
                return refuted("large beta", f"distance {gap.str(4, radius=False)} after extrapolation", shown(point))
        return consistent("large beta", "beta = 16 to 128 extrapolated, 4 digits")

    def _far(self, before: Any, after: Any, point: Any) -> Verdict:
        """Without means nothing is costly: beta = 2^90, where log(beta)/beta is below 10^-25."""
        with balls.working(320):
            gap = abs(
                balls.enclose(before, {**point, self.beta: sp.Integer(2**90)}, 320) - balls.enclose(after, point, 320)
            )
            if not gap.is_finite():
                return undecided("beta = 2^90", "no finite enclosure")
            if not gap < 1e-20:
                return refuted("beta = 2^90", f"distance {gap.str(4, radius=False)}", shown(point))
        return consistent("beta = 2^90", "20 digits")


def linear_keeping(expr: Any) -> Any:
    """Coefficients pulled out of the means, sums inside kept together: unbounded terms may cancel there."""

    def pull(mean: Any) -> Any:
        if not isinstance(mean, Mean):
            return mean
        body, fresh = mean.opened()
        outside, inside = sp.factor_terms(body).as_independent(*fresh, as_Add=False)
        return outside * mean.rebuilt(inside, fresh)

    return on_means(expr, pull)


def _even_powers(term: Any, sign: Any) -> Any:
    coefficient, power = term.as_coeff_exponent(sign)
    return coefficient * (sign if power % 2 else 1)


def _order(body: Any, beta: Any, z: Any, table: dict[Any, Any]) -> Any:
    """The largest power of beta in the body, counted with z beta c = w of order one."""
    marks = {f: sp.Dummy() for f in table}
    w = sp.Dummy("w")
    flat = sp.expand(body.xreplace(marks).xreplace({z: w / beta}))
    return max((term.as_coeff_exponent(beta)[1] for term in sp.Add.make_args(flat)), default=sp.Integer(0))


def _at_zero(expr: Any, eps: Any) -> Any:
    """The value at eps = 0 of an expression analytic there, by its reduced quotient; a pole is refused."""
    zero = {eps: sp.Integer(0)}
    direct = expr.xreplace(zero)
    # 0*(a + b/0) is 0 to SymPy: poles are looked for before anything is inserted.
    poles = any(p.exp.could_extract_minus_sign() and p.base.xreplace(zero) == 0 for p in expr.atoms(sp.Pow))
    if not poles and not direct.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
        return direct
    value = canonical(expr).xreplace(zero)
    if value.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
        raise NotDerivable("the expression diverges at zero temperature")
    return value


def _with_logarithms(expr: Any, eps: Any) -> Any:
    """The value at eps = 0 where logarithms of eps stand with coefficients that vanish there: eps log eps -> 0."""
    names = {x: sp.Dummy() for x in sorted(expr.atoms(sp.log), key=sp.default_sort_key) if x.has(eps)}
    if not names:
        return _at_zero(expr, eps)
    poly = sp.Poly(sp.expand(expr.xreplace(names)), *names.values())
    total = sp.Integer(0)
    for powers, coefficient in poly.terms():
        value = _at_zero(canonical(coefficient), eps)
        inside = sp.Mul(*(x.args[0] ** k for (x, _), k in zip(names.items(), powers)))
        if sum(powers) == 0:
            total += value
        elif value != 0:
            limit = _at_zero(canonical(inside), eps)
            if sum(powers) > 1 or limit == 0:
                raise NotDerivable("a logarithm diverges at zero temperature")
            total += value * sp.log(limit)
    return total


def half_line(body: Any, z: Any, sign: Any) -> Any:
    """E of a polynomial in z and sign(z): E[z^k; z > 0] = 2^(k/2 - 1) Gamma((k + 1)/2)/sqrt(pi).

    >>> z, s = sp.symbols("z s", real=True); half_line(z * s, z, s)
    sqrt(2)/sqrt(pi)
    """
    total = sp.Integer(0)
    for side in (1, -1):
        poly = sp.Poly(body.xreplace({sign: sp.Integer(side)}), z)
        for (k,), coefficient in poly.terms():
            moment = sp.Integer(2) ** (sp.Rational(k, 2) - 1) * sp.gamma(sp.Rational(k + 1, 2)) / sp.sqrt(sp.pi)
            total += coefficient * side**k * moment
    return total


def _extrapolated(values: list[Any]) -> Any:
    """Values at beta, 2 beta, ... with errors in powers of 1/beta: the limit (three orders are removed)."""
    for order in (1, 2, 3):
        values = [(2**order * b - a) / (2**order - 1) for a, b in itertools.pairwise(values)]
    return values[-1]
