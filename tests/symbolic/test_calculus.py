"""Quantities, claims, rules, derivations and checking: what they refuse, and what a user's own rule can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest
import sympy as sp

from quenched.symbolic.checking import check, mutate
from quenched.symbolic.claim import Assumption, Claim, Equation
from quenched.symbolic.combinators import first, then, until_stable
from quenched.symbolic.derivation import Derivation, Limit, Witness
from quenched.symbolic.equality import equal
from quenched.symbolic.errors import BadInput, NotDerivable, OutsideDomain, UnknownName
from quenched.symbolic.homogeneity import check_homogeneous
from quenched.symbolic.quantity import POSITIVE, Notation, Quantity, Samples, interval
from quenched.symbolic.rule import Case, Rule
from quenched.symbolic.rules.algebra import ClearDenominators, PositiveRoot, Restate, SolveLinear, Substitute
from quenched.symbolic.verdict import Level, Verdict, consistent, refuted, strongest, weakest

LENGTH = {"length": 1}


def notation() -> Notation:
    return Notation(
        Quantity("x", "a length", domain=POSITIVE, scale=LENGTH),
        Quantity("y", "a length", domain=POSITIVE, scale=LENGTH),
        Quantity("A", "an area", domain=POSITIVE, scale={"length": 2}),
        Quantity("c", "a number", domain=POSITIVE),
    )


def derivation() -> Derivation:
    return Derivation("sample", "Sample", "", (), notation(), falsifier="a wrong area")


@dataclass(frozen=True)
class Square(Rule):
    """y = c x  ->  A = (c x)^2, a user's own rule."""

    source: ClassVar[str] = "Euclid"
    area: sp.Symbol | None = None

    def apply(self, *inputs: Claim) -> Equation:
        return Equation(self.area, sp.expand(inputs[0].rhs ** 2))

    def check(self, case: Case) -> Verdict:
        return equal(case.output.rhs, case.inputs[0].rhs ** 2, case.samples, case.given)


def sample() -> Derivation:
    D = derivation()
    x, y, area, c = D.notation.symbols("x y A c")
    D.define("side", Equation(y, c * x, ":="), prose="The side is")
    D.derive(Square(area=area), "side", label="area", prose="and the area")
    return D


def test_a_users_rule_is_checked_and_every_mutant_is_refused() -> None:
    report = check(sample(), "full")
    assert report.verdicts()["area"].level is Level.PROVED
    killed, mutants = report.kill_rate
    assert killed == mutants > 5
    assert report.exit_code == 0


def test_a_wrong_rule_is_refuted() -> None:
    @dataclass(frozen=True)
    class Wrong(Square):
        """y = c x  ->  A = c x^2, a slip."""

        def apply(self, *inputs: Claim) -> Equation:
            x, c = notation().symbols("x c")
            return Equation(self.area, c * x**2)

    D = derivation()
    x, y, area, c = D.notation.symbols("x y A c")
    D.define("side", Equation(y, c * x, ":="), prose="")
    D.derive(Wrong(area=area), "side", label="area", prose="")
    report = check(D)
    assert report.verdicts()["area"].refuted
    assert report.exit_code == 1


def test_a_rule_without_a_checker_cannot_be_registered() -> None:
    with pytest.raises(BadInput, match="lacks check"):

        class NoCheck(Rule):
            """x -> x."""

            source: ClassVar[str] = "nowhere"

            def apply(self, *inputs: Claim) -> Equation:
                return inputs[0].single


def test_a_rule_without_a_statement_cannot_be_registered() -> None:
    with pytest.raises(BadInput, match="docstring"):

        class Silent(Square):
            source: ClassVar[str] = "nowhere"


