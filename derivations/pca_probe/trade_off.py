"""How many unlabelled samples replace one label: along level sets of the error, at fixed and at optimal size."""

from __future__ import annotations

import sympy as sp

from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate, Substitute
from ...symbolic.rules.arguments import MassByArguments
from ...symbolic.rules.asymptotics import LeadingTerm
from ...symbolic.rules.level_sets import Envelope, ExchangeRate, ResponseAtFixed
from ...symbolic.rules.sums import InsertEntries
from .notation import SIZES, i, r, symbols

gamma, rho, alpha, theta, a, b, sigma2, m, z, phi, c, noise = symbols(
    "gamma rho alpha theta a b sigma2 m z phi c noise"
)
E_alpha, E_gamma, noise_slope, noise_response, response, exchange, exchange_opt = symbols(
    "E_alpha E_gamma noise_slope noise_response response exchange exchange_opt"
)


def responses(D: Derivation) -> None:
    """How the overlap responds to the amount of unlabelled data, at a fixed size."""
    D.section("Unlabelled data against labels")
    argument_form = {"unknown": m, "variable": z, "angle": phi}
    D.derive(
        MassByArguments(result=rho, **argument_form),
        "bulk-transform",
        "companion",
        "size-integral",
        label="size-arguments",
        prose=r"A second closed form of the size and the overlap has no absolute values and contains the outliers. "
        r"On the circle "
        r"$w = \sqrt{\gamma}\, e^{i\varphi}$ the residues of the two transforms give",
    )
    D.derive(
        MassByArguments(result=c[i], **argument_form),
        "spike-transform-raw",
        "companion",
        "overlap-integral",
        "outlier",
        label="overlap-arguments",
        prose=r"and, for the spikes, where $\operatorname{atan2}(y, x)$ is the argument of $x + iy$ in $[0, \pi]$,",
    )
    D.derive(
        ResponseAtFixed(parameter=gamma, angle=phi, result=response[i]),
        "overlap-arguments",
        "size-arguments",
        "overlap-growth",
        label="overlap-response",
        prose="At a fixed size the angle moves with the data. The overlap responds to a change of the aspect ratio "
        "at the rate",
    )
    s, wave = sp.sqrt(gamma), sp.sin(phi)
    spike = sp.atan2(s * wave, s * sp.cos(phi) - theta[i])
    bulk = sp.atan2(s * wave, s * sp.cos(phi) + gamma)
    distance = gamma + theta[i] ** 2 - 2 * theta[i] * s * sp.cos(phi)
    form = (
        (phi - bulk) / (gamma * distance)
        - (spike - bulk) / (gamma + theta[i]) ** 2
        - theta[i] * wave / (s * (gamma + theta[i]) * distance)
    )
    D.derive(
        Restate(form=(1 + theta[i]) / sp.pi * form),
        "overlap-response",
        label="response",
        prose="which is never positive and can be written as",
    )


