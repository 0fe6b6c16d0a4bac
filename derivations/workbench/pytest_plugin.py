"""pytest plugin: one test item per check of the derivations a project configures. Inert without configuration.

    [tool.pytest.ini_options]
    quenched_derivations = ["pca_probe", "derivations/mine.py"]
    quenched_level = "fast"

An entry is an id of the catalogue or a Python file that defines derive(). Items are named `id::label::check`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("quenched_derivations", "derivations to check: ids or Python files", type="linelist", default=[])
    parser.addini("quenched_level", "fast (default) or full", default="fast")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "quenched: a check of a derivation")


def pytest_report_header(config: pytest.Config) -> str | None:
    if not config.getini("quenched_derivations"):
        return None
    from importlib.metadata import version

    versions = ", ".join(f"{name} {version(name)}" for name in ("sympy", "mpmath", "python-flint"))
    return f"quenched: {', '.join(config.getini('quenched_derivations'))} ({versions})"


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Let the derivations join the collection, unless files were named on the command line."""
    wanted = session.config.getini("quenched_derivations")
    if wanted and session.config.args_source is not pytest.Config.ArgsSource.ARGS:
        session.config.pluginmanager.register(_Collector(wanted), "quenched-collector")


class _Collector:
    """Adds the items once the files have been collected."""

    def __init__(self, wanted: list[str]):
        self.wanted = wanted

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        for entry in self.wanted:
            node = DerivationNode.from_parent(session, name=entry, path=_path(session, entry))
            items.extend(node.collect())


def _path(session: pytest.Session, entry: str) -> Path:
    return session.config.rootpath / entry if entry.endswith(".py") else session.config.rootpath


class DerivationNode(pytest.Collector):
    """One derivation; its items are its checks."""

    def collect(self) -> Iterator[pytest.Item]:
        from ...symbolic.checking import planned
        from .catalogue import load

        name = str(self.path) if self.name.endswith(".py") else self.name
        derivation = load(name).derivation
        level = self.config.getini("quenched_level")
        for label, check, judge in planned(derivation, level):
            yield CheckItem.from_parent(self, name=f"{derivation.id}::{label}::{check}", judge=judge)


class CheckItem(pytest.Item):
    """One check; it passes when its verdict is positive."""

    def __init__(self, *, judge: Any, **kwargs: Any):
        super().__init__(**kwargs)
        self.judge = judge
        self.add_marker(pytest.mark.quenched)

    def runtest(self) -> None:
        verdict = self.judge()
        if verdict is None:
            pytest.skip("no quantity of this claim carries a weight")
        if not verdict.positive:
            raise CheckFailed(str(verdict))

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        if isinstance(excinfo.value, CheckFailed):
            return f"{self.name}\n  {excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, self.name


class CheckFailed(Exception):
    """A verdict that is not positive; the report shows it without a traceback."""
