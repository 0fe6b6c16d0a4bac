"""Cross-check of a minimal polynomial: it divides the eliminant of a lexicographic Groebner basis of the whole system.

FLINT's Buchberger cannot be interrupted by a signal, so it runs in a child process that is killed after its budget.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sympy as sp
from flint import fmpz_poly

from ..errors import Undecided
from ..verdict import Verdict, consistent, refuted, undecided
from .balls import to_fraction
from .derive import Derived
from .elimination import MinimalPolynomial, polynomial_system
from .field import exact

CHILD = Path(__file__).with_name("groebner_child.py")


def eliminant(derived: Derived, variable: sp.Symbol, at: Mapping[Any, Any], budget: float) -> fmpz_poly:
    """The generator of (system, 1 - u prod den) intersected with QQ[variable], all parameters fixed.

    Undecided when the budget (seconds) runs out or the ideal has no such generator.
    """
    given = {str(k): exact(v) for k, v in at.items()}
    fixed = {s: to_fraction(given[str(s)]) for s in derived.parameters}
    system = polynomial_system(derived, variable, fixed)
    order = [*system.unknowns, system.target]
    request = [
        [[[int(m[i]) for i in order], str(int(c))] for m, c in p.terms()]
        for p in (*system.polynomials, *system.saturation)
    ]
    message = json.dumps({"variables": len(order), "saturate": len(system.saturation), "polynomials": request})
    try:
        done = subprocess.run(
            [sys.executable, str(CHILD)], input=message, capture_output=True, text=True, timeout=budget, check=False
        )
    except subprocess.TimeoutExpired:
        raise Undecided(f"no Groebner basis within {budget} s") from None
    if done.returncode:
        raise Undecided(f"the Groebner child failed: {done.stderr.strip()[-300:]}")
    answer = json.loads(done.stdout)
    if not answer:
        raise Undecided("the ideal has no eliminant: a component of the system is positive-dimensional")
    return fmpz_poly([int(c) for c in answer])


def cross_check(derived: Derived, found: MinimalPolynomial, at: Mapping[Any, Any], *, budget: float = 20.0) -> Verdict:
    """`found`, specialised at `at`, divides the eliminant: consistent, refuted, or undecided within the budget."""
    try:
        whole = eliminant(derived, found.variable, at, budget)
    except Undecided as reason:
        return undecided("Groebner basis", str(reason))
    point = [(s, exact(v)) for s, v in at.items() if s in found.parameters]
    special = sp.Poly(found.polynomial.subs(point), found.variable).clear_denoms(convert=True)[1]
    divisor = fmpz_poly([int(c) for c in reversed(special.all_coeffs())])
    divisor = divisor // divisor.content()
    _, rest = divmod(whole * divisor.leading_coefficient() ** (whole.degree() + 1), divisor)
    where = [(str(s), str(v)) for s, v in at.items()]
    if rest:
        return refuted("Groebner basis", "the polynomial does not divide the eliminant", where)
    return consistent("Groebner basis", f"divides the eliminant of degree {whole.degree()}")
