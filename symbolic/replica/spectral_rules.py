"""Rules under a spectral mean: linear rules act on the integrand, identities hold for every law, laws are inserted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Assumption, Claim, Equation
from ..equality import equal, explicit_sums
from ..errors import NotDerivable
from ..exact import factored
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..rules.algebra import ALGEBRA, sequential
from ..verdict import Verdict, consistent, proved, refuted, undecided
from .insertion import SolveFor
from .sampling import sample, shown
from .spectral_mean import SpectralMean, closed, normal_form, opened, parts, spectral_means

_BITS = 320
_DIMENSION = sp.Integer(10) ** 60


@dataclass(frozen=True)
class UnderSpectrum(Rule):
    """T linear  ->  T(c + sum_k c_k <f_k>) = T(c) + sum_k <T(c_k f_k)>: a linear rule acts on every integrand.

    `rule` is a rule that acts linearly on right-hand sides: a derivative, a limit in a parameter. Exchange of the
    limit with the mean needs a law of bounded support, which a covariance of bounded norm has.
    """

    source: ClassVar[str] = "linearity; dominated convergence on a bounded spectrum"
    rule: Any = None

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return self.rule.assumptions(*inputs)

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return self.rule.given(*inputs)

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        constant, means = parts(target.rhs)
        found = self._on(constant, *inputs)
        total = found.rhs
        for factor, mean in means:
            total += closed(self._on(factor * mean.body, *inputs).rhs, mean.letters)
        return Equation(found.lhs, total, found.relation)

    def _on(self, body: Any, *inputs: Claim) -> Equation:
        # Terms first: a power of the parameter in front of a bracket must meet those inside before a limit is taken.
        terms = sp.expand_mul(body, deep=False)
        piece = inputs[0].with_equations([replace(inputs[0].single, rhs=terms)])
        return self.rule.apply(piece, *inputs[1:])

    def check(self, case: Case) -> Verdict:
        """The rule's own check, on the integrands: there the letters of the law are ordinary variables."""
        first = _opened(case.inputs[0])
        return self.rule.check(replace(case, inputs=(first, *case.inputs[1:]), output=_opened(case.output)))


def _opened(claim: Claim) -> Claim:
    return claim.with_equations([replace(e, rhs=opened(e.rhs)) for e in claim.equations])


@dataclass(frozen=True)
class SpectralRestate(Rule):
    """f = g for every spectral law, hence x = f  ->  x = g: accepted with a proof by partial fractions in s.

    Further inputs are inserted on both sides first, one after another.
    """

    source: ClassVar[str] = "linearity of the mean; partial fractions in the eigenvalue"
    form: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        if _difference(self.form, target.rhs, inputs[1:]) != 0:
            raise NotDerivable(f"the form {sp.sstr(self.form)[:160]} was not proved equal to the computed claim")
        return Equation(target.lhs, self.form, target.relation)

    def check(self, case: Case) -> Verdict:
        """Balls on a generic law of three levels refute; the normal form proves."""
        before, after = (sequential(case.inputs[1:], c.rhs) for c in (case.inputs[0], case.output))
        verdict = equal(before, after, case.samples, case.given)
        if verdict.positive and _difference(before, after, ()) == 0:
            return proved("partial fractions", "the difference vanishes for every law; balls agree on a generic one")
        return verdict


def _difference(left: Any, right: Any, claims: tuple[Claim, ...]) -> Any:
    return normal_form(sequential(claims, sp.S(left)) - sequential(claims, sp.S(right)))


@dataclass(frozen=True)
class SpectralSolve(SolveFor):
    """a x + b = 0  ->  x = -b/a, where a and b contain spectral means, which stay as they are."""

    source: ClassVar[str] = ALGEBRA

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        names = {m: sp.Dummy(real=True) for side in (target.lhs, target.rhs) for m in spectral_means(side)}
        if any(m.has(self.unknown) for m in names):
            raise NotDerivable(f"{self.unknown} stands inside a spectral mean")
        flat = Equation(target.lhs.xreplace(names), target.rhs.xreplace(names), target.relation)
        found = super().apply(inputs[0].with_equations([flat]))
        return Equation(found.lhs, found.rhs.xreplace({v: k for k, v in names.items()}))


