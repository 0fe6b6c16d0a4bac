"""The one jinja environment: delimiters that cannot collide with TeX, undefined names are errors, no floats."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .errors import RenderError


def _finalize(value: Any) -> Any:
    """What reaches the text: strings and integers; a bare float would be a digit that nothing certifies."""
    if isinstance(value, str | int) and not isinstance(value, bool):
        return value
    raise RenderError(f"a template printed a {type(value).__name__} ({value!r}); only text and integers may be printed")


@cache
def _environment(escape: Callable[[str], str] | None) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.PackageLoader("quenched.templates", "."),
        undefined=jinja2.StrictUndefined,
        variable_start_string=r"\VAR{",
        variable_end_string="}",
        block_start_string=r"\BLOCK{",
        block_end_string="}",
        comment_start_string=r"\#{",
        comment_end_string="}",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        finalize=_finalize,
    )
    if escape is not None:
        environment.filters["plain"] = escape
    return environment


def fill(template: str, escape: Callable[[str], str], **values: Any) -> str:
    """A template filled with records and strings; its filter `plain` makes any text safe for the format.

    Raises RenderError for a name that is not defined, a bare float, or an error in the template.
    """
    try:
        return _environment(escape).get_template(template).render(**values)
    except jinja2.TemplateError as error:
        raise RenderError(f"{template}: {error}") from None
