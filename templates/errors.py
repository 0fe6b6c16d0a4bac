"""Errors of rendering: every message names the derivation and the step, when there is one."""

from __future__ import annotations

from ..symbolic.errors import QuenchedError


class RenderError(QuenchedError):
    """The text cannot be set: a dangling reference, a command outside the dialect, an overfull line, TeX failing."""
