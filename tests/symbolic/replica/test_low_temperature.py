"""Zero temperature of formulas without means: cancelling logarithms of beta, symbolic powers, refusals."""

from __future__ import annotations

import pytest
import sympy as sp

from quenched.symbolic.claim import Claim, Equation
from quenched.symbolic.errors import NotDerivable
from quenched.symbolic.quantity import POSITIVE, Notation, Quantity, Samples
from quenched.symbolic.replica.low_temperature import AlgebraicZeroTemperature, leading, limit_at_zero
from quenched.symbolic.rule import Case

NOTATION = Notation(*(Quantity(name, name, domain=POSITIVE) for name in ("beta", "q", "x", "y", "p", "f", "u")))
beta, q, x, y, p, f, u = NOTATION.symbols("beta q x y p f u")
RULE = AlgebraicZeroTemperature(beta=beta, result=u)
SCALING = Claim("scaling", (Equation(q, 1 - x / beta),))


def claim(lhs, rhs) -> Claim:
    return Claim("claim", (Equation(lhs, rhs),))


def test_powers_and_cancelling_logarithms():
    """beta (1 - q^p) -> p x;  log(1 - q) - log((1 - q) y + 1/beta) -> log x - log(x y + 1)."""
    source = claim(f, beta * (1 - q**p) + sp.log(1 - q) - sp.log((1 - q) * y + 1 / beta) + sp.log(1 - q) / beta)
    found = RULE.apply(source, SCALING)
    truth = p * x + sp.log(x) - sp.log(x * y + 1)
    assert found.lhs == u and sp.expand(found.rhs - truth) == 0
    samples = Samples(NOTATION, "low temperature")
    for rhs, good in ((truth, True), (truth + x, False), (truth - sp.log(2), False)):
        assert RULE.check(Case((source, SCALING), claim(u, rhs), samples)).positive is good


def test_divergences_are_refused():
    with pytest.raises(NotDerivable, match="does not cancel"):
        RULE.apply(claim(f, sp.log(1 - q)), SCALING)
    with pytest.raises(NotDerivable, match="diverges"):
        RULE.apply(claim(f, beta * q), SCALING)
    with pytest.raises(NotDerivable, match="diverges"):
        RULE.apply(claim(f, beta * sp.log(q)), SCALING)
    with pytest.raises(NotDerivable, match="not linear"):
        RULE.apply(claim(f, sp.log(1 - q) ** 2 / beta), SCALING)


def test_leading_terms_and_limits():
    assert leading((x * u**2 + u**3) / (y * u + u**2), u) == (1, x / y)
    assert limit_at_zero(((1 + x * u) ** p - 1 - p * x * u) / u**2, u).expand() == (p**2 * x**2 / 2 - p * x**2 / 2)
