"""Checks of a derivation: each step by its rule, homogeneity, known limits, witnesses; and mutation of the results."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sympy as sp

from . import balls
from .claim import Claim, Equation
from .derivation import Derivation, Limit, Witness
from .equality import equal, explicit_sums
from .errors import QuenchedError
from .exact import canonical
from .homogeneity import check_homogeneous
from .mutation import mutants
from .quantity import Samples, free_atoms
from .rule import Case, WordsRule
from .verdict import Level, Verdict, consistent, refuted, strongest, undecided


@dataclass(frozen=True)
class Finding:
    """One check that was run: on which label, by which name, what it found and how long it took."""

    label: str
    check: str
    verdict: Verdict
    seconds: float


@dataclass(frozen=True)
class Kill:
    """A mutant and the check that refused it; `by` is empty for a survivor."""

    label: str
    edit: str
    by: str


@dataclass
class Report:
    """Everything that was found about one derivation."""

    id: str
    findings: list[Finding] = field(default_factory=list)
    kills: list[Kill] = field(default_factory=list)

    def verdicts(self) -> dict[str, Verdict]:
        """label -> the standing of that step: a refutation if any check refutes, else its best evidence."""
        table: dict[str, list[Verdict]] = {}
        for finding in self.findings:
            if finding.check != "scaling" or finding.verdict.refuted:
                table.setdefault(finding.label, []).append(finding.verdict)
        return {label: strongest(found) for label, found in table.items()}

    @property
    def kill_rate(self) -> tuple[int, int]:
        return sum(1 for kill in self.kills if kill.by), len(self.kills)

    @property
    def exit_code(self) -> int:
        """1 if anything is refuted or a mutant survives, 3 if anything is undecided, else 0."""
        if any(f.verdict.refuted for f in self.findings) or any(not kill.by for kill in self.kills):
            return 1
        return 3 if any(v.level is Level.UNDECIDED for v in self.verdicts().values()) else 0


def check(derivation: Derivation, level: str = "fast", progress: Callable[[str], None] | None = None) -> Report:
    """Run every check of a derivation; at level "full" also the slow ones and the mutation of every result."""
    report = Report(derivation.id)
    for finding in findings(derivation, level):
        report.findings.append(finding)
        if progress is not None:
            progress(f"{finding.label}: {finding.check}")
    if level == "full":
        for label in targets(derivation):
            report.kills.extend(mutate(derivation, label))
            if progress is not None:
                progress(f"{label}: mutation")
    return report


def targets(derivation: Derivation) -> list[str]:
    """The labels that are mutated: every derived step whose right-hand sides are scalars or sums of matrix words."""
    return [s.label for s in derivation if s.rule is not None and (isinstance(s.rule, WordsRule) or _scalar(s.claim))]


def _scalar(claim: Claim) -> bool:
    return any(not isinstance(e.rhs, sp.MatrixExpr) for e in claim.equations)


def findings(derivation: Derivation, level: str) -> Iterator[Finding]:
    """All checks in the order of the steps."""
    for label in derivation.steps:
        yield from step_findings(derivation, label, level)
    for witness in derivation.witnesses:
        if level == "full" or witness.level == "fast":
            started = time.perf_counter()
            verdict = _judged(witness, {}, derivation)
            yield from (
                Finding(label, witness.name, verdict, time.perf_counter() - started) for label in witness.labels
            )


def planned(derivation: Derivation, level: str) -> Iterator[tuple[str, str, Callable[[], Verdict | None]]]:
    """(label, name of the check, the check as a call) for every check of a derivation, without running any."""
    for label in derivation.steps:
        for name, judge in _own_checks(derivation, label, level):
            yield label, name, partial(judge, derivation.claim(label))
    for witness in derivation.witnesses:
        if level == "full" or witness.level == "fast":
            yield witness.labels[0], witness.name, partial(_judged, witness, {}, derivation)


def step_findings(derivation: Derivation, label: str, level: str) -> Iterator[Finding]:
    """The checks that belong to one step: its rule's, homogeneity and known limits."""
    for name, judge in _own_checks(derivation, label, level):
        started = time.perf_counter()
        verdict = judge(derivation.claim(label))
        if verdict is not None:
            yield Finding(label, name, verdict, time.perf_counter() - started)