def exchange_rates(D: Derivation) -> None:
    """The exchange rate on a level set of the error."""
    D.derive(
        ExchangeRate(gain=(E_alpha, alpha, SIZES["N"]), price=(E_gamma, gamma, SIZES["M"]), result=exchange),
        "ridge-rates",
        "ratios",
        label="level-set",
        prose=r"On a level set of the error, at fixed $k/d$, the loss of one label is made good by "
        r"$-\mathrm{d}M/\mathrm{d}N = (\partial E_{\mathrm{gen}}/\partial N)/(\partial E_{\mathrm{gen}}/\partial M)$ "
        r"unlabelled "
        "samples, for any penalty and on either side of the interpolation threshold:",
    )
    D.derive(
        Substitute(tidy=True),
        "level-set",
        "least-squares-rates",
        "least-squares",
        "aspect",
        label="exchange",
        prose="For least squares this is",
    )
    D.derive(
        InsertEntries(),
        "exchange",
        "effective-noise",
        "noise-growth",
        label="exchange-closed",
        prose="in closed form, with the response {response},",
    )
    D.derive(
        Envelope(
            result=exchange_opt,
            sizes=(alpha, SIZES["N"], gamma, SIZES["M"]),
            at_fixed=((noise, noise_response),),
            along_size=((noise, noise_slope), (rho, sp.Integer(1))),
        ),
        "exchange",
        "balance",
        "least-squares",
        "aspect",
        "ratios",
        label="exchange-envelope",
        prose="At the optimal size the error does not move with the size to first order, so that the same rate holds "
        "although "
        "the size follows the data. The balance {balance} then removes the effective noise,",
    )
    D.derive(
        InsertEntries(),
        "exchange-envelope",
        "noise-growth",
        "overlap-growth",
        label="exchange-optimal-raw",
        prose="that is,",
    )
    weight = (1 + theta[i]) ** 2 * a[i] ** 2 / (1 + theta[i] * c[i]) ** 2
    distance = gamma + theta[i] ** 2 - 2 * theta[i] * sp.sqrt(gamma) * sp.cos(phi)
    gain = b**2 + sp.Sum(weight * gamma * (1 + theta[i]) / distance, (i, 1, r))
    form = -rho * gain / (alpha * gamma**2 * sp.Sum(weight * response[i], (i, 1, r)))
    D.derive(
        Restate(form=form),
        "exchange-optimal-raw",
        label="exchange-optimal",
        prose="or, with the signs of the factors in view,",
    )


def limits_of_data(D: Derivation) -> None:
    """Abundant and scarce pretraining data."""
    cases = (
        (sp.Integer(0), "abundant", r"With abundant pretraining data, $\gamma \to 0$ at a fixed angle,"),
        (
            sp.oo,
            "scarce",
            r"With scarce pretraining data, $\gamma \to \infty$ at a fixed angle, that is, at a fixed share $k/M$ of "
            r"the "
            "components,",
        ),
    )
    for to, name, when in cases:
        leading = LeadingTerm(variable=gamma, to=to, angle=phi)
        closed = ("response", "overlap-arguments", "size-arguments")
        D.derive(
            leading, "size-arguments", label=f"size-{name}", prose=f"{when} the size of the representation tends to"
        )
        D.derive(leading, "response", label=f"response-{name}", prose="the overlap responds at the rate")
        D.derive(
            leading,
            "exchange-closed",
            *closed,
            label=f"exchange-{name}-raw",
            prose="and the exchange rate at fixed size is",
        )
        (_abundant if to == 0 else _scarce)(D)
        D.derive(
            leading,
            "exchange-optimal",
            *closed,
            label=f"exchange-optimal-{name}",
            prose="At the optimal size it is",
        )


def _abundant(D: Derivation) -> None:
    """The limit in terms of the size, the angle eliminated."""
    spikes = sp.Sum((1 + theta[i]) * a[i] ** 2 / theta[i] ** 2, (i, 1, r))
    form = rho * (sigma2 + b**2 * (1 - rho)) / (alpha * (alpha - rho) * gamma**2 * (1 - rho) * spikes)
    D.derive(
        Restate(form=form),
        "exchange-abundant-raw",
        "size-abundant",
        label="exchange-abundant",
        prose=r"or, in terms of the size: the number of unlabelled samples that replace a label grows like $(M/d)^2$,",
    )


def _scarce(D: Derivation) -> None:
    """The limit with positive factors."""
    total = b**2 + sigma2 + sp.Sum((1 + theta[i]) * a[i] ** 2, (i, 1, r))
    spikes = sp.Sum(theta[i] * (1 + theta[i]) ** 3 * a[i] ** 2, (i, 1, r))
    angle = (phi - sp.sin(phi) * sp.cos(phi)) / (sp.sin(phi) - phi * sp.cos(phi))
    D.derive(
        Restate(form=angle * total / (2 * alpha**2 * sp.sqrt(gamma) * spikes)),
        "exchange-scarce-raw",
        label="exchange-scarce",
        prose=r"which falls like $\sqrt{M/d}$ as the unlabelled data run out,",
    )
