"""The Monte-Carlo closure of brackets: right where the count is proved, silent where brackets grow too long."""

import pytest

from quenched.symbolic.gradient_flow import bracket_closure as module
from quenched.symbolic.gradient_flow import count_laws, read_formulas, read_network
from quenched.symbolic.gradient_flow.bracket_closure import bracket_closure
from quenched.symbolic.gradient_flow.exact_fields import ExactFields
from quenched.symbolic.gradient_flow.modular import PRIMES, Draws


@pytest.mark.parametrize(
    "text", ["linear 2-3-2", "linear 2-2-2-2", "gram 2 3", "circular 5", "recurrent 2-2-2 4", "linear 1-2-2-1"]
)
def test_dimension_of_the_closed_span(text):
    phi = read_network(text)
    point = tuple(Draws(f"closure/{text}", PRIMES[0])(phi.D).tolist())
    found = bracket_closure(ExactFields(phi, "gradient flow"), point, PRIMES[0])
    assert found is not None
    assert found.dimension == phi.D - count_laws(phi).N
    assert 0 < found.error < 1e-3


def test_first_level_brackets_are_not_enough():
    """One field and its square in disguise: without the brackets the span would be too small."""
    phi = read_formulas("a*b, a*c + b*d*d")
    exact = ExactFields(phi, "gradient flow")
    point = tuple(Draws("first level", PRIMES[0])(phi.D).tolist())
    found = bracket_closure(exact, point, PRIMES[0])
    assert found is not None and found.dimension == 3 > len(exact.fields)


def test_too_many_brackets_give_no_answer(monkeypatch):
    monkeypatch.setattr(module, "MAX_BRACKETS", 2)
    phi = read_network("linear 2-2-2")
    assert bracket_closure(ExactFields(phi, "gradient flow"), tuple(range(2, 10)), PRIMES[0]) is None
