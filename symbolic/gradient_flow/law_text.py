"""Laws as formulas, in text and in LaTeX."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .darboux import ONE, DarbouxLaw, Factor
from .exact_fields import Terms
from .labels import latex_label
from .laws import Law
from .metric import HEAVY_BALL
from .parametrisation import Parametrisation


def law_text(law: Law, phi: Parametrisation, tex: bool) -> str:
    """The polynomial, or the momentum form of a heavy-ball law."""
    label = (lambda a: latex_label(phi, a)) if tex else phi.label
    skew = law.dynamics == HEAVY_BALL
    parts = []
    for monomial, c in law.terms:
        if skew and len(monomial) == 2:
            a, b = monomial
            wedge = (
                rf"\bigl(\dot{{{label(a)}}} {label(b)} - \dot{{{label(b)}}} {label(a)}\bigr)"
                if tex
                else f"({label(a)}' {label(b)} - {label(b)}' {label(a)})"
            )
            parts.append((Fraction(c), wedge))
        elif skew:
            (a,) = monomial
            moved = rf"\dot{{{label(a)}}}" if tex else f"{label(a)}'"
            tau = rf"\tau {moved}" if tex else f"tau {moved}"
            parts.append((Fraction(c), f"({label(a)} + {tau})" if law.plain else moved))
        else:
            parts.append((Fraction(c), power_product(monomial, label, tex)))
    body = signed_sum(parts, tex)
    if skew and not law.plain:
        return rf"e^{{t/\tau}} \bigl[{body}\bigr]" if tex else f"exp(t/tau) [{body}]"
    return body


def further_text(law: DarbouxLaw, laws: Sequence[Law], phi: Parametrisation, tex: bool) -> str:
    """(p) / (q) for rational laws, else a sum of c log|p/q| and a polynomial."""
    if law.rational:
        above = [f for f in law.factors if (f.power or 0) > 0]
        below = [f for f in law.factors if (f.power or 0) < 0]
        if tex:
            return rf"\frac{{{_product(above, phi, tex)}}}{{{_product(below, phi, tex)}}}"
        return f"{_product(above, phi, tex)} / {_product(below, phi, tex)}"
    parts: list[tuple[Fraction, str]] = []
    left = list(law.factors)
    while left:
        factor = left.pop(0)
        opposite = tuple((n, -c) for n, c in factor.weights)
        partner = next((other for other in left if other.weights == opposite), None)
        inside = _polynomial(factor.polynomial, phi, tex)
        if partner is not None:
            left.remove(partner)
            below = _polynomial(partner.polynomial, phi, tex)
            inside = (
                rf"\frac{{{inside}}}{{{below}}}" if tex else f"{_bracket(factor, inside)}/{_bracket(partner, below)}"
            )
        logarithm = rf"\log\left\lvert {inside} \right\rvert" if tex else f"log|{inside}|"
        if factor.power is not None:
            parts.append((Fraction(factor.power), logarithm))
        else:
            parts.append((Fraction(1), f"({_weight(factor, laws, phi, tex)}) {logarithm}"))
    parts += _parts(law.rest, phi, tex)
    return signed_sum(parts, tex)


def _product(factors: Sequence[Factor], phi: Parametrisation, tex: bool) -> str:
    pieces = []
    for factor in factors:
        power = abs(factor.power or 1)
        body = _polynomial(factor.polynomial, phi, tex)
        alone = tex and len(factors) == 1 and power == 1
        if len(factor.polynomial) > 1 and not alone:
            body = f"({body})"
        pieces.append(body if power == 1 else f"{body}^{{{power}}}" if tex else f"{body}^{power}")
    return " ".join(pieces) or "1"


def _bracket(factor: Factor, text: str) -> str:
    return f"({text})" if len(factor.polynomial) > 1 else text


def _weight(factor: Factor, laws: Sequence[Law], phi: Parametrisation, tex: bool) -> str:
    total: dict = {}
    for number, c in factor.weights:
        for monomial, size in (((), 1),) if number == ONE else laws[number].terms:
            total[monomial] = total.get(monomial, 0) + c * size
    return _polynomial(tuple(sorted((m, c) for m, c in total.items() if c)), phi, tex)


def _polynomial(terms: Terms, phi: Parametrisation, tex: bool) -> str:
    return signed_sum(_parts(terms, phi, tex), tex)


def _parts(terms: Terms, phi: Parametrisation, tex: bool) -> list[tuple[Fraction, str]]:
    label = (lambda a: latex_label(phi, a)) if tex else phi.label
    return [(Fraction(c), power_product(monomial, label, tex) or "1") for monomial, c in terms]


def power_product(monomial, label, tex: bool) -> str:
    factors = []
    for a in dict.fromkeys(monomial):
        power = monomial.count(a)
        name = label(a)
        factors.append(name if power == 1 else f"{name}^{{{power}}}" if tex else f"{name}^{power}")
    return " ".join(factors)


def signed_sum(parts: list[tuple[Fraction, str]], tex: bool = False) -> str:
    found = ""
    for c, text in parts:
        size = abs(c)
        number = rf"\tfrac{{{size.numerator}}}{{{size.denominator}}}" if tex and size.denominator > 1 else str(size)
        body = text if size == 1 else f"{number} {text}"
        if not found:
            found = body if c > 0 else f"-{body}"
        else:
            found += f" {'+' if c > 0 else '-'} {body}"
    return found
