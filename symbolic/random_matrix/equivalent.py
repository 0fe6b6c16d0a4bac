"""The front door: one expression, its declarations, and everything that follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ..balls import working
from ..verdict import Verdict, consistent
from .balls import Value, certified
from .branch import EVIDENCE, Branch, solve_branch
from .derive import Derived, derive
from .dyson import DysonSystem, Pair
from .elimination import MinimalPolynomial, minimal_polynomial
from .equations import equations, integrand, target_expression
from .letters import declare
from .pencil import Pencil, check
from .spectral import Atom, read_atoms
from .two_resolvents import derivative
from .wick import check_wick

Atoms = Sequence[tuple[Any, Mapping[Any, Any]]]


@dataclass(frozen=True)
class DeterministicEquivalent:
    """tr r of a matrix expression in the limit; `derived` holds its tree, minimal pencil and Dyson system."""

    derived: Derived

    @property
    def pencil(self) -> Pencil:
        """The minimal pencil."""
        return self.derived.pencil

    @property
    def system(self) -> DysonSystem:
        """The merged Dyson system."""
        return self.derived.system

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """The symbols that `at` must give."""
        return self.derived.parameters

    def equations(self, names: Mapping[Pair, sp.Symbol] | None = None) -> list[Any]:
        """T_kl = int [(D - eta)^-1]_kl dmu."""
        return equations(self.system, names)

    def target(self, names: Mapping[Pair, sp.Symbol] | None = None) -> sp.Expr:
        """tr r in the unknowns."""
        return target_expression(self.system, names)

    def integrand(self, names: Mapping[Pair, sp.Symbol] | None = None) -> sp.Expr:
        """y(s) with tr r = int y dmu, u^T r u = int y dmu_u."""
        return integrand(self.system, names)

    def polynomial(
        self, variable: sp.Symbol, *, at: Mapping[Any, Any] | None = None, near: Mapping[Any, Any] | None = None
    ) -> MinimalPolynomial:
        """The minimal polynomial of tr r over QQ(parameters not in `at`); see elimination.minimal_polynomial."""
        return minimal_polynomial(self.derived, variable, at=at, near=near)

    def branch(self, at: Mapping[Any, Any], *, digits: int = 50, via: list[Mapping[Any, Any]] | None = None) -> Branch:
        """The physical solution in balls."""
        return solve_branch(self.derived, at, digits=digits, via=via)

    def value(
        self,
        at: Mapping[Any, Any],
        *,
        digits: int = 50,
        via: list[Mapping[Any, Any]] | None = None,
        weights: Atoms | None = None,
    ) -> Value:
        """tr r to `digits` digits; weights: other atoms, giving u^T r u or (one atom of weight 1) a spike's entry."""
        branch = solve_branch(self.derived, at, digits=digits + 8, via=via)
        return branch.value(digits, self._atoms(weights))

    def derivative(
        self,
        parameter: Any,
        at: Mapping[Any, Any],
        *,
        digits: int = 50,
        via: list[Mapping[Any, Any]] | None = None,
    ) -> Value:
        """d(tr r)/d(parameter) to `digits` digits."""
        branch = solve_branch(self.derived, at, digits=digits + 15, via=via)
        with working(branch.bits):
            return certified(derivative(branch, parameter), digits, EVIDENCE + "; one linear solve")

    def check(self) -> tuple[Verdict, ...]:
        """Pencil = expression on random rational matrices; Dyson system = Wick to sixth order; NotDerivable if not."""
        derived = self.derived
        trials = check(self.pencil, derived.realisation.tree, derived.field, trials=4, label=str(derived.expression))
        check_wick(derived)
        return (
            consistent("random rational matrices", f"expression = c L^-1 b exactly at {trials} draws"),
            consistent("Wick expansion", "orders 0 to 6 in the variances agree exactly at a generic rational point"),
        )

    def _atoms(self, weights: Atoms | None) -> tuple[Atom, ...] | None:
        return None if weights is None else read_atoms(self.derived.declarations, self.system.outer, weights)


def deterministic_equivalent(
    expr: Any,
    gaussian: Mapping[sp.MatrixSymbol, Any] | None = None,
    deterministic: Mapping[sp.MatrixSymbol, Any] | None = None,
    *,
    wigner: Mapping[sp.MatrixSymbol, Any] | None = None,
    dimensions: Mapping[sp.Symbol, Any] | None = None,
    law: Mapping[Any, Atoms] | None = None,
    commuting: bool = False,
) -> DeterministicEquivalent:
    """tr r(X, S, ...) -> its deterministic equivalent in the proportional limit.

    expr: a square matrix expression (its normalised trace is meant) or scalars times Trace(...);
    gaussian: {X: entry variance, scaling like 1/dimension};  wigner: the same, symmetric;
    deterministic: {S: its eigenvalue as a function of spectral symbols};  dimensions: {n: ratio};
    law: {d: [(weight, {S: value or block}), ...]};  commuting: S's of one type share an eigenbasis.
    Raises BadInput, UnknownName, NotDerivable; the node or the name is in the message.
    >>> n, d, lam, g = sp.symbols("n d lam g"); Z = sp.MatrixSymbol("Z", n, d)
    >>> e = deterministic_equivalent((Z.T * Z + lam * sp.Identity(d)).inv(), {Z: 1 / n}, dimensions={n: 1, d: g})
    >>> e.value({g: sp.Rational(3, 2), lam: sp.Rational(1, 10)}, digits=30).value
    '4.23926596236044903482465465591'
    """
    declarations = declare(gaussian, deterministic, wigner=wigner, dimensions=dimensions, commuting=commuting)
    return DeterministicEquivalent(derive(expr, declarations, law=law))
