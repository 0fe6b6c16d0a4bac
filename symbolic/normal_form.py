"""The normal form behind `exact`: generators of an expression, the relations among them, and quotients of polynomials.

Generators are symbols, roots r (with r^q = radicand), absolute values, exponentials of independent exponents
(sines, cosines and hyperbolic functions are written through them, with I^2 = -1), and opaque atoms.
"""

from __future__ import annotations

from functools import lru_cache
from math import lcm
from typing import Any

import sympy as sp
from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from .errors import OutsideDomain

Quotient = tuple[fmpq_mpoly, fmpq_mpoly]


def context(atoms: list[Any]) -> tuple[fmpq_mpoly_ctx, dict[Any, int]]:
    names = [f"x{k}" for k in range(max(len(atoms), 1))]
    return fmpq_mpoly_ctx.get(names, Ordering.degrevlex), {atom: k for k, atom in enumerate(atoms)}


class Polynomials:
    """Conversion between SymPy and FLINT for a fixed list of generators."""

    def __init__(self, ctx: fmpq_mpoly_ctx, index: dict[Any, int]):
        self.ctx, self.index = ctx, index
        self.gens = ctx.gens()
        self.one = ctx.constant(1)

    def polynomial(self, expr: Any) -> fmpq_mpoly:
        poly = sp.Poly(expr, *self.index, domain="QQ")
        return self.ctx.from_dict({m: fmpq(int(c.p), int(c.q)) for m, c in poly.terms()})

    def to_sympy(self, poly: fmpq_mpoly) -> Any:
        atoms = list(self.index)
        terms = []
        for powers, c in poly.to_dict().items():
            monomial = [atom ** int(k) for atom, k in zip(atoms, powers) if k]
            terms.append(sp.Mul(sp.Rational(int(c.p), int(c.q)), *monomial))
        return sp.Add(*terms)


def through_exponentials(expr: Any) -> Any:
    """Write hyperbolic and circular functions through exp; leave roots and opaque atoms alone."""
    if not expr.has(sp.sin, sp.cos, sp.tan, sp.cot, sp.sinh, sp.cosh, sp.tanh, sp.coth):
        return expr

    def convert(e: Any) -> Any:
        u = e.args[0]
        up, down = sp.exp(sp.I * u), sp.exp(-sp.I * u)
        grow, decay = sp.exp(u), sp.exp(-u)
        table = {
            sp.sin: lambda: (up - down) / (2 * sp.I),
            sp.cos: lambda: (up + down) / 2,
            sp.tan: lambda: (up - down) / (sp.I * (up + down)),
            sp.cot: lambda: sp.I * (up + down) / (up - down),
            sp.sinh: lambda: (grow - decay) / 2,
            sp.cosh: lambda: (grow + decay) / 2,
            sp.tanh: lambda: (grow - decay) / (grow + decay),
            sp.coth: lambda: (grow + decay) / (grow - decay),
        }
        return table[e.func]()

    kinds = (sp.sin, sp.cos, sp.tan, sp.cot, sp.sinh, sp.cosh, sp.tanh, sp.coth)
    return expr.replace(lambda e: isinstance(e, kinds), convert)


def _exponent_terms(exponent: Any) -> list[tuple[Any, sp.Rational]]:
    """An exponent as a rational combination of canonical monomials."""
    expanded = canonical(exponent) if exponent.free_symbols else exponent
    return [(m, c) for m, c in sp.expand(expanded).as_coefficients_dict().items() if c != 0]


@lru_cache(maxsize=4096)
def _radicand(base: Any) -> Any:
    """Equal radicands must give one generator: they are brought to normal form first."""
    return base if base.is_Atom else canonical(base)


