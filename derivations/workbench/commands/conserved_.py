"""quenched conserved"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ....symbolic.errors import BadInput
from ..console import emit, json_option

DYNAMICS = ("gradient flow", "heavy ball", "entropic mirror")


@click.command("conserved")
@click.argument("words", nargs=-1, metavar="[NETWORK | verify FILE]")
@click.option("--phi", metavar="EXPR", help='Components of a parametrisation instead of a network: "a*w1, a*w2".')
@click.option("--rates", metavar="LIST", help="Learning rates: one number per tensor, or one per parameter.")
@click.option("--dynamics", type=click.Choice(DYNAMICS), default="gradient flow", show_default=True)
@click.option("--degree", type=click.IntRange(1, 6), default=2, show_default=True, help="Degree of the laws sought.")
@click.option(
    "--certificate", type=click.Path(dir_okay=False), metavar="FILE", help="Write a certificate for `verify`."
)
@json_option
def command(
    words: tuple[str, ...],
    phi: str | None,
    rates: str | None,
    dynamics: str,
    degree: int,
    certificate: str | None,
    as_json: bool,
) -> None:
    """The conserved quantities of gradient flow: found, explained, counted.

    \b
    quenched conserved "linear 5-4-3" --rates 1,2
    quenched conserved "relu 4-8-3 bias" --json
    quenched conserved --phi "a*w1, a*w2" --certificate laws.json
    quenched conserved verify laws.json
    """
    from ....symbolic.gradient_flow import as_record, as_text, count_laws, write_certificate

    if words and words[0] == "verify":
        _verify(words[1:], phi, as_json)
        return
    count = count_laws(_parametrisation(" ".join(words), phi, rates), dynamics, degree=degree)
    if certificate is not None:
        from ....templates.files import write

        write(Path(certificate), write_certificate(count))
        click.echo(f"wrote {certificate}", err=True)
    if as_json:
        emit(as_record(count))
    else:
        click.echo(as_text(count), nl=False)


def _parametrisation(network: str, phi: str | None, rates: str | None) -> Any:
    from ....symbolic.gradient_flow import FAMILIES, read_formulas, read_network

    if bool(network) == bool(phi):
        usage = "; ".join(family.usage for family in FAMILIES.values())
        raise BadInput(f"give a network or --phi, one of them. Networks: {usage}")
    found = read_formulas(phi) if phi else read_network(network)
    if rates is None:
        return found
    given = [entry.strip() for entry in rates.split(",")]
    if len(given) == len(found.blocks):
        return found.with_rates({block.name: rate for block, rate in zip(found.blocks, given)})
    if len(given) == found.D:
        return found.with_rates(given)
    names = ", ".join(block.name for block in found.blocks)
    raise BadInput(
        f"{len(given)} rates: give {len(found.blocks)} (one per tensor: {names}) or {found.D} (one per parameter)"
    )


def _verify(files: tuple[str, ...], phi: str | None, as_json: bool) -> None:
    from ....symbolic.gradient_flow import read_formulas, recheck

    if len(files) != 1:
        raise BadInput("verify takes one certificate file")
    try:
        text = Path(files[0]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{files[0]} cannot be read: {error}") from None
    found = recheck(text, read_formulas(phi) if phi else None)
    if as_json:
        emit({"network": found.network, "lower": found.lower, "upper": found.upper, "N": found.N})
    else:
        click.echo(found.statement)
