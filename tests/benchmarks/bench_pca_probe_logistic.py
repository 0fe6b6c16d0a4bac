"""Certified class errors of the logistic probe: published digits in the isotropic case, and one point with spikes.

Opt-in: python -m pytest tests/benchmarks/bench_pca_probe_logistic.py
"""

import pytest

from quenched.derivations.pca_probe_logistic import derivation
from quenched.numeric.evaluate import evaluate

ISOTROPIC = {
    "rho": "1", "alpha": "2", "theta": "1/1000000000", "a": "0", "b": "1", "sigma2": "0", "lam": "1/20", "c": "1/2",
}  # fmt: skip


@pytest.mark.parametrize(
    ("point", "truth", "tolerance"),
    [(ISOTROPIC, 0.179662, 1e-6), (derivation().model.example, 0.171605576331, 1e-9)],
)
def test_class_error(point, truth, tolerance):
    found = evaluate(derivation().model, "class_error", point, 10)
    assert abs(float(found.value) - truth) < tolerance and float(found.radius) < tolerance
