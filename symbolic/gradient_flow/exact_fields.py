"""The fields F_i = M grad phi_i over Z, for identities that random points cannot prove: cofactors, parallel fields."""

from __future__ import annotations

from collections.abc import Iterable
from math import lcm

from flint import fmpz_mpoly, fmpz_mpoly_ctx

from .metric import Metric, metric_of
from .parametrisation import Parametrisation
from .polynomial import Monomial

Terms = tuple[tuple[Monomial, int], ...]


class ExactFields:
    """F_i of a first-order flow, all multiplied by one integer that clears the learning rates."""

    def __init__(self, phi: Parametrisation, dynamics: str):
        self.size = phi.D
        self.ring = fmpz_mpoly_ctx.get(tuple(f"x{j}" for j in range(phi.D)), "lex")
        self.letters = self.ring.gens()
        self.components = [
            self.polynomial([(m, int(c)) for m, c in component.terms.items()]) for component in phi.polynomials()
        ]
        self.fields = [self._field(component, metric_of(phi, dynamics)) for component in self.components]

    def _field(self, component: fmpz_mpoly, metric: Metric) -> dict[int, fmpz_mpoly]:
        clear = lcm(*(w.denominator for w in metric.weight))
        slopes = {b: component.derivative(b) for b in used(component)}
        found: dict[int, fmpz_mpoly] = {}
        for a, b, w, letters in metric.entries():
            if b in slopes:
                term = self.polynomial([(letters, int(w * clear))]) * slopes[b]
                found[a] = found.get(a, self.constant(0)) + term
        return {a: value for a, value in found.items() if value != 0}

    def constant(self, value: int) -> fmpz_mpoly:
        return self.ring.constant(value)

    def polynomial(self, terms: Iterable[tuple[Monomial, int]]) -> fmpz_mpoly:
        found: dict[tuple[int, ...], int] = {}
        for monomial, c in terms:
            powers = [0] * self.size
            for a in monomial:
                powers[a] += 1
            found[tuple(powers)] = found.get(tuple(powers), 0) + c
        return self.ring.from_dict(found)

    def terms(self, polynomial: fmpz_mpoly) -> Terms:
        """Sorted (monomial, coefficient) pairs, as laws store them."""
        found = []
        for powers, c in polynomial.to_dict().items():
            found.append((tuple(a for a, power in enumerate(powers) for _ in range(power)), int(c)))
        return tuple(sorted(found))

    def along(self, number: int, polynomial: fmpz_mpoly) -> fmpz_mpoly:
        """F_i p = sum_a (F_i)_a d_a p."""
        field, found = self.fields[number], self.constant(0)
        for a in used(polynomial):
            if a in field:
                found += field[a] * polynomial.derivative(a)
        return found

    def cofactors(self, polynomial: fmpz_mpoly) -> list[fmpz_mpoly] | None:
        """K_i with F_i p = K_i p for all i, or None when p is no Darboux polynomial."""
        found = []
        for number in range(len(self.fields)):
            quotient, rest = divmod(self.along(number, polynomial), polynomial)
            if rest != 0:
                return None
            found.append(quotient)
        return found

    def parallel(self) -> bool:
        """F_i wedge F_1 = 0 for all i, as polynomials: the brackets stay multiples of F_1, the Lie rank is 1."""
        first, zero = self.fields[0], self.constant(0)
        lead = next(iter(first))
        for field in self.fields[1:]:
            factor = field.get(lead, zero)
            if any(field.get(a, zero) * first[lead] != first.get(a, zero) * factor for a in {**first, **field}):
                return False
        return True


def used(polynomial: fmpz_mpoly) -> list[int]:
    """Numbers of the variables that occur."""
    return [a for a, power in enumerate(polynomial.degrees()) if power > 0]
