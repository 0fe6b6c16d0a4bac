"""From traces of matrix expressions in several letters to Dyson equations, with the physical branch as witness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
import sympy as sp
from flint import acb

from .. import balls
from ..claim import Assumption, Claim, Equation
from ..equality import BITS, POINTS, explicit_sums
from ..errors import NotDerivable
from ..exact import canonical, factored, vanishes
from ..quantity import free_atoms
from ..random_matrix.branch import Branch, solve_branch
from ..random_matrix.derive import Derived
from ..random_matrix.derive import derive as derive_pencil
from ..random_matrix.equations import equations, integrand, target_expression
from ..random_matrix.letters import declare
from ..random_matrix.spectral import Average, read_atoms
from ..random_matrix.wick import check_wick
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted
from . import finite_matrices
from .algebra import sequential
from .deterministic_equivalent import CONCENTRATION

TERMS, SIZE, SMALLEST, DRAWS, WITHIN = 2, 160, 40, 2, 0.02
DIGITS = 50


@dataclass(frozen=True)
class SpectralLaw:
    """E f(s) = f(0) + sum_j w_j (f(s_j) - f(0)): share w_j of the directions has s = s_j, what is left over has s = 0.

    symbol: s;  weight: w_j;  value: s_j;  index, count: j = 1, ..., count. No constraint on the weights is needed.
    """

    symbol: Any
    weight: Any
    value: Any
    index: Any
    count: Any

    def average(self, expr: Any) -> Any:
        """E f(s), term by term; factors without s stay outside the sum."""
        return sp.Add(*(self._average(term) for term in sp.Add.make_args(expr)))

    def _average(self, term: Any) -> Any:
        rest = canonical(term.xreplace({self.symbol: sp.Integer(0)}))
        return rest + self.weighted(factored(term - rest), self.weight)

    def weighted(self, term: Any, weight: Any) -> Any:
        """sum_j weight_j f(s_j) of one product, factors without s outside the sum."""
        inside, outside = sp.Integer(1), sp.Integer(1)
        for part in sp.Mul.make_args(term):
            if part.has(self.symbol):
                inside = inside * part
            else:
                outside = outside * part
        total = sp.Sum(weight * inside.xreplace({self.symbol: self.value}), (self.index, 1, self.count))
        return outside * total if term != 0 else sp.Integer(0)

    def entries(self, expr: Any, count: int = TERMS) -> list[Any]:
        """The entries 1, ..., count of a list."""
        return [expr.xreplace({self.index: sp.Integer(k)}) for k in range(1, count + 1)]


@dataclass(frozen=True)
class Physical:
    """The certified branch at one exact point: balls for the traces, the targets and the eigenvalue at `spike`."""

    traces: Mapping[Any, acb]
    targets: Mapping[Any, acb]
    spike: Any = None
    eigenvalue: acb | None = None


@dataclass(frozen=True)
class DysonEquations(Rule):
    """t := tr r(X, S), X Gaussian, S deterministic  ->  T = E_s (D(s) - eta(T))^{-1}, t = t(T).

    Inputs: a definition of traces `t := Tr(r)/n` (one or several, over one dimension) or of a matrix `R := r`; further
    definitions of matrices are inserted. The expression is linearised, brought to minimal size, and its self-energy
    closed with the covariances of the Gaussian letters. `gaussian`: (letter, entry variance); `deterministic`: (letter,
    its eigenvalue as a function of spectral symbols), all functions of one matrix; `ratios`: (dimension, its size
    relative to the others); `unknowns`: names of the traces; `law`: the spectral law, else averages stay written as
    integrals; `value`: for a matrix, the name of its eigenvalue where the spectral symbol has a value.
    """

    source: ClassVar[str] = "Gaussian integration by parts on a linear pencil; Helton, Mai and Speicher 2018"
    gaussian: tuple[tuple[Any, Any], ...] = ()
    deterministic: tuple[tuple[Any, Any], ...] = ()
    ratios: tuple[tuple[Any, Any], ...] = ()
    unknowns: tuple[Any, ...] = ()
    law: SpectralLaw | None = None
    value: Any = None
    covariance: Any = None
    wick_order: int = field(default=6)

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return (CONCENTRATION,)

    def expressions(self, inputs: tuple[Claim, ...]) -> dict[Any, Any]:
        """target name -> expression in letters; the other definitions are inserted."""
        return {e.lhs: sequential(inputs[1:], e.rhs) for e in inputs[0].equations}

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        names = _names(self, inputs)
        found: dict[Any, Equation] = {}
        for target, derived in derived_of(self, inputs, None).items():
            system = derived.system.without_eps()
            for e, name in zip(equations(system, names[target]), names[target].values(), strict=True):
                known = found.setdefault(name, Equation(name, self._averaged(e.rhs)))
                if vanishes(known.rhs - self._averaged(e.rhs)) is not True:
                    raise NotDerivable(f"two traces named {name} agree in value, not in their equations")
            if self.value is not None:
                eigenvalue = canonical(integrand(system, names[target]))
                return (*self._matrix_form(inputs[0], eigenvalue), *found.values(), Equation(self.value, eigenvalue))
        for target, derived in derived_of(self, inputs, None).items():
            total = target_expression(derived.system.without_eps(), names[target])
            found[target] = Equation(target, self._averaged(total))
        return tuple(found.values())

    def _averaged(self, expr: Any) -> Any:
        if not expr.has(Average):
            return factored(expr)
        if self.law is None:
            return expr
        law = self.law
        return expr.replace(lambda e: isinstance(e, Average), lambda e: law.average(e.integrand))

    def _matrix_form(self, definition: Claim, value: Any) -> tuple[Equation, ...]:
        """R <-> (A Sigma + B)^{-1} when the eigenvalue has that form."""
        if self.covariance is None or self.law is None:
            return ()
        top, bottom = sp.fraction(sp.together(1 / value))
        poly = sp.Poly(top, self.law.symbol)
        if poly.degree() != 1 or bottom.has(self.law.symbol):
            return ()
        a, b = (canonical(c / bottom) for c in poly.all_coeffs())
        matrix = (a * self.covariance + b * sp.Identity(self.covariance.shape[0])).inverse()
        return (Equation(definition.lhs, matrix, "<->"),)

    def parameters(self, inputs: tuple[Claim, ...]) -> list[Any]:
        """The scalars a numerical point must give, spectral entries of the law included."""
        dimensions = {d for d, _ in self.ratios}
        exprs = [*self.expressions(inputs).values(), *(v for _, v in self.gaussian), *(r for _, r in self.ratios)]
        found = {a for e in exprs for a in free_atoms(e)} - dimensions
        if self.law is not None:
            found |= {*self.law.entries(self.law.weight), *self.law.entries(self.law.value)}
        return sorted(found, key=sp.default_sort_key)

    def normalised(self, point: Mapping[Any, Any]) -> dict[Any, Any]:
        """The point with weights that leave a share of 1/(1 + sum w) to the eigenvalue 0: a law with no signs."""
        if self.law is None:
            return dict(point)
        weights = self.law.entries(self.law.weight)
        total = 1 + sum(point[w] for w in weights)
        return {**point, **{w: point[w] / total for w in weights}}

    def check(self, case: Case) -> Verdict:
        """Wick expansion, exactly; the stated equations on the certified branch to 40 digits; finite matrices."""
        try:
            check_wick_once(self, case.inputs)
        except NotDerivable as error:
            return refuted("Wick expansion", str(error))
        for k in range(POINTS):
            point = self.normalised(case.samples.point(self.parameters(case.inputs), case.given, k))
            verdict = self._against(case, point, physical(self, case.inputs, tuple(point.items())))
            if verdict is not None:
                return verdict
        point = self.normalised(case.samples.point(self.parameters(case.inputs), case.given, 0))
        gap, size = finite_gap(self, case.inputs, tuple(point.items()), case.samples.seed)
        # Corrections are of the order of the inverse dimension.
        if gap > WITHIN + 2 / size:
            return refuted("finite matrices", f"the trace differs by {gap:.3g} of its size", named(point))
        orders = f"to order {self.wick_order}"
        return consistent(
            f"Wick expansion {orders}, certified branch, finite matrices",
            f"{POINTS} points to 40 digits, one point at finite size",
        )

    def _against(self, case: Case, point: Mapping[Any, Any], known: Physical) -> Verdict | None:
        """A refutation when a stated equation fails on the branch."""
        values = {**point, **known.traces}
        for equation in case.output.equations:
            if isinstance(equation.rhs, sp.MatrixExpr):
                continue
            if equation.lhs == self.value:
                truth, at = known.eigenvalue, {**values, self._spectral: known.spike}
            else:
                truth, at = {**known.traces, **known.targets}.get(equation.lhs), values
            stated = enclosed(self._explicit(equation.rhs, point), at)
            if truth is None or not close(stated, truth):
                return refuted("certified branch", f"{equation.lhs} is not {str(equation.rhs)[:60]}", named(point))
        return None

    @property
    def _spectral(self) -> Any:
        assert self.law is not None
        return self.law.symbol

    def _explicit(self, expr: Any, point: Mapping[Any, Any]) -> Any:
        """Sums written out; integrals over an unnamed law taken over the law of the check."""
        if self.law is None and expr.has(Average):
            atoms = _unnamed_law(self, tuple(point.items()))
            return expr.replace(lambda e: isinstance(e, Average), lambda e: e.over(atoms))
        return explicit_sums(expr, TERMS)


@lru_cache(maxsize=256)
def derived_of(
    rule: DysonEquations, inputs: tuple[Claim, ...], point: tuple[tuple[Any, Any], ...] | None
) -> dict[Any, Derived]:
    """The engine's record of every target; with a point, the law of the deterministic letters has numbers."""
    declarations = declare(
        dict(rule.gaussian),
        dict(rule.deterministic),
        dimensions=dict(rule.ratios),
        commuting=len(rule.deterministic) > 1,
    )
    law = None
    if point is not None and rule.deterministic:
        law = {rule.deterministic[0][0].shape[0]: _atoms(rule, dict(point))}
    return {name: derive_pencil(e, declarations, law=law) for name, e in rule.expressions(inputs).items()}


