"""LaTeX to PDF through latexmk, with the log read: an overfull box or a dangling reference is a failed render."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .errors import RenderError

HOW_TO_GET = (
    "latexmk is not installed, so no PDF can be made; install a TeX distribution "
    "(on Debian: texlive-latex-recommended texlive-fonts-recommended latexmk), or render to tex or html"
)
SECONDS = 120
_TROUBLE = (
    (re.compile(r"^Overfull \\[hv]box.*", re.M), "an overfull box"),
    (re.compile(r"^LaTeX Warning: (?:Hyper r|R)eference .* undefined.*", re.M), "an undefined reference"),
    (re.compile(r"^LaTeX Warning: Label .* multiply defined.*", re.M), "a label defined twice"),
    (re.compile(r"^LaTeX Warning: Citation .* undefined.*", re.M), "an undefined citation"),
)


def available() -> bool:
    """Whether latexmk can be found."""
    return shutil.which("latexmk") is not None


def compile_tex(source: str, name: str, files: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of a LaTeX document, the same bytes each time; `files` are laid beside it (figures, by file name).

    Raises RenderError when there is no latexmk, TeX stops, or the log shows an overfull box, an undefined reference
    or a label defined twice.
    """
    if not available():
        raise RenderError(HOW_TO_GET)
    with tempfile.TemporaryDirectory(prefix="quenched-") as folder:
        place = Path(folder)
        (place / "document.tex").write_text(source, encoding="utf-8")
        for file, content in (files or {}).items():
            (place / Path(file).name).write_bytes(content)
        command = ["latexmk", "-pdf", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "document.tex"]
        environment = {
            **os.environ,
            "SOURCE_DATE_EPOCH": "0",
            "FORCE_SOURCE_DATE": "1",
            "openout_any": "p",
            "openin_any": "p",
        }
        try:
            subprocess.run(
                command,
                cwd=place,
                env=environment,
                capture_output=True,
                timeout=SECONDS,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:
            raise RenderError(f"{name}: TeX did not finish in {SECONDS} s") from None
        log_file, pdf = place / "document.log", place / "document.pdf"
        log = log_file.read_text(encoding="utf-8", errors="replace") if log_file.exists() else ""
        if not pdf.exists():
            reason = re.search(r"^!.*(?:\n.*){0,4}", log, re.M)
            raise RenderError(f"{name}: TeX stopped: {reason.group(0) if reason else log[-400:]}")
        problems = troubles(log, source)
        if problems:
            raise RenderError(f"{name}: " + "; ".join(problems[:5]))
        return pdf.read_bytes()


def troubles(log: str, source: str = "") -> list[str]:
    """What a TeX log shows that must not be in print, with the step of the source it belongs to."""
    found = [(what, match.group(0)) for pattern, what in _TROUBLE for match in pattern.finditer(log)]
    return [f"{step_at(message, source)}{what}: {message}" for what, message in found]


def step_at(message: str, source: str) -> str:
    """The words "step 'label', " for a message of TeX that gives a line of the source; empty where no step is near.

    A paragraph belongs to the display that ends it, a message "detected at line" to the display before.
    """
    place = re.search(r"(in paragraph|in alignment|detected) at lines? (\d+)", message)
    if place is None:
        return ""
    line = int(place.group(2))
    labels = [
        (number, label)
        for number, text in enumerate(source.splitlines(), start=1)
        for label in re.findall(r"\\label\{quenched:[^:}]*:([^}]*)\}", text)
    ]
    if place.group(1) == "in paragraph":
        near = [label for number, label in labels if number >= line][:1]
    else:
        near = [label for number, label in labels if number <= line][-1:]
    return f"step {near[0]!r}, " if near else ""