def test_surviving_mutants_are_reported() -> None:
    @dataclass(frozen=True)
    class Blind(Square):
        """y = c x  ->  A = (c x)^2, checked by nobody."""

        def check(self, case: Case) -> Verdict:
            return consistent("looks fine")

    D = derivation()
    x, y, area, c = D.notation.symbols("x y A c")
    D.define("side", Equation(y, c * x, ":="), prose="")
    D.derive(Blind(area=area), "side", label="area", prose="")
    survivors = [kill for kill in mutate(D, "area") if not kill.by]
    # Homogeneity still refuses some edits, for instance a wrong power of x.
    assert survivors
    assert any(kill.by == "scaling" for kill in mutate(D, "area"))


def test_status_is_computed_from_the_ancestors() -> None:
    D = sample()
    c = D.notation["c"].symbol
    given = Assumption("flat", "Space is flat.", "It looks flat.")
    D.assume("flatness", Equation(c, sp.Integer(2)), assumption=given, prose="")
    D.derive(Substitute(), "area", "flatness", label="number", prose="")
    verdicts = check(D).verdicts()
    status = D.status("number", verdicts)
    assert status.assumptions == (given,)
    assert status.level is Level.CONSISTENT
    assert D.status("area", verdicts).assumptions == ()
    assert str(D.status("number", {})) == "undecided modulo flat"


def test_labels_and_quantities_are_policed() -> None:
    D = sample()
    x, y = D.notation.symbols("x y")
    with pytest.raises(BadInput, match="used twice"):
        D.define("side", Equation(y, x), prose="")
    with pytest.raises(BadInput, match="lower case words"):
        D.define("Side Two", Equation(y, x), prose="")
    with pytest.raises(BadInput, match="undeclared quantities w"):
        D.define("stray", Equation(y, sp.Symbol("w")), prose="")
    with pytest.raises(BadInput, match="other assumptions"):
        D.define("other", Equation(y, sp.Symbol("x")), prose="")
    with pytest.raises(UnknownName, match="did you mean side"):
        D.claim("sidee")
    with pytest.raises(BadInput, match="declared twice"):
        D.notation.declare(Quantity("x", "another"))
    with pytest.raises(BadInput, match="float"):
        Equation(y, 0.5 * x)


def test_a_claim_is_computed_when_it_is_asked_for() -> None:
    D = derivation()
    x, area, c = D.notation.symbols("x A c")
    D.define("square", Equation(x**2 + c * x, area), prose="")
    step = D.derive(SolveLinear(unknown=x), "square", label="x", prose="")
    root = D.derive(PositiveRoot(unknown=x), "square", label="root", prose="")
    assert D.claim("root") is root.claim
    with pytest.raises(NotDerivable):
        _ = step.claim
    with pytest.raises(UnknownName, match="did you mean root"):
        D.derive(PositiveRoot(unknown=x), "rot", label="more", prose="")


def test_rules_refuse_what_they_cannot_do() -> None:
    D = derivation()
    x, area, c = D.notation.symbols("x A c")
    D.define("square", Equation(x**2 + c * x, area), prose="")
    with pytest.raises(NotDerivable, match="sample, step 'x'"):
        _ = D.derive(SolveLinear(unknown=x), "square", label="x", prose="").claim
    D.derive(PositiveRoot(unknown=x), "square", label="root", prose="")
    D.define("both", Equation(x**2 - c * x, -area), prose="")
    with pytest.raises(NotDerivable, match="not unique in sign"):
        _ = D.derive(PositiveRoot(unknown=x), "both", label="other", prose="").claim
    with pytest.raises(NotDerivable, match="not proved equal"):
        _ = D.derive(Restate(form=c * x), "root", label="wrong", prose="").claim
    with pytest.raises(NotDerivable, match="nothing in the target"):
        _ = D.derive(Substitute(), "root", "square", label="nothing", prose="").claim