def _branch(derived: Derived, point: Mapping[Any, Any]) -> Branch:
    return solve_branch(derived, {s: point[s] for s in derived.parameters}, digits=DIGITS)


@lru_cache(maxsize=256)
def _names(rule: DysonEquations, inputs: tuple[Claim, ...]) -> dict[Any, dict[Any, Any]]:
    """target -> {unknown of its pencil: name}; traces of different pencils with equal values share a name.

    A joint pencil would have fewer zeros: it is smaller by dimension and larger by equations. That shared names are
    right is proved by their equations (uniqueness of the power series in the variances).
    """
    point = rule.normalised(generic_point(rule.parameters(inputs)))
    found: dict[Any, dict[Any, Any]] = {}
    values: dict[Any, acb] = {}
    for target, derived in derived_of(rule, inputs, tuple(point.items())).items():
        branch = _branch(derived, point) if len(rule.expressions(inputs)) > 1 else None
        found[target] = {}
        for k, pair in enumerate(derived.system.unknowns):
            ball = branch.unknowns[k] if branch is not None else None
            name = next((n for n, v in values.items() if ball is not None and close(v, ball)), None)
            if name is None:
                if len(values) == len(rule.unknowns):
                    raise NotDerivable(f"more than the {len(values)} named traces are needed; name one more")
                name = rule.unknowns[len(values)]
                values[name] = ball if ball is not None else acb(k)
            found[target][pair] = name
    if len(values) != len(rule.unknowns):
        raise NotDerivable(f"the Dyson system has {len(values)} unknowns, {len(rule.unknowns)} were named")
    return found


