"""Computing time per classical case: expression -> pencil -> Dyson system -> 50 certified digits -> minimal polynomial.

Run as `python tests/benchmarks/bench_random_matrix.py`; the start of the process is not counted.
"""

import importlib.util
import itertools
import time
from pathlib import Path

import sympy as sp

from quenched.symbolic.random_matrix import deterministic_equivalent

Q, t = sp.Rational, sp.Symbol("t")
CASES = Path(__file__).parents[1] / "symbolic" / "random_matrix" / "conftest.py"


def classical():
    """The cases of the test suite."""
    spec = importlib.util.spec_from_file_location("random_matrix_cases", CASES)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.all_cases()


def rows(case):
    """(name, expression, declarations, law, point)."""
    x, ridge, f, w, p = case.x, case.ridge, case.features, case.wisharts, case.projections
    C = ridge.S * ridge.Z.T * ridge.Z * ridge.S
    features = {x.phi: Q(3, 2), x.psi: Q(4, 5), x.zeta: Q(1, 4), x.beta: Q(1, 10), x.lam: Q(1, 10)}
    denoising = {x.psi_n: Q(3, 2), x.psi_p: 2, x.A2: Q(3, 16), x.V: Q(1, 20), x.q: Q(1, 16), x.l: Q(9, 80)}
    two = {case.populations.d: [(Q(1, 2), {x.s: 1, x.th: 1}), (Q(1, 2), {x.s: 4, x.th: 9})]}
    yield "Marchenko-Pastur", case.mp.R, case.mp.kw, None, {x.phi: Q(3, 2), x.lam: Q(1, 10)}
    yield "anisotropic", ridge.S**2 * ridge.R, ridge.kw, ridge.law, ridge.at
    yield "two populations", case.populations.expr, case.populations.kw, two, {x.lam: Q(1, 3)}
    yield "ridge bias", ridge.R * ridge.Th * ridge.R * ridge.S**2, ridge.kw, ridge.law, ridge.at
    yield "ridge variance", ridge.R * C * ridge.R * ridge.S**2, ridge.kw, ridge.law, ridge.at
    yield "random features 1", f.K, f.kw, None, features
    yield "random features 2", f.K * f.X.T * f.X, f.kw, None, features
    yield "denoising", case.denoising.K, case.denoising.kw, None, denoising
    yield "Wachter", p.cca, p.kw, None, {x.c1: Q(1, 5), x.c2: Q(2, 5), x.z: -Q(1, 2)}
    yield "P + Q", p.both, p.kw, None, {x.c1: Q(1, 3), x.c2: Q(1, 4), x.z: -1}
    yield "commutator squared", w.commutator, w.kw, None, {x.c: Q(1, 2)}
    yield "RBRB + 2 RRBB", w.resolvents, w.kw, None, {x.c: Q(1, 2)}
    yield "three factors", case.free.three, case.free.three_kw, None, {x.lam: Q(1, 3)}


def main():
    """Print one line per case: sizes, seconds, digits."""
    print(f"{'case':20} {'states':>6} {'unknowns':>8} {'derive':>8} {'50 digits':>9} {'polynomial':>10}")
    # Bias and variance have two resolvents: their polynomials come from sources, not from the bigger pencil.
    without = {"ridge bias", "ridge variance"}
    for name, expr, kw, law, at in rows(classical()):
        times = [time.perf_counter()]
        e = deterministic_equivalent(expr, **({**kw, "commuting": True} if law else kw), law=law)
        times.append(time.perf_counter())
        value = e.value(at, digits=50)
        times.append(time.perf_counter())
        if name not in without:
            e.polynomial(t)
        times.append(time.perf_counter())
        derive, solve, eliminate = (b - a for a, b in itertools.pairwise(times))
        last = "-" if name in without else f"{eliminate:.3f} s"
        sizes = f"{e.pencil.size:6} {len(e.system.unknowns):8}"
        print(f"{name:20} {sizes} {derive:6.3f} s {solve:7.3f} s {last:>10}  {value.value[:34]}")


if __name__ == "__main__":
    main()