def test_homogeneity_names_the_terms() -> None:
    N = notation()
    x, y, area, c = N.symbols("x y A c")
    assert check_homogeneous(Claim("a", (Equation(area, x * y + c * x**2),)), N).level is Level.PROVED
    wrong = check_homogeneous(Claim("a", (Equation(area, x * y + c * x),)), N)
    assert wrong.refuted
    assert "weight" in wrong.evidence
    assert check_homogeneous(Claim("a", (Equation(c, sp.exp(x / y)),)), N).level is Level.PROVED
    assert check_homogeneous(Claim("a", (Equation(c, sp.exp(x)),)), N).refuted
    assert check_homogeneous(Claim("a", (Equation(c, c + 1),)), N) is None


def test_known_limits_can_refute() -> None:
    D = sample()
    x, c = D.notation.symbols("x c")
    D.limits += [Limit("thin", "area", {c: 0}, 0), Limit("unit", "area", {c: 1}, x**2)]
    assert not any(f.verdict.refuted for f in check(D).findings)
    D.limits.append(Limit("wrong", "area", {c: 1}, 2 * x**2))
    assert [f.check for f in check(D).findings if f.verdict.refuted] == ["wrong"]


def test_witnesses_see_mutated_claims_and_crashes_are_undecided() -> None:
    D = sample()

    def judge(claims: dict[str, Claim], samples: Samples) -> Verdict:
        x, c = D.notation.symbols("x c")
        value = claims["area"].rhs.xreplace({x: sp.Integer(2), c: sp.Integer(5)})
        return consistent("one square") if value == 100 else refuted("one square", str(value))

    D.witnesses.append(Witness("one square", ("area",), judge))
    assert check(D, "full").exit_code == 0
    D.witnesses.append(Witness("broken", ("side",), lambda claims, samples: 1 / 0))
    report = check(D)
    assert report.exit_code == 3
    assert any("ZeroDivisionError" in f.verdict.evidence for f in report.findings)


def test_verdicts() -> None:
    good, bad = consistent("points"), refuted("points", at=[("x", "2")])
    assert weakest([good, bad]) is bad
    assert strongest([good, bad]) is bad
    assert weakest([]).level is Level.UNDECIDED
    assert "x=2" in str(bad)
    with pytest.raises(TypeError, match="not a truth value"):
        bool(good)


def test_samples_respect_domains_and_conditions() -> None:
    N = Notation(Quantity("p", "share", domain=interval(0, 1)), Quantity("s", "real"))
    p, s = N.symbols("p s")
    samples = Samples(N, "seed")
    points = samples.points([p, s], [p > s**2], count=20)
    assert all(0 < point[p] < 1 and point[p] > point[s] ** 2 for point in points)
    assert {point[s] > 0 for point in samples.points([s], count=2)} == {True, False}
    assert samples.point([p], index=3) == Samples(N, "seed").point([p], index=3)
    with pytest.raises(OutsideDomain, match="no point found"):
        samples.point([p], [p > 2])


def test_combinators_compute_and_check_every_link() -> None:
    D = derivation()
    x, y, area, c = D.notation.symbols("x y A c")
    D.define("square", Equation(x**2, c * area), prose="")
    D.define("linear", Equation(c * x + y, area / y), prose="")
    both = first(SolveLinear(unknown=x), PositiveRoot(unknown=x))
    D.derive(both, "linear", label="by-linear", prose="")
    D.derive(both, "square", label="by-root", prose="")
    D.derive(then(ClearDenominators(unknown=x), PositiveRoot(unknown=x)), "square", label="by-both", prose="")
    D.derive(until_stable(ClearDenominators(unknown=x)), "linear", label="stable", prose="")
    assert D.claim("by-root").rhs == D.claim("by-both").rhs
    report = check(D, "full")
    assert report.exit_code == 0
    assert report.kill_rate[0] == report.kill_rate[1] > 20
    with pytest.raises(NotDerivable, match=r"no rule applies; SolveLinear: .*; PositiveRoot: "):
        D.define("cubic", Equation(x**3 + x**2, c), prose="")
        _ = D.derive(both, "cubic", label="none", prose="").claim