def generic_point(parameters: list[Any]) -> dict[Any, sp.Rational]:
    """Small positive rationals without structure, one per parameter; negative where the symbol is declared so."""
    point = {}
    for k, symbol in enumerate(parameters):
        value = sp.Rational(int(sp.prime(k + 5)), 3 * int(sp.prime(k + 8)))
        point[symbol] = -value if symbol.is_negative else value
    return point


def _atoms(rule: DysonEquations, point: Mapping[Any, Any]) -> list[tuple[Any, dict[Any, Any]]]:
    law = rule.law
    if law is None:
        return _unnamed_law(rule, tuple(point.items()))
    weights, places = ([point[e] for e in law.entries(x)] for x in (law.weight, law.value))
    pairs = [*zip(weights, places, strict=True), (1 - sum(weights), sp.Integer(0))]
    return [(w, {law.symbol: s}) for w, s in pairs]


def _unnamed_law(rule: DysonEquations, point: tuple[tuple[Any, Any], ...]) -> list[tuple[Any, dict[Any, Any]]]:
    """Two atoms that depend on the point, for a law without a name."""
    symbols = sorted({s for _, v in rule.deterministic for s in v.free_symbols}, key=sp.default_sort_key)
    mean = sum(abs(v) for _, v in point) / (1 + len(point))
    places = [(sp.Rational(2, 7), mean / (1 + mean)), (sp.Rational(5, 7), 2 + mean)]
    return [(w, {s: place + k for k, s in enumerate(symbols)}) for w, place in places]


