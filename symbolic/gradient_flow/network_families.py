"""The networks that one line of text can name: first word, sizes, constructor, and what the data see of phi."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..errors import BadInput
from . import architectures as nets
from . import chains
from . import network_exp as exact
from .network_level import NetworkTest, relu_is_full
from .parametrisation import Parametrisation

COEFFICIENTS = (
    "Network: it is polynomial in its input and phi holds its coefficients; the count for phi is the count for the "
    "network whenever the data determine them."
)
FACTORS = "Network: phi is the factorised array itself; the count is the network's for losses that see all its entries."
LIFTING = (
    "Network: phi is the path lifting. Its laws are laws of the network; that data see all of phi is not tested here, "
    "so completeness is proved for phi only."
)
BIAS, CAUSAL = "bias", "causal"


@dataclass(frozen=True)
class Family:
    """A first word's usage, its arguments (s: a size list, n: one integer, per letter), constructor and modifiers.

    sees: what data see of phi, in one sentence; test: an exact test of it, called like `build`.
    """

    usage: str
    arguments: str
    build: Callable[..., Parametrisation]
    sees: str = COEFFICIENTS
    test: Callable[..., NetworkTest] | None = None
    modifiers: tuple[str, ...] = ()


def _three(kind: str, sizes: tuple[int, ...], words: str) -> tuple[int, int, int]:
    if len(sizes) != 3:
        raise BadInput(f"{kind} {'-'.join(map(str, sizes))}: three sizes are needed, {words}")
    return sizes[0], sizes[1], sizes[2]


def _gated(kind: str, test: bool = False) -> Callable[[tuple[int, ...]], Any]:
    def build(sizes: tuple[int, ...]) -> Any:
        inputs, gates, outputs = _three(kind, sizes, "inputs-gates-outputs")
        if test:
            return exact.swiglu_is_full(inputs, gates, outputs)
        return nets.gated(inputs, gates, outputs, bilinear=kind == "bilinear")

    return build


def _mixture(sizes: tuple[int, ...]) -> Parametrisation:
    return nets.mixture(*_three("moe", sizes, "inputs-experts-outputs"))


def _mixture_test(sizes: tuple[int, ...]) -> NetworkTest:
    return exact.mixture_is_full(*_three("moe", sizes, "inputs-experts-outputs"))


def _recurrent(sizes: tuple[int, ...], steps: int) -> Parametrisation:
    return chains.recurrent(*_three("recurrent", sizes, "inputs-states-outputs"), steps)


def _smooth(activation: str) -> Family:
    """An activation whose network has no law: phi = theta."""

    def build(sizes: tuple[int, ...], bias: bool = False) -> Parametrisation:
        _three(activation, sizes, "inputs-hidden-outputs (nested exponentials have no exact rank)")
        return nets.unconstrained(activation, sizes, bias)

    def test(sizes: tuple[int, ...], bias: bool = False) -> NetworkTest:
        return exact.mlp_is_full(activation, sizes, bias)

    return Family(f"{activation} 2-3-1 [bias] (one hidden layer)", "s", build, LIFTING, test, (BIAS,))


def _attention(heads: int, inner: int, width: int, causal: bool = False) -> Parametrisation:
    return nets.attention(heads, inner, width)


def _leaky_test(sizes: tuple[int, ...], bias: bool = False) -> NetworkTest:
    return relu_is_full(sizes, bias, leaky=True)


FAMILIES: dict[str, Family] = {
    "linear": Family("linear 5-4-3 [bias]", "s", chains.linear, modifiers=(BIAS,)),
    "relu": Family("relu 4-8-3 [bias] (inputs first)", "s", chains.relu, LIFTING, relu_is_full, (BIAS,)),
    "leaky-relu": Family("leaky-relu 4-8-3 [bias]", "s", chains.relu, LIFTING, _leaky_test, (BIAS,)),
    "power": Family("power 2-3-2 2 (activation max(z,0)^2)", "sn", chains.homogeneous, LIFTING),
    "polynomial": Family("polynomial 1-4-2 2 (activation z^2)", "sn", lambda s, n: chains.homogeneous(s, n, False)),
    "tanh": _smooth("tanh"),
    "sigmoid": _smooth("sigmoid"),
    "silu": _smooth("silu"),
    "diagonal": Family("diagonal 3 2 (width, depth)", "nn", chains.diagonal),
    "difference": Family("difference 3 (u^2 - v^2)", "n", chains.diagonal_difference),
    "product": Family("product 5 (x1 ... x5)", "n", lambda n: chains.diagonal(1, n), FACTORS),
    "residual": Family("residual 3 2 2 (width, inner width, blocks)", "nnn", chains.residual),
    "lora": Family("lora 3-2-3 (W0 + A B; W0 changes no law)", "s", chains.linear),
    "recurrent": Family("recurrent 2-3-2 6 (inputs-states-outputs, steps)", "sn", _recurrent),
    "attention": Family(
        "attention 2 3 4 [causal] (heads, head width, width)",
        "nnn",
        _attention,
        LIFTING,
        exact.attention_is_full,
        (CAUSAL,),
    ),
    "attention-linear": Family("attention-linear 2 3 (head width, width)", "nn", nets.linear_attention),
    "rotary": Family("rotary 2 3 (planes, width)", "nn", nets.rotary, FACTORS),
    "swiglu": Family("swiglu 2-3-2 (inputs-gates-outputs)", "s", _gated("swiglu"), LIFTING, _gated("swiglu", True)),
    "bilinear": Family("bilinear 2-3-2 (inputs-gates-outputs)", "s", _gated("bilinear")),
    "moe": Family("moe 2-3-2 (inputs-experts-outputs, softmax gate)", "s", _mixture, LIFTING, _mixture_test),
    "softmax": Family("softmax 3 4 (inputs, classes)", "nn", nets.softmax_regression, LIFTING, exact.softmax_is_full),
    "convolution": Family("convolution 3-2 1-2-1 (filter lengths, channels)", "ss", nets.convolution),
    "relu-convolution": Family(
        "relu-convolution 3-2 1-2-1", "ss", lambda n, c: nets.convolution(n, c, relu=True), LIFTING
    ),
    "circular": Family("circular 5 (length)", "n", nets.circular_convolution),
    "cp": Family("cp 3-3-3 2 (sizes, rank)", "sn", nets.canonical_polyadic, FACTORS),
    "tucker": Family("tucker 3-3-3 2-2-2 (sizes, core)", "ss", nets.tucker, FACTORS),
    "gram": Family("gram 2 3 (U U^T: rows, columns)", "nn", nets.gram, FACTORS),
    "symmetric": Family("symmetric 3 2 (U V^T + V U^T)", "nn", nets.symmetric_product, FACTORS),
    "tied": Family("tied 3 2 (inputs, hidden)", "nn", nets.tied),
    "scaling": Family("scaling 3 2 (W diag(g): rows, columns)", "nn", nets.column_scaling),
}
