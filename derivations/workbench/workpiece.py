"""What `load` returns: one derivation with everything that can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from ...numeric.evaluate import evaluate as evaluate_model
from ...numeric.function import function as function_of_model
from ...symbolic.checking import Report
from ...symbolic.claim import Claim
from ...symbolic.derivation import Derivation, Status
from ...symbolic.errors import BadInput, UnknownName
from ...symbolic.system import Model
from ...symbolic.values import Certified
from .evidence import check
from .rendering import rendered


class Workpiece:
    """A derivation as a user meets it: `id`, `results`, `claim`, `check`, `evaluate`, `function`, `render`."""

    def __init__(self, derivation: Derivation):
        self.derivation = derivation

    def __repr__(self) -> str:
        return (
            f"<derivation {self.id}: {len(self.derivation.steps)} steps, results {', '.join(self.results) or 'none'}>"
        )

    @property
    def id(self) -> str:
        return self.derivation.id

    @property
    def model(self) -> Model:
        """How results are evaluated. Raises BadInput for a derivation that only states equations."""
        if self.derivation.model is None:
            raise BadInput(f"{self.id} states no evaluable results; see its claims with `quenched show {self.id}`")
        return self.derivation.model

    @property
    def results(self) -> tuple[str, ...]:
        """The names that `evaluate` and `function` understand."""
        return tuple(r.name for r in self.derivation.model.results) if self.derivation.model else ()

    def claim(self, label: str) -> Claim:
        """The claim under a label, or the one that states a result."""
        if label in self.results:
            label = self.model.result(label).label
        if label not in self.derivation.steps:
            raise UnknownName(f"label of {self.id}", label, [*self.derivation.steps, *self.results])
        return self.derivation.claim(label)

    def check(self, level: str = "fast", progress: Callable[[str], None] | None = None) -> Report:
        """Run the checks; "full" adds slow witnesses, simulation and the mutation of every derived claim."""
        return check(self.derivation, level, progress)

    @cached_property
    def report(self) -> Report:
        """The fast checks, run once."""
        return self.check("fast")

    def status(self, result: str) -> Status:
        """The standing of a result or label: weakest ancestor and inherited assumptions."""
        if result in self.results:
            return self.derivation.standing(result, self.report.verdicts())
        return self.derivation.status(self.claim(result).label, self.report.verdicts())

    def evaluate(self, result: str, at: Mapping[str, Any], digits: int = 15) -> Certified | list[Certified]:
        """A result at an exact point, certified to `digits` significant digits (a list for a vector result).

        >>> from quenched.derivations import load
        >>> load("marchenko_pastur").evaluate("edges", {"gamma": "1/4"}, digits=5)[1].value
        '2.2500'
        """
        return evaluate_model(self.model, result, at, digits)

    def function(self, result: str) -> Callable[..., Any]:
        """A vectorised NumPy function of the same parameters, accurate to 1e-12 relative."""
        return function_of_model(self.model, result)

    def render(self, to: str = "tex", **options: Any) -> Any:
        """The derivation as "tex", "html", "md", "json" (text) or "pdf" (bytes); options as in templates.render."""
        return rendered(self.derivation, self.report, to, **options)
