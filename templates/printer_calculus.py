"""Printing of functions, sums, integrals, derivatives, limits, relations and cases."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from .errors import RenderError

# functions whose argument stands without brackets when it is short
BARE = {
    "sin": r"\sin", "cos": r"\cos", "tan": r"\tan", "cot": r"\cot", "sec": r"\sec", "csc": r"\csc",
    "sinh": r"\sinh", "cosh": r"\cosh", "tanh": r"\tanh", "coth": r"\coth", "log": r"\log",
    "asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan",
}  # fmt: skip
BRACKETED = {
    "acot": r"\operatorname{arccot}", "asinh": r"\operatorname{arsinh}", "acosh": r"\operatorname{arcosh}",
    "atanh": r"\operatorname{artanh}", "acoth": r"\operatorname{arcoth}", "gamma": r"\Gamma", "zeta": r"\zeta",
    "Heaviside": r"\Theta", "DiracDelta": r"\delta", "Max": r"\max", "Min": r"\min",
    "LambertW": r"\operatorname{W}", "re": r"\operatorname{Re}", "im": r"\operatorname{Im}",
}  # fmt: skip
_RELATIONS = {"==": "=", "!=": r"\neq", "<": "<", ">": ">", "<=": r"\leq", ">=": r"\geq"}


class CalculusPrinting:
    """Mixin of the printer."""

    # functions

    def function_head(self: Any, expr: Any) -> str:
        name = str(expr.func.__name__)
        if isinstance(expr, AppliedUndef):
            return self.name(name) or (name if len(name) == 1 else rf"\operatorname{{{name}}}")
        return BARE.get(name) or BRACKETED.get(name) or rf"\operatorname{{{name}}}"

    def arguments(self: Any, expr: Any) -> str:
        """The arguments as they follow the head, with or without brackets."""
        # The value of a step at its jump is no part of the formula.
        texts = [self._print(a) for a in (expr.args[:1] if isinstance(expr, sp.Heaviside) else expr.args)]
        if expr.func.__name__ in BARE and len(texts) == 1 and _is_short(expr.args[0]):
            return f" {texts[0]}"
        inside = ", ".join(texts)
        if isinstance(expr, AppliedUndef) and self.function_head(expr).startswith(r"\mathbb{E}"):
            return rf"\left[{inside}\right]"
        bracketed = self.bracket(inside)
        return rf"\!{bracketed}" if bracketed.startswith(r"\left") else bracketed

    def _print_Function(self: Any, expr: Any, exp: Any = None) -> str:
        return self.function_head(expr) + self.arguments(expr)

    _print_AppliedUndef = _print_Function
    _print_Max = _print_Function
    _print_Min = _print_Function
    _print_log = _print_Function
    _print_re = _print_Function
    _print_im = _print_Function
    _print_gamma = _print_Function
    _print_zeta = _print_Function
    _print_LambertW = _print_Function
    _print_DiracDelta = _print_Function
    _print_Heaviside = _print_Function

    def function_power(self: Any, expr: Any, power: str) -> str:
        """sin^2 x for the functions written without brackets, f(x)^2 for the others."""
        if isinstance(expr, sp.exp | sp.Abs | sp.conjugate):
            return f"{self.bracket(self._print(expr))}^{{{power}}}"
        if expr.func.__name__ in BARE:
            return f"{self.function_head(expr)}^{{{power}}}{self.arguments(expr)}"
        return f"{self._print(expr)}^{{{power}}}"

    def _print_exp(self: Any, expr: Any, exp: Any = None) -> str:
        with self.in_line():
            power = self._print(expr.args[0])
        if self.size(power).width <= 60 and not expr.args[0].has(sp.Sum, sp.Integral, sp.Piecewise):
            return f"e^{{{power}}}"
        return rf"\exp\!{self.bracket(self._print(expr.args[0]))}"

    _print_ExpBase = _print_exp

    def _print_Abs(self: Any, expr: Any, exp: Any = None) -> str:
        inside = self._print(expr.args[0])
        if self.size(inside).half > 8.0:
            return rf"\left\lvert {inside}\right\rvert"
        return rf"\lvert {inside}\rvert"

    def _print_conjugate(self: Any, expr: Any, exp: Any = None) -> str:
        return rf"\overline{{{self._print(expr.args[0])}}}"

    # sums and integrals

    def _big(self: Any, sign: str, expr: Any) -> str:
        text = ""
        for index, low, high in reversed(expr.limits):
            with self.in_line():
                text += rf"{sign}_{{{self._print(index)}={self._print(low)}}}^{{{self._print(high)}}} "
        body = self._print(expr.function)
        return text + (self.bracket(body) if isinstance(expr.function, sp.Add | sp.Piecewise) else body)

    def _print_Sum(self: Any, expr: Any) -> str:
        return self._big(r"\sum", expr)

    def _print_Product(self: Any, expr: Any) -> str:
        return self._big(r"\prod", expr)

    def _print_Integral(self: Any, expr: Any) -> str:
        signs, ends = "", ""
        for limit in expr.limits:
            with self.in_line():
                low, high = (self._print(x) for x in limit[1:]) if len(limit) == 3 else ("", "")
            signs = r"\int" + (rf"_{{{low}}}^{{{high}}}" if low else "") + " " + signs
            ends += rf"\,\mathrm{{d}}{self._print(limit[0])}"
        body = self._print(expr.function)
        return signs + (self.bracket(body) if isinstance(expr.function, sp.Add | sp.Piecewise) else body) + ends

    # derivatives and limits

    def _print_Derivative(self: Any, expr: Any) -> str:
        d = r"\mathrm{d}" if len(expr.expr.free_symbols) <= 1 and len(expr.variable_count) == 1 else r"\partial "
        total = sum(count for _, count in expr.variable_count)
        order = f"^{{{self._print(total)}}}" if total != 1 else ""
        below = "".join(
            f"{d}{self._print(v)}" + (f"^{{{self._print(count)}}}" if count != 1 else "")
            for v, count in expr.variable_count
        )
        body = self._print(expr.expr)
        if isinstance(expr.expr, sp.Symbol | AppliedUndef | sp.Indexed) and not self.inline:
            return rf"\frac{{{d}{order}{body}}}{{{below}}}"
        needs = isinstance(expr.expr, sp.Add | sp.Mul | sp.Piecewise)
        head = f"{d}{order}/{below}" if self.inline else rf"\frac{{{d}{order}}}{{{below}}}"
        return f"{head} {self.bracket(body) if needs else body}"

    def _print_Subs(self: Any, expr: Any) -> str:
        with self.in_line():
            where = ",\\,".join(f"{self._print(v)}={self._print(p)}" for v, p in zip(expr.variables, expr.point))
        return rf"\left. {self._print(expr.expr)} \right|_{{{where}}}"

    def _print_Limit(self: Any, expr: Any) -> str:
        body, variable, point, side = expr.args
        with self.in_line():
            goal = self._print(point)
        if str(side) in "+-" and point not in (sp.oo, -sp.oo):
            goal += f"^{{{side}}}"
        latex = self._print(body)
        inside = self.bracket(latex) if isinstance(body, sp.Add) else latex
        return rf"\lim_{{{self._print(variable)} \to {goal}}} {inside}"

    # relations and cases

    def _print_Relational(self: Any, expr: Any) -> str:
        return f"{self._print(expr.lhs)} {_RELATIONS[expr.rel_op]} {self._print(expr.rhs)}"

    def _print_And(self: Any, expr: Any) -> str:
        return r" \text{ and } ".join(self._print(a) for a in sorted(expr.args, key=sp.default_sort_key))

    def _print_Or(self: Any, expr: Any) -> str:
        return r" \text{ or } ".join(self._print(a) for a in sorted(expr.args, key=sp.default_sort_key))

    def _print_Not(self: Any, expr: Any) -> str:
        return rf"\text{{not }} {self.bracket(self._print(expr.args[0]))}"

    def _print_Piecewise(self: Any, expr: Any) -> str:
        rows = []
        for value, condition in expr.args:
            when = r"\text{otherwise}" if condition == sp.true else rf"\text{{if }} {self._print(condition)}"
            rows.append(rf"{self._print(value)}, & {when}")
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"

    def _print_Lambda(self: Any, expr: Any) -> str:
        raise RenderError(f"a function without a name cannot be printed: {expr}; declare it as a function quantity")


def _is_short(argument: Any) -> bool:
    """An atom or a monomial of atoms: sin phi, tan(phi/2), log 2."""
    if argument.is_negative or argument.could_extract_minus_sign():
        return False
    parts = [f.as_base_exp() for f in sp.Mul.make_args(argument)]
    atoms = all(isinstance(b, sp.Symbol | sp.Indexed | sp.Rational) or b is sp.pi for b, _ in parts)
    return atoms and len(parts) <= 3 and all(e.is_Integer for _, e in parts)
