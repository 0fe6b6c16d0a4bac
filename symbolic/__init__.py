"""What is true, and why: quantities, claims, rules, verdicts, derivations.

Quantity, Notation, Equation, Claim, Assumption        what is stated
Rule, Case, then, first, until_stable                  how it follows
Verdict, Level                                         how it stands
Derivation, Step, Limit, Witness                       the graph of steps
System, Unknown, Parameter, Result, Model, Certified   what can be evaluated
equivalent, assert_equivalent                          for tests
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if __name__ != "quenched.symbolic":
    raise ImportError("this folder is the package quenched.symbolic: install the project and import it under that name")

if TYPE_CHECKING:
    from .claim import Assumption as Assumption
    from .claim import Claim as Claim
    from .claim import Equation as Equation
    from .combinators import first as first
    from .combinators import then as then
    from .combinators import until_stable as until_stable
    from .derivation import Derivation as Derivation
    from .derivation import Limit as Limit
    from .derivation import Step as Step
    from .derivation import Witness as Witness
    from .quantity import Notation as Notation
    from .quantity import Quantity as Quantity
    from .rule import Case as Case
    from .rule import Rule as Rule
    from .system import Model as Model
    from .system import Parameter as Parameter
    from .system import Result as Result
    from .system import System as System
    from .system import Unknown as Unknown
    from .testing import assert_equivalent as assert_equivalent
    from .testing import equivalent as equivalent
    from .values import Certified as Certified
    from .verdict import Level as Level
    from .verdict import Verdict as Verdict

# Names are loaded when they are used: the command line shows its help without SymPy.
_HOME = {
    "claim": ("Assumption", "Claim", "Equation"),
    "combinators": ("first", "then", "until_stable"),
    "derivation": ("Derivation", "Limit", "Step", "Witness"),
    "quantity": ("Notation", "Quantity"),
    "rule": ("Case", "Rule"),
    "system": ("Model", "Parameter", "Result", "System", "Unknown"),
    "testing": ("assert_equivalent", "equivalent"),
    "values": ("Certified",),
    "verdict": ("Level", "Verdict"),
}
_MODULE = {name: module for module, names in _HOME.items() for name in names}
__all__ = sorted(_MODULE)


def __getattr__(name: str) -> Any:
    if name not in _MODULE:
        raise AttributeError(f"module {__name__} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULE[name]}", __name__), name)
