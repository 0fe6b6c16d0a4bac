"""From a matrix expression in Gaussian matrices to its self-consistent equations, and derivatives of those."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import sympy as sp

from ..claim import Assumption, Claim, Equation
from ..equality import POINTS
from ..errors import NotDerivable
from ..exact import canonical, factored
from ..precision import compiled, context, number
from ..quantity import free_atoms
from ..random_matrix.derive import Derived
from ..random_matrix.derive import derive as derive_pencil
from ..random_matrix.equations import equations, integrand
from ..random_matrix.letters import declare
from ..random_matrix.spectral import Average
from ..random_matrix.wick import check_wick
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted, supported

CONCENTRATION = Assumption(
    "self-averaging",
    "Normalised traces and bilinear forms of the resolvent concentrate on their means as all dimensions grow together.",
    "Standard for Gaussian matrices away from the spectrum; it turns averages into values.",
    "Bai and Silverstein, Spectral Analysis of Large Dimensional Random Matrices, 2010",
)


@dataclass(frozen=True)
class DeterministicEquivalent(Rule):
    """A(Z) with Gaussian Z  ->  A <-> (D - eta(G))^{-1}, G = E_s (D(s) - eta(G))^{-1}: Schur pencil and Dyson equation.

    Input: a definition `R := expression` in Gaussian and deterministic matrices. The expression is linearised, brought
    to minimal size, and its self-energy closed with the covariance of the Gaussian letters. `root` is the
    deterministic letter (it stands for the square root of `covariance`, so its eigenvalue is sqrt(s)), `bulk` the
    atoms (weight, s) of the limiting spectral law, `unknowns` the names of the traces, `value` the name of the
    equivalent's eigenvalue where the covariance has eigenvalue s.
    """

    source: ClassVar[str] = "Gaussian integration by parts on a linear pencil; Helton, Mai and Speicher 2018"
    gaussian: tuple[tuple[Any, Any], ...] = ()
    root: Any = None
    covariance: Any = None
    eigenvalue: Any = None
    bulk: tuple[tuple[Any, Any], ...] = ()
    ratios: tuple[tuple[Any, Any], ...] = ()
    unknowns: tuple[Any, ...] = ()
    value: Any = None

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return (CONCENTRATION,)

    def derived(self, definition: Claim) -> Derived:
        expression = definition.rhs
        deterministic = {}
        if self.root is not None:
            deterministic[self.root] = sp.sqrt(self.eigenvalue)
        if self.covariance is not None and expression.has(self.covariance):
            # The covariance and its root are functions of one matrix: they share an eigenbasis.
            deterministic[self.covariance] = self.eigenvalue
        declarations = declare(dict(self.gaussian), deterministic, dimensions=dict(self.ratios), commuting=True)
        return derive_pencil(expression, declarations)

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        system = self.derived(inputs[0]).system
        if len(system.unknowns) != len(self.unknowns):
            raise NotDerivable(f"the Dyson system has {len(system.unknowns)} unknowns, {len(self.unknowns)} were named")
        names = dict(zip(system.unknowns, self.unknowns))
        found = [Equation(e.lhs, canonical(self._averaged(e.rhs))) for e in equations(system, names)]
        value = canonical(integrand(system, names))
        return (*self._matrix_form(inputs[0], value), *found, Equation(self.value, value))

    def _averaged(self, expr: Any) -> Any:
        atoms = [(weight, {self.eigenvalue: value}) for weight, value in self.bulk]
        return expr.replace(lambda e: isinstance(e, Average), lambda e: e.over(atoms))

    def _matrix_form(self, definition: Claim, value: Any) -> tuple[Equation, ...]:
        """R <-> (A Sigma + B)^{-1} when the eigenvalue has that form."""
        if self.covariance is None:
            return ()
        inverse = sp.Poly(sp.numer(sp.together(1 / value)), self.eigenvalue), sp.denom(sp.together(1 / value))
        if inverse[0].degree() != 1 or inverse[1].has(self.eigenvalue):
            return ()
        a, b = (canonical(c / inverse[1]) for c in inverse[0].all_coeffs())
        matrix = (a * self.covariance + b * sp.Identity(self.covariance.shape[0])).inverse()
        return (Equation(definition.lhs, matrix, "<->"),)

    def check(self, case: Case) -> Verdict:
        """Second-order Wick expansion of the expression, exactly; then a finite matrix against the stated equations."""
        definition = case.inputs[0]
        derived = self.derived(definition)
        try:
            check_wick(derived)
        except NotDerivable as error:
            return refuted("Wick expansion to second order", str(error))
        drawn = [self._finite(case, k) for k in range(POINTS)]
        return next((v for v in drawn if not v.positive), drawn[0])

    def _finite(self, case: Case, index: int) -> Verdict:
        """Draws at dimension about 300: the diagonal of R on each eigenspace against the solved equations."""
        output = [e for e in case.output.equations if not isinstance(e.rhs, sp.MatrixExpr)]
        inside = [e.rhs for e in output] + [ratio for _, ratio in self.ratios]
        atoms = {a for x in inside for a in free_atoms(x)} - {e.lhs for e in output} - {self.eigenvalue}
        point = case.samples.point(atoms, case.given, index)
        measured = _simulate(self, case.inputs[0].rhs, point, f"{case.samples.seed}/{index}")
        for value, seen, tolerance in measured:
            stated = _solve_stated(output, {**point, self.eigenvalue: value} if self.eigenvalue else point, self.value)
            if stated is None or abs(stated - seen) > tolerance * abs(seen):
                at = [(str(k), str(v)) for k, v in point.items()]
                text = "no solution" if stated is None else f"{stated:.5f}"
                return refuted("one finite matrix", f"the equations give {text}, the matrix {seen:.5f}", at)
        return supported(
            "Wick expansion to second order, finite matrices", "dimension near 300, within 1.5 %, spikes within 10 %"
        )


SPIKE, SPIKES, DRAWS = 3, 5, 5


def _simulate(
    rule: DeterministicEquivalent, expression: Any, point: Mapping[Any, Any], seed: str
) -> list[tuple[Any, float, float]]:
    """(eigenvalue, mean diagonal entry of the matrix, relative tolerance): on the bulk alone, then along spikes."""
    rng = np.random.default_rng(random.Random(seed).getrandbits(64))
    ratios = {d: float(sp.S(r).xreplace(dict(point))) for d, r in rule.ratios}
    unit = 300 / max(ratios.values())
    sizes = {d: max(2, round(unit * r)) for d, r in ratios.items()}

    def diagonal(values: np.ndarray | None) -> np.ndarray:
        matrices: dict[Any, np.ndarray] = {}
        if values is not None:
            matrices |= {rule.root: np.diag(np.sqrt(values)), rule.covariance: np.diag(values)}
        for letter, variance in rule.gaussian:
            scale = float(sp.S(variance).xreplace({**sizes, **point}))
            matrices[letter] = rng.standard_normal([sizes[s] for s in letter.shape]) * scale**0.5
        return np.diag(_evaluate(expression, matrices, point, sizes))

    if rule.root is None:
        return [(None, float(np.mean([diagonal(None).mean() for _ in range(2)])), 0.015)]
    size = sizes[rule.root.shape[0]]
    bulk = np.resize(np.concatenate([np.full(round(float(w) * size), float(v)) for w, v in rule.bulk]), size)
    spiked = np.concatenate([np.full(SPIKES, float(SPIKE)), bulk[SPIKES:]])
    plain = np.mean([diagonal(bulk) for _ in range(2)], axis=0)
    spikes = np.mean([diagonal(spiked)[:SPIKES] for _ in range(DRAWS)])
    found = [(v, float(plain[bulk == float(v)].mean()), 0.015) for _, v in rule.bulk]
    return [*found, (sp.Integer(SPIKE), float(spikes), 0.1)]


def _evaluate(expr: Any, matrices: Mapping[Any, np.ndarray], point: Mapping[Any, Any], sizes: Mapping[Any, int]) -> Any:
    """A SymPy matrix expression in floating point."""
    if expr in matrices:
        return matrices[expr]
    if isinstance(expr, sp.Identity):
        return np.eye(sizes[expr.shape[0]])
    if isinstance(expr, sp.MatAdd):
        return sum(_evaluate(arg, matrices, point, sizes) for arg in expr.args)
    if isinstance(expr, sp.MatMul):
        total: Any = 1.0
        for arg in expr.args:
            part = _evaluate(arg, matrices, point, sizes)
            total = total @ part if isinstance(total, np.ndarray) and isinstance(part, np.ndarray) else total * part
        return total
    if isinstance(expr, sp.Transpose):
        return _evaluate(expr.arg, matrices, point, sizes).T
    if isinstance(expr, sp.Inverse):
        return np.linalg.inv(_evaluate(expr.arg, matrices, point, sizes))
    return float(sp.S(expr).xreplace(dict(point)))


def _solve_stated(stated: list[Equation], point: Mapping[Any, Any], value: Any) -> float | None:
    """The stated equations solved by damped iteration from 1, in floating point; None when it does not settle."""
    unknowns = [e.lhs for e in stated if e.lhs != value]
    right = [e.rhs.xreplace(dict(point)) for e in stated if e.lhs != value]
    target = next(e.rhs for e in stated if e.lhs == value).xreplace(dict(point))
    step = sp.lambdify(unknowns, right, modules="math")
    current = [1.0] * len(unknowns)
    for _ in range(3000):
        try:
            new = step(*current)
        except (ZeroDivisionError, ValueError, OverflowError):
            return None
        if max(abs(a - b) for a, b in zip(new, current)) < 1e-12:
            return float(sp.lambdify(unknowns, target, modules="math")(*new))
        current = [(a + b) / 2 for a, b in zip(new, current)]
    return None


@dataclass(frozen=True)
class ImplicitDerivative(Rule):
    """Q = f(a, t), a = g(a, t)  ->  dQ/dt = f_t + f_a g_t/(1 - g_a): the derivative through a self-consistent equation.

    Inputs: the claim for Q and the implicit claim for a. `sign` multiplies the result (R A R = -dR/dt for a source
    t A in the inverse), and `at` is substituted after differentiating.
    """

    source: ClassVar[str] = "implicit function theorem"
    quantity: Any = None
    unknown: Any = None
    variable: Any = None
    result: Any = None
    sign: int = 1
    at: tuple[tuple[Any, Any], ...] = ()

    def _pair(self, inputs: tuple[Claim, ...]) -> tuple[Any, Any]:
        table = {e.lhs: e.rhs for claim in inputs for e in claim.equations}
        return table[self.quantity], table[self.unknown]

    def apply(self, *inputs: Claim) -> Equation:
        f, g = self._pair(inputs)
        slope = sp.diff(g, self.variable) / (1 - sp.diff(g, self.unknown))
        total = self.sign * (sp.diff(f, self.variable) + sp.diff(f, self.unknown) * slope)
        return Equation(self.result, factored(total.xreplace(dict(self.at))))

    def check(self, case: Case) -> Verdict:
        """Solve the implicit equation at t +- h to 60 digits and take the central difference."""
        f, g = self._pair(case.inputs)
        at = dict(self.at)
        ctx = context(80)
        atoms = [a for x in (f, g) for a in free_atoms(x) if a != self.unknown and a not in at]
        for point in case.samples.points(atoms, case.given):
            centre = sp.S(at.get(self.variable, point.get(self.variable)))
            fixed = {k: v for k, v in {**point, **at}.items() if k != self.variable}
            root, slope = _difference(ctx, f.xreplace(fixed), g.xreplace(fixed), self.unknown, self.variable, centre)
            given = {**point, **at}
            stated = compiled(ctx, [self.unknown], case.output.rhs.xreplace(given))(root)
            if abs(self.sign * slope - stated) > ctx.mpf(10) ** -30 * (1 + abs(stated)):
                where = [(str(k), str(v)) for k, v in point.items()]
                return refuted(
                    "central difference", f"{ctx.nstr(self.sign * slope, 12)} against {ctx.nstr(stated, 12)}", where
                )
        return consistent("central difference of the solved equation", "3 points, 30 digits")


def _difference(ctx: Any, f: Any, g: Any, unknown: Any, variable: Any, centre: Any) -> tuple[Any, Any]:
    """The root at the centre and the central difference of f along the root."""
    residual = compiled(ctx, [unknown, variable], unknown - g)
    value = compiled(ctx, [unknown, variable], f)
    middle, step = number(ctx, centre), ctx.mpf(10) ** -20

    def along(t: Any) -> tuple[Any, Any]:
        root = ctx.findroot(lambda a: residual(a, t), ctx.mpf(1), tol=1e-140)
        return root, value(root, t)

    return along(middle)[0], (along(middle + step)[1] - along(middle - step)[1]) / (2 * step)


@dataclass(frozen=True)
class BulkTrace(Rule):
    """tr s^p F(C) -> sum_j w_j s_j^p F(s_j): a normalised trace sees the bulk law only, not finitely many spikes.

    Input: the eigenvalue F(s) as a claim in the variable s.
    """

    source: ClassVar[str] = "a finite number of eigenvalues has weight 0 in the limiting law"
    result: Any = None
    variable: Any = None
    power: int = 0
    bulk: tuple[tuple[Any, Any], ...] = ()

    def apply(self, *inputs: Claim) -> Equation:
        function = inputs[0].single
        terms = [w * (self.variable**self.power * function.rhs).xreplace({self.variable: s}) for w, s in self.bulk]
        return Equation(self.result, factored(sp.Add(*terms)), function.relation)

    def check(self, case: Case) -> Verdict:
        """The average over 10^40 eigenvalues, two of them spikes, exactly; it must agree to 10^-35."""
        function, size = case.inputs[0].rhs, sp.Integer(10) ** 40
        atoms = [a for a in free_atoms(function) if a != self.variable]
        for point in case.samples.points(atoms, case.given):
            value = [
                (function * self.variable**self.power).xreplace({self.variable: s}).xreplace(point) for s in (3, 7)
            ]
            bulk = [w * (function * s**self.power).xreplace({self.variable: s}).xreplace(point) for w, s in self.bulk]
            average = (sp.Add(*value) + (size - 2) * sp.Add(*bulk)) / size
            if abs(average - case.output.rhs.xreplace(point)) > sp.Rational(1, 10**35) * (1 + abs(average)):
                return refuted("explicit spectrum", "", [(str(k), str(v)) for k, v in point.items()])
        return consistent("explicit spectrum with two spikes", "3 points, 35 digits")