@dataclass(frozen=True)
class Levels:
    """One kind of direction, or one for every value of `index`: where it lies, its share and its total weight.

    value: the eigenvalue; share: of all directions (0 for finitely many directions in a large dimension);
    weight: what these directions contribute to <p>.
    """

    value: Any
    share: Any
    weight: Any
    index: Any = None
    count: Any = None

    def total(self, term: Any) -> Any:
        """The sum over the kinds when the term depends on the index."""
        if self.index is None or term == 0:
            return term
        return sp.Sum(term, (self.index, 1, self.count))


@dataclass(frozen=True)
class SpectralInstance(Rule):
    """<f0(s) + p f1(s)>  ->  sum_j share_j f0(s_j) + weight_j f1(s_j): a law with finitely many levels."""

    source: ClassVar[str] = "definition of the spectral law"
    levels: tuple[Levels, ...] = ()
    letters: tuple[Any, ...] = ()

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        table = {m: self._over(m) for e in inputs[0].equations for m in spectral_means(e.rhs)}
        if not table:
            raise NotDerivable("there is no spectral mean in the claim")
        return tuple(Equation(e.lhs, e.rhs.xreplace(table), e.relation) for e in inputs[0].equations)

    def _over(self, mean: SpectralMean) -> Any:
        s, p = self.letters
        slope = sp.diff(mean.body, p)
        if mean.letters != self.letters or slope.has(p):
            raise NotDerivable(f"the integrand {sp.sstr(mean.body)[:80]} is not linear in {p}")
        trace, total = mean.body.xreplace({p: sp.Integer(0)}), sp.Integer(0)
        for level in self.levels:
            at = {s: level.value}
            inside = level.share * trace.xreplace(at) + level.weight * slope.xreplace(at)
            total += level.total(_written(inside))
        return total

    def check(self, case: Case) -> Verdict:
        """An explicit spectrum in a dimension of 60 digits: multiplicities, a weight per direction, sums in balls."""
        for k in range(3):
            verdict = self._explicit(case, k)
            if not verdict.positive:
                return verdict
        return consistent("explicit spectra", "3 spectra with 2 and 3 levels per kind, dimension 10^60, 40 digits")

    def _explicit(self, case: Case, k: int) -> Verdict:
        count = 2 + k % 2
        kinds = self._kinds(count)
        sides = [explicit_sums(e.rhs, count) for e in case.output.equations]
        bodies = [e.rhs for e in case.inputs[0].equations]
        atoms = {a for e in [*sides, *(x for kind in kinds for x in kind)] for a in free_atoms(e)}
        atoms |= {a for body in bodies for a in free_atoms(body)}
        point = sample(case, sorted(atoms, key=sp.default_sort_key), case.given, k)
        numbers = [tuple(sp.S(x).xreplace(point) for x in kind) for kind in kinds]
        for body, stated in zip(bodies, sides):
            table = {m: self._counted(m, numbers, point) for m in spectral_means(body)}
            gap = balls.enclose(body.xreplace(table) - stated, point, _BITS)
            with balls.working(_BITS):
                if not gap.is_finite():
                    return undecided("explicit spectra", "no finite enclosure")
                if not abs(gap) < 1e-40:
                    return refuted("explicit spectra", f"the sides differ by {gap.str(5)}", shown(point))
        return consistent("explicit spectra")

    def _kinds(self, count: int) -> list[tuple[Any, Any, Any]]:
        """(value, share, weight) of every level, lists written out."""
        found = []
        for level in self.levels:
            for j in range(1, (count if level.index is not None else 1) + 1):
                at = {level.index: sp.Integer(j)} if level.index is not None else {}
                found.append(tuple(sp.S(x).xreplace(at) for x in (level.value, level.share, level.weight)))
        return found

    def _counted(self, mean: SpectralMean, kinds: list[tuple[Any, Any, Any]], point: Any) -> Any:
        """(1/d) sum over directions of f(s_i, p_i); a level without share is one direction."""
        total = sp.Integer(0)
        # A level may lie at a free value that is named like the bound letter.
        body = mean.body.xreplace({k: v for k, v in point.items() if k not in mean.letters})
        for value, share, weight in kinds:
            number = share * _DIMENSION if share != 0 else sp.Integer(1)
            at = dict(zip(self.letters, (value, weight * _DIMENSION / number)))
            total += number / _DIMENSION * body.xreplace(at)
        return total


def _written(expr: Any) -> Any:
    """Fractions reduced one by one; the levels stay apart from one another."""
    return sp.Add(*(factored(term) for term in sp.Add.make_args(expr)))
