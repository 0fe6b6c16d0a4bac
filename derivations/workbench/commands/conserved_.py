"""quenched conserved"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ....symbolic.errors import BadInput
from ..console import emit, json_option

DYNAMICS = ("gradient flow", "heavy ball", "entropic mirror", "weight normalisation")
LOSSES = ("spanning", "cross-entropy")


@click.command("conserved")
@click.argument("words", nargs=-1, metavar="[NETWORK | verify FILE [NETWORK] | networks]")
@click.option("--phi", metavar="EXPR", help='Components of a parametrisation instead of a network: "a*w1, a*w2".')
@click.option(
    "--rates",
    metavar="LIST",
    help='Learning rates: one per tensor "1,2", one per parameter, or by name and unit "W1=1/2, W2[j,:]=1;3;3".',
)
@click.option("--dynamics", type=click.Choice(DYNAMICS), default="gradient flow", show_default=True)
@click.option(
    "--loss",
    type=click.Choice(LOSSES),
    default="spanning",
    show_default=True,
    help="spanning: gradients in the outputs span everything (squared error); cross-entropy: they sum to zero.",
)
@click.option("--degree", type=click.IntRange(1, 6), default=2, show_default=True, help="Degree of the laws sought.")
@click.option(
    "--certificate", type=click.Path(dir_okay=False), metavar="FILE", help="Write a certificate for `verify`."
)
@click.option("--latex", "as_tex", is_flag=True, help="Print the laws as a LaTeX align*, with their symmetries.")
@json_option
def command(
    words: tuple[str, ...],
    phi: str | None,
    rates: str | None,
    dynamics: str,
    loss: str,
    degree: int,
    certificate: str | None,
    as_tex: bool,
    as_json: bool,
) -> None:
    """The conserved quantities of gradient flow: found, explained, counted.

    \b
    quenched conserved "linear 5-4-3" --rates 1,2
    quenched conserved "relu 4-8-3 bias" --json
    quenched conserved "linear 3-3-3" --rates "W1[:,j]=1;1;2, W2[j,:]=1;1;2"
    quenched conserved --phi "a*w1, a*w2" --certificate laws.json
    quenched conserved verify laws.json
    quenched conserved networks
    """
    from ....symbolic.gradient_flow import as_latex, as_record, as_text, count_laws, write_certificate

    if as_json and as_tex:
        raise BadInput("--json and --latex exclude each other: the JSON holds the LaTeX of every law")
    if words == ("networks",):
        _networks(as_json)
        return
    if words and words[0] == "verify":
        _verify(words[1:], phi, rates, loss, as_json)
        return
    network = " ".join(words)
    count = count_laws(_parametrisation(network, phi, rates, loss), dynamics, degree=degree)
    if certificate is not None:
        from ....templates.files import write

        write(Path(certificate), write_certificate(count))
        click.echo(f"wrote {certificate}", err=True)
    if as_tex:
        click.echo(as_latex(count), nl=False)
    elif as_json:
        emit(as_record(count) | {"network_level": _network_level(network, loss)})
    else:
        click.echo(as_text(count) + _network_level(network, loss))
    if count.N is None:
        click.get_current_context().exit(3)


def _parametrisation(network: str, phi: str | None, rates: str | None, loss: str) -> Any:
    from ....symbolic.gradient_flow import FAMILIES, read_formulas, read_network, read_rates

    if bool(network) == bool(phi):
        usage = "; ".join(family.usage for family in FAMILIES.values())
        raise BadInput(f"give a network or --phi, one of them. Networks: {usage}")
    found = read_formulas(phi) if phi else read_network(_with_loss(network, loss))
    if phi and loss == "cross-entropy":
        found = found.cross_entropy()
    return found if rates is None else read_rates(rates, found)


def _with_loss(network: str, loss: str) -> str:
    return network if loss == "spanning" or "cross-entropy" in network else f"{network} cross-entropy"


def _network_level(network: str, loss: str) -> str:
    from ....symbolic.gradient_flow import network_statement

    if not network:
        return "The count is for phi; for a network it is complete where the data see all of phi."
    return network_statement(_with_loss(network, loss))


def _networks(as_json: bool) -> None:
    from ....symbolic.gradient_flow import FAMILIES

    if as_json:
        emit({name: family.usage for name, family in FAMILIES.items()})
    else:
        click.echo("\n".join(family.usage for family in FAMILIES.values()))


def _verify(words: tuple[str, ...], phi: str | None, rates: str | None, loss: str, as_json: bool) -> None:
    from ....symbolic.gradient_flow import recheck

    if not words:
        raise BadInput("verify takes a certificate file, and optionally the network it must be about")
    try:
        text = Path(words[0]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{words[0]} cannot be read: {error}") from None
    network = " ".join(words[1:])
    about = _parametrisation(network, phi, rates, loss) if network or phi else None
    found = recheck(text, about)
    if as_json:
        emit({"network": found.network, "lower": found.lower, "upper": found.upper, "N": found.N})
    else:
        click.echo(found.statement)
