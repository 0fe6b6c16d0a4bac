"""What the passes of one derivation share: the declaration, the derivation so far, its symbols and its results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from ...derivation import Derivation
from ...errors import BadInput, OutsideDomain
from ...quantity import NONNEGATIVE, POSITIVE, POSITIVE_INTEGER, REAL, Domain, Quantity
from ...rule import Rule
from ...system import Model, Parameter, Result, System, Unknown
from ..declaration import Declaration


@dataclass
class Work:
    """The derivation under construction; passes declare quantities, add steps and state results.

    letters: what the derivation's own letters stand for in the user's, inserted when values are computed;
    levels: (eigenvalue, fraction, overlaps) of each level of a covariance.
    """

    model: Declaration
    D: Derivation
    parameters: list[Parameter] = field(default_factory=list)
    results: dict[str, tuple[Result, Any]] = field(default_factory=dict)
    letters: list[tuple[Any, Any]] = field(default_factory=list)
    levels: tuple[tuple[Any, Any, Any], ...] = ()
    named: dict[str, Any] = field(default_factory=dict)
    case: Callable[[Mapping[str, Any]], str] = lambda point: "one"
    solve: Callable[[str], dict[str, Any]] = lambda case: {}

    def declare(self, *quantities: Quantity) -> list[Any]:
        """Symbols of new quantities; a name that the user took for a parameter is refused."""
        for quantity in quantities:
            if quantity.name in self.D.notation and self.D.notation[quantity.name] != quantity:
                raise BadInput(
                    f"the name {quantity.name} is used by the derivation ({quantity.meaning}); choose another"
                )
        return [self.D.notation.declare(q) for q in quantities]

    def parameter(self, symbol: Any, meaning: str = "parameter of the model") -> None:
        """An input of `evaluate`: a symbol of the user's."""
        if not symbol.is_real:
            raise BadInput(
                f"the parameter {symbol} must be declared: Symbol({symbol.name!r}, positive=True) or real=True"
            )
        quantity = Quantity(symbol.name, meaning, sp.latex(sp.Symbol(symbol.name)), _domain(symbol), "parameter")
        if self.declare(quantity) != [symbol]:
            raise BadInput(f"the parameter {symbol}: only real, nonnegative, positive and integer are understood")
        self.parameters.append(Parameter(quantity))

    def letter(self, quantity: Quantity, expr: Any, *, always: bool = False) -> Any:
        """A symbol for an expression of the user's: the user's own or a number, else a letter that stands for it."""
        if isinstance(expr, sp.Symbol) or (sp.S(expr).is_Rational and not always):
            self.named[quantity.name] = expr
            return expr
        (symbol,) = self.declare(quantity)
        self.letters.append((symbol, expr))
        self.named[quantity.name] = symbol
        return symbol

    def symbols(self, names: str) -> list[Any]:
        return self.D.notation.symbols(names)

    def derive(self, rule: Rule, *inputs: str, label: str, prose: str) -> None:
        self.D.derive(rule, *inputs, label=label, prose=prose)

    def result(self, name: str, label: str, meaning: str, expr: Any = None, also: tuple[str, ...] = ()) -> None:
        """State a result of `evaluate`: the right-hand side of a claim, or a symbol that the system solves for.

        also: labels of claims that the evaluation inserts.
        """
        self.results[name] = (
            Result(name, label, meaning, also=also),
            self.D.claim(label).rhs if expr is None else expr,
        )

    def finish(self, example: Mapping[str, str]) -> None:
        """Attach the Model: everything that passes stated becomes an input or an output of `evaluate`."""
        observables = {name: expr for name, (_, expr) in self.results.items()}

        def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
            parts, table = dict(self.solve(name)), dict(self.letters)
            tables = (parts.pop("inserted", {}), parts.pop("fixed", {}), table)

            def own(expr: Any) -> Any:
                for one in tables if expr is not None else ():
                    expr = sp.S(expr).xreplace(one)
                return expr

            unknowns = parts.pop("unknowns", ())
            return System(
                observables={k: own(observables[k]) for k in wanted},
                unknowns=tuple(Unknown(u.symbol, own(u.low), own(u.high), own(u.start)) for u in unknowns),
                equations=tuple(own(e) for e in parts.pop("equations", ())),
                definitions=tuple((symbol, own(e)) for symbol, e in parts.pop("definitions", ())),
                **parts,
            )

        names = {p.name for p in self.parameters}
        at = {name: example.get(name, default) for name, default in self._defaults().items() if name in names}
        self.D.model = Model(
            parameters=tuple(self.parameters),
            results=tuple(result for result, _ in self.results.values()),
            case=self.case,
            system=system,
            example=at,
        )

    def _defaults(self) -> dict[str, str]:
        primes = ("1/2", "2/3", "3/5", "5/7", "7/11", "11/13")
        return {p.name: "2" if p.quantity.domain.integer else primes[k % 6] for k, p in enumerate(self.parameters)}


def at_point(expr: Any, symbols: Mapping[str, Any], point: Mapping[str, Any]) -> Any:
    """The value of a parameter expression at a point of exact numbers or floats (for the choice of a case)."""
    value = sp.S(expr).xreplace({symbols[name]: sp.S(v) for name, v in point.items() if name in symbols})
    if value.free_symbols:
        raise OutsideDomain(f"the point does not give {', '.join(sorted(map(str, value.free_symbols)))}")
    return value


def _domain(symbol: Any) -> Domain:
    if symbol.is_integer and symbol.is_positive:
        return POSITIVE_INTEGER
    if symbol.is_positive:
        return POSITIVE
    return NONNEGATIVE if symbol.is_nonnegative else REAL


def indices() -> tuple[Quantity, ...]:
    """Size, replicas and their indices: what every replicated system has."""
    return (
        Quantity("N", "number of weights", "N", POSITIVE_INTEGER, "dimension"),
        Quantity("n", "number of replicas", "n", POSITIVE, "dimension"),
        Quantity("a", "index of a replica", "a", POSITIVE_INTEGER),
        Quantity("b", "index of a replica", "b", POSITIVE_INTEGER),
    )
