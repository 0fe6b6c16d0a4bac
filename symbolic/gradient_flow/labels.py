"""Names of tensors and parameters in LaTeX."""

from __future__ import annotations

from .parametrisation import Parametrisation


def latex_name(name: str) -> str:
    r"""W12 -> W_{12}; words upright; a scalar named U[1,2] -> {U}_{1,2}.

    >>> latex_name("W1"), latex_name("gate")
    ('W_{1}', '\\mathrm{gate}')
    """
    stem = name.rstrip("0123456789")
    index = name[len(stem) :]
    if "[" in name:
        stem, inside = name.rstrip("]").split("[")
        return rf"{{{latex_name(stem)}}}_{{{inside}}}"
    body = stem.replace("_", r"\_")
    if len(body) > 1:
        body = rf"\mathrm{{{body}}}"
    return f"{body}_{{{index}}}" if index else body


def latex_entry(name: str, index: tuple[int, ...]) -> str:
    """One entry of a tensor already named in LaTeX: (W_{1})_{1,2}, u_{3}."""
    base = f"({name})" if "_" in name else name
    return f"{base}_{{{','.join(str(i + 1) for i in index)}}}"


def latex_label(phi: Parametrisation, parameter: int) -> str:
    """A parameter in LaTeX."""
    block = phi.block_of(parameter)
    name = latex_name(block.name)
    return latex_entry(name, block.index(parameter)) if block.shape else name
