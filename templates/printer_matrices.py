"""Printing of matrices, explicit and symbolic."""

from __future__ import annotations

from typing import Any

import sympy as sp


def _signed(term: Any) -> tuple[bool, Any]:
    """Whether a matrix term carries a minus sign, and the term without it."""
    coefficient, matrix = term.as_coeff_mmul() if isinstance(term, sp.MatMul) else (sp.Integer(1), term)
    if coefficient.could_extract_minus_sign():
        return True, (matrix if coefficient == -1 else -coefficient * matrix)
    return False, term


class MatrixPrinting:
    """Mixin of the printer."""

    def _print_MatrixSymbol(self: Any, expr: Any) -> str:
        return self.name(expr.name) or (expr.name if len(expr.name) == 1 else rf"\mathrm{{{expr.name}}}")

    def _print_MatrixBase(self: Any, expr: Any) -> str:
        rows = [" & ".join(self._print(entry) for entry in expr.row(k)) for k in range(expr.rows)]
        return r"\begin{pmatrix} " + r" \\ ".join(rows) + r" \end{pmatrix}"

    def _print_BlockMatrix(self: Any, expr: Any) -> str:
        count, width = expr.blockshape
        rows = [" & ".join(self._print(expr.blocks[i, k]) for k in range(width)) for i in range(count)]
        return r"\begin{pmatrix} " + r" \\ ".join(rows) + r" \end{pmatrix}"

    def _print_MatrixElement(self: Any, expr: Any) -> str:
        with self.in_line():
            indices = ",".join(self._print(k) for k in (expr.i, expr.j))
        base = self._print(expr.parent)
        if not isinstance(expr.parent, sp.MatrixSymbol):
            return f"{self.bracket(base)}_{{{indices}}}"
        return self._with_subscript(base, indices)

    def _matrix_factor(self: Any, expr: Any) -> str:
        latex = self._print(expr)
        return self.bracket(latex) if isinstance(expr, sp.MatAdd | sp.Add) else latex

    def _matrix_script(self: Any, expr: Any, script: str) -> str:
        latex = self._print(expr)
        if isinstance(expr, sp.MatrixSymbol | sp.Identity):
            return self._raised(latex, script)
        return f"{self.bracket(latex)}^{{{script}}}"

    def _print_Transpose(self: Any, expr: Any) -> str:
        return self._matrix_script(expr.arg, r"\top")

    def _print_Adjoint(self: Any, expr: Any) -> str:
        return self._matrix_script(expr.arg, r"\dagger")

    def _print_Inverse(self: Any, expr: Any) -> str:
        return self._matrix_script(expr.arg, "-1")

    def _print_MatPow(self: Any, expr: Any) -> str:
        with self.in_line():
            return self._matrix_script(expr.base, self._print(expr.exp))

    def _print_MatAdd(self: Any, expr: Any) -> str:
        text = ""
        terms = [_signed(term) for term in expr.args]
        for index, (negative, term) in enumerate(sorted(terms, key=lambda t: (t[0], t[1].has(sp.Identity)))):
            body = self._print(term)
            text += f" {'-' if negative else '+'} {body}" if index else ("-" if negative else "") + body
        return text

    def _print_MatMul(self: Any, expr: Any) -> str:
        coefficient, matrices = expr.as_coeff_matrices()
        if coefficient.could_extract_minus_sign():
            return "-" + self._print(_signed(expr)[1])
        words = [self._matrix_factor(m) for m in matrices]
        if coefficient != 1:
            words.insert(0, self.bracket(self._print(coefficient)) if coefficient.is_Add else self._print(coefficient))
        return " ".join(words)

    def _print_HadamardProduct(self: Any, expr: Any) -> str:
        return r" \odot ".join(self._matrix_factor(m) for m in expr.args)

    def _print_Identity(self: Any, expr: Any) -> str:
        return "I"

    def _print_ZeroMatrix(self: Any, expr: Any) -> str:
        return "0"

    def _print_OneMatrix(self: Any, expr: Any) -> str:
        return r"\mathbf{1}"

    def _print_Trace(self: Any, expr: Any) -> str:
        latex = self._print(expr.arg)
        inside = f" {latex}" if isinstance(expr.arg, sp.MatrixSymbol) else self.bracket(latex)
        return rf"\operatorname{{tr}}{inside}"

    def _print_Determinant(self: Any, expr: Any) -> str:
        latex = self._print(expr.arg)
        inside = f" {latex}" if isinstance(expr.arg, sp.MatrixSymbol) else self.bracket(latex)
        return rf"\det{inside}"
