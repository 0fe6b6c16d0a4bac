"""Guaranteed global minimisation in one variable: every stationary point is isolated in balls, and all are compared.

A cell is discarded when the derivative has no zero in it or its values exceed the best one known; a cell on which
the derivative is monotonic holds one root or none. What remains is compared at rising precision, so that the answer
is the global minimum or a refusal that names the two candidates which agree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import sympy as sp
from flint import arb

from ..symbolic.balls import bits, real_enclosure, working
from ..symbolic.decimals import certified_text
from ..symbolic.errors import NotCertified
from ..symbolic.search import Search, Stationary
from ..symbolic.system import System
from ..symbolic.values import Certified
from .ball_arithmetic import BallArithmetic
from .bracket import sharpen
from .compile import Compiled
from .point import Point
from .solve import parameter_values
from .tape import Tape

GUARD_BITS = 64
_BALLS = BallArithmetic()
PIECES = 24
FIRST_PRECISION = 128
# Cells narrower than 2^-this share of the interval are not cut any further.
DEPTH = 96
CELLS = 10000


# How a closed form is answered: (compiled system, point, case, name, digits) -> answers.
ClosedForm = Callable[[Compiled, Point, str, str, int], list[Certified]]


def least(search: Search, point: Point, case: str, name: str, digits: int, closed_form: ClosedForm) -> list[Certified]:
    """The observable `name` at the candidate whose objective is least, certified.

    closed_form answers for single points (`evaluate.certified_answers`). Raises NotCertified when two candidates
    agree to every precision that was tried; the objective itself is then still certified, being the same at both.
    """
    return _Comparison(search, point, case, name, digits, closed_form).answers()


@dataclass
class _Candidate:
    """One candidate: values of its atoms at a precision, and its objective there."""

    where: str
    system: System
    values: Callable[[int], dict[Any, Any]]
    objective: Callable[[int], arb]
    evidence: str
    vague: bool = False


class _Comparison:
    """All candidates of a search at one exact point of the parameters."""

    def __init__(self, search: Search, point: Point, case: str, name: str, digits: int, closed_form: ClosedForm):
        self.point, self.case, self.name, self.digits = point, case, name, digits
        self.closed_form = closed_form
        self.limit = 4 * bits(digits) + 1024
        self.candidates = [_single(system, point) for system in search.points]
        best = min((c.objective(FIRST_PRECISION).upper() for c in self.candidates), default=arb.pos_inf())
        for family in search.stationary:
            found = _Family(family, point)
            self.candidates += found.candidates(best)
            best = min([best, *(c.objective(FIRST_PRECISION).upper() for c in self.candidates)])
        if not self.candidates:
            raise NotCertified("no candidate was found")

    def answers(self) -> list[Certified]:
        prec = max(bits(self.digits) + GUARD_BITS, FIRST_PRECISION)
        while True:
            try:
                return self._compared(prec)
            except NotCertified:
                prec *= 2
                if prec > self.limit:
                    raise

    def _compared(self, prec: int) -> list[Certified]:
        """The answer at this precision. Raises NotCertified when it does not decide."""
        values = [c.objective(prec) for c in self.candidates]
        first = min(range(len(values)), key=lambda k: values[k].upper())
        rivals = [k for k, v in enumerate(values) if k != first and not v > values[first]]
        winner = self.candidates[first]
        observable = winner.system.observables[self.name]
        if rivals or winner.vague:
            if observable == winner.system.observables["objective"]:
                return [self._common([values[first], *(values[k] for k in rivals)], prec)]
            names = " and ".join([winner.where, *(self.candidates[k].where for k in rivals)])
            raise NotCertified(f"{names} are equally good within what {prec} bits show; move a parameter")
        if not winner.evidence:
            found = self.closed_form(Compiled(winner.system), self.point, self.case, self.name, self.digits)
            return [replace(answer, branch=self._branch(winner)) for answer in found]
        entries = observable if isinstance(observable, list | tuple) else [observable]
        return [self._entry(entry, winner, prec) for entry in entries]

    def _entry(self, entry: Any, winner: _Candidate, prec: int) -> Certified:
        if isinstance(entry, str):
            return Certified(None, None, self.digits, "arb", branch=self._branch(winner), word=entry)
        value, radius = certified_text(real_enclosure(entry, winner.values(prec), prec), self.digits)
        return Certified(value, radius, self.digits, "arb", branch=self._branch(winner))

    def _common(self, values: list[arb], prec: int) -> Certified:
        """The least value itself, where several candidates share it."""
        with working(prec):
            ball = values[0]
            for other in values[1:]:
                ball = ball.min(other)
        value, radius = certified_text(ball, self.digits)
        return Certified(
            value, radius, self.digits, "arb", branch=f"case {self.case}; shared by {len(values)} candidates"
        )

    def _branch(self, winner: _Candidate) -> str:
        count = len(self.candidates)
        text = f"case {self.case}; {winner.where}: the least of {count} candidates that could not be excluded"
        return f"{text}; {winner.evidence}" if winner.evidence else text


def _single(system: System, point: Point) -> _Candidate:
    """A point of the search given in closed form."""
    compiled = Compiled(system)
    at = parameter_values(compiled, point)

    def values(prec: int) -> dict[Any, Any]:
        return compiled.defined_balls(at, prec)

    def objective(prec: int) -> arb:
        return real_enclosure(system.observables["objective"], values(prec), prec)

    return _Candidate(system.branch, system, values, objective, "")


class _Family:
    """The stationary points of one family, isolated by bisection."""

    def __init__(self, family: Stationary, point: Point):
        self.family = family
        self.compiled = Compiled(_with_inputs(family))
        self.known = [family.variable, *(c.symbol for c in family.curves)]
        self.at = {a: point.at(a) for a in self.compiled.parameters if a not in self.known}
        # Exact values first: a term whose factor is exactly 0 drops out, however singular the rest of it is.
        equation = family.equation.xreplace(self.at)
        slope = sp.diff(equation, family.variable)
        slope += sp.Add(*(sp.diff(equation, c.symbol) * c.rate.xreplace(self.at) for c in family.curves))
        inside = sp.S.One if family.inside is None else family.inside.xreplace(self.at)
        self.values = Tape(self.known[:1], [c.value.xreplace(self.at) for c in family.curves])
        exprs = (equation, slope, family.objective.xreplace(self.at), inside)
        self.outputs = [Tape(self.known, [e]) for e in exprs]

    # -- enclosures ----------------------------------------------------------------------------------------------

    def _inputs(self, x: arb) -> list[arb]:
        """Variable and curves on a ball; a curve increases, so its values at the ends enclose it."""
        if x.is_exact():
            return [x, *self.values.run(_BALLS, [x])]
        low, high = (self.values.run(_BALLS, [end]) for end in (x.lower(), x.upper()))
        return [x, *(v0.union(v1) for v0, v1 in zip(low, high))]

    def _run(self, which: int, x: arb, prec: int) -> arb:
        with working(prec):
            return self.outputs[which].run(_BALLS, self._inputs(x))[0]

    def equation(self, x: arb, prec: int) -> arb:
        return self._run(0, x, prec)

    def slope(self, x: arb, prec: int) -> arb:
        return self._run(1, x, prec)

    def objective(self, x: arb, prec: int) -> arb:
        return self._run(2, x, prec)

    # -- bisection -----------------------------------------------------------------------------------------------

    def candidates(self, best: arb) -> list[_Candidate]:
        """All candidates that may reach `best`."""
        found = []
        for ball, certain in self._isolated(best):
            if certain:
                ball = sharpen(self.equation, self.slope, ball, FIRST_PRECISION)
            where = f"{self.family.system.branch}, {self.family.variable} = {ball.str(12, radius=False)}"
            evidence = "isolated by bisection and unique by interval Newton"
            found.append(self._candidate(where, ball, evidence, certain))
        return found

    def _candidate(self, where: str, ball: arb, evidence: str, certain: bool) -> _Candidate:
        known: dict[int, arb] = {}

        def root(prec: int) -> arb:
            if certain and prec not in known:
                known[prec] = sharpen(self.equation, self.slope, ball, prec)
            return known.get(prec, ball)

        def values(prec: int) -> dict[Any, Any]:
            with working(prec):
                inputs = self._inputs(root(prec))
            return self.compiled.defined_balls({**self.at, **dict(zip(self.known, inputs))}, prec)

        return _Candidate(
            where, self.family.system, values, lambda p: self.objective(root(p), p), evidence, not certain
        )

    def _isolated(self, best: arb) -> list[tuple[arb, bool]]:
        """(ball, whether it provably holds exactly one root): every root that may beat `best` lies in one of them."""
        with working(FIRST_PRECISION):
            low = real_enclosure(self.family.low, self.at, FIRST_PRECISION).lower()
            high = real_enclosure(self.family.high, self.at, FIRST_PRECISION).upper()
            cuts = [(low + (high - low) * (37 * k + (k % 5)) / (37 * PIECES)).mid() for k in range(1, PIECES)]
            smallest = (high - low) * arb(2) ** -DEPTH
        places = [low, *cuts, high]
        todo = list(pairwise(places))
        found = []
        for _ in range(CELLS):
            if not todo:
                return _merged(found)
            x0, x1 = todo.pop()
            verdict, best = self._judge(x0, x1, best)
            if verdict == "one root":
                found.append((self._ball(x0, x1), True))
            elif verdict == "open":
                with working(FIRST_PRECISION + DEPTH):
                    narrow = x1 - x0 < smallest
                    cut = (x0 + (x1 - x0) * 33 / 64).mid()
                if narrow:
                    found.append((self._ball(x0, x1), False))
                else:
                    todo += [(x0, cut), (cut, x1)]
        raise NotCertified(f"more than {CELLS} cells are needed to isolate the stationary points; move a parameter")

    @staticmethod
    def _ball(x0: arb, x1: arb) -> arb:
        with working(FIRST_PRECISION + DEPTH):
            return x0.union(x1)

    def _judge(self, x0: arb, x1: arb, best: arb) -> tuple[str, arb]:
        """("none", "one root" or "open"; the best value known) for one cell."""
        prec = FIRST_PRECISION + DEPTH
        cell = self._ball(x0, x1)
        with working(prec):
            inputs = self._inputs(cell)
            f, slope, value, inside = (tape.run(_BALLS, inputs)[0] for tape in self.outputs)
            if inside < 0 or (inside > 0 and value > best):
                return "none", best
            middle = cell.mid()
            at_middle = self._inputs(middle)
            centre = self.outputs[0].run(_BALLS, at_middle)[0]
            if self.outputs[3].run(_BALLS, at_middle)[0] > 0:
                reached = self.outputs[2].run(_BALLS, at_middle)[0].upper()
                best = reached if reached < best else best
            mean = centre + slope * (cell - middle)
            if not f.contains(0) or not mean.contains(0):
                return "none", best
            if slope.contains(0) or not slope.is_finite():
                return "open", best
        left, right = (self.equation(x, prec) for x in (x0, x1))
        if left * right > 0:
            return "none", best
        return ("one root" if left * right < 0 and inside > 0 else "open"), best


def _merged(found: list[tuple[arb, bool]]) -> list[tuple[arb, bool]]:
    """Neighbouring undecided cells as one."""
    certain = [item for item in found if item[1]]
    vague: list[arb] = []
    with working(FIRST_PRECISION + DEPTH):
        for ball in sorted((b for b, sure in found if not sure), key=lambda b: float(b.mid())):
            if vague and vague[-1].overlaps(ball):
                vague[-1] = vague[-1].union(ball)
            else:
                vague.append(ball)
    return certain + [(ball, False) for ball in vague]


def _with_inputs(family: Stationary) -> System:
    """The system of a family; what it does not define itself counts as given."""
    system = family.system
    extra = {"": [family.equation, family.objective, family.variable, *(c.value for c in family.curves)]}
    extra[""] += [c.rate for c in family.curves]
    return System({**system.observables, **extra}, definitions=system.definitions, branch=system.branch)
