"""What a document shows, as plain records of strings: the same for every format, made once.

Formulas are LaTeX of the dialect; prose is a list of parts. Nothing computes here and nothing is rounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from ..symbolic.claim import Assumption
from ..symbolic.derivation import Derivation, Step
from ..symbolic.errors import BadInput, QuenchedError
from ..symbolic.quantity import Domain, atom_name
from ..symbolic.values import Certified
from ..symbolic.verdict import Verdict
from .auxiliary import AuxiliaryNames
from .display import set_equations
from .errors import RenderError
from .notation_file import Renaming
from .printer import FormulaPrinter
from .prose import Part, parts

_ACTIVE_SVG = re.compile(r"<\s*(?:script|foreignObject|iframe)|\son[a-z]+\s*=|javascript:", re.IGNORECASE)
LEGEND = (
    "A statement is as strong as its weakest step: proved by exact algebra or finite enumeration; certified by ball "
    "arithmetic; consistent at random rational points to the digits recorded; supported by finite-size draws."
)


@dataclass(frozen=True)
class Shown:
    """One step: number, label, display, status and provenance. `definitions` introduces auxiliary names, if any."""

    number: int
    label: str
    kind: str
    prose: list[Part]
    display: str
    definitions: str
    conditions: list[str]
    equations: list[tuple[str, str, str]]
    plain: list[str]
    rule: str
    statement: str
    source: str
    inputs: list[int]
    input_labels: list[str]
    level: str
    mark: str
    evidence: list[tuple[str, str, str]]
    assumptions: list[str]


@dataclass(frozen=True)
class Section:
    title: str
    steps: list[Shown]


@dataclass(frozen=True)
class AssumptionShown:
    mark: str
    id: str
    statement: str
    reason: str
    source: str


@dataclass(frozen=True)
class Number:
    """One row of the table of certified numbers: the result (with its entry, for a vector) and its equation."""

    result: str
    equation: int
    value: str
    radius: str
    digits: int


@dataclass(frozen=True)
class NumberTable:
    """Certified numbers at one point, the point as LaTeX."""

    point: list[str]
    plain_point: str
    rows: list[Number]


@dataclass(frozen=True)
class Figure:
    """A picture: its PDF for TeX (under the name `file`), inline SVG for the page, a caption and a label.

    Raises BadInput for a label or file name that is more than letters, digits, `_`, `-`, `.`, and for an SVG that
    carries scripts.
    """

    label: str
    caption: str
    file: str = ""
    svg: str = ""
    pdf: bytes = b""

    def __post_init__(self) -> None:
        for what, name in (("label", self.label), ("file name", self.file)):
            if not re.fullmatch(r"[A-Za-z0-9_.-]*", name):
                raise BadInput(f"the {what} of a figure may have letters, digits, _, - and . only: {name!r}")
        active = _ACTIVE_SVG.search(self.svg)
        if active is not None:
            raise BadInput(f"the SVG of figure {self.label} carries active content ({active.group(0).strip()!r})")


@dataclass(frozen=True)
class Document:
    """Everything a template may use."""

    id: str
    title: str
    abstract: list[Part]
    sections: list[Section]
    assumptions: list[AssumptionShown]
    conclusions: list[tuple[str, str, list[int], str, list[str]]]
    falsifier: str
    glossary: list[tuple[str, str, str]]
    numbers: list[NumberTable]
    sources: list[str]
    rule_sources: list[str]
    columns: int
    labels: Mapping[str, int] = field(default_factory=dict)
    figures: Sequence[Figure] = ()


@dataclass(frozen=True)
class Evidence:
    """What was found about the steps: verdict by label, and every check as (label, check, verdict)."""

    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    checks: Sequence[tuple[str, str, Verdict]] = ()


NumbersAt = tuple[Mapping[str, str], Sequence[tuple[str, str, Sequence[Certified]]]]
COLUMN_WIDTH = {1: 345.0, 2: 240.0}


def document(
    derivation: Derivation,
    evidence: Evidence,
    numbers: Iterable[NumbersAt] = (),
    renaming: Renaming | None = None,
    columns: int = 1,
    figures: Sequence[Figure] = (),
) -> Document:
    """The record of a derivation, its displays broken for one or two columns.

    numbers: (point, [(result name, label of its claim, certified values)]). Raises RenderError naming the step.
    """
    return _Maker(derivation, evidence, renaming or Renaming(), columns).make(numbers, figures)


class _Maker:
    def __init__(self, derivation: Derivation, evidence: Evidence, renaming: Renaming, columns: int):
        self.derivation, self.evidence, self.columns = derivation, evidence, columns
        self.printer = FormulaPrinter(derivation.notation, renaming.symbols, renaming.macros)
        self.names = AuxiliaryNames(self.printer)
        self.numbers = {step.label: n for n, step in enumerate(derivation, start=1)}
        # The same assumption with two reasons, as when a second calculation is recalled, has two marks.
        self.marks = {a: f"A{n}" for n, a in enumerate(derivation.assumptions(), start=1)}

    def make(self, numbers: Iterable[NumbersAt], figures: Sequence[Figure]) -> Document:
        D = self.derivation
        return Document(
            id=D.id,
            title=D.title,
            abstract=self.prose(D.abstract, f"{D.id}, abstract"),
            sections=self.sections(),
            assumptions=[self.assumption(a) for a in D.assumptions()],
            conclusions=self.conclusions(),
            falsifier=D.falsifier,
            glossary=self.glossary(),
            numbers=[self.table(point, rows) for point, rows in numbers],
            sources=list(D.sources),
            rule_sources=sorted({s.rule.source for s in D if s.rule is not None}),
            columns=self.columns,
            labels=self.numbers,
            figures=figures,
        )

    def prose(self, text: str, where: str) -> list[Part]:
        return parts(text, where, self.numbers)

    def sections(self) -> list[Section]:
        grouped: dict[str, list[Shown]] = {}
        for step in self.derivation:
            grouped.setdefault(step.section, []).append(self.step(step))
        return [Section(title, steps) for title, steps in grouped.items()]

    def step(self, step: Step) -> Shown:
        where = f"{self.derivation.id}, step {step.label!r}"
        try:
            display = set_equations(step.claim.equations, self.printer, COLUMN_WIDTH[self.columns], self.names)
            equations = [self.printer.equation(e) for e in step.claim.equations]
            # A condition is shown where it enters; what follows inherits it.
            inherited = {c for name in step.inputs for c in self.derivation.claim(name).given}
            conditions = [self.printer.doprint(c) for c in step.claim.given if c not in inherited]
        except QuenchedError as error:
            raise RenderError(f"{where}: {error}") from None
        verdict = self.evidence.verdicts.get(step.label)
        level = verdict.level.value if verdict is not None and step.kind == "derived" else step.kind
        if step.kind == "derived" and verdict is None:
            level = "unchecked"
        return Shown(
            number=self.numbers[step.label],
            label=step.label,
            kind=step.kind,
            prose=self.prose(step.prose, where),
            display=display.main.latex,
            definitions=display.definitions.latex if display.definitions else "",
            conditions=conditions,
            equations=equations,
            plain=[str(e) for e in step.claim.equations],
            rule=step.rule.name if step.rule else "",
            statement=step.rule.statement if step.rule else "",
            source=step.rule.source if step.rule else "",
            inputs=[self.numbers[name] for name in dict.fromkeys(step.inputs)],
            input_labels=list(dict.fromkeys(step.inputs)),
            level=level,
            mark=self.mark(level, step.assumptions),
            evidence=[
                (name, v.level.value, _told(v)) for label, name, v in self.evidence.checks if label == step.label
            ],
            assumptions=[self.marks[a] for a in step.assumptions],
        )

    def mark(self, level: str, assumptions: Sequence[Assumption]) -> str:
        """The word in the margin: the standing of the step, with the assumptions that enter there."""
        entering = ", ".join(self.marks[a] for a in assumptions)
        if level == "definition":
            return "definition"
        if level == "assumed":
            return f"assumed {entering}"
        return f"{level}, {entering}" if entering else level

    def assumption(self, a: Assumption) -> AssumptionShown:
        return AssumptionShown(self.marks[a], a.id, a.statement, a.reason, a.source)

    def conclusions(self) -> list[tuple[str, str, list[int], str, list[str]]]:
        """(result, meaning, [equation number], status in words, marks of the assumptions) for every result."""
        model = self.derivation.model
        found = []
        for result in model.results if model is not None else ():
            status = self.derivation.standing(result.name, self.evidence.verdicts)
            marks = [self.marks[a] for a in status.assumptions]
            found.append((result.name, result.meaning, [self.numbers[result.label]], status.level.value, marks))
        return found

    def glossary(self) -> list[tuple[str, str, str]]:
        """(LaTeX, meaning, domain as LaTeX or nothing) of every quantity that occurs, in the order of the table."""
        used = {
            atom for step in self.derivation for e in step.claim.equations for atom in _names(e.lhs) | _names(e.rhs)
        }
        rows = []
        for quantity in self.derivation.notation:
            if quantity.name in used:
                domain = _domain(quantity.domain) if quantity.kind in ("scalar", "list") else ""
                latex = self.printer.name(quantity.name) or quantity.name
                rows.append((latex, quantity.meaning, domain))
        return rows

    def table(self, point: Mapping[str, str], rows: Sequence[tuple[str, str, Sequence[Certified]]]) -> NumberTable:
        shown = []
        for name, label, values in rows:
            for index, value in enumerate(values, start=1):
                text = value.word if value.value is None else value.value
                entry = f"{name}[{index}]" if len(values) > 1 else name
                shown.append(Number(entry, self.numbers[label], text, value.radius or "", value.digits))
        at = [f"{self.printer.name(name) or name} = {_value(value)}" for name, value in point.items()]
        return NumberTable(at, ", ".join(f"{k} = {v}" for k, v in point.items()), shown)


def _domain(domain: Domain) -> str:
    """A domain as LaTeX, empty for the whole line."""
    if domain.low is None and domain.high is None:
        return ""
    low = r"-\infty" if domain.low is None else sp.latex(domain.low)
    high = r"\infty" if domain.high is None else sp.latex(domain.high)
    left = "(" if domain.low is None else domain.closed[0]
    right = ")" if domain.high is None else domain.closed[1]
    return rf"{low}, \ldots" if domain.integer else rf"\in {left}{low}, {high}{right}"


def _value(text: str) -> str:
    if ";" in text or "," in text:
        return "(" + ", ".join(_value(entry) for entry in text.replace(";", ",").split(",")) + ")"
    top, slash, bottom = text.strip().partition("/")
    return rf"\tfrac{{{top}}}{{{bottom}}}" if slash else top


def _told(verdict: Verdict) -> str:
    text = f"{verdict.method}: {verdict.evidence}" if verdict.evidence else verdict.method
    at = ", ".join(f"{k} = {v}" for k, v in verdict.counterexample)
    return f"{text} (at {at})" if at else text


def _names(expr: Any) -> set[str]:
    kinds = (sp.Symbol, sp.Indexed, sp.MatrixSymbol, AppliedUndef)
    return {atom_name(atom) for atom in expr.atoms(*kinds)}
