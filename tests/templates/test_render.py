"""Documents in every format: complete, safe, the same bytes each time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from quenched.symbolic.derivation import Derivation
from quenched.symbolic.errors import BadInput, UnknownName
from quenched.symbolic.verdict import proved
from quenched.templates import Evidence, RenderError, pdf, render, write
from quenched.templates.environment import fill
from quenched.templates.mathml import mathml

HOSTILE = (
    r"\write18{rm -rf /} \input{/etc/passwd} 100% & #1 _ ^ ~ {X} \VAR{doc.__class__} {{ 7 }} <script>alert(1)</script>"
)
Make = Callable[..., Derivation]
EVIDENCE = Evidence({"side": proved("exact normal form")}, [("side", "PositiveRoot", proved("exact normal form"))])


def test_latex_shows_status_labels_and_assumptions(make: Make) -> None:
    text = str(render(make(), evidence=EVIDENCE))
    assert r"\label{quenched:sample:side}" in text
    assert r"\quenchedmark{proved}" in text
    assert r"\quenchedmark{assumed A1}" in text
    assert r"see \eqref{quenched:sample:square}" in text
    assert "Space is flat." in text
    assert r"x= \sqrt{\gamma}" in text


def test_the_fragment_loads_no_package(make: Make) -> None:
    text = str(render(make(), style="appendix", evidence=EVIDENCE))
    assert "documentclass" not in text
    assert "usepackage" not in text.split("\n", 1)[1]


@pytest.mark.skipif(not pdf.available(), reason="latexmk is not installed")
@pytest.mark.parametrize("columns", [1, 2])
def test_the_fragment_compiles_with_amsmath_alone(make: Make, columns: int) -> None:
    fragment = str(render(make(), style="appendix", columns=columns, evidence=EVIDENCE))
    option = "[twocolumn]" if columns == 2 else ""
    head = f"\\documentclass{option}{{article}}\n\\usepackage{{amsmath}}\n\\begin{{document}}\n"
    host = f"{head}{fragment}\\end{{document}}\n"
    assert pdf.compile_tex(host, "host").startswith(b"%PDF")


@pytest.mark.skipif(not pdf.available(), reason="latexmk is not installed")
def test_hostile_text_is_only_text(make: Make) -> None:
    derivation = make(title=HOSTILE, prose=HOSTILE)
    once = render(derivation, "pdf", evidence=EVIDENCE)
    assert once == render(derivation, "pdf", evidence=EVIDENCE)
    page = str(render(derivation, "html", evidence=EVIDENCE))
    assert "<script>" not in page
    tex = str(render(derivation, evidence=EVIDENCE))
    assert "\\write18" not in tex
    assert "\\input{/etc" not in tex


def test_references_must_exist(make: Make) -> None:
    with pytest.raises(RenderError, match="points to no step"):
        render(make(prose="see {nowhere}"))
    with pytest.raises(RenderError, match="without its partner"):
        render(make(prose="a $ alone"))
    with pytest.raises(RenderError, match=r"sample, step 'side'.*not in the dialect"):
        render(make(prose=r"a formula $\write18{x}$"))


def test_templates_refuse_floats_and_unknown_names(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="undefined"):
        fill("appendix.tex.j2", str)
    with pytest.raises(RenderError, match="float"):
        fill("appendix.tex.j2", str, doc={"id": 0.5}, has_pictures=False, mark_body="", body="")


@pytest.mark.parametrize("form", ["tex", "html", "md", "json"])
def test_two_hash_seeds_give_the_same_bytes(form: str) -> None:
    code = (
        "import sys; from quenched.derivations.marchenko_pastur import derivation\n"
        "from quenched.templates import render\n"
        f"sys.stdout.write(render(derivation(), {form!r}))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_the_page_is_one_file_with_mathml(make: Make) -> None:
    page = str(render(make(), "html", evidence=EVIDENCE))
    assert "<math" in page
    assert not re.search(r"(src|href)=\"(?!#)", page)
    assert 'id="side"' in page
    assert "<svg" in page


def test_json_tells_every_step(make: Make) -> None:
    record = json.loads(str(render(make(), "json", evidence=EVIDENCE)))
    side = next(step for step in record["steps"] if step["label"] == "side")
    assert side["verdict"] == "proved"
    assert side["inputs"] == ["square"]
    assert side["equations"][0]["text"] == "x = sqrt(c)"


def test_unchecked_is_shown_as_unchecked(make: Make) -> None:
    assert r"\quenchedmark{unchecked}" in str(render(make()))


def test_a_users_notation(make: Make, tmp_path: Path) -> None:
    file = tmp_path / "paper.toml"
    file.write_text("[symbols]\nc = '\\noise'\n[macros]\n'\\noise' = '\\sigma_{\\varepsilon}^{2}'\n")
    assert r"\sigma_{\varepsilon}^{2}" in str(render(make(), notation=file))
    for text, match in (
        ("[symbols]\ncc = 'x'\n", "did you mean c"),
        ("[symbols]\nc = '\\write18{x}'\n", "dialect"),
        ("[symbols]\nc = '\\input{x}'\n", "dialect"),
        ("[symbols]\nc = 'x}'\n", "unbalanced"),
        ("[symbols]\nc = 3\n", "must be text"),
        ("[symbols]\nc = 'x'\n", "c and x would both be written x"),
        ("[names]\nc = 'x'\n", "section"),
        ("not toml", "not TOML"),
    ):
        file.write_text(text)
        with pytest.raises((BadInput, UnknownName), match=match):
            render(make(), notation=file)
    with pytest.raises(BadInput, match="cannot be read"):
        render(make(), notation=tmp_path / "missing.toml")


def test_writing_is_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.tex"
    write(target, "old")
    monkeypatch.setattr(os, "replace", lambda *args: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(RenderError, match="No space left"):
        write(target, "new")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]
    monkeypatch.undo()
    with pytest.raises(RenderError, match="does the folder exist"):
        write(tmp_path / "missing" / "a.tex", "new")


def test_devices_are_left_alone() -> None:
    if Path("/dev/null").exists():
        with pytest.raises(RenderError, match="device"):
            write("/dev/null", "text")
        assert not Path("/dev/null").is_file()


@pytest.mark.parametrize("option", [{"to": "docx"}, {"style": "poster"}, {"columns": 3}])
def test_unknown_options_are_refused(make: Make, option: dict) -> None:
    with pytest.raises(BadInput, match="choose"):
        render(make(), **option)


@pytest.mark.parametrize("name", ["marchenko_pastur", "pca_probe", "unbalanced"])
def test_every_formula_of_the_founding_derivations_becomes_mathml(name: str) -> None:
    from importlib import import_module

    from quenched.templates.record import document

    derivation = import_module(f"quenched.derivations.{name}").derivation()
    for columns in (1, 2):
        doc = document(derivation, Evidence(), columns=columns)
        for section in doc.sections:
            for step in section.steps:
                assert mathml(step.display, True).startswith("<math")