@lru_cache(maxsize=4096)
def _root_factors(base: Any) -> tuple[tuple[Any, int], ...]:
    """Radicands whose roots are independent generators: primes, positive symbols, and what remains.

    (c P)^(1/q) = c^(1/q) P^(1/q) for c > 0, so that sqrt(4 x + 4 y) and sqrt(x + y) share their generator.
    """
    radicand = _radicand(base)
    if radicand.is_Atom and not (radicand.is_Rational and radicand.is_positive):
        return ((radicand, 1),)
    outside, rest = [], []
    for factor in sp.Mul.make_args(sp.factor_terms(radicand)):
        letter, power = factor.as_base_exp()
        content, letter = letter.primitive() if letter.is_Add and power.is_Integer else (sp.Integer(1), letter)
        number = factor if factor.is_Rational else content**power
        if number.is_positive:
            outside += [(sp.Integer(p), k) for p, k in sp.factorrat(number).items()]
            factor = factor / number
        if letter.is_Symbol and letter.is_positive and power.is_Integer:
            outside.append((letter, int(power)))
        elif factor != 1:
            rest.append(letter**power if letter.is_Add else factor)
    return (*outside, (_radicand(sp.Mul(*rest)), 1)) if rest else tuple(outside)


class NormalForm:
    """The quotient of one expression over its generators, with the relations among them."""

    def __init__(self, expr: Any):
        self.atoms: list[Any] = []
        self.relations: dict[Any, tuple[int, Any]] = {}
        self.exponentials: dict[Any, int] = {}
        self.sums: list[Any] = []
        self.free = True
        self._collect(expr, set())
        self.ctx, self.index = context(self.atoms)
        self.poly = Polynomials(self.ctx, self.index)
        self._memo: dict[Any, Quotient] = {}
        # A radicand knows the roots inside it only: each is converted before its own relation is in force.
        collected, self.relations = self.relations, {}
        for atom, (q, radicand) in collected.items():
            self._convert(radicand)
            self.relations[atom] = (q, radicand)
        self.quotient = self._convert(expr)

    def to_sympy(self, poly: fmpq_mpoly) -> Any:
        return Polynomials(self.ctx, {self._named(a): k for a, k in self.index.items()}).to_sympy(poly)

    def _named(self, atom: Any) -> Any:
        if not isinstance(atom, tuple):
            return atom
        return (
            sp.Pow(atom[1], sp.Rational(1, atom[2]))
            if atom[0] == "root"
            else sp.exp(atom[1] / self.exponentials[atom[1]])
        )

    def _generator(self, atom: Any, relation: tuple[int, Any] | None = None) -> None:
        if atom not in self.atoms:
            self.atoms.append(atom)
            if relation is not None:
                self.relations[atom] = relation

    def _collect(self, expr: Any, seen: set[Any]) -> None:
        """Find the generators, inner ones first, so that relations can be applied from the last to the first."""
        if expr in seen or expr.is_Rational:
            return
        seen.add(expr)
        if expr is sp.I:
            self._generator(expr, (2, sp.Integer(-1)))
        elif expr.is_Symbol or isinstance(expr, sp.Indexed):
            self._generator(expr)
        elif expr.is_Add or expr.is_Mul:
            for arg in expr.args:
                self._collect(arg, seen)
        elif expr.is_Pow and expr.exp.is_Integer:
            self._collect(expr.base, seen)
        elif expr.is_Pow and expr.exp.is_Rational:
            q = int(expr.exp.q)
            for radicand, _ in _root_factors(expr.base):
                self._collect(radicand, seen)
                self._generator(("root", radicand, q), (q, radicand))
        elif isinstance(expr, sp.exp):
            self.free = False
            for monomial, coefficient in _exponent_terms(expr.exp):
                self.exponentials[monomial] = lcm(self.exponentials.get(monomial, 1), int(coefficient.q))
                self._generator(("exp", monomial))
        elif isinstance(expr, sp.Abs) and expr.args[0].is_real:
            self._collect(expr.args[0], seen)
            self._generator(expr, (2, expr.args[0] ** 2))
        else:
            if isinstance(expr, sp.Sum):
                self.sums.append(expr)
            self.free = False
            self._generator(expr)
        if self.relations:
            self.free = False

    def _convert(self, expr: Any) -> Quotient:
        known = self._memo.get(expr)
        if known is None:
            known = self._memo[expr] = self._compute(expr)
        return known

    def _gen(self, atom: Any) -> fmpq_mpoly:
        return self.poly.gens[self.index[atom]]

    def _compute(self, expr: Any) -> Quotient:
        one = self.poly.one
        if expr.is_Rational:
            return self.ctx.constant(fmpq(int(expr.p), int(expr.q))), one
        if expr in self.index:
            return self._gen(expr), one
        if expr.is_Add:
            return self._add(expr)
        if expr.is_Mul:
            num, den = one, one
            for arg in expr.args:
                n, d = self._convert(arg)
                num, den = num * n, den * d
            return self._lowest(num, den)
        if isinstance(expr, sp.exp):
            return self._exponential(expr)
        if expr.is_Pow:
            return self._pow(expr)
        raise OutsideDomain(f"no normal form for {sp.sstr(expr)[:120]}")

    def _add(self, expr: Any) -> Quotient:
        num, den = self.ctx.constant(0), self.poly.one
        for arg in expr.args:
            n, d = self._convert(arg)
            if d == den:
                num = num + n
            else:
                common = den.gcd(d)
                left, right = d / common, den / common
                num, den = num * left + n * right, den * left
        return self._lowest(num, den)

    def _pow(self, expr: Any) -> Quotient:
        if expr.exp.is_Integer:
            (n, d), k = self._convert(expr.base), int(expr.exp)
        else:
            (n, d), k = self._root(expr.base, int(expr.exp.q)), int(expr.exp.p)
        if k < 0:
            n, d, k = d, n, -k
            if self.reduce(d).is_zero():
                raise OutsideDomain(f"division by zero in {sp.sstr(expr)[:120]}")
        return n**k, d**k

    def _root(self, base: Any, q: int) -> Quotient:
        n, d = self.poly.one, self.poly.one
        for radicand, power in _root_factors(base):
            generator = self._gen(("root", radicand, q))
            n, d = n * generator ** max(power, 0), d * generator ** max(-power, 0)
        return n, d

    def _exponential(self, expr: Any) -> Quotient:
        num, den = self.poly.one, self.poly.one
        for monomial, coefficient in _exponent_terms(expr.exp):
            power = int(coefficient * self.exponentials[monomial])
            generator = self._gen(("exp", monomial))
            if power > 0:
                num = num * generator**power
            else:
                den = den * generator ** (-power)
        return num, den

    @staticmethod
    def _lowest(num: fmpq_mpoly, den: fmpq_mpoly) -> Quotient:
        common = num.gcd(den) if not num.is_zero() else den
        return num / common, den / common

    def reduce(self, num: fmpq_mpoly) -> fmpq_mpoly:
        """The numerator modulo the relations, up to a non-zero factor (powers of radicand denominators)."""
        for atom in reversed(list(self.relations)):
            q, radicand = self.relations[atom]
            num = self._replace_powers(num, self.index[atom], q, self._convert(radicand))
        return num

    def _replace_powers(self, num: fmpq_mpoly, k: int, q: int, radicand: Quotient) -> fmpq_mpoly:
        layers: dict[int, dict[tuple[int, ...], Any]] = {}
        for powers, c in num.to_dict().items():
            high, low = divmod(int(powers[k]), q)
            rest = tuple(low if j == k else int(p) for j, p in enumerate(powers))
            layers.setdefault(high, {})[rest] = c
        top = max(layers, default=0)
        if top == 0:
            return num
        total = self.ctx.constant(0)
        for high, terms in layers.items():
            total = total + self.ctx.from_dict(terms) * radicand[0] ** high * radicand[1] ** (top - high)
        return total


def numerator_denominator(expr: Any) -> tuple[Any, Any]:
    """expr as a quotient of two coprime polynomials in its symbols, roots and opaque atoms, as SymPy expressions."""
    form = NormalForm(through_exponentials(sp.S(expr)))
    num, den = form.quotient
    return form.to_sympy(form.reduce(num)), form.to_sympy(form.reduce(den))


def canonical(expr: Any) -> Any:
    """The reduced quotient of polynomials, as one SymPy expression."""
    num, den = numerator_denominator(expr)
    return num / den
