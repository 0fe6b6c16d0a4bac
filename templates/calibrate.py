"""Measures the width of every symbol of the dialect in real TeX boxes and stores the table.

Rebuild `widths.json` (needs pdflatex):  python -m quenched.templates.calibrate
The table holds widths in points for Computer Modern at 10 pt, in the four styles of TeX (display, text, script,
scriptscript). Texts set in other fonts of the same size are close to it; the line breaker keeps a margin.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from pathlib import Path

from .files import write
from .vocabulary import CLOSING, NEUTRAL, OPENING, SIZES, known_symbols

TABLE = Path(__file__).with_name("widths.json")
_STYLES = (r"\displaystyle", r"\textstyle", r"\scriptstyle", r"\scriptscriptstyle")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_FONTS = {"mathrm": _ALPHABET + "0123456789", "mathbf": _ALPHABET + "0123456789", "mathsf": _ALPHABET + "0123456789",
          "mathit": _ALPHABET, "mathtt": _ALPHABET, "mathcal": _ALPHABET[:26], "mathbb": _ALPHABET[:26],
          "mathfrak": _ALPHABET}  # fmt: skip
_TEXT = _ALPHABET + "0123456789.,;:'()-/+="


def probes() -> dict[str, str]:
    """Key of the table -> LaTeX to be boxed (without spaces around it, so binary signs are braced)."""
    found = {symbol: "{" + symbol + "}" for symbol in known_symbols()}
    for font, letters in _FONTS.items():
        found.update({rf"\{font} {letter}": rf"\{font}{{{letter}}}" for letter in letters})
    found.update({rf"\text {letter}": rf"\text{{{letter}}}" for letter in _TEXT})
    found[r"\text  "] = r"\text{\ }"
    for size in SIZES:
        for delimiter in (*OPENING, *CLOSING, *NEUTRAL):
            found[rf"\{size} {delimiter}"] = rf"{{\{size} {delimiter}}}"
    return found


def document(table: dict[str, str]) -> str:
    lines = [r"\documentclass[10pt]{article}", r"\usepackage{amsmath,amssymb}", r"\begin{document}", r"\newbox\probe"]
    for number, latex in enumerate(table.values()):
        for style, command in enumerate(_STYLES):
            lines.append(rf"\setbox\probe\hbox{{$\nulldelimiterspace0pt{command}{latex}$}}")
            lines.append(rf"\typeout{{BOX {number} {style} \the\wd\probe}}")
    return "\n".join([*lines, r"\end{document}", ""])


def measure(table: dict[str, str]) -> dict[str, list[float]]:
    """Widths in points of every probe, by one run of pdflatex."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "probe.tex").write_text(document(table), encoding="utf-8")
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "probe.tex"]
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace")
    keys = list(table)
    widths: dict[str, list[float]] = {key: [0.0] * len(_STYLES) for key in keys}
    found = re.findall(r"BOX (\d+) (\d) (-?[\d.]+)pt", run.stdout)
    if len(found) != len(keys) * len(_STYLES):
        raise RuntimeError(run.stdout[-2000:])
    for number, style, width in found:
        widths[keys[int(number)]][int(style)] = round(float(width), 3)
    return widths


def main() -> None:
    widths = measure(probes())
    rows = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in widths.items()]
    write(TABLE, "{\n" + ",\n".join(rows) + "\n}\n")


if __name__ == "__main__":
    main()
