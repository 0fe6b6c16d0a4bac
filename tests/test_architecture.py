"""House rules that a reader of the imports and of the text can check."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("symbolic", "numeric", "templates", "derivations")
MODULES = sorted(p for f in FOLDERS for p in (ROOT / f).rglob("*.py") if "__pycache__" not in p.parts)

# What each folder may import of the others; derivations/workbench may import everything.
ALLOWED = {
    "symbolic": {"symbolic"},
    "numeric": {"numeric", "symbolic"},
    "templates": {"templates", "symbolic"},
    "derivations": {"derivations", "symbolic"},
}
THIRD_PARTY = {"flint": {"symbolic", "numeric"}, "jinja2": {"templates"}, "math_core": {"templates"}}


def imports(path: Path) -> list[str]:
    """Absolute dotted names of everything a module imports, relative imports resolved."""
    here = path.relative_to(ROOT).parts
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            if node.level == 0:
                found.append(node.module or "")
            else:
                package = ".".join(("quenched", *here[: len(here) - node.level]))
                base = f"{package}.{node.module}" if node.module else package
                inside = [f"{base}.{alias.name}" for alias in node.names if _is_module(f"{base}.{alias.name}")]
                found += inside or [base]
    return found


def _is_module(name: str) -> bool:
    place = ROOT.joinpath(*name.split(".")[1:])
    return place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_import_direction(path: Path) -> None:
    parts = path.relative_to(ROOT).parts
    workbench = parts[:2] == ("derivations", "workbench")
    for name in imports(path):
        pieces = name.split(".")
        if pieces[0] in FOLDERS:
            pytest.fail(f"{path}: imports the bare name {name}")
        if pieces[0] == "quenched" and len(pieces) > 1 and not workbench:
            assert pieces[1] in ALLOWED[parts[0]], f"{path} imports {name}"
            assert pieces[1:3] != ["derivations", "workbench"], f"{path}: nothing imports the workbench"
        if pieces[0] in THIRD_PARTY:
            assert parts[0] in THIRD_PARTY[pieces[0]], f"{path} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_house_rules(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree), f"{path} has no docstring"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            assert name not in {"simplify", "nsimplify", "sympify", "parse_expr", "eval", "exec"}, (
                f"{path}:{node.lineno}"
            )
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                text = ast.unparse(target)
                assert text not in {"mp.dps", "mpmath.mp.dps", "mp.prec", "mpmath.mp.prec"}, f"{path}:{node.lineno}"
        if isinstance(node, ast.ImportFrom):
            assert all(alias.name != "*" for alias in node.names), f"{path}: star import"


def test_no_import_cycles() -> None:
    names = {p: "quenched." + ".".join(p.relative_to(ROOT).with_suffix("").parts) for p in MODULES}
    known = {name.removesuffix(".__init__"): path for path, name in names.items()}
    graph = {path: {known[n] for n in imports(path) if n in known and known[n] != path} for path in MODULES}
    state: dict[Path, int] = {}

    def visit(path: Path, trail: list[Path]) -> None:
        state[path] = 1
        for target in sorted(graph[path]):
            if state.get(target) == 1:
                pytest.fail("cycle: " + " -> ".join(str(p.relative_to(ROOT)) for p in (*trail, path, target)))
            if target not in state:
                visit(target, [*trail, path])
        state[path] = 2

    for path in MODULES:
        if path not in state:
            visit(path, [])


def test_every_subpackage_is_listed() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    folders = {p.parent.relative_to(ROOT).as_posix() for p in MODULES if p.name == "__init__.py"}
    assert {settings["package-dir"][name] for name in settings["packages"]} == folders
    for name in settings["packages"]:
        assert settings["package-dir"][name].replace("/", ".") == name.removeprefix("quenched.")


@pytest.mark.parametrize("folder", FOLDERS)
def test_bare_names_refuse_to_load(folder: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); import {folder}"],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert f"quenched.{folder}" in run.stderr


def test_help_does_not_load_sympy() -> None:
    code = (
        "import sys; sys.argv = ['quenched', '--help']\n"
        "from quenched.derivations.workbench.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([m for m in ('sympy', 'numpy', 'flint', 'rich', 'jinja2') if m in sys.modules], file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stderr.strip() == "[]"