def _own_checks(derivation: Derivation, label: str, level: str) -> Iterator[tuple[str, Callable[[Claim], Any]]]:
    step = derivation.step(label)
    yield "scaling", lambda claim: check_homogeneous(claim, derivation.notation)
    rule = step.rule
    if rule is not None:
        inputs = tuple(derivation.claim(name) for name in step.inputs)

        def by_rule(claim: Claim) -> Verdict:
            case = Case(inputs, claim, derivation.samples(label), level)
            try:
                return rule.check(case)
            except QuenchedError as error:
                return undecided(rule.name, str(error))
            except Exception as error:
                # A checker that breaks down has decided nothing; the report shows what happened.
                return undecided(rule.name, f"the check raised {type(error).__name__}: {error}")

        yield rule.name, by_rule
    for limit in derivation.limits:
        if limit.label == label:
            yield limit.name, lambda claim, limit=limit: check_limit(limit, claim, derivation.samples(limit.name))


def check_limit(limit: Limit, claim: Claim, samples: Samples) -> Verdict:
    """Approach the limit along 10^-12, 10^-24 and demand that the distance shrinks to below 10^-5 of the size."""
    rhs = explicit_sums(claim.rhs, 2)
    expected = explicit_sums(limit.expected, 2)
    outer = [a for a in {*free_atoms(rhs), *free_atoms(expected)} if a not in limit.at]
    point = samples.point(outer, limit.given)
    gaps = []
    for steps in (12, 24):
        epsilon = sp.Rational(1, 10**steps)
        near = {atom: 1 / epsilon if to is sp.oo else to + epsilon for atom, to in limit.at.items()}
        with balls.working(600):
            value = balls.enclose(rhs, {**point, **near}, 600)
            aim = balls.enclose(expected, {**point, **near}, 600)
            gap, size = abs(value - aim), abs(aim) + 1
            if not gap.is_finite():
                return undecided("limit", f"no finite enclosure near {limit.name}")
            gaps.append(gap / size)
    if gaps[-1] < 1e-8 and gaps[0] < 1e-3:
        return consistent("limit", f"distance {gaps[-1].str(3, radius=False)} at 10^-24")
    return refuted(
        "limit", f"distance {gaps[-1].str(3, radius=False)} at 10^-24", [(str(k), str(v)) for k, v in point.items()]
    )


def _judged(witness: Witness, override: Mapping[str, Claim], derivation: Derivation) -> Verdict:
    claims = {label: override.get(label, derivation.claim(label)) for label in derivation.steps}
    try:
        return witness.judge(claims, derivation.samples(witness.name))
    except Exception as error:
        return undecided(witness.name, f"the check raised {type(error).__name__}: {error}")


def mutate(derivation: Derivation, label: str) -> Iterator[Kill]:
    """Every single edit of a claim, with the check that refused it (the true claim passes, the edit does not).

    Edits that leave the value unchanged on the whole domain are no mutants and are left out.
    """
    original, rule = derivation.claim(label), derivation.step(label).rule
    matrices = isinstance(rule, WordsRule) and any(isinstance(e.rhs, sp.MatrixExpr) for e in original.equations)
    for mutant in mutants(original, derivation.notation, rule):
        killer = _killer(derivation, label, mutant.claim)
        if killer is None and not matrices and _same(original, mutant.claim, derivation.samples(f"{label}/mutant")):
            continue
        yield Kill(label, mutant.edit, killer or "")


def _killer(derivation: Derivation, label: str, claim: Claim) -> str | None:
    for name, judge in _own_checks(derivation, label, "fast"):
        verdict = judge(claim)
        if verdict is not None and not verdict.positive:
            return name
    for witness in derivation.witnesses:
        if label in witness.labels and witness.level == "fast":
            verdict = _judged(witness, {label: claim}, derivation)
            if not verdict.positive:
                return witness.name
    return None


def _same(original: Claim, edited: Claim, samples: Samples) -> bool:
    """Whether an edit left the value unchanged on the whole domain (then it is no mutant)."""
    pairs = zip(original.equations, edited.equations)
    return all(
        a == b or equal(a.difference, b.difference, samples, original.given).positive or _proportional(a, b)
        for a, b in pairs
    )


def _proportional(a: Equation, b: Equation) -> bool:
    """P = 0 and c P = 0 are the same equation for a number c."""
    if a.rhs != 0 or b.rhs != 0:
        return False
    ratio = canonical(b.lhs / a.lhs)
    return ratio.is_number and ratio != 0
