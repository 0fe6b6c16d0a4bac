"""For the tests of other projects: equality of formulas with an honest verdict.

assert_equivalent("sin(x)**2", "1 - cos(x)**2", where=["x > 0"])
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp

from .equality import equal
from .errors import BadInput
from .quantity import POSITIVE, REAL, Domain, Notation, Quantity, Samples, free_atoms
from .reading import formula
from .verdict import Level, Verdict

Where = Mapping[Any, Any] | Iterable[Any] | None


class NotEquivalent(AssertionError):
    """Two formulas differ, or nothing could be decided; `verdict` carries the counterexample."""

    def __init__(self, message: str, verdict: Verdict):
        super().__init__(message)
        self.verdict = verdict


def equivalent(lhs: Any, rhs: Any, where: Where = None) -> Verdict:
    """The verdict on lhs = rhs: proved, consistent, undecided, or refuted with a counterexample point.

    lhs, rhs: SymPy expressions, or text in Python's grammar. where: conditions as SymPy relations or text such as
    "x > 1"; or a mapping from symbols to expressions to insert first. Symbols range over the reals, or over what
    their SymPy assumptions and the conditions allow.
    >>> equivalent("(x + 1)**2", "x**2 + 2*x + 1").level.value
    'proved'
    """
    left, right, given, inserted = _read(lhs, rhs, where)
    atoms = {a for e in (left, right, *given, *inserted.values()) for a in free_atoms(e)}
    notation = Notation(*(_declared(atom) for atom in sorted(atoms, key=sp.default_sort_key)))
    return equal(left, right, Samples(notation, f"equivalent/{left}/{right}"), given, inserted)


def assert_equivalent(lhs: Any, rhs: Any, where: Where = None, *, at_least: str = "consistent") -> Verdict:
    """Fail unless lhs = rhs is judged at least as strongly as `at_least` ("proved" or "consistent").

    The failure names the rational point at which the sides differ, with both values; an undecided comparison fails
    too, and says so. Returns the verdict.
    >>> assert_equivalent("sqrt(x**2 + 2*x + 1)", "x + 1", where=["x > 0"]).level.value
    'proved'
    """
    if at_least not in ("proved", "consistent"):
        raise BadInput(f"at_least={at_least!r}: choose proved or consistent")
    verdict = equivalent(lhs, rhs, where)
    if verdict.level.rank <= Level(at_least).rank:
        return verdict
    lines = [
        f"{lhs}  is not shown to equal  {rhs}",
        f"verdict: {verdict.level.value} ({verdict.method}: {verdict.evidence})",
    ]
    lines += [f"  at {name} = {value}" for name, value in verdict.counterexample]
    raise NotEquivalent("\n".join(lines), verdict)


def _read(lhs: Any, rhs: Any, where: Where) -> tuple[Any, Any, list[Any], dict[Any, Any]]:
    texts = [t for t in (lhs, rhs, *(where or ())) if isinstance(t, str)]
    given: list[Any] = []
    inserted: dict[Any, Any] = {}
    positive = {_left_name(t) for t in texts if t.replace(" ", "").endswith(">0")}
    known = {str(a): a for e in (lhs, rhs) if isinstance(e, sp.Basic) for a in free_atoms(e)}
    for name in {n for t in texts for n in _names(t)}:
        known.setdefault(name, sp.Symbol(name, positive=True) if name in positive else sp.Symbol(name, real=True))
    if isinstance(where, Mapping):
        inserted = {_expression(k, known): _expression(v, known) for k, v in where.items()}
    else:
        given = [_condition(c, known) for c in where or ()]
    given = [c for c in given if c != sp.true]
    return _expression(lhs, known), _expression(rhs, known), given, inserted


def _names(text: str) -> list[str]:
    """The names a formula or condition mentions; unreadable text is reported later, by the reader of formulas."""
    found = []
    for side in _sides(text):
        try:
            tree = ast.parse(side.replace("^", "**"), mode="eval")
        except SyntaxError:
            continue
        called = {n.func for n in ast.walk(tree) if isinstance(n, ast.Call)}
        found += [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and n not in called and n.id != "pi"]
    return found


def _sides(text: str) -> list[str]:
    for sign in (">=", "<=", "!=", "==", ">", "<"):
        if sign in text:
            return [s.strip() for s in text.split(sign, 1)]
    return [text.strip()]


def _left_name(text: str) -> str:
    return _sides(text)[0]


def _expression(value: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return formula(value, known)
    if isinstance(value, float):
        raise BadInput(f"{value!r} is a float; write an exact number")
    return sp.S(value)


def _condition(value: Any, known: Mapping[str, Any]) -> Any:
    if not isinstance(value, str):
        return value
    for sign, relation in ((">=", sp.Ge), ("<=", sp.Le), ("!=", sp.Ne), (">", sp.Gt), ("<", sp.Lt)):
        if sign in value:
            left, right = (formula(side, known) for side in value.split(sign, 1))
            return relation(left, right)
    raise BadInput(f"{value!r} is not a condition; write for example 'x > 1'")


def _declared(atom: Any) -> Quantity:
    base = atom.base.label if isinstance(atom, sp.Indexed) else atom
    domain: Domain = POSITIVE if atom.is_positive else REAL
    if atom.is_integer:
        domain = Domain(sp.Integer(1) if atom.is_positive else None, None, "[)", integer=True)
    elif atom.is_negative:
        domain = Domain(None, sp.Integer(0))
    elif atom.is_nonnegative and not atom.is_positive:
        domain = Domain(sp.Integer(0), None, "[)")
    return Quantity(str(base), "a symbol", domain=domain, kind="list" if isinstance(atom, sp.Indexed) else "scalar")
