"""Certificates: accepted when honest, refused with the reason after any tampering, by code that shares nothing."""

import ast
import json
from pathlib import Path

import pytest

import quenched.symbolic.gradient_flow as package
from quenched.symbolic.errors import BadInput, Refuted
from quenched.symbolic.gradient_flow import count_laws, read_formulas, read_network, recheck, write_certificate

HONEST = [
    ("linear 3-2-3", "gradient flow"),
    ("linear 1-3-3-2", "gradient flow"),
    ("linear 2-2-5-2-4", "gradient flow"),
    ("relu 3-4-2 bias", "gradient flow"),
    ("gram 2 3", "gradient flow"),
    ("linear 1-2-2-1", "gradient flow"),
    ("linear 2-1-2-2-1-3", "gradient flow"),
    ("polynomial 1-4-2 2", "gradient flow"),
    ("softmax 2 3", "heavy ball"),
    ("linear 1-3-1", "heavy ball"),
    ("linear 3-2-4", "entropic mirror"),
    ("linear 1-3-1", "entropic mirror"),
    ("residual 1 1 2", "gradient flow"),
    ("gram 3 4", "gradient flow"),
    ("scaling 3 2", "weight normalisation"),
]


def certificate(text: str, dynamics: str = "gradient flow"):
    return json.loads(write_certificate(count_laws(read_network(text), dynamics)))


@pytest.mark.parametrize(("text", "dynamics"), HONEST)
def test_honest_certificates_pass(text, dynamics):
    phi = read_network(text)
    count = count_laws(phi, dynamics)
    found = recheck(write_certificate(count), phi)
    assert (found.lower, found.upper, found.N) == (count.lower, count.upper, count.N)


def test_an_open_count_is_certified_as_an_interval():
    phi = read_formulas("(u*v + s*t + s*t*u*v)*w, (u*v + s*t + s*t*u*v)**2*w").with_rates({"u": 2})
    found = recheck(write_certificate(count_laws(phi)), phi)
    assert (found.lower, found.upper, found.N) == (2, 3, None)
    assert found.statement.startswith("2 <= N <= 3")


def test_rates_are_part_of_the_certificate():
    phi = read_network("linear 2-2-2").with_rates({"W1": "2/3", "W2": 5})
    text = write_certificate(count_laws(phi))
    assert recheck(text, phi).N == 3
    with pytest.raises(Refuted, match="learning rates"):
        recheck(text, read_network("linear 2-2-2"))


@pytest.mark.parametrize("text", ["linear 3-2-3", "relu 2-3-2", "linear 2-1-2-2-1-3"])
def test_every_missing_entry_is_noticed(text):
    honest = certificate(text)
    for key in honest:
        broken = {k: v for k, v in honest.items() if k != key}
        with pytest.raises((Refuted, BadInput)):
            recheck(json.dumps(broken))


@pytest.mark.parametrize(("text", "dynamics"), [("linear 2-2-2", "gradient flow"), ("linear 1-3-1", "heavy ball")])
def test_every_single_edit_of_a_law_is_refused(text, dynamics):
    honest = certificate(text, dynamics)
    for law in range(len(honest["laws"])):
        for place in range(len(honest["laws"][law]["terms"])):
            for edit in ("sign", "coefficient", "drop", "letter"):
                broken = json.loads(json.dumps(honest))
                terms = broken["laws"][law]["terms"]
                if edit == "sign":
                    terms[place][0] *= -1
                elif edit == "coefficient":
                    terms[place][0] += 2
                elif edit == "drop":
                    del terms[place]
                else:
                    letters = terms[place][1]
                    terms[place][1] = sorted([*letters[:-1], (letters[-1] + 1) % len(honest["rates"])])
                if dynamics == "heavy ball" and len(terms) == 0:
                    continue
                with pytest.raises(Refuted, match=r"not conserved|certificate entry"):
                    recheck(json.dumps(broken))


def tampered(text: str, change) -> str:
    content = certificate(text)
    change(content)
    return json.dumps(content)


