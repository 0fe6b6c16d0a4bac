"""The quantities of the one-step solution; those of the replicated system are shared with `sk`."""

from __future__ import annotations

from ...symbolic.quantity import POSITIVE, REAL, Notation, Quantity, interval
from .. import sk

SHARED = ("beta", "h", "N", "n", "a", "b", "H", "J", "s", "sigma", "R", "Q", "Qhat", "X", "Phi", "phi", "f", "u")
NOTATION = Notation(
    *(sk.NOTATION[name] for name in SHARED),
    # Real, of both signs: q0 = 0 is a saddle point without a field.
    Quantity("q0", "overlap of replicas in different blocks", "q_0", interval(-1, 1), "unknown"),
    Quantity("q1", "overlap of replicas in one block", "q_1", interval(-1, 1), "unknown"),
    Quantity("r0", "conjugate of the overlap between blocks", r"\hat q_0", REAL, "unknown"),
    Quantity("r1", "conjugate of the overlap inside a block", r"\hat q_1", REAL, "unknown"),
    Quantity("m", "size of a block", "m", POSITIVE, "unknown"),
    Quantity("phi_m", "slope of the potential in the size of a block", r"\partial_m \varphi"),
    Quantity("entropy", "entropy per spin", "S", role="result"),
    Quantity("mu", "size of a block per temperature", r"\mu", POSITIVE, "unknown"),
    Quantity("chi", "response of one block", r"\chi", POSITIVE, "unknown"),
    Quantity("u0", "energy per spin at zero temperature", "u_0", role="result"),
    Quantity("slope0", "slope in the size of a block at zero temperature", r"\varphi'_0"),
)
beta, h, n, a, b, Q, Qhat, phi, f, u = NOTATION.symbols("beta h n a b Q Qhat phi f u")
q0, q1, r0, r1, m, phi_m, entropy = NOTATION.symbols("q0 q1 r0 r1 m phi_m entropy")
mu, chi, u0, slope0 = NOTATION.symbols("mu chi u0 slope0")
