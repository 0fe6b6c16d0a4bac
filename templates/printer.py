"""The LaTeX printer: sums, products, powers and names the way a paper writes them.

Letters and their order come from the notation table. Fractions are displayed, except in exponents and limits, where
a solidus is used; brackets grow only around tall contents and alternate in shape; roots of products stay together.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter

from ..symbolic.claim import Equation
from ..symbolic.quantity import Notation
from .dialect import Node, latex_of, parse
from .errors import RenderError
from .ordering import Order, is_negative, signed
from .printer_calculus import CalculusPrinting
from .printer_matrices import MatrixPrinting
from .widths import Size, measure

RELATIONS = {"=": "=", "<->": r"\leftrightarrow", ":=": ":=", "~": r"\sim"}
_PLAIN_HALF = 8.0  # contents up to this half height (points) keep plain brackets
_LONG, _LONG_BRACKETS = 45.0, 110.0  # numerators wider than this give up their functions, their brackets


class FormulaPrinter(CalculusPrinting, MatrixPrinting, LatexPrinter):
    """Prints SymPy expressions in the notation of one derivation; `renamed` overrides LaTeX names."""

    def __init__(
        self, notation: Notation, renamed: Mapping[str, str] | None = None, macros: Mapping[str, str] | None = None
    ):
        super().__init__({"mat_symbol_style": "plain", "order": "none"})  # pyright: ignore[reportCallIssue]
        self.notation = notation
        self.renamed = dict(renamed or {})
        self.macros = dict(macros or {})
        self.order_of = Order(notation)
        self.inline = False
        self._sizes: dict[str, Size] = {}
        self._printed: dict[Any, str] = {}

    def equation(self, equation: Equation) -> tuple[str, str, str]:
        """(left side, relation, right side) in LaTeX."""
        return self.doprint(equation.lhs), RELATIONS[equation.relation], self.doprint(equation.rhs)

    def doprint(self, expr: Any) -> str:
        expr = sp.S(expr)
        if expr not in self._printed:
            self._printed[expr] = latex_of(parse(super().doprint(expr)))
        return self._printed[expr]

    def size(self, latex: str) -> Size:
        if latex not in self._sizes:
            self._sizes[latex] = measure(parse(latex, self.macros))
        return self._sizes[latex]

    @contextmanager
    def in_line(self):
        """Within exponents, subscripts and limits: fractions with a solidus."""
        before, self.inline = self.inline, True
        try:
            yield
        finally:
            self.inline = before

    def emptyPrinter(self, expr: Any) -> str:
        raise RenderError(f"no way to print a {type(expr).__name__} in LaTeX: {expr}")

    # brackets

    def bracket(self, latex: str) -> str:
        """The formula in brackets: plain or growing with the contents, round, square or curly by what is inside."""
        nodes = parse(latex, self.macros)
        used = _brackets_in(nodes)
        left, right = ("(", ")") if not used else ("[", "]") if used == {"("} else (r"\{", r"\}")
        if used >= {"(", "[", r"\{"}:
            left, right = "(", ")"
        if self.size(latex).half <= _PLAIN_HALF:
            return f"{left}{latex}{right}"
        return rf"\left{left}{latex}\right{right}"

    # names

    def name(self, name: str) -> str | None:
        if name in self.renamed:
            return self.renamed[name]
        return self.notation[name].tex() if name in self.notation else None

    def _print_Symbol(self, expr: Any, style: str = "plain") -> str:
        return self.name(expr.name) or super()._print_Symbol(sp.Symbol(expr.name))

    _print_Dummy = _print_Symbol
    _print_Idx = _print_Symbol

    def _print_IndexedBase(self, expr: Any) -> str:
        return self.name(str(expr.label)) or super()._print_Symbol(sp.Symbol(str(expr.label)))

    def _print_Indexed(self, expr: Any) -> str:
        with self.in_line():
            indices = ",".join(self._print(i) for i in expr.indices)
        return self._with_subscript(self._print_IndexedBase(expr.base), indices)

    def _with_subscript(self, latex: str, index: str) -> str:
        base, low, high = self._scripts(latex)
        low = f"{low},{index}" if low else index
        return f"{base}_{{{low}}}" + (f"^{{{high}}}" if high else "")

    def _scripts(self, latex: str) -> tuple[str, str, str]:
        """(base, subscript, superscript) of a name, the last two possibly empty."""
        nodes = parse(latex)
        if len(nodes) == 1 and nodes[0].form == "script":
            base, low, high = (latex_of(part) for part in nodes[0].parts)
            return base, low, high
        return (latex if len(nodes) == 1 else f"{{{latex}}}"), "", ""

    def _raised(self, latex: str, power: str) -> str:
        """A name to a power: a superscript that is already there is multiplied or bracketed, never doubled."""
        base, low, high = self._scripts(latex)
        below = f"_{{{low}}}" if low else ""
        if not high:
            return f"{base}{below}^{{{power}}}"
        if high.isdigit() and power.isdigit():
            return f"{base}{below}^{{{int(high) * int(power)}}}"
        return f"{self.bracket(latex)}^{{{power}}}"

    # numbers

    def _print_Float(self, expr: Any) -> str:
        raise RenderError(
            f"a float cannot be printed in a formula: {expr}; numbers reach the text as certified strings"
        )

    def _print_Rational(self, expr: Any) -> str:
        if expr.q == 1:
            return str(expr.p)
        sign, p = ("-", -expr.p) if expr.p < 0 else ("", expr.p)
        return f"{sign}{p}/{expr.q}" if self.inline else rf"{sign}\frac{{{p}}}{{{expr.q}}}"

    def _print_ImaginaryUnit(self, expr: Any) -> str:
        return r"\mathrm{i}"

    # sums

    def _print_Add(self, expr: Any, order: Any = None) -> str:
        common = None if self.inline else _common_denominator(expr)
        if common is not None:
            return rf"\frac{{{self._print(expr * common)}}}{{{common}}}"
        text = ""
        for index, term in enumerate(self.order_of.terms(list(sp.Add.make_args(expr)))):
            negative, positive = signed(term)
            body = self._term(positive)
            text += f"-{body}" if negative and not index else f" {'-' if negative else '+'} {body}" if index else body
        return text

    def _term(self, term: Any) -> str:
        latex = self._print(term)
        return self.bracket(latex) if isinstance(term, sp.Add | sp.Piecewise) else latex

    # products

    def _print_Mul(self, expr: Any) -> str:
        negative, positive = signed(expr)
        if negative:
            latex = self._print(positive)
            return "-" + (self.bracket(latex) if isinstance(positive, sp.Add) else latex)
        above, below = _numerator_denominator(positive)
        if expr.is_commutative:
            above = sorted(above, key=self.order_of.factor)
            below = sorted(below, key=self.order_of.factor)
        above, below = root_of_quotient(merged_roots(above), merged_roots(below))
        if not below:
            return self._product(above)
        if self.inline:
            return self._solidus(above, below)
        return self._fraction(above, below)

    def _product(self, factors: list[Any]) -> str:
        """Factors side by side; a number after a number gets a dot."""
        if not factors:
            return "1"
        words: list[str] = []
        for index, factor in enumerate(factors):
            latex = self._print(factor)
            wide = isinstance(factor, sp.Add | sp.Piecewise) or (_is_open_ended(factor) and index < len(factors) - 1)
            if len(factors) > 1 and (wide or is_negative(factor)):
                latex = self.bracket(latex)
            if words and latex[0].isdigit():
                latex = r"\cdot " + latex
            words.append(latex)
        return " ".join(words)

    def _solidus(self, above: list[Any], below: list[Any]) -> str:
        top, bottom = self._product(above), self._product(below)
        if len(above) == 1 and isinstance(above[0], sp.Add):
            top = self.bracket(top)
        if len(below) > 1 or isinstance(below[0], sp.Add):
            bottom = self.bracket(bottom)
        return f"{top}/{bottom}"

    def _fraction(self, above: list[Any], below: list[Any]) -> str:
        """A displayed fraction; long factors of a product leave the numerator and follow it."""
        bottom = self._product(below)
        short = [f for f in above if not _is_long(f)]
        long = [f for f in above if _is_long(f)]
        numeric = len(below) == 1 and below[0].is_Integer
        if numeric and len(above) > 1 and above[0] != 1:
            number = [f for f in above if f.is_Integer]
            rest = [f for f in above if not f.is_Integer]
            if len(rest) > 1 or (number and _is_long(rest[0])) or _is_open_ended(rest[-1]):
                latex = (
                    self._product(rest)
                    if len(rest) > 1 or not isinstance(rest[0], sp.Add)
                    else self.bracket(self._print(rest[0]))
                )
                tall = self.size(latex).half > _PLAIN_HALF
                return rf"\{'frac' if tall else 'tfrac'}{{{self._product(number)}}}{{{bottom}}} {latex}"
        whole = self._product(above)
        must = any(_is_open_ended(f) for f in long)
        limit = _LONG_BRACKETS if all(f.as_base_exp()[0].is_Add for f in long) else _LONG
        wide = self.size(whole).width > max(limit, 1.6 * self.size(bottom).width)
        if must or (wide and long and (short or len(long) > 1)):
            head = rf"\frac{{{self._product(short)}}}{{{bottom}}}"
            tail = self._product(long)
            return f"{head} {self.bracket(tail) if len(long) == 1 and isinstance(long[0], sp.Add) else tail}"
        return rf"\frac{{{whole}}}{{{bottom}}}"

    # powers

    def _print_Pow(self, expr: Any) -> str:
        base, exponent = expr.base, expr.exp
        if base == sp.E:
            return self._print_exp(sp.exp(exponent, evaluate=False))
        if exponent.is_Rational and exponent.is_negative and base.is_commutative:
            below = [sp.Pow(base, -exponent, evaluate=False) if exponent != -1 else base]
            return self._solidus([], below) if self.inline else rf"\frac{{1}}{{{self._product(below)}}}"
        if exponent == 1:
            return self._print(base)
        if exponent.is_Rational and exponent.p == 1 and exponent.q > 1:
            index = "" if exponent.q == 2 else f"[{exponent.q}]"
            return rf"\sqrt{index}{{{self._print(base)}}}"
        with self.in_line():
            power = self._print(exponent)
        return self._power(base, power)

    def _power(self, base: Any, power: str) -> str:
        if isinstance(base, sp.Symbol | sp.Indexed):
            return self._raised(self._print(base), power)
        if isinstance(base, sp.Integer) and base >= 0:
            return f"{self._print(base)}^{{{power}}}"
        if base in (sp.pi, sp.oo):
            return f"{self._print(base)}^{{{power}}}"
        if isinstance(base, sp.Function):
            return self.function_power(base, power)
        return f"{self.bracket(self._print(base))}^{{{power}}}"


def _common_denominator(expr: Any) -> Any:
    """n when every one of three or more terms is a polynomial or root over the same integer n > 1, else None."""
    below = {term.as_coeff_Mul()[0].q for term in expr.args if term.is_commutative}
    plain = not expr.has(sp.Integral, sp.Sum, sp.Derivative, sp.Piecewise)
    if len(expr.args) < 3 or len(below) != 1 or not plain or not expr.is_commutative:
        return None
    n = below.pop()
    return sp.Integer(n) if n > 1 and all(sp.denom(term) == n for term in expr.args) else None


def merged_roots(factors: list[Any]) -> list[Any]:
    """sqrt(x) sqrt(y) -> sqrt(x y), where at most one radicand may be other than nonnegative (else it is not equal)."""
    roots = [f for f in factors if isinstance(f, sp.Pow) and f.exp == sp.S.Half]
    kept = [f for f in roots if f.base.is_nonnegative]
    free = [f for f in roots if not f.base.is_nonnegative]
    joined = kept + free[:1]
    if len(joined) < 2:
        return factors
    root = sp.Pow(sp.Mul(*[f.base for f in joined], evaluate=False), sp.S.Half, evaluate=False)
    place = factors.index(joined[0])
    rest = [f for f in factors if not any(f is j for j in joined)]
    return [*rest[:place], root, *rest[place:]]


def root_of_quotient(above: list[Any], below: list[Any]) -> tuple[list[Any], list[Any]]:
    """sqrt(x)/sqrt(y) -> sqrt(x/y), when sqrt(y) is the whole denominator and y > 0 (else it may not be equal)."""
    roots = [f for f in above if isinstance(f, sp.Pow) and f.exp == sp.S.Half]
    if len(below) != 1 or len(roots) != 1 or not isinstance(below[0], sp.Pow) or below[0].exp != sp.S.Half:
        return above, below
    if not below[0].base.is_positive:
        return above, below
    quotient = sp.Mul(roots[0].base, sp.Pow(below[0].base, -1, evaluate=False), evaluate=False)
    root = sp.Pow(quotient, sp.S.Half, evaluate=False)
    return [root if f is roots[0] else f for f in above], []


def _numerator_denominator(expr: Any) -> tuple[list[Any], list[Any]]:
    above: list[Any] = []
    below: list[Any] = []
    # an unevaluated product may hold products: flatten them
    for factor in (f for part in sp.Mul.make_args(expr) for f in sp.Mul.make_args(part)):
        if factor.is_Rational and factor.q != 1:
            above.extend([sp.Integer(factor.p)] if factor.p != 1 else [])
            below.append(sp.Integer(factor.q))
        elif isinstance(factor, sp.Pow) and factor.exp.is_Rational and factor.exp.is_negative and factor.is_commutative:
            below.append(sp.Pow(factor.base, -factor.exp) if factor.exp != -1 else factor.base)
        else:
            above.append(factor)
    return above, below


def _is_long(factor: Any) -> bool:
    base, exponent = factor.as_base_exp()
    if exponent == sp.S.Half:
        return False
    return isinstance(base, sp.Add | sp.Sum | sp.Integral | sp.Product | sp.Function | sp.Derivative | sp.Piecewise)


def _is_open_ended(factor: Any) -> bool:
    """Whether what follows would seem to belong to it: sums, limits, derivatives."""
    return isinstance(factor, sp.Sum | sp.Product | sp.Limit | sp.Integral)


def _brackets_in(nodes: tuple[Node, ...]) -> set[str]:
    """The shapes of brackets a reader sees at this level, contents of fractions and scripts left out."""
    found: set[str] = set()
    for node in nodes:
        base = node.parts[0][0] if node.form == "script" and len(node.parts[0]) == 1 else node
        if base.form == "fence":
            found.add(base.head.split(" ")[0])
            found |= _brackets_in(base.parts[0])
        elif base.kind == "open":
            found.add(base.parts[0][0].head if base.form == "sized" else base.head)
        elif base.form == "group":
            found |= _brackets_in(base.parts[0])
    return found & {"(", "[", r"\{"}
