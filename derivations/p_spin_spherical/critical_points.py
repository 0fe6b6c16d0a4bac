"""The same number of states without replicas: critical points of the energy, counted by the Kac-Rice formula."""

from __future__ import annotations

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.replica.insertion import Insert
from ...symbolic.rules.critical_points import KacRiceRates, LandscapeLaw
from ...symbolic.rules.log_potential import LogarithmByFourier
from ...symbolic.rules.perfect_square import RootOfSquare
from ...symbolic.rules.powers import RestateByLogarithms
from .notation import N, R, Sigma0, Sigma_c, c0, c1, c2, chi, e, k, p, r_det, r_energy, r_points, t


def critical_points(D: Derivation) -> None:
    D.section("Critical points, without replicas")
    D.derive(
        LandscapeLaw(overlap=R, size=N, results=(c0, c1, c2, k)),
        "covariance",
        label="landscape-law",
        prose=r"The energy is a Gaussian field on the sphere; at a point its variance is $N c_0$, its gradient has "
        r"independent components of variance $c_1$, and given the energy $N e$ and a vanishing gradient its Hessian "
        r"is $-k e$ times the identity plus a Gaussian orthogonal matrix with entries of variance $c_2/N$ off the "
        "diagonal. By {covariance}",
    )
    D.derive(
        KacRiceRates(results=(r_points, r_energy, r_det), energy=e, angle=t),
        "landscape-law",
        label="kac-rice-rates",
        prose="The mean number of critical points of energy $N e$ is the volume of the sphere, times the density of "
        "a vanishing gradient, times that of the energy, times the mean modulus of the determinant of the Hessian. "
        "Per spin, the logarithms of these factors tend to",
    )
    D.define(
        "count-definition",
        Equation(Sigma_c, r_points + r_energy + r_det, ":="),
        prose=r"so that the mean number of critical points grows as $e^{N \Sigma_{\mathrm{c}}}$ with",
    )
    D.derive(Insert(), "count-definition", "kac-rice-rates", label="count-integral", prose="that is,")
    D.derive(
        LogarithmByFourier(),
        "count-integral",
        label="count",
        prose="Below the energy at which the spectrum of the Hessian reaches zero the integral is elementary:",
    )


def agreement(D: Derivation) -> None:
    D.section("Agreement of the two numbers of states")
    D.derive(
        RootOfSquare(root=1 / chi - p * (p - 1) * chi / 2),
        "count",
        "energy-states",
        label="count-response",
        prose="At the energy {energy-states} of the replica calculation the root is that of a square, and below "
        "{threshold-energy} its sign is known:",
    )
    D.derive(
        RestateByLogarithms(form=Sigma0),
        "count-response",
        "complexity-states",
        label="count-agrees",
        prose="The two numbers are the same, for every $p$ and every energy below the threshold:",
    )
