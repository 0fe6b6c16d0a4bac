"""K = QQ(p_1, ..., p_m): rational functions in declared parameters, kept in lowest terms by FLINT.

SymPy expressions are read once at the boundary and written once for display; everything between is exact integer
polynomial arithmetic, so equal elements have equal representations and `==` is a proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import reduce
from typing import Any

import sympy as sp
from flint import Ordering, fmpz_mpoly, fmpz_mpoly_ctx

from ..errors import BadInput


class Ratio:
    """num/den with gcd 1 and a positive leading coefficient of den; immutable."""

    __slots__ = ("den", "num")

    def __init__(self, num: fmpz_mpoly, den: fmpz_mpoly):
        self.num = num
        self.den = den

    @classmethod
    def reduced(cls, num: fmpz_mpoly, den: fmpz_mpoly) -> Ratio:
        """num/den in lowest terms; ZeroDivisionError when den = 0."""
        if not den:
            raise ZeroDivisionError("division by the zero rational function")
        if den.is_one():
            return cls(num, den)
        common = num.gcd(den) if num else den
        num, den = num / common, den / common
        return cls(-num, -den) if den.leading_coefficient() < 0 else cls(num, den)

    def __bool__(self) -> bool:
        return bool(self.num)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ratio) and self.num == other.num and self.den == other.den

    def __hash__(self) -> int:
        return hash((str(self.num), str(self.den)))

    def __repr__(self) -> str:
        return f"Ratio({self.num}, {self.den})"

    def __neg__(self) -> Ratio:
        return Ratio(-self.num, self.den)

    def __add__(self, other: Ratio) -> Ratio:
        if self.den == other.den:
            return Ratio.reduced(self.num + other.num, self.den)
        return Ratio.reduced(self.num * other.den + other.num * self.den, self.den * other.den)

    def __sub__(self, other: Ratio) -> Ratio:
        return self + (-other)

    def __mul__(self, other: Ratio) -> Ratio:
        return Ratio.reduced(self.num * other.num, self.den * other.den)

    def __truediv__(self, other: Ratio) -> Ratio:
        return Ratio.reduced(self.num * other.den, self.den * other.num)

    def at(self, values: list[Any], one: Any) -> Any:
        """Evaluate at one value per parameter, in the ring that `one` belongs to."""
        return evaluate(self.num, values, one) / evaluate(self.den, values, one)

    def derivative(self, index: int) -> Ratio:
        """d/dp_index of the rational function."""
        top = self.num.derivative(index) * self.den - self.num * self.den.derivative(index)
        return Ratio.reduced(top, self.den * self.den)


def evaluate(polynomial: fmpz_mpoly, values: list[Any], one: Any) -> Any:
    """sum_m c_m prod_i values_i^{m_i}, in any ring with integer multiples and powers."""
    total = 0 * one
    for exponents, coefficient in polynomial.terms():
        term = one * int(coefficient)
        for value, power in zip(values, exponents, strict=True):
            if power:
                term = term * value ** int(power)
        total = total + term
    return total


class Field:
    """QQ(symbols): reads and writes SymPy, makes constants.  >>> Field([a]).write(Field([a]).read(a/2 - 1))"""

    def __init__(self, symbols: Iterable[sp.Symbol] = ()):
        self.symbols = tuple(symbols)
        if len(set(self.symbols)) != len(self.symbols):
            raise BadInput(f"a parameter is listed twice among {self.symbols}")
        # Positional names: two SymPy symbols may print alike, and a longer field keeps the names of a shorter one.
        self.ctx = fmpz_mpoly_ctx.get(tuple(f"x{i}" for i in range(len(self.symbols))), Ordering.lex)
        self._index = {symbol: i for i, symbol in enumerate(self.symbols)}
        self.zero, self.one = self.integer(0), self.integer(1)

    def integer(self, n: int) -> Ratio:
        """n as an element."""
        return Ratio(self.ctx.constant(n), self.ctx.constant(1))

    def fraction(self, q: Fraction | sp.Rational) -> Ratio:
        """p/q as an element."""
        q = Fraction(int(q.numerator), int(q.denominator))
        return Ratio(self.ctx.constant(q.numerator), self.ctx.constant(q.denominator))

    def index(self, symbol: sp.Symbol) -> int:
        """The position of a parameter; BadInput when it is not one."""
        if symbol not in self._index:
            raise BadInput(f"{symbol} is not a parameter here; the parameters are {list(self.symbols)}")
        return self._index[symbol]

    def generator(self, symbol: sp.Symbol) -> Ratio:
        """The parameter as an element."""
        return Ratio(self.ctx.gen(self.index(symbol)), self.ctx.constant(1))

    def extend(self, symbols: Iterable[sp.Symbol]) -> Field:
        """QQ(own symbols, symbols); own elements embed with `embed`."""
        return Field(self.symbols + tuple(symbols))

    def embed(self, element: Ratio) -> Ratio:
        """An element of a shorter field (a prefix of these symbols) as an element here."""
        return Ratio(element.num.project_to_context(self.ctx), element.den.project_to_context(self.ctx))

    def read(self, expression: Any) -> Ratio:
        """Rational function -> element; BadInput names floats, strange functions and unknown symbols."""
        expression = exact(expression)
        if expression.is_Rational:
            return self.fraction(expression)
        if expression.is_Symbol:
            return self.generator(expression)
        if expression.is_Add:
            return reduce(Ratio.__add__, map(self.read, expression.args))
        if expression.is_Mul:
            return reduce(Ratio.__mul__, map(self.read, expression.args))
        if expression.is_Pow and expression.exp.is_Integer:
            return self._power(self.read(expression.base), int(expression.exp), expression)
        raise BadInput(f"{expression} is not a rational function of {list(self.symbols)} with rational coefficients")

    def _power(self, base: Ratio, exponent: int, node: sp.Expr) -> Ratio:
        if exponent >= 0:
            return Ratio(base.num**exponent, base.den**exponent)
        if not base:
            raise BadInput(f"{node} divides by zero")
        return Ratio.reduced(base.den**-exponent, base.num**-exponent)

    def write(self, element: Ratio, names: Mapping[sp.Symbol, sp.Expr] | None = None) -> sp.Expr:
        """Element -> SymPy, numerator and denominator factored over QQ, symbols replaced by `names`."""
        values = [(names or {}).get(symbol, symbol) for symbol in self.symbols]
        num, den = element.num, element.den
        if _minus_signs(den) > 0 or (_minus_signs(den) == 0 and _minus_signs(num) > 0 and len(den) > 1):
            num, den = -num, -den
        return factored(num, values) / factored(den, values)


def _minus_signs(polynomial: fmpz_mpoly) -> int:
    """Negative coefficients minus positive ones."""
    return sum(1 if c < 0 else -1 for c in polynomial.coeffs())


def factored(polynomial: fmpz_mpoly, values: list[sp.Expr]) -> sp.Expr:
    """The product of the irreducible factors as a SymPy expression, in canonical order."""
    if not polynomial:
        return sp.Integer(0)
    content, factors = polynomial.factor()
    # FLINT makes leading coefficients positive; readers prefer few minus signs.
    flipped = [(-f, m, -1) if _minus_signs(f) > 0 else (f, m, 1) for f, m in factors]
    for _, power, sign in flipped:
        content = content * sign ** int(power)
    factors = [(f, m) for f, m, _ in flipped]
    parts = [sum_of_terms(factor, values) ** int(power) for factor, power in factors]
    return sp.Mul(sp.Integer(int(content)), *sorted(parts, key=sp.default_sort_key))


def sum_of_terms(polynomial: fmpz_mpoly, values: list[sp.Expr]) -> sp.Expr:
    """The polynomial as a SymPy sum in the given values."""
    terms = []
    for exponents, coefficient in polynomial.terms():
        powers = [value ** int(power) for value, power in zip(values, exponents, strict=True)]
        terms.append(sp.Mul(sp.Integer(int(coefficient)), *powers))
    return sp.Add(*terms)


def exact(value: Any) -> sp.Expr:
    """int, Fraction or SymPy expression -> SymPy expression; BadInput on any float inside."""
    if isinstance(value, bool | float | complex | str):
        raise BadInput(f"{value!r} is not exact; give an int, a Fraction or a SymPy expression")
    if isinstance(value, int):
        return sp.Integer(value)
    if isinstance(value, Fraction):
        return sp.Rational(value.numerator, value.denominator)
    if not isinstance(value, sp.Basic):
        raise BadInput(f"{value!r} is neither an exact number nor a SymPy expression")
    if value.atoms(sp.Float):
        raise BadInput(
            f"the float {min(map(str, value.atoms(sp.Float)))} in {value} is not exact; write it as a fraction"
        )
    return value  # type: ignore[return-value]


def generic(index: int) -> Fraction:
    """A rational number without accidental structure, the same in every run; distinct for distinct indices."""
    return Fraction(int(sp.prime(index + 11)), int(sp.prime(2 * index + 6)))
