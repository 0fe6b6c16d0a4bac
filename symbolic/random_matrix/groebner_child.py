"""Child process: JSON polynomials on stdin -> coefficients of the eliminant of the last variable, [] if none.

Run as a script, so that killing it costs nothing; it imports FLINT only.
"""

import json
import sys

from flint import Ordering, fmpz_mpoly_ctx, fmpz_mpoly_vec


def main() -> None:
    """Saturate by one new variable u (1 - u * product), lex order u > unknowns > target."""
    request = json.load(sys.stdin)
    count = request["variables"]
    ctx = fmpz_mpoly_ctx.get(("u", *(f"x{i}" for i in range(count))), Ordering.lex)
    polynomials = [
        ctx.from_dict({(0, *(int(e) for e in m)): int(c) for m, c in terms}) for terms in request["polynomials"]
    ]
    cut = len(polynomials) - request["saturate"]
    product = ctx.constant(1)
    for factor in polynomials[cut:]:
        product = product * factor
    ideal = polynomials[:cut]
    if not product.is_constant():
        ideal.append(1 - ctx.gen(0) * product)
    basis = fmpz_mpoly_vec(ideal, ctx).buchberger_naive()
    for p in basis:
        degrees = [int(e) for e in p.degrees()]
        if not any(degrees[:-1]) and degrees[-1]:
            table = {int(m[-1]): str(int(c)) for m, c in p.terms()}
            json.dump([table.get(k, "0") for k in range(degrees[-1] + 1)], sys.stdout)
            return
    json.dump([], sys.stdout)


if __name__ == "__main__":
    main()
