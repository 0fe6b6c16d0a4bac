"""Section 3: one neuron per layer, data of any rank. The limit is fixed by the charges and one equation."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Assumption, Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate, SolveLinear, Substitute
from ...symbolic.rules.flow import AlongFlow, ParameterGradient
from ...symbolic.rules.interpolation import RowInterpolator
from ...symbolic.rules.powers import ForEveryEntry, RestateByLogarithms
from ...symbolic.rules.row_space import DataGradient, InsertZeros, NullProducts
from ...symbolic.rules.sign_rules import Dissipation
from ...symbolic.rules.slopes import Slope
from ...symbolic.rules.sums import InsertEntries
from .notation import X, combination, dot, i, image, j, k, n_d, n_N, symbols

beta, w, a, b, eta_l, eta_1, G, g_a, g_w = symbols("beta w a b eta_l eta_1 G_beta g_a g_w")
a_dot, w_dot, r, y, loss, charge, charge_dot = symbols("a_dot w_dot r y loss charge charge_dot")
v, c_v, c_v_dot, w_row, n, mu, mu_inf = symbols("v c_v c_v_dot w_row n mu mu_inf")
lam, beta_plus, charge_row, beta_inf, w_row_inf = symbols("lam beta_plus charge_row beta_inf w_row_inf")
pi_inf, pi_sq, sigma, s, z, a_sq, squares = symbols("pi_inf pi_sq sigma s z a_sq squares")
rates, charges, ell, slope, phi, m, loss_dot = symbols("rates charges ell slope phi m loss_dot")
index = sp.Symbol("l", integer=True, positive=True)

FLOW = ((a, a_dot), (w, w_dot))


def chain(D: Derivation) -> None:
    D.section("One neuron per layer")
    _flow(D)
    _null_part(D)
    D.section("The limit of the chain")
    _interpolation(D)
    _equation(D)
    _sign(D)


def _flow(D: Derivation) -> None:
    D.define(
        "chain-predictor",
        Equation(beta[i], a * b * w[i], ":="),
        prose=r"Let every layer have one neuron: input weights $w$ and numbers $a_2, \dots, a_L$. We look at "
        r"one of these numbers, $a = a_\ell$, and write $b$ for the product of the others. The predictor is",
    )
    D.derive(
        ParameterGradient(outer=G, slopes=((a, g_a), (w, g_w)), sum_index=j, size=n_d),
        "chain-predictor",
        label="chain-slopes",
        prose="The chain rule gives the slopes",
    )
    D.define(
        "chain-descent",
        Equation(a_dot, -eta_l * g_a, ":="),
        Equation(w_dot[i], -eta_1 * g_w[i], ":="),
        prose="of the gradient flow",
    )
    D.derive(InsertEntries(), "chain-descent", "chain-slopes", label="chain-flow", prose="that is,")
    D.define(
        "residual",
        Equation(r[k], image(beta) - y[k], ":="),
        prose=r"The $N$ samples are the rows of a matrix $X$ of any rank, with labels $y$. For the residuals",
    )
    D.define("loss", Equation(loss, sp.Sum(r[k] ** 2, (k, 1, n_N)) / 2, ":="), prose="and the loss")
    D.derive(
        DataGradient(gradient=G, residual=r, variable=beta, index=i),
        "loss",
        "residual",
        label="gradient",
        prose="the gradient lies in the row space of $X$,",
    )
    D.define(
        "charge-form", Equation(charge, a**2 / eta_l - dot(w, w) / eta_1, ":="), prose="The imbalance of the layer,"
    )
    D.derive(
        AlongFlow(rate=charge_dot, rates=FLOW),
        "charge-form",
        "chain-flow",
        label="charge-conserved",
        prose="the sum of {imbalance} over the layers below it, is constant,",
    )


def _null_part(D: Derivation) -> None:
    D.define(
        "unseen", Equation(image(v), sp.Integer(0), ":="), prose="Let $v$ be a vector to which no sample responds,"
    )
    D.define("component", Equation(c_v, dot(v, w), ":="), prose="The component of the weights along it,")
    D.derive(AlongFlow(rate=c_v_dot, rates=FLOW), "component", "chain-flow", label="component-rate", prose="moves as")
    D.derive(
        NullProducts(data=X),
        "component-rate",
        "unseen",
        "gradient",
        label="component-frozen",
        prose="that is, not at all, for every depth:",
    )
    D.define("split", Equation(w[i], w_row[i] + n[i], ":="), prose="Hence in the decomposition")
    D.define("row-part", Equation(w_row[i], combination(mu), ":="), prose="only the row part moves,")
    D.define("null-part", Equation(image(n), sp.Integer(0), ":="), prose="and the null part is constant,")
    D.derive(InsertEntries(), "charge-form", "split", label="charge-split", prose="The imbalance is")
    D.derive(
        NullProducts(data=X),
        "charge-split",
        "null-part",
        "row-part",
        label="charge-parts",
        prose="The two parts are orthogonal, so",
    )
    D.define(
        "charge-seen",
        Equation(charge_row, charge + dot(n, n) / eta_1, ":="),
        prose="With the constant $|n|^2$ moved to the left the data see",
    )
    D.derive(
        Restate(form=a**2 / eta_l - dot(w_row, w_row) / eta_1),
        "charge-seen",
        "charge-parts",
        label="charge-level",
        prose="which is the law in the row space,",
    )


def _interpolation(D: Derivation) -> None:
    D.define(
        "least-norm",
        Equation(image(beta_plus), y[k], ":="),
        Equation(beta_plus[i], combination(lam), ":="),
        prose=r"Suppose that $y$ lies in the range of $X$, and let $\beta_+ = X^+ y$ be the least-norm solution,",
    )
    D.assume(
        "interpolation",
        Equation(image(beta_inf), y[k]),
        assumption=Assumption(
            "interpolates",
            "The gradient flow converges to an interpolator.",
            "the other limits are saddles where at least one of the upper weights vanishes, which attract exceptional "
            "starts only",
        ),
        prose="We assume that the flow converges to an interpolator,",
    )
    D.define(
        "factors",
        Equation(beta_inf[i], pi_inf * (w_row_inf[i] + n[i]), ":="),
        prose=r"In the limit, with the product $\pi_\infty$ of the upper weights and the frozen part of the "
        r"input weights,",
    )
    D.define("row-end", Equation(w_row_inf[i], combination(mu_inf), ":="), prose="where the row part is again")
    D.derive(
        RowInterpolator(data=X, part=w_row_inf, solution=beta_plus),
        "interpolation",
        "factors",
        "row-end",
        "null-part",
        "least-norm",
        label="row-limit",
        prose="The solution within the row space is unique, which forces the row part,",
    )
    D.derive(InsertEntries(), "factors", "row-limit", label="limit-factors", prose="Inserted in {factors},")
    D.derive(
        Restate(form=beta_plus[i] + pi_inf * n[i]),
        "limit-factors",
        label="limit",
        prose="The limit is the least-norm solution plus a multiple of the frozen part,",
    )


def _equation(D: Derivation) -> None:
    D.define(
        "norm", Equation(s, sp.sqrt(dot(beta_plus, beta_plus)), ":="), prose="It remains to find the multiple. Let"
    )
    D.define(
        "square-length", Equation(z, dot(w_row_inf, w_row_inf), ":="), prose="For the squared length of the row part,"
    )
    D.derive(InsertEntries(), "square-length", "row-limit", label="square-entries", prose="we have")
    D.define("output-square", Equation(pi_sq, pi_inf**2, ":="), prose="With the square of the product,")
    D.derive(
        Restate(form=s**2 / pi_sq), "square-entries", "norm", "output-square", label="square-value", prose="this is"
    )
    D.define("end", Equation(a, sp.sqrt(a_sq), ":="), Equation(w_row[i], w_row_inf[i], ":="), prose="In the limit,")
    D.derive(InsertEntries(), "charge-level", "end", label="level-end", prose="the law {charge-level} reads")
    D.derive(
        Restate(form=a_sq / eta_l - z / eta_1), "level-end", "square-length", label="level-square", prose="that is,"
    )
    D.derive(
        SolveLinear(unknown=a_sq), "level-square", label="weight-square", prose="Hence the square of the weight is"
    )
    D.derive(
        Restate(form=eta_l * (z / eta_1 + charge_row)),
        "weight-square",
        label="weight-form",
        prose="or, written otherwise,",
    )
    D.derive(
        ForEveryEntry(lists=((a_sq, squares), (eta_l, rates), (charge_row, charges)), index=index),
        "weight-form",
        label="weights-squares",
        prose=r"and this holds for each of the $m = L - 1$ upper layers,",
    )
    D.define("logarithm", Equation(ell, sp.log(z * pi_sq), ":="), prose=r"By {square-value} the combination")
    D.derive(
        RestateByLogarithms(form=2 * sp.log(s)),
        "logarithm",
        "square-value",
        label="logarithm-length",
        prose="is known,",
    )
    total: sp.Expr = sp.Sum(sp.log(squares[index]), (index, 1, m))
    D.define(
        "product",
        Equation(sp.log(pi_sq), total, ":="),
        prose="On the other hand the square of the product is, in logarithms,",
    )
    D.derive(
        RestateByLogarithms(form=sp.log(z) + sp.log(pi_sq)), "logarithm", label="logarithm-split", prose="so that in"
    )
    D.derive(Substitute(), "logarithm-split", "product", label="logarithm-sum", prose="we find the sum")
    D.derive(
        InsertEntries(),
        "logarithm-sum",
        "weights-squares",
        label="logarithm-charges",
        prose="By {weights-squares} it is",
    )
    D.derive(
        Substitute(both=True),
        "logarithm-charges",
        "logarithm-length",
        label="equation",
        prose=r"Together this is one equation for $z$: $z \prod_\ell \eta_\ell (z/\eta_1 + d_\ell) = s^2$, in "
        r"logarithms",
    )
    D.define("left-side", Equation(phi, ell, ":="), prose="Its right-hand side,")
    D.derive(Substitute(), "left-side", "logarithm-charges", label="left-value", prose="as a function of $z$,")
    D.derive(
        Slope(variable=z, result=slope),
        "left-value",
        label="left-slope",
        prose=r"has a slope that is positive for $z > \max(0, -\eta_1 d_\ell)$, where it grows from $-\infty$ "
        r"to $\infty$: "
        "there is one root,",
    )
    D.derive(
        SolveLinear(unknown=pi_sq),
        "square-value",
        label="output-solved",
        prose="With this root the product has the square",
    )
    D.define("signed", Equation(pi_inf, sigma * sp.sqrt(pi_sq), ":="), prose="With a sign, to be found next,")
    D.derive(Substitute(), "signed", "output-solved", label="output", prose="it is")


def _sign(D: Derivation) -> None:
    D.section("The sign")
    D.derive(
        Dissipation(rate=loss_dot, pairs=((a, a_dot, g_a), (w, w_dot, g_w)), outer=G, sum_index=j, size=n_d),
        "chain-descent",
        "chain-slopes",
        "chain-predictor",
        label="dissipation",
        prose=r"If all $d_\ell \ge 0$, no weight changes its sign by {charge-level}. In general the motion of "
        r"one weight "
        "and of the input weights lowers the loss, and every further weight lowers it likewise,",
    )
    D.define("crossing", Equation(a, sp.Integer(0), ":="), prose="Where the product vanishes, one of the weights does,")
    D.derive(
        InsertZeros(), "chain-predictor", "crossing", label="crossing-predictor", prose="the predictor is the origin,"
    )
    D.derive(InsertZeros(), "residual", "crossing-predictor", label="crossing-residual", prose="the residuals are")
    D.derive(
        InsertZeros(),
        "loss",
        "crossing-residual",
        label="crossing-loss",
        prose=r"and the loss is $\mathcal{L}(0)$. So the product keeps its sign if $\mathcal{L}(\beta_0) < "
        r"\mathcal{L}(0)$; "
        r"in the cases that remain the sign is open, unless the start has no null part and the sign does not matter,",
    )
