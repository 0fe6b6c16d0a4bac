"""A declared model becomes a derivation: the types of its nodes choose the passes, names choose nothing."""

from __future__ import annotations

from collections.abc import Callable

from ..derivation import Derivation
from ..errors import BadInput, NotDerivable
from ..quantity import Notation
from .declaration import (
    RS,
    RSB,
    Ansatz,
    Declaration,
    Discrete,
    Gaussian,
    Indicator,
    Ising,
    Linear,
    Loss,
    MixedPSpin,
    Patterns,
    Penalty,
    Sphere,
    Spike,
    Wigner,
    Wishart,
)
from .passes import (
    breaking,
    discrete,
    ising,
    landscape,
    learning,
    regression,
    resolvent_values,
    resolvents,
    spectra,
    sphere,
    storage,
)
from .passes.work import Work

Pass = Callable[[Work], None]
# (types of the disorder, type of the weights, type of the ansatz): the disorder decides how the average is taken, the
# weights which trace or determinant follows, the ansatz what is inserted. Other parts add lines with `extend`.
Key = tuple[tuple[type, ...], type, type]

ROUTES: dict[Key, tuple[Pass, ...]] = {
    ((MixedPSpin,), Ising, RS): (
        landscape.covariance,
        ising.saddle,
        ising.symmetric,
        ising.thermodynamics,
        ising.stability,
        ising.evaluation,
    ),
    ((MixedPSpin,), Ising, RSB): (landscape.covariance, ising.saddle, breaking.ising_tree),
    ((MixedPSpin,), Sphere, RSB): (
        landscape.covariance,
        sphere.saddle,
        breaking.sphere_tree,
        breaking.sphere_transition,
    ),
    ((MixedPSpin,), Discrete, RS): (
        landscape.covariance,
        discrete.saddle,
        discrete.symmetric,
        discrete.thermodynamics,
        discrete.stability,
        discrete.evaluation,
    ),
    ((MixedPSpin,), Sphere, RS): (
        landscape.covariance,
        sphere.saddle,
        sphere.symmetric,
        sphere.thermodynamics,
        sphere.stability,
        sphere.evaluation,
    ),
    ((Wigner,), Gaussian, RS): (
        resolvents.wigner,
        resolvents.symmetric,
        resolvents.orthogonal_outside,
        resolvent_values.one_trace,
        resolvent_values.wigner_values,
    ),
    ((Wishart,), Gaussian, RS): (
        resolvents.wishart,
        resolvents.symmetric,
        resolvents.orthogonal_levels,
        resolvent_values.wishart_values,
    ),
    ((Wigner,), Sphere, RS): (spectra.wigner, spectra.ground_state, spectra.edge_values),
    ((Spike, Wigner), Sphere, RS): (spectra.wigner, spectra.ground_state, spectra.spike_values),
    ((Spike, Wishart), Sphere, RS): (spectra.wishart, spectra.ground_state, spectra.spike_values),
    ((Patterns, Loss), Penalty, RS): (learning.equations, learning.closed_forms),
    ((Patterns, Indicator), Sphere, RS): (storage.volume, storage.stability),
    ((Patterns, Linear), Gaussian, RS): (regression.energy, regression.minimum, regression.errors),
}
SOURCES = ("M. Mezard, G. Parisi and M. A. Virasoro, Spin Glass Theory and Beyond, 1987",)


def extend(disorder: tuple[type, ...], weights: type, ansatz: type, passes: tuple[Pass, ...]) -> None:
    """Add a line to the table: passes for these node types. A line that exists is not replaced."""
    key = (disorder, weights, ansatz)
    if key in ROUTES:
        raise BadInput(f"the table has passes for {_spelled(key)} already")
    ROUTES[key] = passes


def derive_model(
    model: Declaration, ansatz: Ansatz | None = None, *, id: str = "own_model", title: str = ""
) -> Derivation:
    """Declaration -> Derivation: replicated system, saddle point, observables and stability, each step by a rule.

    The result is checked, evaluated and rendered like any other derivation. Every value comes with its assumptions, and
    the replicon eigenvalue is a result: where it is negative, replica symmetry is not supported.
    Raises BadInput or NotDerivable, naming the node, for models outside the grammar.
    >>> import sympy as sp
    >>> from quenched.symbolic.replica.declaration import Declaration, MixedPSpin, Sphere
    >>> x = sp.Symbol("x")
    >>> print(derive_model(Declaration(Sphere(), MixedPSpin(x**2 / 2, x))).claim("replicon"))
    replicon = -beta**2*(q - 1)**2 + 1
    """
    ansatz = RS() if ansatz is None else ansatz
    if not isinstance(model, Declaration):
        raise BadInput(f"{model!r} is no model; write Declaration(weights, disorder)")
    if not isinstance(ansatz, Ansatz):
        raise BadInput(f"ansatz: {ansatz!r} is no ansatz; write RS(), RSB(1) or Nishimori()")
    if isinstance(model.disorder, Patterns) and isinstance(model.disorder.channel, Loss):
        model.disorder.channel.refuse_if_not_convex()
    key = (model.disorder.kinds, type(model.weights), type(ansatz))
    if key not in ROUTES:
        raise NotDerivable(_refusal(key))
    D = Derivation(
        id=id,
        title=title or f"A model declared by its nodes: {_spelled(key)}",
        abstract="The potential, the saddle point and the stability of a model that was declared by the law of its "
        "weights and of its disorder.",
        sources=SOURCES,
        notation=Notation(),
        falsifier="A simulation in the region of positive replicon eigenvalue whose energy leaves the curve.",
    )
    work = Work(model, D)
    for symbol in model.parameters:
        work.parameter(symbol)
    for step in ROUTES[key]:
        step(work)
    for made in D:
        # Steps are computed when they are looked at; what a rule refuses is to be known here.
        _ = made.claim
    work.finish({})
    return D


def _spelled(key: Key) -> str:
    disorder, weights, ansatz = key
    return f"{' of '.join(t.__name__ for t in disorder)}, {weights.__name__}, {ansatz.__name__}"


def _refusal(key: Key) -> str:
    """Which node stands alone: the disorder, the weights, or the ansatz; and what goes with the others."""
    disorder, weights, ansatz = key
    same = [k for k in ROUTES if k[0] == disorder]
    name = "(".join(t.__name__ for t in disorder) + ")" * (len(disorder) - 1)
    if not same:
        known = sorted({"(".join(t.__name__ for t in k[0]) for k in ROUTES})
        return f"disorder: there are no rules for {name} yet; known: {', '.join(known)}"
    fitting = [k for k in same if k[1] is weights]
    if not fitting:
        known = sorted({k[1].__name__ for k in same})
        return f"weights: {weights.__name__} does not go with {name}; write {' or '.join(known)}"
    known = sorted({k[2].__name__ for k in fitting})
    return f"ansatz: {ansatz.__name__} has no rules for {name} with {weights.__name__}; write {' or '.join(known)}"
