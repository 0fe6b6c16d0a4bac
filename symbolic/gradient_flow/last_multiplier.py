"""The last law by a quadrature: Jacobi's last multiplier.

If sum_a eta_a d_a^2 phi = 0, the field F = E grad phi keeps volume. On the surfaces where D - 2 independent laws are
constant, the 1-form (F contracted with the volume, divided by dh_1 ^ ... ^ dh_(D-2)) is then closed, and its local
integral is the law that is missing (Jacobi 1844).
"""

from __future__ import annotations

from fractions import Fraction

from .parametrisation import Parametrisation
from .polynomial import Polynomial


def keeps_volume(phi: Parametrisation, parameters: range | tuple[int, ...]) -> bool:
    """sum over a in `parameters` of eta_a d_a^2 phi_i = 0 for every component, exactly."""
    for polynomial in phi.polynomials():
        found: dict[tuple[int, ...], Fraction] = {}
        for monomial, c in polynomial.terms.items():
            for a in dict.fromkeys(monomial):
                power = monomial.count(a)
                if a in parameters and power > 1:
                    rest = list(monomial)
                    rest.remove(a)
                    rest.remove(a)
                    key = tuple(rest)
                    found[key] = found.get(key, Fraction(0)) + c * power * (power - 1) * phi.rates[a]
        if Polynomial(found).terms:
            return False
    return True
