"""The results, one file or folder each; the file name is the id.

load("pca_probe") -> a Workpiece: claim, check, evaluate, function, render
Workpiece(D) -> the same for a Derivation of your own
identifiers() -> the ids of all derivations
"""

from __future__ import annotations

from typing import Any

if __name__ != "quenched.derivations":
    raise ImportError(
        "this folder is the package quenched.derivations: install the project and import it under that name"
    )

__all__ = ["Workpiece", "identifiers", "load"]


def __getattr__(name: str) -> Any:
    """The public door opens the workbench only when it is used, so that results never depend on it."""
    if name in __all__:
        from importlib import import_module

        return getattr(import_module(".workbench.catalogue", __name__), name)
    raise AttributeError(f"module {__name__} has no attribute {name!r}")