@pytest.mark.parametrize(
    ("text", "change", "reason"),
    [
        ("linear 2-2-2", lambda c: c.update(upper=2), "shows N <= 3"),
        ("linear 2-2-2", lambda c: c.update(lower=2), "shows N >= 3"),
        ("linear 2-2-2", lambda c: c.update(independent=[0, 1, 1]), "named twice"),
        ("linear 2-2-2", lambda c: c.update(independent=[0, 1, 7]), "from 0 to 2"),
        ("linear 2-2-2", lambda c: c["laws"].append(c["laws"][0]) or c.update(independent=[0, 1, 2, 3]), "independent"),
        ("linear 2-2-2", lambda c: c.update(rounds=[]), "shows N <= 4"),
        ("linear 2-2-2", lambda c: c["rounds"][0].update(controls=[[0, 0, 0, 0]]), "shows N <= 4"),
        ("linear 2-2-2", lambda c: c.update(point=[0] * 8), "at the point"),
        ("linear 2-2-2", lambda c: c.update(point=[1] * 8), "at the point"),
        ("linear 2-2-2", lambda c: c.update(point=c["point"][:-1]), "8 coordinates"),
        ("linear 2-2-2", lambda c: c.update(prime=268435401), "no prime"),
        ("linear 2-2-2", lambda c: c.update(prime=61), "point"),
        ("tied 3 2", lambda c: c.update(route="monomial", components=[0]), "one monomial per component"),
        ("linear 2-2-2", lambda c: c.update(route="single gradient", lower=7), "not parallel"),
        ("linear 2-2-2", lambda c: c.update(route="matrix algebra", lower=4), "larger than 4"),
        ("linear 2-2-2", lambda c: c.update(route="scalar segments", segments=[[0, 1]]), "more than one scalar"),
        ("linear 2-2-2", lambda c: c.update(route="faith"), "not one of"),
        ("linear 2-2-2", lambda c: c["rates"].__setitem__(0, "2"), "not conserved"),
        ("linear 2-2-2", lambda c: c["rates"].__setitem__(0, "0"), "not a positive number"),
        ("linear 2-2-2", lambda c: c["phi"][0][0].__setitem__(0, 3), "not conserved"),
        ("linear 2-2-2", lambda c: c["phi"][0].pop(), "not conserved"),
        ("linear 2-2-2", lambda c: c.update(dynamics="heavy ball"), "heavy-ball law"),
        ("relu 2-3-2", lambda c: c["components"].pop(), "shows N <= 4"),
        ("relu 2-3-2", lambda c: c["components"].__setitem__(0, c["components"][1]), "shows N <= 4"),
        ("relu 2-3-2", lambda c: c["components"].__setitem__(0, 99), "from 0 to"),
        ("gram 2 3", lambda c: c.update(lower=3, upper=3), "shows N <= 2"),
        ("gram 2 3", lambda c: c["further"].pop(), "shows N >= 1"),
        ("gram 2 3", lambda c: c["further"].append(c["further"][0]), "independent"),
        ("gram 2 3", lambda c: c["further"][0]["factors"].pop(), "do not cancel"),
        ("gram 2 3", lambda c: c["further"][0]["factors"][0]["weights"].__setitem__(0, [-1, 2]), "do not cancel"),
        ("gram 2 3", lambda c: c["further"][0]["factors"][0]["weights"].__setitem__(0, [0, 1]), "pairs"),
        ("gram 2 3", lambda c: c["further"][0]["factors"][0]["polynomial"][0].__setitem__(0, 2), "no Darboux"),
        ("gram 2 3", lambda c: c["further"][0].update(rest=[[1, [0, 0]]]), "do not cancel"),
        ("gram 2 3", lambda c: c.update(point=[1] * 6), "vanishes at the point"),
        ("residual 1 1 2", lambda c: c["further"][0]["rest"].pop(), "do not cancel"),
        ("residual 1 1 2", lambda c: c["further"][0]["rest"][0].__setitem__(0, 1), "do not cancel"),
        ("residual 1 1 2", lambda c: c["further"][0].update(factors=[]), "factors and a rest"),
        ("linear 2-2-2", lambda c: c.update(normalised=[[0, 1, 2]]), "only to it"),
        ("linear 2-2-2", lambda c: c.update(dynamics="weight normalisation"), "only to it"),
        ("linear 2-1-2-2-1-3", lambda c: c.update(segments=[]), "shows N >= 8"),
        ("linear 2-1-2-2-1-3", lambda c: c["segments"][0].append(0), "more than one scalar"),
        ("linear 2-1-2-2-1-3", lambda c: c.update(segments=c["segments"] * 2), "overlap"),
    ],
)
def test_tampering_is_refused_with_the_reason(text, change, reason):
    with pytest.raises(Refuted, match=reason):
        recheck(tampered(text, change))


def test_further_laws_weighted_by_laws_need_those_laws():
    """(h2) log|u1/v1| - (h1) log|u2/v2| under the mirror: the h must be among the independent laws of the file."""
    honest = json.loads(write_certificate(count_laws(read_network("linear 1-3-1"), "entropic mirror")))
    assert recheck(json.dumps(honest)).N == 5
    used = {n for law in honest["further"] for f in law["factors"] for n, _ in f["weights"]}
    assert used <= set(honest["independent"])
    with pytest.raises(Refuted, match="not called independent"):
        recheck(json.dumps(honest | {"independent": honest["independent"][1:]}))


def test_tampered_columns_of_weight_normalisation_are_refused():
    honest = json.loads(write_certificate(count_laws(read_network("scaling 2 2"), "weight normalisation")))
    swapped = honest | {"normalised": [[0, 1, 4], [2, 3, 5]]}
    with pytest.raises(Refuted, match="not conserved"):
        recheck(json.dumps(swapped))
    with pytest.raises(Refuted, match="disjoint"):
        recheck(json.dumps(honest | {"normalised": [[0, 2, 4], [0, 3, 5]]}))


def test_the_phi_asked_about_must_be_the_phi_in_the_file():
    text = write_certificate(count_laws(read_network("linear 3-2-3")))
    with pytest.raises(Refuted, match="not the phi"):
        recheck(text, read_network("linear 3-2-4"))


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": "other"}', "[" * 100000, '{"format": 1, "format": 2}'])
def test_other_files_are_bad_input(text):
    with pytest.raises(BadInput, match="no certificate"):
        recheck(text)


def test_the_rechecker_imports_nothing_of_the_finder():
    folder = Path(package.__file__).parent
    own = {"recheck", "recheck_further", "recheck_metric", "recheck_reading", "recheck_series"}
    for name in sorted(own):
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text())):
            if isinstance(node, ast.ImportFrom):
                inside = node.module in own if node.level == 1 else node.module in ("errors", "verdict")
                plain = node.level == 0 and node.module in ("__future__", "dataclasses", "fractions", "typing")
                assert inside or plain, f"{name} imports {node.module}"
            elif isinstance(node, ast.Import):
                assert [alias.name for alias in node.names] == ["json"], name
