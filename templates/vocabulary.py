"""The vocabulary of the LaTeX dialect: every command that may appear in a formula, with TeX's class for it.

All of it is amsmath (and \\mathbb, for which a fragment carries its own fallback) and is understood by the MathML
converter; a test sends every entry through both.
"""

from __future__ import annotations

GREEK = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "varepsilon",
    "zeta",
    "eta",
    "theta",
    "vartheta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "pi",
    "varpi",
    "rho",
    "varrho",
    "sigma",
    "varsigma",
    "tau",
    "upsilon",
    "phi",
    "varphi",
    "chi",
    "psi",
    "omega",
    "Gamma",
    "Delta",
    "Theta",
    "Lambda",
    "Xi",
    "Pi",
    "Sigma",
    "Upsilon",
    "Phi",
    "Psi",
    "Omega",
]
ORDINARY = (
    *GREEK,
    *[
        "infty",
        "partial",
        "nabla",
        "ell",
        "hbar",
        "Re",
        "Im",
        "top",
        "bot",
        "emptyset",
        "forall",
        "exists",
        "dagger",
        "prime",
        "dots",
        "ldots",
        "cdots",
    ],
)
BINARY = [
    "cdot",
    "times",
    "pm",
    "mp",
    "ast",
    "star",
    "circ",
    "otimes",
    "oplus",
    "odot",
    "cup",
    "cap",
    "setminus",
    "wedge",
    "vee",
    "bullet",
]
RELATION = [
    "leq",
    "geq",
    "le",
    "ge",
    "neq",
    "ne",
    "leftrightarrow",
    "to",
    "rightarrow",
    "Rightarrow",
    "iff",
    "mapsto",
    "in",
    "notin",
    "subset",
    "subseteq",
    "sim",
    "simeq",
    "approx",
    "asymp",
    "propto",
    "equiv",
    "ll",
    "gg",
    "mid",
    "perp",
    "preceq",
    "succeq",
    "prec",
    "succ",
]
LARGE = ["sum", "prod"]
INTEGRAL = ["int", "iint", "oint"]
NAMED = [
    "sin",
    "cos",
    "tan",
    "cot",
    "sec",
    "csc",
    "arcsin",
    "arccos",
    "arctan",
    "sinh",
    "cosh",
    "tanh",
    "coth",
    "exp",
    "log",
    "ln",
    "det",
    "arg",
    "min",
    "max",
    "inf",
    "sup",
    "lim",
    "dim",
    "ker",
    "Pr",
]
STACKED = {"det", "min", "max", "inf", "sup", "lim", "Pr", *LARGE}  # limits go below and above in displays
OPENING = {"(": ")", "[": "]", r"\{": r"\}", r"\lvert": r"\rvert", r"\lVert": r"\rVert", r"\langle": r"\rangle",
           r"\lfloor": r"\rfloor", r"\lceil": r"\rceil"}  # fmt: skip
CLOSING = {close: opening for opening, close in OPENING.items()}
NEUTRAL = ("|", r"\|", "/", ".")
SIZES = ("big", "Big", "bigg", "Bigg")
ACCENTS = ["hat", "bar", "tilde", "dot", "ddot", "vec", "check", "breve", "widehat", "overline", "underline"]
FONTS = [
    "mathrm",
    "mathbf",
    "mathsf",
    "mathcal",
    "mathbb",
    "mathfrak",
    "mathit",
    "mathtt",
    "boldsymbol",
    "operatorname",
]
FRACTIONS = ["frac", "tfrac", "dfrac", "binom"]
STACKS = ["overset", "underset", "stackrel"]
TABLES = ["matrix", "pmatrix", "bmatrix", "vmatrix", "cases", "aligned"]
SPACES = {r"\,": 3.0, r"\:": 4.0, r"\;": 5.0, r"\!": -3.0, r"\ ": 6.0, r"\quad": 18.0, r"\qquad": 36.0}  # in mu
STYLES = {r"\displaystyle": 0, r"\textstyle": 1, r"\scriptstyle": 2, r"\scriptscriptstyle": 3}

CLASS: dict[str, str] = {
    **{rf"\{name}": "ord" for name in ORDINARY},
    **{rf"\{name}": "bin" for name in BINARY},
    **{rf"\{name}": "rel" for name in RELATION},
    **{rf"\{name}": "op" for name in (*LARGE, *INTEGRAL, *NAMED)},
    **dict.fromkeys(OPENING, "open"),
    **dict.fromkeys(CLOSING, "close"),
    "+": "bin",
    "-": "bin",
    "*": "bin",
    "=": "rel",
    "<": "rel",
    ">": "rel",
    ":": "rel",
    ",": "punct",
    ";": "punct",
    "|": "ord",
    r"\|": "ord",
    "/": "ord",
    "!": "close",
    "?": "close",
    ".": "ord",
    r"\%": "ord",
    r"\&": "ord",
    r"\#": "ord",
}


def known_symbols() -> dict[str, str]:
    """Every single-token symbol of the dialect with its class, in a fixed order."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    return {**dict.fromkeys(letters, "ord"), **dict.fromkeys("0123456789", "ord"), **CLASS}
