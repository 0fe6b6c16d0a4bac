"""The chain from the energy of a convex model to six equations, for opaque losses and every law of the labels."""

import pytest
import sympy as sp

from quenched.derivations.ridge import derivation as ridge
from quenched.numeric.evaluate import evaluate
from quenched.symbolic.checking import check
from quenched.symbolic.claim import Claim, Equation
from quenched.symbolic.derivation import Derivation
from quenched.symbolic.errors import NotDerivable
from quenched.symbolic.mutation import mutants
from quenched.symbolic.quantity import POSITIVE, Quantity, Samples
from quenched.symbolic.replica import classifier, glm
from quenched.symbolic.replica.channel import Patterns
from quenched.symbolic.replica.declared_loss import DeclaredLoss
from quenched.symbolic.replica.log_channel import TEACHER
from quenched.symbolic.replica.pattern_channel import PatternChannel
from quenched.symbolic.rule import Case

NOTATION = glm.declare(
    glm.NOISE, Quantity("lam", "penalty", domain=POSITIVE), Quantity("kappa", "margin"), Quantity("c0", "weight")
)
sigma2, lam, kappa, u, ell, r = NOTATION.symbols("sigma2 lam kappa u ell r")
LINEAR = glm.Labels("Labels.", margin=False, noise=sigma2)
LOGISTIC = glm.Labels(
    "Labels.",
    margin=True,
    laws=((1, 1 / (1 + sp.exp(-TEACHER))), (-1, 1 / (1 + sp.exp(TEACHER)))),
)


def chain(labels):
    D = Derivation("chain", "t", "a", ("s",), NOTATION, "f")
    glm.derive(D, labels)
    return D


@pytest.mark.parametrize("labels", [LINEAR, LOGISTIC, classifier.SIGN], ids=["linear", "logistic", "sign"])
def test_every_step_of_the_chain_is_checked(labels):
    report = check(chain(labels))
    assert report.findings and all(f.verdict.positive for f in report.findings)


def test_the_six_equations_of_a_linear_teacher():
    D = chain(LINEAR)
    alpha, V, mhat, Vhat = NOTATION.symbols("alpha V mhat Vhat")
    # Both conjugates of a residual loss are alpha E[1 - Prox']/V.
    assert D.claim("mhat").rhs == D.claim("vhat").rhs
    assert D.claim("teacher-overlap").rhs / D.claim("spread").rhs == mhat * NOTATION["rho"].symbol
    assert D.claim("vhat").rhs.has(alpha, V) and D.claim("spread").rhs.has(Vhat)


def test_ridge_is_the_special_case_of_squares():
    D = chain(LINEAR)
    D.define("loss", Equation(ell(u), u**2 / 2, ":="), prose="x")
    D.define("penalty", Equation(r(u), lam * u**2 / 2, ":="), prose="x")
    for label in ("mhat", "vhat", "qhat"):
        D.derive(DeclaredLoss(), label, "loss", label=f"{label}-square", prose="x")
    for label in ("teacher-overlap", "spread", "student-overlap"):
        D.derive(DeclaredLoss(), label, "penalty", label=f"{label}-ridge", prose="x")
    at = {"alpha": "13/8", "lam": "2/9", "rho": "7/5", "sigma2": "3/11"}
    found = {
        name: sp.Rational(evaluate(ridge().model, name, at, 25).value) for name in ("teacher_overlap", "student_norm")
    }
    values = {NOTATION[k].symbol: sp.Rational(v) for k, v in at.items()}
    q, m, V, qhat, mhat, Vhat, alpha, rho = NOTATION.symbols("q m V qhat mhat Vhat alpha rho")
    m0, q0 = found["teacher_overlap"], found["student_norm"]
    values |= {m: m0, q: q0, V: m0 / (values[alpha] * values[rho] - m0)}
    for label, name in (("mhat", mhat), ("vhat", Vhat), ("qhat", qhat)):
        values[name] = D.claim(f"{label}-square").rhs.xreplace(values)
    for label, told in (("teacher-overlap", m), ("spread", V), ("student-overlap", q)):
        assert abs(D.claim(f"{label}-ridge").rhs.xreplace(values) - values[told]) < sp.Rational(1, 10**20)


def test_a_loss_that_is_not_convex_is_refused():
    D = chain(LINEAR)
    D.define("loss", Equation(ell(u), -sp.Abs(u), ":="), prose="x")
    D.define("wave", Equation(ell(u), sp.sin(u), ":="), prose="x")
    for label in ("loss", "wave"):
        D.derive(DeclaredLoss(), "qhat", label, label=f"qhat-{label}", prose="x")
        with pytest.raises(NotDerivable, match="convex"):
            D.claim(f"qhat-{label}")


def _patterns(**more):
    x, w, M, d, alpha = NOTATION.symbols("x w M d alpha")
    return Patterns(x=x, weights=w, counts=(M, d), ratio=alpha, **more)


def _field(vector):
    x, d = NOTATION.symbols("x d")
    mu, i = sp.symbols("mu i", integer=True, positive=True)
    return sp.Sum(x[mu, i] * vector[i], (i, 1, d)) / sp.sqrt(d)


def test_every_edit_of_an_indicator_channel_is_refused():
    """Patterns with a margin and no teacher: the indicator as the energy -log theta."""
    Q, Phi, H, w, M, n, a, b = NOTATION.symbols("Q Phi H w M n a b")
    mu = sp.Symbol("mu", integer=True, positive=True)
    energy = -sp.Sum(sp.log(sp.Heaviside(_field(w) - kappa)), (mu, 1, M))
    rule = PatternChannel(result=Phi, patterns=_patterns(), order=Q, replicas=(a, b), n=n)
    inputs = (Claim("energy", (Equation(H, energy, ":="),)),)
    output = Claim("channel", (rule.apply(*inputs),))
    samples = Samples(NOTATION, "indicator")
    assert rule.check(Case(inputs, output, samples)).positive
    found = [rule.check(Case(inputs, edit.claim, samples)) for edit in mutants(output, NOTATION)]
    assert len(found) > 15 and all(v.refuted for v in found)


def test_what_is_not_a_field_is_refused():
    Q, Phi, H, w, x, M, d, n, a, b = NOTATION.symbols("Q Phi H w x M d n a b")
    mu, i = sp.symbols("mu i", integer=True, positive=True)
    rule = PatternChannel(result=Phi, patterns=_patterns(), order=Q, replicas=(a, b), n=n)
    energy = sp.Sum(ell(sp.Sum(x[mu, i] ** 2 * w[i], (i, 1, d))), (mu, 1, M))
    with pytest.raises(NotDerivable, match="field"):
        rule.apply(Claim("energy", (Equation(H, energy, ":="),)))