@lru_cache(maxsize=256)
def check_wick_once(rule: DysonEquations, inputs: tuple[Claim, ...]) -> None:
    """The engine's Dyson systems against planar pairings, exactly; the pencils were compared on random matrices."""
    for derived in derived_of(rule, inputs, None).values():
        check_wick(derived, rule.wick_order)


@lru_cache(maxsize=512)
def physical(rule: DysonEquations, inputs: tuple[Claim, ...], items: tuple[tuple[Any, Any], ...]) -> Physical:
    """The branch at a point: variance continuation and a Krawczyk ball for every trace."""
    point, names = dict(items), _names(rule, inputs)
    traces: dict[Any, acb] = {}
    targets: dict[Any, acb] = {}
    for target, derived in derived_of(rule, inputs, items).items():
        branch = _branch(derived, point)
        traces |= dict(zip(names[target].values(), branch.unknowns, strict=True))
        targets[target] = branch.target()
        if rule.value is not None and rule.law is not None:
            spike = sp.Rational(17, 5)
            atom = read_atoms(derived.declarations, derived.system.outer, [(sp.Integer(1), {rule.law.symbol: spike})])
            return Physical(traces, targets, spike, branch.target(atom))
    return Physical(traces, targets)


@lru_cache(maxsize=256)
def finite_gap(
    rule: DysonEquations, inputs: tuple[Claim, ...], items: tuple[tuple[Any, Any], ...], seed: str
) -> tuple[float, int]:
    """(largest relative distance of a target from its mean over a few finite draws, their smallest dimension)."""
    point = dict(items)
    rng = finite_matrices.generator(seed)
    sizes = finite_matrices.sizes_for(dict(rule.ratios), point, SIZE, SMALLEST)
    worst = 0.0
    drawn: list[dict[Any, np.ndarray]] = []
    for _ in range(DRAWS):
        matrices = finite_matrices.gaussian(dict(rule.gaussian), point, sizes, rng)
        drawn.append(matrices | _deterministic(rule, point, sizes))
    for name, expr in rule.expressions(inputs).items():
        seen = float(np.mean([_mean(finite_matrices.value(expr, m, point, sizes)) for m in drawn]))
        truth = float(physical(rule, inputs, items).targets[name].real.mid())
        worst = max(worst, abs(seen - truth) / abs(truth))
    return worst, min(sizes.values())


def _mean(found: Any) -> float:
    return float(np.mean(np.diag(found))) if isinstance(found, np.ndarray) else float(found)


def _deterministic(rule: DysonEquations, point: Mapping[Any, Any], sizes: Mapping[Any, int]) -> dict[Any, np.ndarray]:
    if not rule.deterministic:
        return {}
    size = sizes[rule.deterministic[0][0].shape[0]]
    atoms = _atoms(rule, point)
    ends = [round(float(sum(w for w, _ in atoms[: k + 1])) * size) for k in range(len(atoms))]
    counts = np.diff([0, *ends])
    found = {}
    for letter, form in rule.deterministic:
        values = [float(form.subs(list(place.items()))) for _, place in atoms]
        found[letter] = np.diag(np.repeat(values, counts))
    return found


def enclosed(expr: Any, values: Mapping[Any, Any]) -> acb:
    """A ball of the expression at balls and exact numbers."""
    return balls.enclose(expr, values, BITS)


def close(left: acb, right: acb, digits: int = 40) -> bool:
    """Whether two balls agree to so many digits, relative to their size."""
    with balls.working(BITS):
        gap = left - right
        size = abs(right).abs_upper() + 1
        return bool(gap.is_finite() and gap.contains(0) and abs(gap).abs_upper() < size / 10**digits)


def named(point: Mapping[Any, Any]) -> list[tuple[str, str]]:
    return [(str(k), str(v)) for k, v in point.items()]
