"""Wall times of the replica engine: derivations, checks, certified values. Run: python bench_replica.py"""

import importlib
import time

import sympy as sp

from quenched.numeric.evaluate import evaluate
from quenched.symbolic import balls
from quenched.symbolic.checking import check
from quenched.symbolic.replica import Mean, PairHessian, replica_matrix

DERIVATIONS = (
    "sk",
    "sk_one_step",
    "wishart_replica",
    "spiked_pca",
    "ridge",
    "p_spin_spherical",
    "p_spin_ising",
    "hopfield",
    "perceptron_storage",
    "lasso",
    "logistic_probe",
    "hinge_probe",
)
# Seconds from the energy to the equations; steps are computed when they are asked for.
BARS = {
    "sk": ("overlap", 0.5),
    "sk_one_step": ("slope-size", 1.5),
    "p_spin_spherical": ("transition", 1.2),
    "spiked_pca": ("overlap", 1.2),
    "ridge": ("penalty", 1.2),
    # Six equations for an opaque loss, then those of one with closed forms.
    "logistic_probe": ("student-overlap", 1.0),
    "lasso": ("condition", 2.0),
}


def timed(name, work):
    start = time.perf_counter()
    work()
    print(f"{name:45} {time.perf_counter() - start:8.3f} s")


def algebra():
    n, d, o, rho, m = sp.symbols("n d o rho m")
    matrix = replica_matrix(n, d, o, [[rho]], [[m]])
    matrix.det()
    matrix.inverse()


def hessian():
    PairHessian(*sp.symbols("P Q R A B C D")).anomalous(sp.Symbol("n"))


def mean(digits):
    z = sp.Symbol("z", real=True)
    balls.enclose(Mean(sp.log(2 * sp.cosh(2 * z + 1)), z), {}, balls.bits(digits))


def equations(name):
    """Every step up to a label, computed, in a process that has imported SymPy."""
    label, bar = BARS[name]
    derivation = importlib.import_module(f"quenched.derivations.{name}").derive()
    start = time.process_time()
    for step in list(derivation.steps)[: list(derivation.steps).index(label) + 1]:
        derivation.claim(step)
    taken = time.process_time() - start
    print(f"{'equations of ' + name:45} {taken:8.3f} s   bar {bar} s {'met' if taken <= bar else 'MISSED'}")


if __name__ == "__main__":
    for name in BARS:
        equations(name)
    model = importlib.import_module("quenched.derivations.sk_one_step").derivation().model
    for result, at, digits in (
        ("ground_state_energy", {}, 20),
        ("ground_state_energy", {}, 50),
        ("block_size", {"beta": "2"}, 15),
        ("free_energy", {"beta": "2"}, 10),
    ):
        timed(f"{result} of sk_one_step, {digits} digits", lambda r=result, a=at, d=digits: evaluate(model, r, a, d))
    timed("determinant and inverse with a teacher, any n", algebra)
    timed("Hessian sectors, any n", hessian)
    for digits in (15, 50, 200):
        timed(f"certified mean of log cosh, {digits} digits", lambda digits=digits: mean(digits))
    for name in DERIVATIONS:
        module = importlib.import_module(f"quenched.derivations.{name}")
        timed(f"derive {name}", lambda module=module: [step.claim for step in module.derive()])
        timed(f"check {name} (fast)", lambda module=module: check(module.derivation()))
        model = module.derivation().model
        result = model.results[0].name
        timed(f"{result} of {name}, 30 digits", lambda m=model, r=result: evaluate(m, r, m.example, 30))
